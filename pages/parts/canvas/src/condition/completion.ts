// What can be written next in a condition: names of this step, their values, and functions.
import type { NameAtStep } from "./shapes.ts";
import { quoted, tokensOf, type Token } from "./tokens.ts";

export interface Option {
  label: string;
  insert: string;
  about: string;
  kind: "name" | "value" | "function" | "sign";
  /** Where the caret stands afterwards, from the end of what was inserted. */
  back?: number;
}

export interface Completion {
  from: number;
  to: number;
  options: Option[];
}

interface Function {
  name: string;
  use: string;
  about: string;
  after: boolean;
}

/** The functions of conditions and how to use them; `after` stands behind a name and a dot. */
export const FUNCTIONS: readonly Function[] = [
  { name: "contains", use: 'reply.text.contains("price")', about: "whether a text has these words in it", after: true },
  { name: "startsWith", use: 'contact.phone.startsWith("+49")', about: "whether a text begins so", after: true },
  { name: "endsWith", use: 'contact.email.endsWith(".org")', about: "whether a text ends so", after: true },
  { name: "matches", use: 'reply.text.matches("(?i)yes|sure")', about: "whether a text fits a pattern", after: true },
  { name: "exists", use: 'contact.tags.exists(t, t == "vip")', about: "whether one of a list fits", after: true },
  { name: "all", use: 'contact.tags.all(t, t != "lost")', about: "whether all of a list fit", after: true },
  { name: "exists_one", use: 'contact.tags.exists_one(t, t == "vip")', about: "whether exactly one of a list fits", after: true },
  { name: "filter", use: 'contact.tags.filter(t, t.startsWith("a"))', about: "those of a list that fit", after: true },
  { name: "map", use: "contact.tags.map(t, t.size())", about: "each of a list, changed", after: true },
  { name: "getDayOfWeek", use: "timestamp(contact.joined).getDayOfWeek()", about: "the day of the week, Sunday is 0", after: true },
  { name: "getHours", use: "timestamp(contact.joined).getHours()", about: "the hour of a moment", after: true },
  { name: "has", use: "has(contact.phone)", about: "whether a field is there", after: false },
  { name: "size", use: "size(contact.tags) > 0", about: "how many, or how long", after: false },
  { name: "int", use: 'int(answers.score) >= 7', about: "as a whole number", after: false },
  { name: "double", use: "double(price) * 0.5", about: "as a number with a fraction", after: false },
  { name: "string", use: 'string(contact.age) == "40"', about: "as a text", after: false },
  { name: "timestamp", use: 'timestamp("2026-01-05T09:00:00Z")', about: "a moment", after: false },
  { name: "duration", use: 'duration("36h")', about: "a length of time", after: false },
];

const MOST = 40;

function begins(candidate: string, typed: string): boolean {
  return candidate.toLowerCase().startsWith(typed.toLowerCase());
}

/** Names and values as CEL writes them. */
export function spelledValue(value: unknown): string {
  return typeof value === "string" ? quoted(value) : JSON.stringify(value);
}

function aboutName(name: NameAtStep): string {
  const parts = [name.type, name.about].filter(Boolean);
  if (!name.sure) parts.push("not always set here");
  return parts.join(" · ");
}

/** The whole dotted name that ends right before token number `at`. */
function nameBefore(tokens: readonly Token[], at: number): string {
  let name = "";
  for (let index = at; index >= 0; index -= 1) {
    const token = tokens[index];
    if (!token) break;
    const wanted = name === "" || name.startsWith(".") ? "name" : ".";
    if (wanted === "name" ? token.kind !== "name" : token.text !== ".") break;
    name = token.text + name;
  }
  return name;
}

/** The name whose value is being written at token `at` (as in `name ==` or `name in [`). */
function comparedBefore(tokens: readonly Token[], at: number): string | null {
  let index = at;
  while (["[", ","].includes(tokens[index]?.text ?? "") || tokens[index]?.kind === "text") index -= 1;
  if (!["==", "!=", "in"].includes(tokens[index]?.text ?? "")) return null;
  return nameBefore(tokens, index - 1) || null;
}

function valueOptions(name: string, typed: string, names: readonly NameAtStep[]): Option[] {
  const found = names.find((one) => one.name === name);
  return (found?.values ?? [])
    .filter((value) => begins(String(value), typed))
    .map((value) => ({
      label: spelledValue(value),
      insert: spelledValue(value),
      about: `one that ${name} can have`,
      kind: "value",
    }));
}

function nameOptions(typed: string, names: readonly NameAtStep[]): Option[] {
  return names
    .filter((one) => begins(one.name, typed) && one.name !== typed)
    .map((one) => ({ label: one.name, insert: one.name, about: aboutName(one), kind: "name" }));
}

function functionOptions(typed: string, after: boolean): Option[] {
  return FUNCTIONS.filter((one) => one.after === after && begins(one.name, typed)).map((one) => ({
    label: `${one.name}( )`,
    insert: `${one.name}()`,
    about: `${one.about}: ${one.use}`,
    kind: "function",
    back: 1,
  }));
}

const NEXT: readonly Option[] = [
  { label: "==", insert: "== ", about: "is", kind: "sign" },
  { label: "!=", insert: "!= ", about: "is not", kind: "sign" },
  { label: ">=", insert: ">= ", about: "is at least", kind: "sign" },
  { label: "<=", insert: "<= ", about: "is at most", kind: "sign" },
  { label: "in", insert: "in []", about: "is one of", kind: "sign", back: 1 },
  { label: "&&", insert: "&& ", about: "and", kind: "sign" },
  { label: "||", insert: "|| ", about: "or", kind: "sign" },
];

/** The token of the whole expression in which the caret stands, if it stands inside one. */
function endOf(source: string, caret: number): number {
  const around = tokensOf(source).find((one) => one.from < caret && caret < one.to);
  return around && around.kind !== "open" ? around.to : caret;
}

function inText(tokens: readonly Token[], names: readonly NameAtStep[]): Option[] {
  const name = comparedBefore(tokens, tokens.length - 2);
  const typed = tokens.at(-1)?.text.slice(1) ?? "";
  return name === null ? [] : valueOptions(name, typed, names);
}

/** The dotted name that ends the tokens: `contact.f`, and where it begins. */
function typedName(tokens: readonly Token[]): { typed: string; from: number; first: number } {
  let first = tokens.length - 1;
  if (tokens[first]?.text === ".") first -= 1;
  while (tokens[first - 1]?.text === "." && tokens[first - 2]?.kind === "name") first -= 2;
  const typed = tokens
    .slice(first)
    .map((token) => token.text)
    .join("");
  return { typed, from: tokens[first]?.from ?? 0, first };
}

function onName(tokens: readonly Token[], names: readonly NameAtStep[]): Option[] {
  const { typed, first } = typedName(tokens);
  const dot = typed.lastIndexOf(".");
  const compared = comparedBefore(tokens, first - 1);
  const functions = functionOptions(typed.slice(dot + 1), dot >= 0).map((one) => ({
    ...one,
    insert: typed.slice(0, dot + 1) + one.insert,
  }));
  return [
    ...(compared === null ? [] : valueOptions(compared, typed, names)),
    ...nameOptions(typed, names),
    ...functions,
  ];
}

function afterSign(tokens: readonly Token[], names: readonly NameAtStep[]): Option[] {
  const compared = comparedBefore(tokens, tokens.length - 1);
  const values = compared === null ? [] : valueOptions(compared, "", names);
  return [...values, ...nameOptions("", names), ...functionOptions("", false)];
}

function fitting(head: string, names: readonly NameAtStep[]): { from: number; options: Option[] } {
  const tokens = tokensOf(head);
  const last = tokens.at(-1);
  if (!last) return { from: head.length, options: afterSign([], names) };
  const touching = last.to === head.length;
  if (last.kind === "open") return { from: last.from, options: inText(tokens, names) };
  const named = last.kind === "name" && (last.text !== "in" || tokens.at(-2)?.text === ".");
  if (touching && (named || (last.text === "." && tokens.at(-2)?.kind === "name"))) {
    return { from: typedName(tokens).from, options: onName(tokens, names) };
  }
  if (touching && last.text === ".") {
    return { from: head.length, options: functionOptions("", true) };
  }
  const here = head.length;
  if (named) return { from: here, options: [...NEXT] };
  if (["text", "number"].includes(last.kind) || [")", "]"].includes(last.text)) {
    return { from: here, options: NEXT.filter((one) => "&&||".includes(one.label)) };
  }
  return { from: here, options: afterSign(tokens, names) };
}

/** What fits at the caret, and which part of the text it replaces. */
export function completionAt(
  source: string,
  caret: number,
  names: readonly NameAtStep[],
): Completion {
  const { from, options } = fitting(source.slice(0, caret), names);
  const to = from < caret ? endOf(source, caret) : caret;
  return { from, to, options: options.slice(0, MOST) };
}

/** The text after an option was taken, and where the caret stands in it. */
export function taken(source: string, at: Completion, option: Option): { text: string; caret: number } {
  const text = source.slice(0, at.from) + option.insert + source.slice(at.to);
  return { text, caret: at.from + option.insert.length - (option.back ?? 0) };
}

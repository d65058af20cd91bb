// A name in expressions (CEL) and in templates (Liquid) called otherwise, word by word: never in a
// quoted text, and never what only ends so (`other.name`).

import { tokensOf, wordsOf, quoted } from "./condition/tokens.ts";

/** Which name: a variable (`hook`), or a member of one (`answers.q1`). */
export interface Naming {
  of: string | null;
  old: string;
  now: string;
}

interface Word {
  text: string;
  from: number;
  to: number;
}

const IDENTIFIER = /^[A-Za-z_]\w*$/;
const RESERVED = new Set(["contact", "reply", "answers", "flow", "links", "true", "false", "null", "in"]);
const LIQUID_WORD = /\s+|"[^"]*"|'[^']*'|[A-Za-z_][\w-]*\??|\d+(?:\.\d+)?|\.\.|[\s\S]/g;
const LIQUID = /\{%-?\s*(raw|comment)\s*-?%\}[\s\S]*?\{%-?\s*end\1\s*-?%\}|\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}/g;
const TAG = /^\{%-?\s*\w+/;

/** Whether expressions can read a variable of this name at all. */
export const isVariable = (name: string): boolean => IDENTIFIER.test(name) && !RESERVED.has(name);

export function inExpression(source: string, naming: Naming): string {
  return replaced(source, tokensOf(source), naming, (words, at) => words[at + 1]?.text === "(");
}

export function inTemplate(source: string, naming: Naming): string {
  return source.replace(LIQUID, (part, skipped: string | undefined) => {
    if (skipped) return part;
    const begin = part.startsWith("{%") ? (TAG.exec(part)?.[0].length ?? 2) : 2;
    const end = part.length - 2;
    const inner = part.slice(begin, end);
    return part.slice(0, begin) + replaced(inner, liquidWords(inner), naming, noLiquidName) + part.slice(end);
  });
}

function liquidWords(source: string): Word[] {
  const words = [...source.matchAll(LIQUID_WORD)].map((match) => ({ text: match[0], from: match.index, to: match.index + match[0].length }));
  return words.filter((word) => word.text.trim() !== "");
}

/** A filter (`| name`) and what is given to it by name (`name:`) are no variables. */
const noLiquidName = (words: Word[], at: number): boolean => words[at - 1]?.text === "|" || words[at + 1]?.text === ":";

function replaced(source: string, words: Word[], naming: Naming, isOther: (words: Word[], at: number) => boolean): string {
  let result = "";
  let from = 0;
  words.forEach((word, at) => {
    const now = called(words, at, naming, isOther);
    if (now === null) return;
    result += source.slice(from, word.from) + now;
    from = word.to;
  });
  return result + source.slice(from);
}

function called(words: Word[], at: number, { of, old, now }: Naming, isOther: (words: Word[], at: number) => boolean): string | null {
  const word = words[at]?.text ?? "";
  const before = words[at - 1]?.text;
  if (of === null) return word === old && before !== "." && !isOther(words, at) ? now : null;
  if (words[at - 2]?.text !== of || words[at - 3]?.text === ".") return null;
  if (before === "." && word === old) return now;
  const named = before === "[" && /^["']/.test(word) && wordsOf(word) === old;
  return named ? quoted(now) : null;
}

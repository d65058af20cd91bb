// A condition as rows of name, operator and value, and the CEL that says the same.
import { quoted, tokensOf, wordsOf, type Token } from "./tokens.ts";

export type Operator =
  | "is"
  | "is_not"
  | "more"
  | "at_least"
  | "less"
  | "at_most"
  | "contains"
  | "contains_not"
  | "begins"
  | "ends"
  | "one_of"
  | "includes"
  | "given"
  | "missing"
  | "true"
  | "false";

export interface Literal {
  kind: "text" | "number" | "boolean" | "null";
  text: string;
}

export interface Row {
  name: string;
  operator: Operator;
  values: Literal[];
}

export interface Rows {
  join: "and" | "or";
  rows: Row[];
}

/** Each operator in words; those without a value come last. */
export const OPERATORS: Record<Operator, string> = {
  is: "is",
  is_not: "is not",
  more: "is more than",
  at_least: "is at least",
  less: "is less than",
  at_most: "is at most",
  contains: "contains",
  contains_not: "does not contain",
  begins: "begins with",
  ends: "ends with",
  one_of: "is one of",
  includes: "has in its list",
  given: "is there",
  missing: "is not there",
  true: "is true",
  false: "is false",
};

const SIGNS: Partial<Record<Operator, string>> = {
  is: "==",
  is_not: "!=",
  more: ">",
  at_least: ">=",
  less: "<",
  at_most: "<=",
};
const TURNED: Record<string, string> = { ">": "<", "<": ">", ">=": "<=", "<=": ">=" };
const METHODS: Partial<Record<Operator, string>> = {
  contains: "contains",
  begins: "startsWith",
  ends: "endsWith",
};
const WITHOUT: readonly Operator[] = ["given", "missing", "true", "false"];
const BY_TYPE: Record<string, readonly Operator[]> = {
  text: ["is", "is_not", "contains", "contains_not", "begins", "ends", "one_of", "given", "missing"],
  number: ["is", "is_not", "more", "at_least", "less", "at_most", "one_of", "given", "missing"],
  boolean: ["true", "false", "given", "missing"],
  list: ["includes", "given", "missing"],
};

/** Whether an operator stands without a value. */
export function standsAlone(operator: Operator): boolean {
  return WITHOUT.includes(operator);
}

/** A type as the API names it, as one of those that the helper tells apart. */
export function typeOf(type: string | undefined): "text" | "number" | "boolean" | "list" | "any" {
  const plain = (type ?? "").toLowerCase();
  if (plain === "text" || plain === "number" || plain === "list") return plain;
  if (plain === "whole number") return "number";
  if (plain === "yes or no") return "boolean";
  return "any";
}

/** The operators that fit a type. */
export function operatorsFor(type: string | undefined): Operator[] {
  const known = BY_TYPE[typeOf(type)];
  return known ? [...known] : (Object.keys(OPERATORS) as Operator[]);
}

/** What somebody typed into a value's field, as the kind of value that fits the name's type. */
export function literalOf(typed: string, type: string | undefined): Literal {
  const plain = typed.trim();
  const kind = typeOf(type);
  const numeric = /^-?\d+(\.\d+)?$/.test(plain);
  if (numeric && kind !== "text" && kind !== "list") return { kind: "number", text: plain };
  if ((plain === "true" || plain === "false") && kind !== "text") {
    return { kind: "boolean", text: plain };
  }
  return { kind: "text", text: typed };
}

function spelled(value: Literal): string {
  return value.kind === "text" ? quoted(value.text) : value.text;
}

function celOf(row: Row): string {
  const first = row.values[0] ?? { kind: "text", text: "" };
  const value = spelled(first);
  const sign = SIGNS[row.operator];
  if (sign) return `${row.name} ${sign} ${value}`;
  const method = METHODS[row.operator];
  if (method) return `${row.name}.${method}(${value})`;
  switch (row.operator) {
    case "contains_not":
      return `!${row.name}.contains(${value})`;
    case "one_of":
      return `${row.name} in [${row.values.map(spelled).join(", ")}]`;
    case "includes":
      return `${value} in ${row.name}`;
    case "given":
      return row.name.includes(".") ? `has(${row.name})` : `${row.name} != null`;
    case "missing":
      return row.name.includes(".") ? `!has(${row.name})` : `${row.name} == null`;
    case "false":
      return `!${row.name}`;
    default:
      return row.name;
  }
}

/** The CEL that says what the rows say. */
export function composed(rows: Rows): string {
  return rows.rows
    .filter((row) => row.name !== "")
    .map(celOf)
    .join(rows.join === "and" ? " && " : " || ");
}

class Reader {
  private at = 0;
  private readonly tokens: readonly Token[];

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  get done(): boolean {
    return this.at >= this.tokens.length;
  }
  is(text: string, ahead = 0): boolean {
    return this.tokens[this.at + ahead]?.text === text;
  }
  take(text: string): boolean {
    if (!this.is(text)) return false;
    this.at += 1;
    return true;
  }
  next(): Token | undefined {
    return this.tokens[this.at++];
  }
  name(): string | null {
    const first = this.next();
    if (first?.kind !== "name") return null;
    let name = first.text;
    while (this.is(".") && this.tokens[this.at + 1]?.kind === "name" && !this.is("(", 2)) {
      this.at += 1;
      name += `.${this.next()?.text ?? ""}`;
    }
    return name;
  }
  literal(): Literal | null {
    const minus = this.take("-");
    const token = this.next();
    if (token?.kind === "number") {
      return { kind: "number", text: (minus ? "-" : "") + token.text };
    }
    if (minus || !token) return null;
    if (token.kind === "text") {
      const words = wordsOf(token.text);
      return words === null ? null : { kind: "text", text: words };
    }
    if (token.text === "true" || token.text === "false") {
      return { kind: "boolean", text: token.text };
    }
    return token.text === "null" ? { kind: "null", text: "null" } : null;
  }
  startsLiteral(): boolean {
    const token = this.tokens[this.at];
    if (!token) return false;
    return (
      token.kind === "text" ||
      token.kind === "number" ||
      token.text === "-" ||
      ["true", "false", "null"].includes(token.text)
    );
  }
}

function listIn(reader: Reader): Literal[] | null {
  if (!reader.take("[")) return null;
  const values: Literal[] = [];
  while (!reader.take("]")) {
    const value = reader.literal();
    if (!value) return null;
    values.push(value);
    if (!reader.is("]") && !reader.take(",")) return null;
  }
  return values.length ? values : null;
}

function signed(name: string, sign: string, value: Literal): Row | null {
  if (value.kind === "null") {
    if (name.includes(".")) return null;
    if (sign === "==") return { name, operator: "missing", values: [] };
    return sign === "!=" ? { name, operator: "given", values: [] } : null;
  }
  const found = (Object.keys(SIGNS) as Operator[]).find((one) => SIGNS[one] === sign);
  return found ? { name, operator: found, values: [value] } : null;
}

function hasRow(reader: Reader, not: boolean): Row | null {
  reader.next();
  reader.next();
  const name = reader.name();
  if (name === null || !reader.take(")")) return null;
  return { name, operator: not ? "missing" : "given", values: [] };
}

function literalFirst(reader: Reader): Row | null {
  const value = reader.literal();
  if (!value) return null;
  if (reader.take("in")) {
    const list = reader.name();
    return list === null ? null : { name: list, operator: "includes", values: [value] };
  }
  const sign = reader.next()?.text ?? "";
  const name = reader.name();
  return name === null ? null : signed(name, TURNED[sign] ?? sign, value);
}

function methodRow(reader: Reader, name: string, not: boolean): Row | null {
  reader.next();
  const method = reader.next()?.text;
  reader.next();
  const value = reader.literal();
  if (!value || value.kind !== "text" || !reader.take(")")) return null;
  const found = (Object.keys(METHODS) as Operator[]).find((one) => METHODS[one] === method);
  if (!found || (not && found !== "contains")) return null;
  return { name, operator: not ? "contains_not" : found, values: [value] };
}

function rowIn(reader: Reader): Row | null {
  const not = reader.take("!");
  if (reader.is("has") && reader.is("(", 1)) return hasRow(reader, not);
  if (reader.startsLiteral()) return not ? null : literalFirst(reader);
  const name = reader.name();
  if (name === null) return null;
  if (reader.is(".")) return methodRow(reader, name, not);
  if (reader.done || reader.is("&&") || reader.is("||")) {
    return { name, operator: not ? "false" : "true", values: [] };
  }
  if (not) return null;
  if (reader.take("in")) {
    const values = listIn(reader);
    return values && { name, operator: "one_of", values };
  }
  const sign = reader.next()?.text ?? "";
  const value = reader.literal();
  return value && signed(name, sign, value);
}

/** The rows that a condition is made of; null where it says more than rows can. */
export function rowsOf(source: string): Rows | null {
  const reader = new Reader(tokensOf(source));
  const rows: Row[] = [];
  let join: string | null = null;
  while (!reader.done) {
    const row = rowIn(reader);
    if (!row) return null;
    rows.push(row);
    if (reader.done) break;
    const sign = reader.next()?.text ?? "";
    if ((sign !== "&&" && sign !== "||") || (join !== null && join !== sign)) return null;
    join = sign;
    if (reader.done) return null;
  }
  return { join: join === "||" ? "or" : "and", rows };
}

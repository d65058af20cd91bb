// Values that a person edits in place: how they are shown, and what was meant by what was typed.
import type { Values } from "./shapes.ts";

/** A value as it stands in a field. */
export function shownValue(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** What was typed: a number, true or false, a list or an object where it reads as one, else text. */
export function readValue(typed: string, before?: unknown): unknown {
  const plain = typed.trim();
  if (plain === "") return typeof before === "string" && typed !== "" ? typed : null;
  if (typeof before === "string" && !/^[[{]/.test(plain)) return typed;
  if (/^(-?\d+(\.\d+)?|true|false|null|[[{][\s\S]*)$/.test(plain)) {
    try {
      return JSON.parse(plain) as unknown;
    } catch {
      return typed;
    }
  }
  return typed;
}

/** Nested values from dotted names: `reply.intent` becomes {reply: {intent}}. */
export function nested(flat: Values): Values {
  const out: Values = {};
  for (const [name, value] of Object.entries(flat)) {
    const parts = name.split(".");
    const last = parts.pop() ?? name;
    let into = out;
    for (const part of parts) {
      const there = into[part];
      const next: Values = there !== null && typeof there === "object" ? (there as Values) : {};
      into[part] = next;
      into = next;
    }
    into[last] = value;
  }
  return out;
}

/** Rows of name and value, those of the first list first, the others by name. */
export function rowsOfValues(values: Values | null, first: readonly string[] = []): [string, unknown][] {
  const rank = (name: string) => (first.indexOf(name) + 1 || first.length + 1);
  return Object.entries(values ?? {}).sort(
    ([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : a > b ? 1 : 0),
  );
}

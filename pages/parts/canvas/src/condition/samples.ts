// The table of invented people that a condition is tried on.
import { readValue } from "../debug/fields.ts";
import type { NameAtStep, Sample } from "./shapes.ts";
import { tokensOf } from "./tokens.ts";

export interface SampleTable {
  columns: string[];
  rows: { name: string; cells: string[] }[];
}

const WORDS = new Set(["true", "false", "null", "in"]);
const LOOPS = new Set(["exists", "exists_one", "all", "map", "filter"]);
const MOST_ROWS = 5;

/** The names that a condition reads, in their order. */
export function namesRead(source: string): string[] {
  const tokens = tokensOf(source);
  const found: string[] = [];
  const bound = new Set(tokens.filter((_, at) => LOOPS.has(tokens[at - 2]?.text ?? "")).map((one) => one.text));
  tokens.forEach((token, at) => {
    if (token.kind !== "name" || WORDS.has(token.text) || tokens[at - 1]?.text === ".") return;
    if (bound.has(token.text)) return;
    let name = token.text;
    let next = at + 1;
    while (tokens[next]?.text === "." && tokens[next + 1]?.kind === "name" && tokens[next + 2]?.text !== "(") {
      name += `.${tokens[next + 1]?.text ?? ""}`;
      next += 2;
    }
    if (tokens[next]?.text === "(" || found.includes(name)) return;
    found.push(name);
  });
  return found;
}

/** The texts that a condition compares a name with. */
function compared(source: string, name: string): string[] {
  const tokens = tokensOf(source).filter((token) => token.kind === "text");
  return source.includes(name) ? tokens.map((token) => token.text.slice(1, -1)) : [];
}

function shown(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** A first table: the names that the condition reads, with values that they can have. */
export function firstSamples(source: string, names: readonly NameAtStep[]): SampleTable {
  const read = namesRead(source);
  const columns = read.length ? read : names.slice(0, 1).map((one) => one.name);
  const choices = columns.map((column) => {
    const known = names.find((one) => one.name === column)?.values.map(shown) ?? [];
    return [...new Set([...compared(source, column).filter((word) => known.includes(word)), ...known])];
  });
  const count = Math.min(MOST_ROWS, Math.max(2, ...choices.map((values) => values.length)));
  const rows = Array.from({ length: count }, (_, row) => ({
    name: `Sample ${row + 1}`,
    cells: choices.map((values) => values[row % Math.max(1, values.length)] ?? ""),
  }));
  return { columns, rows };
}

/** The table with one column more, unless it is there. */
export function plusColumn(table: SampleTable, name: string): SampleTable {
  const column = name.trim();
  if (column === "" || table.columns.includes(column)) return table;
  return {
    columns: [...table.columns, column],
    rows: table.rows.map((row) => ({ ...row, cells: [...row.cells, ""] })),
  };
}

export function minusColumn(table: SampleTable, at: number): SampleTable {
  return {
    columns: table.columns.toSpliced(at, 1),
    rows: table.rows.map((row) => ({ ...row, cells: row.cells.toSpliced(at, 1) })),
  };
}

export function plusRow(table: SampleTable): SampleTable {
  const used = new Set(table.rows.map((row) => row.name));
  let number = table.rows.length + 1;
  while (used.has(`Sample ${number}`)) number += 1;
  const cells = table.rows.at(-1)?.cells ?? table.columns.map(() => "");
  return { ...table, rows: [...table.rows, { name: `Sample ${number}`, cells: [...cells] }] };
}

export function minusRow(table: SampleTable, at: number): SampleTable {
  return { ...table, rows: table.rows.toSpliced(at, 1) };
}

export function withCell(table: SampleTable, row: number, column: number, typed: string): SampleTable {
  const rows = table.rows.map((one, at) =>
    at === row ? { ...one, cells: one.cells.with(column, typed) } : one,
  );
  return { ...table, rows };
}

/** Columns that a condition reads and the table does not have yet are added. */
export function following(table: SampleTable, source: string): SampleTable {
  return namesRead(source).reduce(plusColumn, table);
}

function put(into: Record<string, unknown>, path: string[], value: unknown): void {
  const [first, ...rest] = path;
  if (first === undefined) return;
  if (rest.length === 0) {
    if (!(first in into)) into[first] = value;
    return;
  }
  const there = into[first];
  const next = there !== null && typeof there === "object" ? (there as Record<string, unknown>) : {};
  into[first] = next;
  put(next, rest, value);
}

/** What the API is given; an empty cell is a name that is not there. */
export function samplesOf(table: SampleTable, names: readonly NameAtStep[]): Sample[] {
  const types = new Map(names.map((one) => [one.name, one.type]));
  return table.rows.map((row) => {
    const values: Record<string, unknown> = {};
    table.columns.forEach((column, at) => {
      const typed = row.cells[at] ?? "";
      if (typed === "") return;
      const text = types.get(column) === "text";
      put(values, column.split("."), text ? typed : readValue(typed));
    });
    return { name: row.name, values };
  });
}

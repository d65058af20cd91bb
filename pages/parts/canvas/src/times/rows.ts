// Where time and money go, as rows that can be sorted and as colour on the canvas.
import { quick, spanOf } from "../debug/words.ts";
import type { Marks } from "../types.ts";
import type { StepTime } from "./shapes.ts";

export type Measure = "waited" | "p50" | "p95" | "tokens" | "cost";

interface Told {
  title: string;
  about: string;
  of: (row: StepTime) => number | null;
  say: (value: number) => string;
}

const money = (value: number) =>
  value === 0 ? "$0" : value < 0.01 ? `$${value.toPrecision(2)}` : `$${value.toFixed(2)}`;
const count = (value: number) => new Intl.NumberFormat("en-US").format(Math.round(value));
const real = (seconds: number) => (seconds < 0.001 ? "under 1 ms" : quick(seconds * 1000));

/** The measures that can be chosen, and how each is said. */
export const MEASURES: Record<Measure, Told> = {
  waited: {
    title: "Waiting time",
    about: "Simulated time: half of the people waited at most this",
    of: (row) => row.waited_p50,
    say: spanOf,
  },
  p50: {
    title: "Half took at most",
    about: "Real time: half of the visits took at most this to play",
    of: (row) => row.execution_p50,
    say: real,
  },
  p95: {
    title: "95 of 100 took at most",
    about: "Real time: 95 of 100 visits took at most this to play",
    of: (row) => row.execution_p95,
    say: real,
  },
  tokens: {
    title: "Model tokens",
    about: "What language models read and wrote",
    of: (row) => row.prompt_tokens + row.completion_tokens,
    say: count,
  },
  cost: { title: "Cost", about: "What language models cost, in USD", of: (row) => row.cost_usd, say: money },
};
export const MEASURE_NAMES = Object.keys(MEASURES) as Measure[];

/** The measures that have columns: real times and models' figures only where they are looked at. */
export function columnsOf(rows: readonly StepTime[], measure: Measure): Measure[] {
  const models: Measure[] = measure === "tokens" || measure === "cost" ? ["tokens", "cost"] : [];
  const real: Measure[] = measure === "p50" || measure === "p95" ? ["p50", "p95"] : [];
  const beside: Measure[] = measure === "waited" ? ["p95"] : [];
  const spent = rows.some((row) => row.cost_usd > 0) ? (["cost"] as const) : [];
  return MEASURE_NAMES.filter((name) => (name === "waited" && !real.length) || [...models, ...real, ...beside, ...spent].includes(name));
}

/** A figure of a row, in words. */
export function figure(row: StepTime, measure: Measure): string {
  const value = MEASURES[measure].of(row);
  return value === null ? "not measured" : MEASURES[measure].say(value);
}

const FOUND: Record<Measure, (step: string) => string> = {
  waited: (step) => `People wait longest at ${step}`,
  p50: (step) => `${step} takes longest to play`,
  p95: (step) => `${step} takes longest to play at times`,
  tokens: (step) => `${step} asks models for most`,
  cost: (step) => `${step} costs most`,
};

/** What was found, as a title. */
export function headline(rows: readonly StepTime[], measure: Measure): string {
  const first = largest(rows, measure) === null ? undefined : sorted(rows, measure, true)[0];
  return first ? FOUND[measure](first.step_id) : "Where time and money go";
}

export type SortBy = Measure | "step" | "visits";

/** The rows by a column; what was not measured comes last either way. */
export function sorted(rows: readonly StepTime[], by: SortBy, down: boolean): StepTime[] {
  const turn = down ? -1 : 1;
  if (by === "step") {
    return [...rows].sort((a, b) => turn * a.step_id.localeCompare(b.step_id));
  }
  const value = (row: StepTime) => (by === "visits" ? row.visits : MEASURES[by].of(row));
  return [...rows].sort((a, b) => {
    const [x, y] = [value(a), value(b)];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    return turn * (x - y);
  });
}

/** The largest figure of a measure; null where nothing was measured, or all of it is nothing. */
export function largest(rows: readonly StepTime[], measure: Measure): number | null {
  const values = rows.map(MEASURES[measure].of).filter((value) => value !== null);
  const most = Math.max(0, ...values);
  return most > 0 ? most : null;
}

/** The numbers of the legend, from nothing to the most. */
export function legend(rows: readonly StepTime[], measure: Measure): string[] {
  const most = largest(rows, measure);
  if (most === null) return [];
  return [0, most / 2, most].map(MEASURES[measure].say);
}

/** Each step tinted by its share of the largest figure, with the figure on the card. */
export function timeMarks(rows: readonly StepTime[], measure: Measure): Marks {
  const most = largest(rows, measure);
  const marks: Marks = { steps: {}, ways: {} };
  for (const row of rows) {
    const value = MEASURES[measure].of(row);
    if (value === null) continue;
    const heat = most === null ? 0 : value / most;
    marks.steps[row.step_id] = { tone: "ochre", heat, badge: MEASURES[measure].say(value) };
  }
  return marks;
}

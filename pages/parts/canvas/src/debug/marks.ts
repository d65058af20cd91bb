// What the debugger says on the canvas.
import { wayKey, type Breakpoint, type Marks, type StepMark, type Tone } from "../types.ts";
import type { BranchDifference, DebugState, Visit } from "./shapes.ts";
import { stopMarks } from "./stops.ts";
import { spanOf } from "./words.ts";

const LIT = 3;
const NAMES = { a: "what happened", b: "what if" } as const;

function none(): Marks {
  return { steps: {}, ways: {} };
}

function add(marks: Marks, step: string, mark: StepMark): void {
  marks.steps[step] = { ...marks.steps[step], ...mark };
}

function walk(marks: Marks, trail: readonly Visit[], tone: Tone, badge?: string): void {
  for (const visit of trail) {
    const failed = visit.problem !== null;
    add(marks, visit.step_id, {
      tone: failed ? "brick" : tone,
      trail: true,
      ...(failed ? { badge: "failed here" } : badge ? { badge } : {}),
      ...(visit.waited_seconds >= 1 ? { line: `waited ${spanOf(visit.waited_seconds)}` } : {}),
    });
    if (visit.way === null) continue;
    marks.ways[wayKey(visit.step_id, visit.way)] = { tone, width: LIT };
  }
}

/** Where a session stands: the path so far, the step that it is at, and the way that comes next. */
export function stateMarks(state: DebugState): Marks {
  const marks = none();
  walk(marks, state.trail, "green");
  if (state.step_id !== null && state.status !== "ended") {
    add(marks, state.step_id, { current: true, badge: state.inside ? "waiting here" : "here now" });
  }
  const next = state.next;
  if (next?.way && state.step_id !== null) {
    const key = wayKey(state.step_id, next.way);
    marks.ways[key] = { tone: "ochre", width: LIT, next: true, label: "next" };
  }
  return marks;
}

function key(visit: Visit): string {
  return wayKey(visit.step_id, visit.way ?? "");
}

/** Two branches at once: slate and plum where they part, green where they agree. */
export function differenceMarks(difference: BranchDifference, shared: readonly Visit[] = []): Marks {
  const marks = none();
  walk(marks, shared.filter((visit) => (visit.end ?? Infinity) <= difference.same_until), "green", "both");
  walk(marks, difference.a_trail, "slate", NAMES.a);
  walk(marks, difference.b_trail, "plum", NAMES.b);
  const mine = new Set(difference.a_trail.map(key));
  const theirs = new Set(difference.b_trail.map(key));
  const steps = (trail: readonly Visit[]) => new Set(trail.map((visit) => visit.step_id));
  const [left, right] = [steps(difference.a_trail), steps(difference.b_trail)];
  for (const id of left) {
    if (right.has(id)) marks.steps[id] = { ...marks.steps[id], tone: "green", badge: "both" };
  }
  for (const visit of [...difference.a_trail, ...difference.b_trail]) {
    if (visit.way === null) continue;
    const both = mine.has(key(visit)) && theirs.has(key(visit));
    const only = mine.has(key(visit)) ? NAMES.a : NAMES.b;
    marks.ways[key(visit)] = {
      tone: both ? "green" : mine.has(key(visit)) ? "slate" : "plum",
      width: LIT,
      ...(both ? {} : { label: only, dashed: only === NAMES.b }),
    };
  }
  return marks;
}

/** Marks of the stops, and on top of them what a session says. */
export function debugMarks(
  stops: readonly Breakpoint[],
  state: DebugState | null,
  difference: BranchDifference | null,
): Marks {
  const said = difference ? differenceMarks(difference, state?.trail) : state ? stateMarks(state) : none();
  const dots = stopMarks(stops);
  for (const [id, dot] of Object.entries(dots)) add(said, id, dot);
  return state ? { ...said, alone: true } : said;
}

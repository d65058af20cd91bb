// Where to stop: the list of stops, and what a key or a click does to it.
import type { Breakpoint } from "../types.ts";
import type { StepMark } from "../types.ts";

let made = 0;

/** An id that no other stop of the list has. */
function fresh(stops: readonly Breakpoint[]): string {
  made += 1;
  let number = stops.length + made;
  while (stops.some((stop) => stop.id === `stop-${number}`)) number += 1;
  return `stop-${number}`;
}

/** The list with one more stop. */
export function withStop(stops: readonly Breakpoint[], stop: Omit<Breakpoint, "id">): Breakpoint[] {
  return [...stops, { enabled: true, ...stop, id: fresh(stops) }];
}

/** The list with the stop at a step set, or taken away where it is set. */
export function toggledAt(stops: readonly Breakpoint[], step: string): Breakpoint[] {
  const there = stops.some((stop) => stop.kind === "step" && stop.step_id === step);
  if (!there) return withStop(stops, { kind: "step", step_id: step });
  return stops.filter((stop) => stop.kind !== "step" || stop.step_id !== step);
}

/** The list with one stop switched on or off. */
export function switched(stops: readonly Breakpoint[], id: string): Breakpoint[] {
  return stops.map((stop) =>
    stop.id === id ? { ...stop, enabled: stop.enabled === false } : stop,
  );
}

/** The list without one. */
export function without(stops: readonly Breakpoint[], id: string): Breakpoint[] {
  return stops.filter((stop) => stop.id !== id);
}

/** Stops of one kind that stand for every step: findings, problems. */
export function everywhere(
  stops: readonly Breakpoint[],
  kind: "finding" | "problem",
): Breakpoint | undefined {
  return stops.find((stop) => stop.kind === kind && !stop.step_id);
}

/** Dots for the cards. */
export function stopMarks(stops: readonly Breakpoint[]): Record<string, StepMark> {
  const marks: Record<string, StepMark> = {};
  for (const stop of stops) {
    if (!stop.step_id) continue;
    const on = stop.enabled !== false || marks[stop.step_id]?.breakpoint === "on";
    marks[stop.step_id] = { breakpoint: on ? "on" : "off" };
  }
  return marks;
}

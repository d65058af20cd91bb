// Operations on a flow document. Each gives a new document and leaves the old one as it is, so
// that what did not change keeps its identity: undo, saving and drawing all rest on that.

import { armsOf, branchesOf, configOf, indexOf, keysOf, notesOf, positionsOf, stepsOf, waysOf } from "./reading.ts";
import type { FlowDocument, Kind, Note, Place, Places, Step, Way } from "./types.ts";

export * from "./copying.ts";
export * from "./fresh.ts";
export * from "./renaming.ts";
export * from "./reading.ts";

export const CARD = { width: 240, height: 96 } as const;
const GAP = { x: 60, y: 88 } as const;
const TARGETS = ["next", "on_reply", "on_timeout"] as const;

/** Without the keys whose value is undefined. */
function without<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T;
}

export function withSteps(document: FlowDocument, steps: Step[]): FlowDocument {
  return { ...document, steps };
}

/** Change one step; a key that is set to undefined goes. */
export function changeStep(
  document: FlowDocument,
  key: string,
  change: (step: Step) => Step,
): FlowDocument {
  const at = indexOf(document, key);
  const old = stepsOf(document)[at];
  if (!old) return document;
  const step = without(change(old));
  return withSteps(document, stepsOf(document).map((one, index) => (index === at ? step : one)));
}

export function changeConfig(
  document: FlowDocument,
  key: string,
  change: Record<string, unknown>,
): FlowDocument {
  return changeStep(document, key, (step) => ({
    ...step,
    config: without({ ...configOf(step), ...change }),
  }));
}

/** Let a way lead to a step, or with null to nowhere. */
export function setWay(
  document: FlowDocument,
  key: string,
  handle: string,
  to: string | null,
): FlowDocument {
  const goal = to ?? undefined;
  return changeStep(document, key, (step) => {
    if (handle.startsWith("branch:"))
      return { ...step, config: { ...configOf(step), branches: atIndex(branchesOf(step), Number(handle.slice(7)), goal) } };
    if (handle.startsWith("arm#"))
      return { ...step, config: { ...configOf(step), arms: atIndex(armsOf(step), Number(handle.slice(4)), goal) } };
    if (handle === "else") return { ...step, config: without({ ...configOf(step), else: goal }) };
    return { ...step, [handle]: goal };
  });
}

function atIndex<T extends object>(rows: T[], at: number, next: string | undefined): T[] {
  return rows.map((row, index) => (index === at ? without({ ...row, next }) : row));
}

/** Every reference of a step to others, through `rename`: undefined takes a reference away. */
export function retarget(step: Step, rename: (id: string) => string | undefined): Step {
  const turn = (value: unknown): string | null | undefined =>
    typeof value === "string" && value ? rename(value) : (value as null | undefined);
  const result: Step = { ...step };
  for (const name of TARGETS) if (name in result) result[name] = turn(result[name]);
  if (step.config && typeof step.config === "object") {
    const config: Record<string, unknown> = { ...configOf(step) };
    if (step.type === "condition") {
      if (Array.isArray(config.branches))
        config.branches = branchesOf(step).map((one) => without({ ...one, next: turn(one.next) }));
      if ("else" in config) config.else = turn(config.else);
    }
    if (step.type === "split" && Array.isArray(config.arms))
      config.arms = armsOf(step).map((one) => without({ ...one, next: turn(one.next) }));
    result.config = without(config);
  }
  return same(step, without(result));
}

/** The old step where nothing of it changed. */
function same(old: Step, now: Step): Step {
  return JSON.stringify(old) === JSON.stringify(now) ? old : now;
}

export function uniqueId(document: FlowDocument, wanted: string, taken: string[] = []): string {
  const used = new Set([...stepsOf(document).map((step) => step.id), ...taken]);
  const base = wanted.replace(/\s+/g, "_").slice(0, 90) || "step";
  if (!used.has(base)) return base;
  const stem = base.replace(/_\d+$/, "");
  let number = 2;
  while (used.has(`${stem}_${number}`)) number += 1;
  return `${stem}_${number}`;
}

/** Take steps and notes away, and every reference to them. */
export function removeSteps(document: FlowDocument, keys: Iterable<string>): FlowDocument {
  const gone = new Set(keys);
  const all = keysOf(document);
  const kept = stepsOf(document).filter((_, at) => !gone.has(all[at] ?? ""));
  const ids = new Set(kept.map((step) => step.id));
  const lost = new Set(
    stepsOf(document).map((step) => step.id).filter((id) => !ids.has(id)),
  );
  const steps = kept.map((step) => retarget(step, (id) => (lost.has(id) ? undefined : id)));
  const result: FlowDocument = { ...document, steps };
  if (document.start && lost.has(document.start)) delete result.start;
  return withoutPlaces(result, lost, gone);
}

function withoutPlaces(document: FlowDocument, lost: Set<string>, gone: Set<string>): FlowDocument {
  if (!document.canvas) return document;
  const canvas = { ...document.canvas };
  if (canvas.positions)
    canvas.positions = Object.fromEntries(
      Object.entries(canvas.positions).filter(([id]) => !lost.has(id)),
    );
  if (canvas.notes) canvas.notes = canvas.notes.filter((note) => !gone.has(noteKey(note.id)));
  return { ...document, canvas };
}

export const noteKey = (id: string): string => `\u0000note\u0000${id}`;
export const isNoteKey = (key: string): boolean => key.startsWith("\u0000note\u0000");

/** Add a step at a place; where a way is named, it leads to the new step. */
export function addStep(
  document: FlowDocument,
  step: Step,
  place: Place | null,
  from: { key: string; handle: string } | null = null,
): FlowDocument {
  const steps = stepsOf(document);
  const at = from ? indexOf(document, from.key) + 1 : steps.length;
  let added = withSteps(document, [...steps.slice(0, at), step, ...steps.slice(at)]);
  if (from) added = setWay(added, from.key, from.handle, step.id);
  return place ? setPlaces(added, { [step.id]: place }) : added;
}

/** The first way of a step that leads nowhere yet. */
export function openWay(step: Step, kind: Kind | undefined): Way | undefined {
  return waysOf(step, kind).find((way) => way.to === null);
}

export function setPlaces(document: FlowDocument, places: Places): FlowDocument {
  const rounded = Object.fromEntries(
    Object.entries(places).map(([id, [x, y]]): [string, Place] => [id, [Math.round(x), Math.round(y)]]),
  );
  const positions = { ...positionsOf(document), ...rounded };
  return { ...document, canvas: { ...document.canvas, positions } };
}

/** A free place under a step, or under everything. */
export function freePlace(places: Places, under: string | null): Place {
  const all = Object.values(places);
  const origin = under ? places[under] : undefined;
  const lowest = all.reduce((low, one) => Math.max(low, one[1]), -CARD.height - GAP.y);
  let x = origin?.[0] ?? 0;
  const y = (origin?.[1] ?? lowest) + CARD.height + GAP.y;
  const hits = (): boolean =>
    all.some((one) => Math.abs(one[0] - x) < CARD.width + 16 && Math.abs(one[1] - y) < CARD.height + 16);
  while (hits()) x += CARD.width + GAP.x;
  return [x, y];
}

// Notes

export function setNotes(document: FlowDocument, notes: Note[]): FlowDocument {
  return { ...document, canvas: { ...document.canvas, notes } };
}

export function changeNote(document: FlowDocument, id: string, change: Partial<Note>): FlowDocument {
  return setNotes(
    document,
    notesOf(document).map((note) => (note.id === id ? { ...note, ...change } : note)),
  );
}

export function addNote(document: FlowDocument, place: Place): FlowDocument {
  const used = new Set(notesOf(document).map((note) => note.id));
  let number = 1;
  while (used.has(`note_${number}`)) number += 1;
  const [x, y] = place;
  const note = { id: `note_${number}`, text: "", x: Math.round(x), y: Math.round(y) };
  return setNotes(document, [...notesOf(document), note]);
}

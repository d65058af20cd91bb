// Steps cut out of a flow, and put into one.

import { addNote, changeNote, noteKey, retarget, setPlaces, uniqueId, withSteps } from "./model.ts";
import { isPlace, keysOf, list, notesOf, stepsOf } from "./reading.ts";
import type { FlowDocument, Note, Place, Places, Step } from "./types.ts";

/** Steps cut out of a flow, with where they stood. */
export interface Snippet {
  greenroom: "steps";
  steps: Step[];
  places: Places;
  notes: Note[];
}

export function copySteps(document: FlowDocument, keys: Iterable<string>, places: Places): Snippet {
  const wanted = new Set(keys);
  const all = keysOf(document);
  const steps = stepsOf(document).filter((_, at) => wanted.has(all[at] ?? ""));
  const ids = new Set(steps.map((step) => step.id));
  return {
    greenroom: "steps",
    steps,
    places: Object.fromEntries(Object.entries(places).filter(([id]) => ids.has(id))),
    notes: notesOf(document).filter((note) => wanted.has(noteKey(note.id))),
  };
}

export function readSnippet(text: string): Snippet | null {
  try {
    const found = JSON.parse(text) as Partial<Snippet> | null;
    if (found?.greenroom !== "steps" || !Array.isArray(found.steps)) return null;
    const steps = found.steps.filter((step) => typeof step?.id === "string" && typeof step.type === "string");
    const places = Object.fromEntries(
      Object.entries(found.places ?? {}).filter(([, place]) => isPlace(place)),
    );
    return { greenroom: "steps", steps, places, notes: list<Note>(found.notes) };
  } catch {
    return null;
  }
}

/**
 * Put copied steps into a flow. Their ids become new ones where they are taken; ways between them
 * lead to the copies, other ways stay where they lead to something here.
 */
export function pasteSteps(
  document: FlowDocument,
  snippet: Snippet,
  [dx, dy]: Place,
): { document: FlowDocument; keys: string[] } {
  const names = new Map<string, string>();
  for (const step of snippet.steps)
    names.set(step.id, uniqueId(document, step.id, [...names.values()]));
  const here = new Set(stepsOf(document).map((step) => step.id));
  const follow = (id: string): string | undefined => names.get(id) ?? (here.has(id) ? id : undefined);
  const steps = snippet.steps.map((step) => ({
    ...retarget(structuredClone(step), follow),
    id: names.get(step.id) ?? step.id,
  }));
  const places: Places = {};
  for (const [id, [x, y]] of Object.entries(snippet.places)) {
    const name = names.get(id);
    if (name) places[name] = [x + dx, y + dy];
  }
  let result = setPlaces(withSteps(document, [...stepsOf(document), ...steps]), places);
  for (const note of snippet.notes) {
    result = addNote(result, [note.x + dx, note.y + dy]);
    const added = notesOf(result).at(-1);
    if (added) result = changeNote(result, added.id, { text: note.text });
  }
  return { document: result, keys: steps.map((step) => step.id) };
}

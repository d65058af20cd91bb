// Adding a step: where the mouse let it go, or after the step that is chosen.

import { addStep, freePlace, freshStep, openWay, stepOf } from "../model.ts";
import type { FlowStore } from "../store.ts";
import type { Kind, Place, Places } from "../types.ts";
import { placesOf } from "../canvas/drawing.ts";
import { nearestFree } from "../canvas/places.ts";

/** What a dragged kind is called in the data transfer. */
export const DRAGGED = "application/x-greenroom-kind";

/** Add a step at a place of the canvas. */
export function addKind(store: FlowStore, kind: Kind, place: Place, places: Places): void {
  const { document } = store.get();
  const step = freshStep(document, kind);
  store.change(`adding “${step.id}”`, (now) => withPlaces(addStep(now, step, nearestFree(places, place)), places), { select: [step.id] });
}

/**
 * Add a step after the chosen one: the first way of it that leads nowhere leads there. A way that
 * is named is taken instead, and what it led to comes after the new step.
 */
export function addAfter(store: FlowStore, kind: Kind, handle?: string): void {
  const { document, selected, placed } = store.get();
  const from = selected ? stepOf(document, selected) : undefined;
  const step = freshStep(document, kind);
  const places = placesOf(document, placed);
  const way = from && (handle ?? openWay(from, store.kinds.get(from.type))?.handle);
  const place = nearestFree(places, freePlace(places, from ? selected : null));
  const start = from && selected && way ? { key: selected, handle: way } : null;
  store.change(`adding “${step.id}”`, (now) => withPlaces(addStep(now, step, place, start), places), { select: [step.id] });
  store.select(step.id, { reveal: true });
}

/** With the first step that somebody places, the others stay where they are seen. */
function withPlaces<T extends { canvas?: { positions?: Places } | null }>(document: T, places: Places): T {
  const plain = Object.entries(places).filter(([key]) => !key.includes("\u0000"));
  const all = Object.fromEntries(plain.map(([key, [x, y]]): [string, Place] => [key, [Math.round(x), Math.round(y)]]));
  const positions = { ...all, ...document.canvas?.positions };
  return { ...document, canvas: { ...document.canvas, positions } };
}

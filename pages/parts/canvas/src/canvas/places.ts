// A place for a card where nothing else stands.

import { CARD } from "../model.ts";
import type { Place, Places } from "../types.ts";

/** Room beside a card, and under it for the names of its ways. */
const ROOM = { x: 24, y: 44 } as const;
const STEP = 12;
const FARTHEST = 400;

/** The free place that is nearest to the one that was meant. */
export function nearestFree(places: Places, meant: Place): Place {
  const all = Object.values(places);
  const free = ([x, y]: Place): boolean =>
    !all.some((one) => Math.abs(one[0] - x) < CARD.width + ROOM.x && Math.abs(one[1] - y) < CARD.height + ROOM.y);
  if (free(meant)) return meant;
  for (let ring = 1; ring <= FARTHEST; ring += 1) {
    const found = ringOf(meant, ring * STEP).find(free);
    if (found) return found;
  }
  return meant;
}

/** The places on a square around one, the nearest first. */
function ringOf([x, y]: Place, far: number): Place[] {
  const places: Place[] = [];
  for (let by = 0; by <= far; by += STEP)
    for (const side of by ? [by, -by] : [0])
      places.push([x + side, y + far], [x + side, y - far], [x + far, y + side], [x - far, y + side]);
  return places;
}

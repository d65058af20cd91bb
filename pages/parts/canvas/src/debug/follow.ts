// The canvas follows the person: the step where they stand is brought into sight.
import { useReactFlow, useStoreApi } from "@xyflow/react";
import { useEffect } from "react";
import { CARD } from "../model.ts";

const MARGIN = 24;
const READABLE = 0.7;

export interface Window {
  width: number;
  height: number;
  x: number;
  y: number;
  zoom: number;
}

/** Whether a card at this place is wholly in sight, and large enough to be read. */
export function inSight(place: { x: number; y: number }, window: Window): boolean {
  const left = place.x * window.zoom + window.x;
  const top = place.y * window.zoom + window.y;
  const right = left + CARD.width * window.zoom;
  const bottom = top + CARD.height * window.zoom;
  const inside = left >= MARGIN && top >= MARGIN && right <= window.width - MARGIN && bottom <= window.height - MARGIN;
  return inside && window.zoom >= READABLE / 2;
}

/** Keep a step in sight, whenever it is another one. */
export function useFollow(step: string | null): void {
  const flow = useReactFlow();
  const api = useStoreApi();
  useEffect(() => {
    const node = step === null ? undefined : flow.getNode(step);
    if (!node) return;
    const { width, height } = api.getState();
    const view = flow.getViewport();
    if (inSight(node.position, { width, height, ...view })) return;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const middle = [node.position.x + CARD.width / 2, node.position.y + CARD.height / 2] as const;
    void flow.setCenter(...middle, { zoom: Math.max(view.zoom, READABLE), duration: still ? 0 : 200 });
  }, [step, flow, api]);
}

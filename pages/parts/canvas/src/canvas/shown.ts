// Which document the canvas draws: the one that is edited, or two versions in one.

import type { Comparison, FlowState } from "../store.ts";
import type { FlowDocument, Kind, Step } from "../types.ts";
import { indexOfDocument, union, type WayEdge } from "./drawing.ts";

export interface Shown {
  document: FlowDocument;
  /** Ways that the later version no longer has. */
  gone: WayEdge[];
}

const single = new WeakMap<FlowDocument, Shown>();
const both = new WeakMap<Comparison, Shown>();
const NONE: WayEdge[] = [];

export function shownOf(state: FlowState, kinds: ReadonlyMap<string, Kind>): Shown {
  const { comparison, document } = state;
  if (!comparison) {
    const known = single.get(document) ?? { document, gone: NONE };
    single.set(document, known);
    return known;
  }
  const known = both.get(comparison) ?? union(comparison.documents[0], comparison.documents[1], kinds);
  both.set(comparison, known);
  return known;
}

export function stepShown(state: FlowState, kinds: ReadonlyMap<string, Kind>, key: string): Step | undefined {
  return indexOfDocument(shownOf(state, kinds).document).steps.get(key);
}

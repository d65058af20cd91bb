// From the document to what React Flow draws. What did not change keeps its identity, so that a
// flow of 500 steps is not drawn again when one word changes.

import { Position, type Edge, type Node, type NodeHandle } from "@xyflow/react";
import { CARD, freePlace, isPlace, keysOf, noteKey, notesOf, positionsOf, stepsOf, waysOf } from "../model.ts";
import type { Change, Finding, FlowDocument, Kind, Note, Place, Places, Step, Way } from "../types.ts";

export type StepNode = Node<{ key: string }, "step">;
export type NoteNode = Node<{ id: string }, "note">;
export type CanvasNode = StepNode | NoteNode;
export type WayEdge = Edge<{ step: string; way: string; label: string; ends: boolean }, "way">;

const HANDLE = 14;
export const NOTE = { width: 220, height: 120 } as const;
const NO_FINDINGS: Finding[] = [];

/** Steps by key, and what else a card asks for often. */
export interface Index {
  steps: Map<string, Step>;
  keys: string[];
  ids: Set<string>;
  start: string | null;
}

const indexes = new WeakMap<FlowDocument, Index>();

export function indexOfDocument(document: FlowDocument): Index {
  let found = indexes.get(document);
  if (!found) {
    const keys = keysOf(document);
    const list = stepsOf(document);
    const steps = new Map(keys.map((key, at) => [key, list[at] as Step]));
    const ids = new Set(list.map((step) => step.id));
    const start = document.start && ids.has(document.start) ? document.start : (keys[0] ?? null);
    found = { steps, keys, ids, start };
    indexes.set(document, found);
  }
  return found;
}

const byStep = new WeakMap<Finding[], Map<string, Finding[]>>();

export function findingsAt(findings: Finding[], id: string): Finding[] {
  let found = byStep.get(findings);
  if (!found) {
    found = new Map();
    for (const one of findings) {
      const key = one.step_id ?? "";
      const rows = found.get(key);
      if (rows) rows.push(one);
      else found.set(key, [one]);
    }
    byStep.set(findings, found);
  }
  return found.get(id) ?? NO_FINDINGS;
}

/** Where every step stands: its own place, else the layout's, else a free one. */
export function placesOf(document: FlowDocument, placed: Places): Places {
  const own = positionsOf(document);
  const places: Places = {};
  const homeless: { key: string; id: string }[] = [];
  keysOf(document).forEach((key) => {
    const id = key.split("\u0000")[0] ?? key;
    const place = own[id] ?? placed[id];
    if (!isPlace(place)) homeless.push({ key, id });
    else places[key] = key === id ? place : [place[0] + 28, place[1] + 28];
  });
  for (const { key } of homeless) places[key] = freePlace(places, null);
  return places;
}

const wayCache = new WeakMap<Step, { kind: Kind | undefined; ways: Way[] }>();

/** `waysOf`, worked out once for each step as it is. */
export function knownWays(step: Step, kind: Kind | undefined): Way[] {
  const known = wayCache.get(step);
  if (known?.kind === kind && known) return known.ways;
  const ways = waysOf(step, kind);
  wayCache.set(step, { kind, ways });
  return ways;
}

function handlesOf(ways: Way[]): NodeHandle[] {
  const top: NodeHandle = { id: "in", type: "target", position: Position.Top, x: CARD.width / 2 - HANDLE / 2, y: -HANDLE / 2, width: HANDLE, height: HANDLE };
  const cell = CARD.width / Math.max(1, ways.length);
  const bottom = ways.map((way, at): NodeHandle => ({
    id: way.handle,
    type: "source",
    position: Position.Bottom,
    x: cell * (at + 0.5) - HANDLE / 2,
    y: CARD.height - HANDLE / 2,
    width: HANDLE,
    height: HANDLE,
  }));
  return [top, ...bottom];
}

interface Cached {
  step: Step;
  kind: Kind | undefined;
  place: Place;
  selected: boolean;
  editable: boolean;
  node: StepNode;
}

/** Draws documents one after another; keeps what is the same. */
export class Drawing {
  private cards = new Map<string, Cached>();
  private noteCards = new Map<string, { note: Note; selected: boolean; editable: boolean; node: NoteNode }>();
  private edgeCache = new Map<string, { step: Step; known: string; edges: WayEdge[] }>();

  nodes(
    document: FlowDocument,
    places: Places,
    selection: ReadonlySet<string>,
    kinds: ReadonlyMap<string, Kind>,
    editable: boolean,
  ): CanvasNode[] {
    const { steps, keys } = indexOfDocument(document);
    const cards = new Map<string, Cached>();
    for (const key of keys) {
      const step = steps.get(key);
      if (!step) continue;
      const place = places[key] ?? [0, 0];
      cards.set(key, this.card(key, step, kinds.get(step.type), place, selection.has(key), editable));
    }
    this.cards = cards;
    return [...this.notes(document, selection, editable), ...[...cards.values()].map((one) => one.node)];
  }

  private card(key: string, step: Step, kind: Kind | undefined, place: Place, selected: boolean, editable: boolean): Cached {
    const old = this.cards.get(key);
    const stands = old && old.place[0] === place[0] && old.place[1] === place[1];
    if (old && stands && old.step === step && old.kind === kind && old.selected === selected && old.editable === editable)
      return old;
    const node: StepNode = {
      id: key,
      type: "step",
      position: { x: place[0], y: place[1] },
      data: old?.node.data ?? { key },
      width: CARD.width,
      height: CARD.height,
      measured: { width: CARD.width, height: CARD.height },
      handles: handlesOf(knownWays(step, kind)),
      selected,
      zIndex: selected ? 5 : 0,
      draggable: editable,
      connectable: editable,
      ariaLabel: `${kind?.name ?? step.type}: ${step.id}`,
    };
    return { step, kind, place, selected, editable, node };
  }

  private notes(document: FlowDocument, selection: ReadonlySet<string>, editable: boolean): NoteNode[] {
    const cards = new Map<string, { note: Note; selected: boolean; editable: boolean; node: NoteNode }>();
    for (const note of notesOf(document)) {
      const key = noteKey(note.id);
      const selected = selection.has(key);
      const old = this.noteCards.get(key);
      const same = old?.note === note && old.selected === selected && old.editable === editable;
      cards.set(key, same ? old : { note, selected, editable, node: this.note(key, note, selected, editable) });
    }
    this.noteCards = cards;
    return [...cards.values()].map((one) => one.node);
  }

  private note(key: string, note: Note, selected: boolean, editable: boolean): NoteNode {
    const width = note.width ?? NOTE.width;
    const height = note.height ?? NOTE.height;
    return {
      id: key,
      type: "note",
      position: { x: note.x, y: note.y },
      data: { id: note.id },
      width,
      height,
      measured: { width, height },
      handles: [],
      selected,
      draggable: editable,
      connectable: false,
      zIndex: -1,
      ariaLabel: "Note",
    };
  }

  edges(document: FlowDocument, kinds: ReadonlyMap<string, Kind>): WayEdge[] {
    const { steps, ids } = indexOfDocument(document);
    const cache = new Map<string, { step: Step; known: string; edges: WayEdge[] }>();
    const all: WayEdge[] = [];
    for (const [key, step] of steps) {
      const ways = knownWays(step, kinds.get(step.type));
      const drawn = ways.filter((way) => way.to !== null && ids.has(way.to));
      const known = drawn.map((way) => way.handle).join("\u0001");
      const old = this.edgeCache.get(key);
      const same = old?.step === step && old.known === known;
      const edges = same ? old.edges : drawn.map((way) => edgeOf(key, step, way, ways.length));
      cache.set(key, { step, known, edges });
      for (const edge of edges) all.push(edge);
    }
    this.edgeCache = cache;
    return all;
  }
}

function edgeOf(key: string, step: Step, way: Way, ways: number): WayEdge {
  const label = ways > 1 ? way.label : "";
  return {
    id: `${key}\u0001${way.handle}`,
    type: "way",
    source: key,
    sourceHandle: way.handle,
    target: way.to ?? "",
    targetHandle: "in",
    data: { step: step.id, way: way.name, label, ends: false },
    ariaLabel: `From ${step.id} to ${way.to ?? "the end"}${label ? `, ${label}` : ""}`,
    interactionWidth: 18,
  };
}

// Comparing

/** Both documents in one: the later one, and what it no longer has. */
export function union(a: FlowDocument, b: FlowDocument, kinds: ReadonlyMap<string, Kind>): {
  document: FlowDocument;
  gone: WayEdge[];
} {
  const now = indexOfDocument(b);
  const lost = stepsOf(a).filter((step) => !now.ids.has(step.id));
  const positions = { ...positionsOf(a), ...positionsOf(b) };
  const document: FlowDocument = {
    ...b,
    steps: [...stepsOf(b), ...lost],
    canvas: { ...b.canvas, positions },
  };
  const ids = indexOfDocument(document).ids;
  const gone: WayEdge[] = [];
  for (const step of stepsOf(a)) {
    const later = now.steps.get(step.id);
    if (!later) continue;
    const kept = new Map(knownWays(later, kinds.get(later.type)).map((way) => [way.name, way.to]));
    for (const way of knownWays(step, kinds.get(step.type))) {
      if (!way.to || kept.get(way.name) === way.to || !ids.has(way.to)) continue;
      const edge = edgeOf(step.id, step, way, 2);
      const handle = knownWays(later, kinds.get(later.type)).some((one) => one.handle === way.handle);
      gone.push({
        ...edge,
        id: `\u0000gone\u0001${edge.id}`,
        sourceHandle: handle ? way.handle : (knownWays(later, kinds.get(later.type))[0]?.handle ?? null),
        data: { step: step.id, way: way.name, label: way.label, ends: true },
        className: "gone",
      });
    }
  }
  return { document, gone: gone.filter((edge) => edge.sourceHandle !== null) };
}

export const CHANGE_WORDS: Record<Change, string> = {
  added: "added",
  removed: "taken out",
  changed: "changed",
  moved: "moved",
  same: "the same",
};

// The drawing itself: React Flow with our cards and ways, and what the mouse does to them.

import {
  applyNodeChanges,
  Background,
  BackgroundVariant,
  Controls,
  MarkerType,
  MiniMap,
  Panel,
  ReactFlow,
  useReactFlow,
  useStore as useFlowStore,
  useStoreApi,
  type ReactFlowInstance,
  type Connection,
  type EdgeChange,
  type NodeChange,
} from "@xyflow/react";
import { useCallback, useEffect, useMemo, useRef, useState, type DragEvent, type ReactNode } from "react";
import { CARD, changeNote, isNoteKey, removeSteps, setPlaces, setWay } from "../model.ts";
import { usePart, useStore } from "../store.ts";
import type { Places } from "../types.ts";
import { addKind, DRAGGED } from "../builder/adding.ts";
import { Drawing, indexOfDocument, placesOf, type CanvasNode, type WayEdge } from "./drawing.ts";
import type { Full } from "./full.ts";
import { NoteCard } from "./NoteCard.tsx";
import { Router, RoutesContext } from "./routes.ts";
import { shownOf } from "./shown.ts";
import { StepCard } from "./StepCard.tsx";
import { WayLine } from "./WayLine.tsx";

const NODE_TYPES = { step: StepCard, note: NoteCard };
const EDGE_TYPES = { way: WayLine };
const ARROW = { type: MarkerType.ArrowClosed, width: 26, height: 26, markerUnits: "userSpaceOnUse", color: "var(--gr-edge)" } as const;
const EDGE_OPTIONS = { markerEnd: ARROW };
const ALL = { padding: 0.06, maxZoom: 1 } as const;
const FIT = { padding: 0.12, maxZoom: 1, minZoom: 0.35 } as const;
const DELETE = ["Delete", "Backspace"];
const READABLE = 0.55;
/** In a narrower drawing the small one would lie over cards. */
const NO_MAP = 640;
const NO_PICKS: ReadonlySet<string> = new Set();

export function Canvas({ full }: { full: Full }): ReactNode {
  const store = useStore();
  const { kinds } = store;
  const shown = usePart((state) => shownOf(state, kinds));
  const placed = usePart((state) => state.placed);
  const selection = usePart((state) => state.selection);
  const editable = usePart((state) => state.data.mode === "edit" && state.comparison === null);
  const comparison = usePart((state) => state.comparison);
  const flow = useReactFlow<CanvasNode, WayEdge>();
  const api = useStoreApi();
  const drawing = useRef<Drawing | null>(null);
  drawing.current ??= new Drawing();
  const places = useMemo(() => placesOf(shown.document, placed), [shown, placed]);
  const drawn = useMemo(
    () => (drawing.current ?? new Drawing()).nodes(shown.document, places, selection, kinds, editable),
    [shown, places, selection, kinds, editable],
  );
  const ways = useMemo(() => {
    const edges = (drawing.current ?? new Drawing()).edges(shown.document, kinds);
    return shown.gone.length ? [...edges, ...shown.gone] : edges;
  }, [shown, kinds]);
  const router = useRef<Router | null>(null);
  router.current ??= new Router();
  const routes = useMemo(() => (router.current ?? new Router()).of(drawn, ways), [drawn, ways]);
  const [nodes, setNodes] = useState<CanvasNode[]>(drawn);
  const [last, setLast] = useState(drawn);
  if (last !== drawn) {
    setLast(drawn);
    setNodes(drawn);
  }
  const [picked, setPicked] = useState(NO_PICKS);
  const edges = useMemo(
    () => (picked.size ? ways.map((edge) => (picked.has(edge.id) ? { ...edge, selected: true } : edge)) : ways),
    [ways, picked],
  );

  const change = useCallback(
    (changes: NodeChange<CanvasNode>[]) => {
      const moves = changes.filter((one) => one.type === "position" || one.type === "dimensions");
      const selects = changes.filter((one) => one.type === "select");
      if (selects.length) {
        const now = new Set(store.get().selection);
        for (const one of selects) {
          if (one.selected) now.add(one.id);
          else now.delete(one.id);
        }
        store.selectMany(now);
      }
      if (!moves.length) return;
      setNodes((old) => applyNodeChanges(moves, old));
      const nudged = changes.filter((one) => one.type === "position" && one.dragging === undefined && one.position);
      if (nudged.length) keepPlaces(store, placesFrom(changes), "nudge");
    },
    [store],
  );

  const changeEdges = useCallback((changes: EdgeChange<WayEdge>[]) => {
    const selects = changes.filter((one) => one.type === "select");
    if (!selects.length) return;
    setPicked((old) => {
      const now = new Set(old);
      for (const one of selects) {
        if (one.selected) now.add(one.id);
        else now.delete(one.id);
      }
      return now;
    });
  }, []);

  const connect = useCallback(
    ({ source, sourceHandle, target }: Connection) => {
      if (sourceHandle) store.change("a way", (document) => setWay(document, source, sourceHandle, target.split("\u0000")[0] ?? target));
    },
    [store],
  );

  const reconnect = useCallback(
    (old: WayEdge, { source, sourceHandle, target }: Connection) => {
      if (!sourceHandle) return;
      store.change("where a way leads", (document) => {
        const moved = old.source !== source || old.sourceHandle !== sourceHandle;
        const without = moved ? setWay(document, old.source, old.sourceHandle ?? "next", null) : document;
        return setWay(without, source, sourceHandle, target.split("\u0000")[0] ?? target);
      });
    },
    [store],
  );

  const remove = useCallback(
    ({ nodes: gone, edges: cut }: { nodes: CanvasNode[]; edges: WayEdge[] }) => {
      removeShown(store, gone.map((node) => node.id), cut);
      setPicked(NO_PICKS);
    },
    [store],
  );

  const drop = useCallback(
    (event: DragEvent) => {
      const type = event.dataTransfer.getData(DRAGGED);
      const kind = kinds.get(type);
      if (!kind) return;
      event.preventDefault();
      const { x, y } = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
      addKind(store, kind, [x - CARD.width / 2, y - CARD.height / 2], places);
    },
    [store, kinds, flow, places],
  );

  useReveal(places);
  useRefit(comparison);
  useRefit(full.on);

  return (
    <RoutesContext value={routes}>
    <ReactFlow<CanvasNode, WayEdge>
      nodes={nodes}
      edges={edges}
      nodeTypes={NODE_TYPES}
      edgeTypes={EDGE_TYPES}
      defaultEdgeOptions={EDGE_OPTIONS}
      onNodesChange={change}
      onEdgesChange={changeEdges}
      onConnect={connect}
      onReconnect={reconnect}
      onDelete={remove}
      onNodeDragStop={(_, __, moved) => keepPlaces(store, places_(moved))}
      onSelectionDragStop={(_, moved) => keepPlaces(store, places_(moved))}
      onPaneClick={() => store.select(null)}
      onDrop={drop}
      onDragOver={(event) => {
        event.preventDefault();
        event.dataTransfer.dropEffect = "move";
      }}
      nodesDraggable={editable}
      nodesConnectable={editable}
      edgesReconnectable={editable}
      edgesFocusable={editable}
      elementsSelectable
      deleteKeyCode={editable ? DELETE : null}
      selectionKeyCode="Shift"
      multiSelectionKeyCode={["Shift", "Meta", "Control"]}
      onlyRenderVisibleElements
      minZoom={0.08}
      maxZoom={2}
      onInit={(made) => begin(made, store, api.getState().width)}
      connectionRadius={34}
      zoomOnDoubleClick={false}
      elevateNodesOnSelect={false}
      preventScrolling
      autoPanSpeed={8}
      zoomOnScroll
      colorMode="light"
      ariaLabelConfig={ARIA}
    >
      <Background variant={BackgroundVariant.Dots} gap={24} size={1.2} color="var(--gr-dots)" />
      <Controls showInteractive={false} position="bottom-left" fitViewOptions={ALL} />
      <Panel position="top-right">
        <button type="button" className="btn small full-turn" aria-pressed={full.on} onClick={full.turn} title={full.on ? "Back to the page (Esc)" : "The drawing in the whole window (F)"}>
          <span aria-hidden="true">{full.on ? "⤡" : "⤢"}</span> {full.on ? "Back to the page" : "Full window"}
        </button>
      </Panel>
      <Small nodes={drawn} />
    </ReactFlow>
    </RoutesContext>
  );
}

const ARIA = {
  "node.a11yDescription.default": "Press Enter to open the step, arrows to move it, Delete to take it out.",
  "node.a11yDescription.keyboardDisabled": "Press Enter to open the step.",
  "edge.a11yDescription.default": "Press Enter to choose the way, then Delete to take it out.",
  "controls.ariaLabel": "How it is seen",
  "controls.zoomIn.ariaLabel": "Nearer",
  "controls.zoomOut.ariaLabel": "Further away",
  "controls.fitView.ariaLabel": "See everything",
  "minimap.ariaLabel": "The whole flow, small",
} as const;

/** The whole flow in a corner, where not all of it is seen. */
function Small({ nodes }: { nodes: readonly CanvasNode[] }): ReactNode {
  const { left, top, right, bottom } = useMemo(() => edgesOf(nodes), [nodes]);
  const needed = useFlowStore(({ width, height, transform: [x, y, zoom] }) => {
    if (width < NO_MAP) return false;
    return left * zoom + x < 0 || top * zoom + y < 0 || right * zoom + x > width || bottom * zoom + y > height;
  });
  if (!needed) return null;
  return <MiniMap pannable zoomable position="bottom-right" nodeColor="var(--gr-map)" maskColor="var(--gr-mask)" bgColor="var(--gr-paper)" />;
}

function edgesOf(nodes: readonly CanvasNode[]): { left: number; top: number; right: number; bottom: number } {
  const all = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const { position, width = 0, height = 0 } of nodes) {
    all.left = Math.min(all.left, position.x);
    all.top = Math.min(all.top, position.y);
    all.right = Math.max(all.right, position.x + width);
    all.bottom = Math.max(all.bottom, position.y + height);
  }
  return all;
}

/** See everything where that can be read; else the chosen step, or where the flow begins. */
function begin(flow: ReactFlowInstance<CanvasNode, WayEdge>, store: Store, width: number): void {
  const { document, placed, selected, reveal } = store.get();
  if (reveal && selected) return;
  void flow.fitView(FIT).then(() => {
    const { start } = indexOfDocument(document);
    const place = start ? placesOf(document, placed)[start] : undefined;
    if (flow.getZoom() >= READABLE || !place) return;
    const zoom = 0.8;
    void flow.setViewport({ x: width / 2 - (place[0] + CARD.width / 2) * zoom, y: 28 - place[1] * zoom, zoom });
  });
}

type Store = ReturnType<typeof useStore>;

const places_ = (moved: CanvasNode[]): Places =>
  Object.fromEntries(moved.map((node) => [node.id, [node.position.x, node.position.y]]));

function placesFrom(changes: NodeChange<CanvasNode>[]): Places {
  const places: Places = {};
  for (const one of changes)
    if (one.type === "position" && one.position) places[one.id] = [one.position.x, one.position.y];
  return places;
}

/** Where steps were moved to; with the first move every step's place is kept as it is seen. */
function keepPlaces(store: Store, moved: Places, merge?: string): void {
  const keys = Object.keys(moved);
  if (!keys.length) return;
  const what = keys.length === 1 ? "a move" : `the move of ${keys.length} cards`;
  store.change(
    what,
    (document) => {
      const steps = Object.entries(moved).filter(([key]) => !isNoteKey(key) && !key.includes("\u0000"));
      const all = { ...placesOf(document, store.get().placed), ...Object.fromEntries(steps) };
      const plain = Object.fromEntries(Object.entries(all).filter(([key]) => !key.includes("\u0000")));
      let next = steps.length ? setPlaces(document, plain) : document;
      for (const [key, [x, y]] of Object.entries(moved))
        if (isNoteKey(key)) next = changeNote(next, key.split("\u0000")[2] ?? "", { x: Math.round(x), y: Math.round(y) });
      return next;
    },
    merge ? { merge } : {},
  );
}

/** Take cards and ways out together, as one change. */
export function removeShown(store: Store, keys: string[], ways: Pick<WayEdge, "source" | "sourceHandle">[]): void {
  if (!keys.length && !ways.length) return;
  const what = keys.length === 0 ? "a way" : keys.length === 1 ? "one step" : `${keys.length} steps`;
  store.change(`taking out ${what}`, (document) => {
    const cut = ways.reduce((now, way) => setWay(now, way.source, way.sourceHandle ?? "next", null), document);
    return keys.length ? removeSteps(cut, keys) : cut;
  });
}

/** Move the view to a step when it is asked for. */
function useReveal(places: Places): void {
  const reveal = usePart((state) => state.reveal);
  const flow = useReactFlow();
  const done = useRef(0);
  useEffect(() => {
    if (!reveal || done.current === reveal.at) return;
    const place = places[reveal.key];
    if (!place) return;
    done.current = reveal.at;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const zoom = Math.max(0.75, flow.getZoom());
    void flow.setCenter(place[0] + CARD.width / 2, place[1] + CARD.height / 2, { zoom, duration: still ? 0 : 250 });
  }, [reveal, places, flow]);
}

/** See everything again when two versions are put beside each other, or the window is filled. */
function useRefit(comparison: unknown): void {
  const flow = useReactFlow();
  const last = useRef(comparison);
  useEffect(() => {
    if (last.current === comparison) return undefined;
    last.current = comparison;
    if (!comparison) return undefined;
    const soon = setTimeout(() => void flow.fitView(FIT), 60);
    return () => clearTimeout(soon);
  }, [comparison, flow]);
}

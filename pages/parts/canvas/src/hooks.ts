// The open flow, as components read it.

import { createContext, useContext, useEffect, useMemo, useSyncExternalStore } from "react";
import type { FlowState } from "./state.ts";
import type { FlowStore } from "./store.ts";
import type { Marks } from "./types.ts";

export const StoreContext = createContext<FlowStore | null>(null);

export function useStore(): FlowStore {
  const store = useContext(StoreContext);
  if (!store) throw new Error("This panel stands outside of a flow.");
  return store;
}

/** One part of the state; the component draws again only when this part is another one. */
export function usePart<T>(select: (state: FlowState) => T): T {
  const store = useStore();
  return useSyncExternalStore(store.subscribe, () => select(store.get()));
}

export type OpenFlow = FlowState &
  Pick<FlowStore, "select" | "change" | "undo" | "redo" | "save" | "debug" | "say" | "setView" | "api" | "kinds" | "dirty" | "editable" | "tell" | "text">;

/** Everything of the open flow: its state and what can be done with it. */
export function useFlow(): OpenFlow {
  const store = useStore();
  const state = useSyncExternalStore(store.subscribe, store.get);
  return useMemo(
    () => ({
      ...state,
      select: store.select,
      change: store.change,
      undo: store.undo,
      redo: store.redo,
      save: store.save,
      debug: store.debug,
      say: store.say,
      setView: store.setView,
      text: store.text,
      api: store.api,
      kinds: store.kinds,
      dirty: store.dirty,
      editable: store.editable,
      tell: store.tell,
    }),
    [store, state],
  );
}

/** Draw on the canvas as long as the panel is there; give the same object where nothing changed. */
export function useMarks(layer: string, marks: Marks | null): void {
  const store = useStore();
  useEffect(() => {
    store.mark(layer, marks);
  }, [store, layer, marks]);
  useEffect(() => () => store.mark(layer, null), [store, layer]);
}

/** While the panel is there, the stop sign on a card (or the key B on it) calls this. */
export function useStops(toggle: (key: string) => void): void {
  const store = useStore();
  useEffect(() => {
    store.onToggle(toggle);
    return () => store.onToggle(null);
  }, [store, toggle]);
}

// State that outlives a panel: it stays with the open flow while the person looks elsewhere.
import { useSyncExternalStore } from "react";
import { useStore, type FlowStore } from "../store.ts";

export class Box<T extends object> {
  protected state: T;
  private readonly listeners = new Set<() => void>();

  constructor(state: T) {
    this.state = state;
  }

  readonly get = (): T => this.state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly set = (patch: Partial<T>): void => {
    this.state = { ...this.state, ...patch };
    for (const listener of this.listeners) listener();
  };
}

/** One box for each open flow. */
export function besideFlow<B extends Box<object>>(make: (store: FlowStore) => B): (store: FlowStore) => B {
  const boxes = new WeakMap<FlowStore, B>();
  return (store) => {
    const there = boxes.get(store) ?? make(store);
    boxes.set(store, there);
    return there;
  };
}

/** The box of the open flow; the component draws again when it changes. */
export function useBox<B extends { get: () => object; subscribe: (listener: () => void) => () => void }>(
  boxOf: (store: FlowStore) => B,
): [ReturnType<B["get"]>, B] {
  const box = boxOf(useStore());
  const state = useSyncExternalStore(box.subscribe, box.get) as ReturnType<B["get"]>;
  return [state, box];
}

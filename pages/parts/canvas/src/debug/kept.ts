// Which session was open, so that a reload of the page opens it again.
import type { FlowStore } from "../store.ts";

function nameFor(store: FlowStore): string {
  const { data } = store.get();
  return `greenroom:debug:${data.workspace}:${data.flow.id}`;
}

function tried<T>(work: () => T, otherwise: T): T {
  try {
    return work();
  } catch {
    return otherwise; // a browser that keeps nothing: the address still names the session
  }
}

export const reopened = {
  keep: (store: FlowStore, id: string): void =>
    tried(() => localStorage.setItem(nameFor(store), id), undefined),
  forget: (store: FlowStore): void =>
    tried(() => localStorage.removeItem(nameFor(store)), undefined),
  read: (store: FlowStore): string | null =>
    tried(() => localStorage.getItem(nameFor(store)), null),
};

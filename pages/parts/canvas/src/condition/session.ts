// The samples that a person edited, kept as long as the browser's tab is open.
import { useState } from "react";
import { useStore, type FlowStore } from "../store.ts";
import type { SampleTable } from "./samples.ts";

function keyOf(store: FlowStore, step: string): string {
  const { data } = store.get();
  return `greenroom:samples:${data.workspace}:${data.flow.id}:${step}`;
}

function readTable(text: string | null): SampleTable | null {
  const found = text === null ? null : (JSON.parse(text) as Partial<SampleTable> | null);
  if (!found || !Array.isArray(found.columns) || !Array.isArray(found.rows)) return null;
  return { columns: found.columns, rows: found.rows };
}

function read(key: string): SampleTable | null {
  try {
    return readTable(sessionStorage.getItem(key));
  } catch {
    return null; // a browser that keeps nothing, or something else under this name
  }
}

function write(key: string, table: SampleTable): void {
  try {
    sessionStorage.setItem(key, JSON.stringify(table));
  } catch {
    return; // it stays until the panel closes
  }
}

/** The table of a step that was edited before, and how to keep another. */
export function useKeptSamples(step: string): [SampleTable | null, (table: SampleTable) => void] {
  const key = keyOf(useStore(), step);
  const [kept, setKept] = useState<{ key: string; table: SampleTable | null }>(() => ({ key, table: read(key) }));
  const now = kept.key === key ? kept : { key, table: read(key) };
  const keep = (table: SampleTable): void => {
    write(key, table);
    setKept({ key, table });
  };
  return [now.table, keep];
}

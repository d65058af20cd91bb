// The names that exist at a step, asked once for each document and step.
import { useEffect, useMemo, useState } from "react";
import { cancelled } from "../api.ts";
import { stepsOf } from "../model.ts";
import { usePart, useStore } from "../store.ts";
import type { FlowDocument } from "../types.ts";
import type { NameAtStep } from "./shapes.ts";

const NONE: readonly NameAtStep[] = [];
const AFTER = 150;
const MOST_STEPS = 4;
const BETWEEN = "\u0000";
const HIDDEN = new Set(["function", "group"]);

/** The names of several steps, each once; one that is not known everywhere is not sure. */
export function joined(lists: readonly (readonly NameAtStep[])[]): NameAtStep[] {
  const found = new Map<string, NameAtStep>();
  for (const list of lists) {
    for (const name of list) {
      if (HIDDEN.has(name.type)) continue;
      const there = found.get(name.name);
      if (!there || there.values.length < name.values.length) found.set(name.name, name);
    }
  }
  const everywhere = (name: string) => lists.every((list) => list.some((one) => one.name === name && one.sure));
  return [...found.values()].map((name) => ({ ...name, sure: name.sure && everywhere(name.name) }));
}

/** Steps that together know most names: those that decide something, and the last. */
export function knowing(document: FlowDocument): string[] {
  const steps = stepsOf(document);
  const deciding = steps.filter((step) => step.type === "condition").map((step) => step.id);
  const last = steps.at(-1)?.id;
  return [...new Set([...deciding.slice(-(MOST_STEPS - 1)), ...(last === undefined ? [] : [last])])];
}

/** The names at some steps; those known before stay until newer ones have come. */
export function useNames(steps: readonly string[]): readonly NameAtStep[] {
  const store = useStore();
  const document = usePart((state) => state.document);
  const [names, setNames] = useState<readonly NameAtStep[]>(NONE);
  const key = steps.join(BETWEEN);
  useEffect(() => {
    if (key === "") return undefined;
    const asking = new AbortController();
    const { signal } = asking;
    const at = async (step: string): Promise<NameAtStep[]> => {
      const body = { document, step_id: step };
      return (await store.api.post<{ names: NameAtStep[] }>("/flows/names", body, { signal })).names;
    };
    const ask = async (): Promise<void> => {
      try {
        setNames(joined(await Promise.all(key.split(BETWEEN).map(at))));
      } catch (error) {
        if (!cancelled(error)) setNames((before) => before); // completion is a help: one writes without it
      }
    };
    const timer = setTimeout(() => void ask(), AFTER);
    return () => {
      clearTimeout(timer);
      asking.abort();
    };
  }, [store, document, key]);
  return names;
}

/** The names that exist somewhere in the flow. */
export function useAllNames(): readonly NameAtStep[] {
  const document = usePart((state) => state.document);
  return useNames(useMemo(() => knowing(document), [document]));
}

// How a condition comes out right now, asked a moment after the last change.
import { useEffect, useState } from "react";
import { cancelled, said } from "../api.ts";
import { useStore } from "../store.ts";
import type { ConditionAnswer, Sample } from "./shapes.ts";

const AFTER = 120;

export interface Tried {
  answer: ConditionAnswer | null;
  problem: string | null;
}

export function useTried(when: string, step: string, samples: readonly Sample[], personas: boolean, on: boolean): Tried {
  const store = useStore();
  const [tried, setTried] = useState<Tried>({ answer: null, problem: null });
  useEffect(() => {
    if (!on || when.trim() === "") return undefined;
    const asking = new AbortController();
    const ask = async (): Promise<void> => {
      const { document } = store.get();
      const body = { document, step_id: step, conditions: [when], samples, personas };
      try {
        const found = await store.api.post<{ results: ConditionAnswer[] }>("/flows/conditions", body, { signal: asking.signal });
        setTried({ answer: found.results[0] ?? null, problem: null });
      } catch (error) {
        if (!cancelled(error)) setTried({ answer: null, problem: said(error) });
      }
    };
    const timer = setTimeout(() => void ask(), AFTER);
    return () => {
      clearTimeout(timer);
      asking.abort();
    };
  }, [store, when, step, samples, personas, on]);
  return tried;
}

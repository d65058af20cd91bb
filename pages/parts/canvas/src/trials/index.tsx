// The flow's tests: plain rows that stand in the flow's own document.
import { useEffect, useMemo, useState, type ReactNode } from "react";
import { useBox } from "../debug/box.ts";
import { deskOf } from "../debug/desk.ts";
import { Empty, Fault, useLater } from "../debug/widgets.tsx";
import { configOf, stepsOf } from "../model.ts";
import { useFlow, useMarks, useStore } from "../store.ts";
import type { FlowDocument, FlowTest } from "../types.ts";
import { benchOf } from "./bench.ts";
import { Row } from "./Row.tsx";
import {
  minusTest,
  plusTest,
  resultsWords,
  testMarks,
  testsOf,
  withTest,
  type TestResult,
} from "./rows.ts";
import "./trials.css";

function goalsOf(document: FlowDocument): string[] {
  const goals = stepsOf(document).filter((step) => step.type === "goal");
  return [...new Set(goals.map((step) => String(configOf(step).name ?? step.id)))];
}

export function TestsPanel(): ReactNode {
  const store = useStore();
  const { document, data, change, editable, debug } = useFlow();
  const [state, bench] = useBox(benchOf);
  const [open, setOpen] = useState<number | null>(null);
  const pending = useLater(state.running !== null);
  const tests = testsOf(document);
  const current = state.about?.steps === document.steps;
  useEffect(() => void bench.recall(), [bench]);
  useMarks("tests", useMemo(() => testMarks(document, current ? state.results : null, state.went), [document, state.results, state.went, current]));
  const add = (test: FlowTest, behind?: number): void => {
    change("a test", (now) => plusTest(now, test, behind));
    setOpen(behind === undefined ? tests.length : behind + 1);
  };
  const persona = data.personas[0]?.name;
  const fresh = (): FlowTest =>
    persona ? { persona, copies: 20, expect: {} } : { contact: { first_name: "Sam" }, replies: [], expect: {} };
  const debugged = (test: FlowTest, result: TestResult): void => {
    const desk = deskOf(store);
    const who = result.debug;
    if (!who) return;
    desk.set({ draft: { ...desk.get().draft, seed: result.seed ?? test.seed ?? desk.get().draft.seed } });
    debug(who);
  };
  return (
    <div className="tst" aria-busy={pending}>
      <div className="dbg-head">
        <h3>{state.results && current ? resultsWords(state.results) : "Tests of this flow"}</h3>
      </div>
      <Fault problem={state.problem} onClose={bench.unsay} />
      {tests.length === 0 ? (
        <Empty title="Nothing is tested yet">
          <p>A test says who meets this flow and what must come of it. It stays in the flow’s own file.</p>
          <button type="button" className="btn dbg-main" disabled={!editable} onClick={() => add(fresh())}>
            Add a test
          </button>
          <p className="quiet-text">Or play somebody in Debug, and save what happened as a test.</p>
        </Empty>
      ) : (
        <>
          <div className="row">
            <button type="button" className="btn small dbg-main" aria-disabled={state.running !== null} onClick={() => void bench.run()}>
              {pending && state.running === "all" ? "Running…" : "Run all"}
            </button>
            <button type="button" className="btn small" disabled={!editable} onClick={() => add(fresh())}>
              Add a test
            </button>
          </div>
          {(state.results?.notes ?? []).map((note) => (
            <p key={note} className="dbg-note" dir="auto">
              {note}
            </p>
          ))}
          <ul className="tst-rows">
            {tests.map((test, at) => {
              const result = state.results?.results.find((one) => one.index === at);
              const same = state.about?.tests?.[at] === test;
              return (
                <Row
                  key={at}
                  test={test}
                  result={same ? result : undefined}
                  old={!current}
                  running={pending && (state.running === "all" || state.running === at)}
                  open={open === at}
                  editable={editable}
                  personas={data.personas}
                  steps={stepsOf(document).map((step) => step.id)}
                  goals={goalsOf(document)}
                  onOpen={(now) => setOpen(now ? at : null)}
                  onChange={(next) => change("a test", (now) => withTest(now, at, next), { merge: `test ${at}` })}
                  onCopy={() => add(structuredClone(test), at)}
                  onRemove={() => {
                    change("taking a test away", (now) => minusTest(now, at));
                    setOpen(null);
                  }}
                  onRun={() => void bench.run(at)}
                  onDebug={(one) => debugged(test, one)}
                />
              );
            })}
          </ul>
        </>
      )}
    </div>
  );
}

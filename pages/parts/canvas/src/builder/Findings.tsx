// What the checks find: a list, worst first; a click goes to the step, and some can be mended here.

import { useMemo, useState, type ReactNode } from "react";
import { said } from "../api.ts";
import { SEVERITIES } from "../canvas/StepCard.tsx";
import { idOf } from "../model.ts";
import { usePart, useStore } from "../store.ts";
import type { Finding, FlowDocument } from "../types.ts";
import { sentence } from "../words.ts";

const AT_FIRST = 6;

export function Findings(): ReactNode {
  const every = usePart((state) => state.findings);
  const chosen = usePart((state) => (state.selection.size === 1 && state.selected ? idOf(state.selected) : null));
  const findings = useMemo(() => (chosen === null ? every : every.filter((one) => one.step_id !== chosen)), [every, chosen]);
  const here = every.length - findings.length;
  const score = usePart((state) => state.score);
  const unchecked = usePart((state) => state.unchecked);
  const [all, setAll] = useState(false);
  const shown = all ? findings : findings.slice(0, AT_FIRST);
  return (
    <section className="stack findings" aria-label="Worth a look" aria-live="polite">
      <header className="row between">
        <h3>{here ? "Elsewhere in the flow" : findings.length ? "Worth a look" : "Nothing found"}</h3>
        {score !== null && <span className="quiet-text" title="It falls with every finding: an error leaves 60 %, a warning 92 %, a note 99 %.">{score} of 100</span>}
      </header>
      {unchecked && <p className="wrong-text">The checks could not look. {unchecked}</p>}
      {here > 0 && !findings.length && <p className="quiet-text">Nothing else was found.</p>}
      {!every.length && !unchecked && <p className="quiet-text">Every check has looked at this flow, and all of them are content.</p>}
      {shown.map((finding, at) => <FindingCard key={`${finding.type} ${finding.step_id ?? ""} ${at}`} finding={finding} place />)}
      {findings.length > AT_FIRST && (
        <button type="button" className="btn small" onClick={() => setAll(!all)}>{all ? "Show fewer" : `Show all ${findings.length}`}</button>
      )}
    </section>
  );
}

export function FindingCard({ finding, place }: { finding: Finding; place: boolean }): ReactNode {
  const store = useStore();
  const look = SEVERITIES[finding.severity];
  const { step_id } = finding;
  return (
    <div className="finding">
      <p className="row">
        <span className={`badge tone-${look.tone}`}>{look.sign} {look.word}</span>
        {place && step_id !== null && (
          <button type="button" className="link" dir="auto" onClick={() => store.select(step_id, { reveal: true })}>{step_id}</button>
        )}
      </p>
      <p dir="auto">{sentence(finding.message)}</p>
      {finding.fix && <p className="quiet-text" dir="auto">{sentence(finding.fix)}</p>}
      <button type="button" className="link" onClick={() => store.tell.opened("checks", { check: finding.type })}>The rule</button>
      {finding.mend && store.editable && (
        <button type="button" className="btn small" onClick={() => void mend(store, finding)}>{finding.mend}</button>
      )}
    </div>
  );
}

async function mend(store: ReturnType<typeof useStore>, finding: Finding): Promise<void> {
  const { document } = store.get();
  const { mend: label, ...plain } = finding;
  try {
    const mended = await store.api.post<{ document: FlowDocument }>("/flows/mend", { document, finding: plain });
    if (store.get().document === document) store.change(label ?? "mending", () => mended.document);
  } catch (error) {
    store.say(said(error), "wrong");
  }
}

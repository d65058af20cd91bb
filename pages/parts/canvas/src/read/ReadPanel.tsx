// Beside a drawing that is only read: the step that was clicked, what failed there and why; for two
// versions, what differs.

import type { ReactNode } from "react";
import { configOf, lineOf, stepOf, waysOf } from "../model.ts";
import { shownOf } from "../canvas/shown.ts";
import { Saw } from "../debug/widgets.tsx";
import { usePart, useStore } from "../store.ts";
import { wayKey, type Overlay, type Problem, type Step } from "../types.ts";
import { Changes, count } from "../versions/words.tsx";
import { findingsAt } from "../canvas/drawing.ts";
import { fails } from "../canvas/StepCard.tsx";
import { FindingCard } from "../builder/Findings.tsx";

export function ReadPanel(): ReactNode {
  const store = useStore();
  const { kinds } = store;
  const selected = usePart((state) => state.selected);
  const comparison = usePart((state) => state.comparison);
  const overlay = usePart((state) => state.data.overlay);
  const step = usePart((state) => (selected ? stepOf(shownOf(state, kinds).document, selected) : undefined));
  return (
    <div className="stack big">
      {step ? <Read step={step} overlay={overlay} /> : <Whole overlay={overlay} />}
      {comparison && (
        <section className="stack" aria-label="What changed">
          <h3>From {comparison.a} to {comparison.b}: {count(comparison.differences)}</h3>
          <Changes differences={comparison.differences} />
        </section>
      )}
    </div>
  );
}

function Whole({ overlay }: { overlay: Overlay | null }): ReactNode {
  const store = useStore();
  if (!overlay) return <p className="quiet-text">Choose a step to read it.</p>;
  const failing = Object.entries(overlay.steps).filter(([, one]) => fails(one));
  return (
    <section className="stack">
      <p className="quiet-text">
        Lines are as thick as the people of run {overlay.run.number} who went that way; dashed: nobody did. Choose a step to read it.
      </p>
      {failing.length > 0 && (
        <>
          <h3>{failing.length === 1 ? "One step fails" : `${failing.length} steps fail`}</h3>
          {failing.map(([id, one]) => (
            <p key={id}>
              <span className="badge tone-brick">✕ {one.failed ?? one.problems?.length}</span>{" "}
              <button type="button" className="link" dir="auto" onClick={() => store.select(id, { reveal: true })}>{id}</button>{" "}
              <span dir="auto">{one.problems?.[0]?.message}</span>
            </p>
          ))}
        </>
      )}
    </section>
  );
}

function Read({ step, overlay }: { step: Step; overlay: Overlay | null }): ReactNode {
  const store = useStore();
  const findings = usePart((state) => findingsAt(state.findings, step.id));
  const kind = store.kinds.get(step.type);
  const happened = overlay?.steps[step.id];
  const config = configOf(step);
  const words = [config.subject, config.title, config.body, config.instructions].filter((one) => typeof one === "string" && one !== "");
  return (
    <section className="stack" aria-label={`Step ${step.id}`}>
      <header>
        <p className={`kind-line tone-${kind?.tone ?? "brick"}`}><span aria-hidden="true">{kind?.sign}</span> {kind?.name ?? step.type} · <bdi>{step.id}</bdi></p>
        <h3>{kind?.about ?? "A step that Greenroom does not know."}</h3>
      </header>
      {happened?.problems?.map((problem, at) => <Failed key={at} problem={problem} overlay={overlay} />)}
      {words.length ? <div className="said" dir="auto">{words.map((one, at) => <p key={at}>{String(one)}</p>)}</div> : <p dir="auto">{lineOf(step)}</p>}
      {step.comment && <p className="quiet-text" dir="auto">❞ {step.comment}</p>}
      {happened?.line && <p><b>{happened.line}</b></p>}
      <ul className="plain">
        {waysOf(step, kind).map((way) => {
          const people = overlay?.ways[wayKey(step.id, way.name)];
          return (
            <li key={way.handle}>
              {way.label ? <><span dir="auto">{way.label}</span>: </> : "Then "}to <b dir="auto">{way.to ?? "the end"}</b>
              {people !== undefined && <span className="quiet-text"> · {people === 0 ? "nobody" : people === 1 ? "1 person" : `${people} people`}</span>}
            </li>
          );
        })}
      </ul>
      {findings.map((finding, at) => <FindingCard key={at} finding={finding} place={false} />)}
    </section>
  );
}

function Failed({ problem, overlay }: { problem: Problem; overlay: Overlay | null }): ReactNode {
  const store = useStore();
  const { contact_id, seq } = problem;
  const open = (): void => {
    if (!overlay || !contact_id) return;
    const params: Record<string, string> = { run: overlay.run.id, contact: contact_id };
    if (seq !== null && seq !== undefined) params.seq = String(seq);
    store.tell.opened("conversation", params);
  };
  return (
    <div className={problem.severity === "info" ? "finding" : "finding wrong"}>
      <p>{problem.severity === "info" ? <span className="badge tone-quiet">it happens</span> : <span className="badge tone-brick">✕ failed</span>} <span dir="auto">{problem.message}</span></p>
      <Saw saw={problem.saw} />
      {problem.fix && <p dir="auto">{problem.fix}</p>}
      {contact_id && overlay && <button type="button" className="btn small" onClick={open}>Go to where it happened</button>}
    </div>
  );
}

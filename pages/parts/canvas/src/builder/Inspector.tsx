// One step, to be read and changed: its words, where it goes, what is expected of it.

import type { ReactNode } from "react";
import { duplicate } from "../clipboard.ts";
import { changeConfig, changeStep, configOf, idOf, removeSteps, renameStep, stepOf, stepsOf } from "../model.ts";
import { usePart, useStore } from "../store.ts";
import type { Kind, Step } from "../types.ts";
import { Ways } from "./Decisions.tsx";
import { Choice, Finished, Text, Words } from "./fields.tsx";
import { FindingCard } from "./Findings.tsx";
import { findingsAt } from "../canvas/drawing.ts";
import { Questions } from "./Questions.tsx";
import { plain, SchemaForm } from "./SchemaForm.tsx";

const OWN = ["branches", "else", "arms", "questions"];
const DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"].map((day) => [day.toLowerCase(), day] as const);

export function Inspector({ stepKey }: { stepKey: string }): ReactNode {
  const store = useStore();
  const step = usePart((state) => stepOf(state.document, stepKey));
  if (!step) return null;
  const kind = store.kinds.get(step.type);
  return (
    <section className="inspector stack" aria-label={`Step ${idOf(stepKey)}`}>
      <header>
        <p className={`kind-line tone-${kind?.tone ?? "brick"}`}>
          <span aria-hidden="true">{kind?.sign ?? "?"}</span> {kind?.name ?? step.type} · <bdi>{step.id}</bdi>
        </p>
        <h3>{kind?.about ?? `Greenroom has no step “${step.type}”.`}</h3>
      </header>
      <Name stepKey={stepKey} step={step} />
      {!kind && <Kinds stepKey={stepKey} step={step} />}
      {kind && <Config stepKey={stepKey} step={step} kind={kind} />}
      <Ways stepKey={stepKey} step={step} kind={kind} />
      <More stepKey={stepKey} step={step} />
      <div className="row">
        <button type="button" className="btn small" onClick={() => duplicate(store)}>Duplicate</button>
        <button type="button" className="btn small danger" onClick={() => store.change("taking out one step", (document) => removeSteps(document, [stepKey]))}>Take out</button>
      </div>
      <Found id={step.id} />
    </section>
  );
}

function Name({ stepKey, step }: { stepKey: string; step: Step }): ReactNode {
  const store = useStore();
  const rename = (id: string): string | null => {
    if (!/^\S{1,100}$/.test(id)) return "A name has no spaces and at most 100 characters.";
    if (stepsOf(store.get().document).some((one) => one.id === id)) return `There is a step “${id}” already.`;
    store.change(`calling “${step.id}” “${id}”`, (document) => renameStep(document, stepKey, id), { select: [id] });
    return null;
  };
  return <Finished key={stepKey} label="Name" mono value={step.id} onDone={rename} />;
}

function Kinds({ stepKey, step }: { stepKey: string; step: Step }): ReactNode {
  const store = useStore();
  const options = [...store.kinds.values()].map((kind): [string, string] => [kind.type, kind.name]);
  return <Choice label="Kind" value={step.type} options={options} onChange={(type) => store.change("the kind of a step", (document) => changeStep(document, stepKey, (one) => ({ ...one, type })))} />;
}

function Config({ stepKey, step, kind }: { stepKey: string; step: Step; kind: Kind }): ReactNode {
  const store = useStore();
  const config = configOf(step);
  const change = (part: Record<string, unknown>): void =>
    store.change(`“${step.id}”`, (document) => changeConfig(document, stepKey, part), { merge: `${stepKey}:${Object.keys(part).join()}` });
  if (step.type === "delay") return <Delay config={config} onChange={change} />;
  const schema = plain(kind.schema, kind.schema);
  const asks = schema.properties && "questions" in schema.properties && step.type !== "lesson";
  return (
    <>
      <SchemaForm key={stepKey} schema={schema} root={kind.schema} value={config} skip={OWN} onChange={change} />
      {asks && <Questions key={`${stepKey} questions`} stepKey={stepKey} step={step} />}
    </>
  );
}

function Delay({ config, onChange }: { config: Record<string, unknown>; onChange: (part: Record<string, unknown>) => void }): ReactNode {
  const until = config.until as { weekday?: string; time?: string } | undefined;
  const moment = until !== undefined && until !== null;
  return (
    <>
      <Choice
        label="Pause"
        value={moment ? "until" : "for"}
        options={[["for", "For a while"], ["until", "Until a moment"]]}
        onChange={(how) => onChange(how === "until" ? { until: { weekday: "monday", time: "09:00" }, duration: undefined } : { until: undefined, duration: "1d" })}
      />
      {moment ? (
        <div className="row even">
          <Choice label="Day" value={(until.weekday ?? "").toLowerCase()} empty="The next" options={DAYS} onChange={(weekday) => onChange({ until: weekday ? { ...until, weekday } : { time: until.time ?? "09:00" } })} />
          <Text label="Time of day" value={until.time ?? "09:00"} onChange={(time) => onChange({ until: { ...until, time } })} />
        </div>
      ) : (
        <Text label="How long" hint="Like 3h, 2d or 1d 12h." value={String(config.duration ?? "")} onChange={(duration) => onChange({ duration })} />
      )}
    </>
  );
}

function More({ stepKey, step }: { stepKey: string; step: Step }): ReactNode {
  const store = useStore();
  const set = (what: string, change: Partial<Step>): void =>
    store.change(what, (document) => changeStep(document, stepKey, (one) => ({ ...one, ...change })), { merge: `${stepKey}:${what}` });
  const expect = Array.isArray(step.expect) ? step.expect : step.expect?.split("|").map((one) => one.trim());
  return (
    <details className="more" open={Boolean(step.comment || step.expect)}>
      <summary>Comment, and what should come of it</summary>
      <div className="stack">
        <Text label="Comment" lines={2} hint="For whoever reads the flow. Nobody is sent it." value={step.comment ?? ""} onChange={(comment) => set("a comment", { comment: comment || undefined })} />
        <Words label="Expected here" hint="Like replied, clicked, interested, with commas between." value={expect} onChange={(words) => set("what is expected", { expect: words.length ? words : undefined })} />
      </div>
    </details>
  );
}

function Found({ id }: { id: string }): ReactNode {
  const findings = usePart((state) => findingsAt(state.findings, id));
  if (!findings.length) return null;
  return (
    <div className="stack" aria-label="Found at this step">
      {findings.map((finding, at) => <FindingCard key={at} finding={finding} place={false} />)}
    </div>
  );
}

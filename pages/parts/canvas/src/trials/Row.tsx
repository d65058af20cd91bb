// One test: what it expects, what came out, and, opened, everything that can be changed of it.
import { useId, type ReactNode } from "react";
import { Choice, Field, FieldRows } from "../debug/widgets.tsx";
import type { FlowTest } from "../types.ts";
import { Expect } from "./Expect.tsx";
import { Replies } from "./Replies.tsx";
import {
  asKind,
  expectWords,
  kindOf,
  STATUS_SIGNS,
  STATUS_WORDS,
  testName,
  type TestKind,
  type TestResult,
} from "./rows.ts";

const KINDS: [TestKind, string][] = [
  ["persona", "a persona"],
  ["made_up", "somebody made up"],
  ["transcript", "a transcript"],
];
const TONES = { passed: "green", failed: "brick", inconclusive: "ochre", error: "brick" } as const;

interface Lists {
  personas: readonly { id: string; name: string }[];
  steps: readonly string[];
  goals: readonly string[];
}

export interface RowProps extends Lists {
  test: FlowTest;
  result: TestResult | undefined;
  old: boolean;
  running: boolean;
  open: boolean;
  editable: boolean;
  onOpen: (open: boolean) => void;
  onChange: (test: FlowTest) => void;
  onCopy: () => void;
  onRemove: () => void;
  onRun: () => void;
  onDebug: ((result: TestResult) => void) | null;
}

export function Row(props: RowProps): ReactNode {
  const { test, result, open } = props;
  const body = useId();
  const names = Object.fromEntries(props.personas.map((one) => [one.id, one.name]));
  const name = testName(test, names);
  return (
    <li className="tst-row">
      <div className="tst-line">
        <button type="button" className="tst-name" aria-expanded={open} aria-controls={body} onClick={() => props.onOpen(!open)}>
          <span aria-hidden="true">{open ? "▾" : "▸"}</span>
          <span>
            <strong dir="auto">{name}</strong>
            <span className="quiet-text" dir="auto">{expectWords(test.expect ?? {})}</span>
          </span>
        </button>
        <Badge result={result} running={props.running} old={props.old} />
      </div>
      {result ? <Outcome result={result} old={props.old} /> : null}
      <div className="row tst-acts">
        <button type="button" className="btn small" aria-disabled={props.running} aria-label={`Run: ${name}`} onClick={props.onRun}>
          Run
        </button>
        {result && props.onDebug && (result.debug ?? result.contact_id) ? (
          <button type="button" className="btn small" aria-label={`Debug this: ${name}`} onClick={() => props.onDebug?.(result)}>
            Debug this
          </button>
        ) : null}
        {props.editable ? (
          <>
            <button type="button" className="btn quiet small" aria-label={`Duplicate: ${name}`} onClick={props.onCopy}>
              Duplicate
            </button>
            <button type="button" className="btn quiet small" aria-label={`Delete: ${name}`} onClick={props.onRemove}>
              Delete
            </button>
          </>
        ) : null}
      </div>
      <div id={body} hidden={!open}>
        {open ? (
          <fieldset className="tst-form stack" disabled={!props.editable}>
            <legend className="sr-only">The test {name}</legend>
            <Form {...props} />
          </fieldset>
        ) : null}
      </div>
    </li>
  );
}

function Badge({ result, running, old }: { result: TestResult | undefined; running: boolean; old: boolean }): ReactNode {
  if (running) return <span className="badge tone-quiet tst-badge">running…</span>;
  if (!result) return <span className="badge tone-quiet tst-badge">not run</span>;
  return (
    <span className={`badge tst-badge tone-${old ? "quiet" : TONES[result.status]}`}>
      <span aria-hidden="true">{STATUS_SIGNS[result.status]}</span> {STATUS_WORDS[result.status]}
    </span>
  );
}

function Outcome({ result, old }: { result: TestResult; old: boolean }): ReactNode {
  const copies = result.copies === 1 ? "1 person played it." : `${result.copies} people played it.`;
  return (
    <div className={result.status === "passed" ? "tst-outcome" : "tst-outcome tst-said"} dir="auto">
      <p>
        {result.happened} <span className="quiet-text">{copies}</span>
        {old ? <span className="quiet-text"> Before the last change.</span> : null}
      </p>
      {result.checks.length > 1 ? <Checks result={result} /> : null}
    </div>
  );
}

/** Each thing that was expected, where there are several. */
function Checks({ result }: { result: TestResult }): ReactNode {
  return (
    <ul className="tst-checks">
      {result.checks.map((check, at) => (
        <li key={at}>
          <span aria-hidden="true">{STATUS_SIGNS[check.status]}</span>
          <span className="sr-only">{STATUS_WORDS[check.status]}: </span>
          <span dir="auto">
            {check.expected}: {check.happened}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Form(props: RowProps): ReactNode {
  const { test, onChange, steps, goals } = props;
  const kind = kindOf(test);
  return (
    <>
      <div className="dbg-pair">
        <Field label="Name" wide>
          {(id) => (
            <input
              id={id}
              className="input"
              dir="auto"
              value={test.name ?? ""}
              placeholder={testName({ ...test, name: null })}
              onChange={(event) => onChange(named(test, event.target.value))}
            />
          )}
        </Field>
        <Choice label="Who" value={kind} options={KINDS} onChange={(next) => onChange(asKind(test, next as TestKind, props.personas[0]?.name ?? ""))} />
      </div>
      <Who {...props} kind={kind} />
      <Expect expect={test.expect ?? {}} steps={steps} goals={goals} onChange={(expect) => onChange({ ...test, expect })} />
    </>
  );
}

function named(test: FlowTest, name: string): FlowTest {
  const rest = { ...test };
  delete rest.name;
  return name === "" ? rest : { name, ...rest };
}

function Who({ test, kind, personas, steps, onChange }: RowProps & { kind: TestKind }): ReactNode {
  if (kind === "transcript") {
    return (
      <Field label="Transcript, each line begins with bot: or me:" wide>
        {(id) => (
          <textarea id={id} className="input mono" dir="auto" rows={6} value={test.transcript ?? ""} onChange={(event) => onChange({ ...test, transcript: event.target.value })} />
        )}
      </Field>
    );
  }
  if (kind === "made_up") {
    return (
      <>
        <FieldRows label="Who they are" values={test.contact ?? {}} onChange={(contact) => onChange({ ...test, contact })} />
        <Replies replies={test.replies ?? []} steps={steps} onChange={(replies) => onChange({ ...test, replies })} />
      </>
    );
  }
  const chosen = personas.find((one) => one.id === test.persona || one.name === test.persona);
  const options = personas.map((one): [string, string] => [one.name, one.name]);
  if (!chosen && test.persona) options.unshift([test.persona, `${test.persona} (not in this workspace)`]);
  return (
    <div className="dbg-pair">
      <Choice label="Persona" value={chosen?.name ?? test.persona ?? ""} options={options} onChange={(persona) => onChange({ ...test, persona })} />
      <Field label="Copies">
        {(id) => (
          <input
            id={id}
            className="input"
            type="number"
            min={1}
            value={test.copies ?? 20}
            onChange={(event) => onChange({ ...test, copies: Math.max(1, Math.floor(Number(event.target.value) || 1)) })}
          />
        )}
      </Field>
    </div>
  );
}

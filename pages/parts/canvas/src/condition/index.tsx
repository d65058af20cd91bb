// A condition, built by rows or written, and how it comes out, without running the flow.
import { useId, useMemo, useState, type ReactNode } from "react";
import { CelInput } from "./CelInput.tsx";
import { useNames } from "./names.ts";
import { People, SampleRows, type Kind } from "./Outcomes.tsx";
import { composed, rowsOf, type Rows } from "./rows.ts";
import { freshRow, RowsForm } from "./RowsForm.tsx";
import { firstSamples, following, samplesOf, type SampleTable } from "./samples.ts";
import { useKeptSamples } from "./session.ts";
import type { ConditionAnswer, NameAtStep, Sample } from "./shapes.ts";
import { useTried, type Tried } from "./trying.ts";
import "./condition.css";

export interface ConditionHelperProps {
  stepId: string;
  value: string;
  label: string;
  onChange: (when: string) => void;
  /** A value of a `set` step is shown as what it becomes. */
  kind?: Kind;
}

const NO_SAMPLES: readonly Sample[] = [];

export function ConditionHelper({ stepId, value, label, onChange, kind = "condition" }: ConditionHelperProps): ReactNode {
  const names = useNames(useMemo(() => [stepId], [stepId]));
  const rows = useMemo(() => rowsOf(value), [value]);
  const [written, setWritten] = useState(kind === "value");
  const [trying, setTrying] = useState(false);
  const [kept, keep] = useKeptSamples(stepId);
  const table = useMemo(() => following(kept ?? firstSamples(value, names), value), [kept, value, names]);
  const samples = useMemo(() => samplesOf(table, names), [table, names]);
  const tried = useTried(value, stepId, trying ? samples : NO_SAMPLES, true, true);
  const error = useId();
  const byRows = !written && rows !== null;
  return (
    <div className="cnd">
      <div className="cnd-head">
        <span className="cnd-label">{label}</span>
        {kind === "condition" ? (
          <Ways byRows={byRows} possible={rows !== null} onWritten={setWritten} />
        ) : null}
      </div>
      {byRows ? (
        <RowsForm
          rows={rows.rows.length ? rows : empty(names)}
          names={names}
          onChange={(next) => onChange(composed(next))}
        />
      ) : (
        <CelInput
          label={kind === "value" ? "Expression" : "Condition"}
          value={value}
          names={names}
          onChange={onChange}
          wrong={Boolean(tried.answer?.error)}
          describedBy={error}
        />
      )}
      <ErrorLine id={error} tried={tried} value={value} />
      <Summary answer={tried.answer} value={value} kind={kind} personas={personasOf(tried.answer, table)} />
      <button type="button" className="btn quiet small cnd-try" aria-expanded={trying} onClick={() => setTrying(!trying)}>
        <span aria-hidden="true">{trying ? "▾" : "▸"}</span> Try it on people
      </button>
      {trying ? (
        <Trying table={table} answer={tried.answer} kind={kind} names={names} onChange={keep} />
      ) : null}
    </div>
  );
}

function empty(names: readonly NameAtStep[]): Rows {
  const blank = freshRow(undefined);
  return { join: "and", rows: [names.length ? blank : { ...blank, name: "" }] };
}

function personasOf(answer: ConditionAnswer | null, table: SampleTable): ConditionAnswer["rows"] {
  const samples = new Set(table.rows.map((row) => row.name));
  return (answer?.rows ?? []).filter((row) => !samples.has(row.name));
}

function Ways({ byRows, possible, onWritten }: {
  byRows: boolean;
  possible: boolean;
  onWritten: (written: boolean) => void;
}): ReactNode {
  return (
    <button
      type="button"
      className="btn quiet small"
      disabled={!byRows && !possible}
      title={!byRows && !possible ? "This says more than rows can say" : undefined}
      onClick={() => onWritten(byRows)}
    >
      {byRows ? "Write it" : "Use rows"}
    </button>
  );
}

function ErrorLine({ id, tried, value }: { id: string; tried: Tried; value: string }): ReactNode {
  const wrong = tried.answer?.error;
  const words = wrong ? [wrong.place, wrong.message].filter(Boolean).join(": ") : tried.problem;
  return (
    <p id={id} className="cnd-error" aria-live="polite" dir="auto">
      {value.trim() === "" ? "" : (words ?? "")}
    </p>
  );
}

function Summary({ answer, value, kind, personas }: {
  answer: ConditionAnswer | null;
  value: string;
  kind: Kind;
  personas: ConditionAnswer["rows"];
}): ReactNode {
  if (kind === "value" || value.trim() === "" || !answer || answer.error || personas.length === 0) return null;
  const holds = personas.filter((row) => row.holds && !row.error);
  const failed = personas.filter((row) => row.error);
  const unsaid = failed.length ? `, ${failed.length} cannot say` : "";
  if (failed.length === personas.length) {
    return <p className="quiet-text cnd-summary">Personas alone cannot say: {failed[0]?.error}. Try it on samples.</p>;
  }
  return (
    <p className="quiet-text cnd-summary" aria-live="polite">
      Holds for {holds.length} of {personas.length} personas{unsaid}.
    </p>
  );
}

function Trying({ table, answer, kind, names, onChange }: {
  table: SampleTable;
  answer: ConditionAnswer | null;
  kind: Kind;
  names: readonly NameAtStep[];
  onChange: (table: SampleTable) => void;
}): ReactNode {
  return (
    <div className="stack cnd-trying">
      <h5>Your samples</h5>
      <SampleRows table={table} answer={answer} kind={kind} names={names.map((one) => one.name)} onChange={onChange} />
      {answer && !answer.error ? (
        <>
          <h5>Every persona</h5>
          <People rows={personasOf(answer, table)} kind={kind} />
        </>
      ) : null}
    </div>
  );
}

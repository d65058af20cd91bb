// What must come of a test.
import { useId, type ReactNode } from "react";
import { Field } from "../debug/widgets.tsx";
import type { Expectation } from "../types.ts";
import { cleanExpect } from "./rows.ts";

function Steps({ label, chosen, steps, onChange }: {
  label: string;
  chosen: readonly string[];
  steps: readonly string[];
  onChange: (chosen: string[]) => void;
}): ReactNode {
  const id = useId();
  const open = steps.filter((step) => !chosen.includes(step));
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="tst-chips">
        {chosen.map((step) => (
          <span key={step} className="badge tone-quiet">
            <bdi>{step}</bdi>
            <button type="button" aria-label={`${label}: not ${step}`} onClick={() => onChange(chosen.filter((one) => one !== step))}>
              ✕
            </button>
          </span>
        ))}
        <select
          id={id}
          className="input"
          value=""
          onChange={(event) => onChange([...chosen, event.target.value])}
        >
          <option value="">{chosen.length ? "+ another step…" : "no step chosen…"}</option>
          {open.map((step) => (
            <option key={step} value={step}>
              {step}
            </option>
          ))}
        </select>
      </div>
    </div>
  );
}

function Figure({ label, value, most, unit, onChange }: {
  label: string;
  value: number | null | undefined;
  most?: number;
  unit?: string;
  onChange: (value: number | null) => void;
}): ReactNode {
  return (
    <Field label={label}>
      {(id) => (
        <span className="tst-figure">
          <input
            id={id}
            className="input"
            type="number"
            min={0}
            max={most}
            placeholder="any"
            value={value ?? ""}
            onChange={(event) => onChange(event.target.value === "" ? null : Number(event.target.value))}
          />
          {unit ? <span className="quiet-text">{unit}</span> : null}
        </span>
      )}
    </Field>
  );
}

const percent = (share: number | null | undefined): number | null =>
  typeof share === "number" ? Math.round(share * 1000) / 10 : null;
const shareOf = (figure: number | null): number | null => (figure === null ? null : figure / 100);

export function Expect({ expect, steps, goals, onChange }: {
  expect: Expectation;
  steps: readonly string[];
  goals: readonly string[];
  onChange: (expect: Expectation) => void;
}): ReactNode {
  const goal = useId();
  const set = (patch: Expectation): void => onChange(cleanExpect({ ...expect, ...patch }));
  const named = expect.goal && !goals.includes(expect.goal) ? [...goals, expect.goal] : goals;
  return (
    <div className="stack">
      <Steps label="Must reach" chosen={expect.reaches ?? []} steps={steps} onChange={(reaches) => set({ reaches })} />
      <Steps label="Must never reach" chosen={expect.never ?? []} steps={steps} onChange={(never) => set({ never })} />
      <div className="dbg-three">
        <Figure label="At most" unit="messages" value={expect.max_messages} onChange={(max) => set({ max_messages: max })} />
        <div className="field">
          <label htmlFor={goal}>Goal</label>
          <select id={goal} className="input" value={expect.goal ?? ""} onChange={(event) => set({ goal: event.target.value || null })}>
            <option value="">any or none</option>
            {named.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </div>
        <Figure label="In at least" unit="%" most={100} value={percent(expect.at_least)} onChange={(figure) => set({ at_least: shareOf(figure) })} />
      </div>
    </div>
  );
}

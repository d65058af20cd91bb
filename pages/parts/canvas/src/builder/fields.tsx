// Plain controls with labels, as every form of the inspector uses them.

import { useId, useRef, useState, type ReactNode } from "react";

export function Field({ label, hint, children }: {
  label: string;
  hint?: string | undefined;
  children: (id: string) => ReactNode;
}): ReactNode {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children(id)}
      {hint ? <small className="quiet-text">{hint}</small> : null}
    </div>
  );
}

interface TextProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  hint?: string | undefined;
  lines?: number | undefined;
  mono?: boolean | undefined;
  placeholder?: string | undefined;
  list?: string[] | undefined;
}

export function Text({ label, value, onChange, hint, lines, mono, placeholder, list }: TextProps): ReactNode {
  const options = useId();
  const classes = `input ${mono ? "mono" : ""}`;
  return (
    <Field label={label} hint={hint}>
      {(id) =>
        lines ? (
          <textarea id={id} className={classes} dir="auto" rows={rows(value, lines)} value={value} placeholder={placeholder} spellCheck={!mono} onChange={(event) => onChange(event.target.value)} />
        ) : (
          <>
            <input id={id} className={classes} dir="auto" value={value} placeholder={placeholder} spellCheck={!mono} list={list ? options : undefined} onChange={(event) => onChange(event.target.value)} />
            {list && <datalist id={options}>{list.map((one) => <option key={one} value={one} />)}</datalist>}
          </>
        )
      }
    </Field>
  );
}

const rows = (value: string, least: number): number =>
  Math.min(16, Math.max(least, value.split("\n").length, Math.ceil(value.length / 44)));

/** A text that is taken only once it is finished: Enter, or leaving the field; Esc gives it up. */
export function Finished({ label, value, onDone, hint, mono }: {
  label: string;
  value: string;
  onDone: (value: string) => string | null;
  hint?: string | undefined;
  mono?: boolean;
}): ReactNode {
  const [draft, setDraft] = useState<string | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const typed = useRef<string | null>(null);
  const type = (text: string | null): void => {
    typed.current = text;
    setDraft(text);
    setWrong(null);
  };
  const done = (): void => {
    const text = typed.current;
    const problem = text === null || text === value ? null : onDone(text);
    if (problem === null) type(null);
    else setWrong(problem);
  };
  return (
    <Field label={label} hint={wrong ?? hint}>
      {(id) => (
        <input
          id={id}
          className={`input ${mono ? "mono" : ""} ${wrong ? "wrong" : ""}`}
          dir="auto"
          aria-invalid={wrong !== null}
          value={draft ?? value}
          onChange={(event) => type(event.target.value)}
          onBlur={done}
          onKeyDown={(event) => {
            if (event.key === "Enter") done();
            if (event.key === "Escape") type(null);
          }}
        />
      )}
    </Field>
  );
}

/** A number; while it cannot be read as one, it stays as it is typed and nothing is changed. */
export function Numeric({ label, value, onChange, hint }: {
  label: string;
  value: unknown;
  onChange: (value: number | undefined) => void;
  hint?: string | undefined;
}): ReactNode {
  const [draft, setDraft] = useState<string | null>(null);
  const shown = draft ?? (value === undefined || value === null ? "" : String(value));
  return (
    <Field label={label} hint={hint}>
      {(id) => (
        <input
          id={id}
          className="input"
          inputMode="decimal"
          value={shown}
          onChange={(event) => {
            const text = event.target.value.trim();
            const number = Number(text.replace(",", "."));
            setDraft(event.target.value);
            if (text === "") onChange(undefined);
            else if (Number.isFinite(number)) onChange(number);
          }}
          onBlur={() => setDraft(null)}
        />
      )}
    </Field>
  );
}

export function Choice({ label, value, options, onChange, hint, empty }: {
  label: string;
  value: string;
  options: readonly (string | readonly [string, string])[];
  onChange: (value: string) => void;
  hint?: string | undefined;
  empty?: string | undefined;
}): ReactNode {
  const pairs = options.map((one) => (typeof one === "string" ? ([one, one] as const) : one));
  const known = pairs.some(([name]) => name === value) || (empty !== undefined && value === "");
  return (
    <Field label={label} hint={hint}>
      {(id) => (
        <select id={id} className="input" value={value} onChange={(event) => onChange(event.target.value)}>
          {empty !== undefined && <option value="">{empty}</option>}
          {!known && <option value={value}>{value}</option>}
          {pairs.map(([name, words]) => <option key={name} value={name}>{words}</option>)}
        </select>
      )}
    </Field>
  );
}

export function Tick({ label, value, onChange }: { label: string; value: boolean; onChange: (value: boolean) => void }): ReactNode {
  return (
    <label className="tick">
      <input type="checkbox" checked={value} onChange={(event) => onChange(event.target.checked)} /> {label}
    </label>
  );
}

/** Any value as JSON; while it cannot be read, it stays as typed and nothing is changed. */
export function Json({ label, value, onChange, hint }: {
  label: string;
  value: unknown;
  onChange: (value: unknown) => void;
  hint?: string | undefined;
}): ReactNode {
  const [draft, setDraft] = useState<string | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const shown = draft ?? (value === undefined ? "" : JSON.stringify(value, null, 2));
  return (
    <Text
      label={label}
      mono
      lines={3}
      value={shown}
      hint={wrong ?? hint}
      onChange={(text) => {
        setDraft(text);
        try {
          onChange(text.trim() === "" ? undefined : JSON.parse(text));
          setWrong(null);
        } catch {
          setWrong("This is no JSON yet. The last that could be read is kept.");
        }
      }}
    />
  );
}

/** Words with commas between. */
export function Words({ label, value, onChange, hint }: {
  label: string;
  value: unknown;
  onChange: (value: string[]) => void;
  hint?: string | undefined;
}): ReactNode {
  const [draft, setDraft] = useState<string | null>(null);
  const list = Array.isArray(value) ? value.map(String) : typeof value === "string" && value ? [value] : [];
  return (
    <Field label={label} hint={hint ?? "With commas between."}>
      {(id) => (
        <input
          id={id}
          className="input"
          dir="auto"
          value={draft ?? list.join(", ")}
          onChange={(event) => {
            setDraft(event.target.value);
            onChange(event.target.value.split(",").map((one) => one.trim()).filter(Boolean));
          }}
          onBlur={() => setDraft(null)}
        />
      )}
    </Field>
  );
}

/** Names and their values, a row each. */
export function Table({ label, value, onChange, onRename, what, expression }: {
  label: string;
  value: Record<string, unknown>;
  onChange: (value: Record<string, unknown>) => void;
  /** What a new name of a row does; without it, the row alone is called so. */
  onRename?: (old: string, name: string) => void;
  what: string;
  /** Values are formulas; else they are plain values, read as JSON where they can be. */
  expression: boolean;
}): ReactNode {
  const rows = Object.entries(value);
  const put = (at: number, name: string, next: unknown): void =>
    onChange(Object.fromEntries(rows.map((row, index) => (index === at ? [name, next] : row))));
  const fresh = (): string => {
    let number = 1;
    while (`${what}_${number}` in value) number += 1;
    return `${what}_${number}`;
  };
  return (
    <fieldset className="rows">
      <legend>{label}</legend>
      {rows.map(([name, one], at) => (
        <div className="pair" key={at}>
          <Finished label="Name" mono value={name} onDone={(text) => named(text, name, value, () => (onRename ? onRename(name, text) : put(at, text, one)))} />
          <Value expression={expression} value={one} onChange={(next) => put(at, name, next)} />
          <button type="button" className="btn small quiet" aria-label={`Take out ${name}`} onClick={() => onChange(Object.fromEntries(rows.filter((_, index) => index !== at)))}>✕</button>
        </div>
      ))}
      <button type="button" className="btn small" onClick={() => onChange({ ...value, [fresh()]: expression ? "0" : "" })}>Add a {what}</button>
    </fieldset>
  );
}

function named(text: string, old: string, value: Record<string, unknown>, keep: () => void): string | null {
  if (!/^[A-Za-z_]\w*$/.test(text)) return "A name begins with a letter and has letters, digits and _.";
  if (text !== old && text in value) return "This name is taken.";
  keep();
  return null;
}

function Value({ value, expression, onChange }: { value: unknown; expression: boolean; onChange: (value: unknown) => void }): ReactNode {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const read = (given: string): unknown => {
    if (expression) return given;
    try {
      return JSON.parse(given) as unknown;
    } catch {
      return given;
    }
  };
  return <Finished label={expression ? "Formula" : "Value"} mono={expression} value={text} onDone={(given) => (onChange(read(given)), null)} />;
}

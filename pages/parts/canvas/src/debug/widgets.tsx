// Small parts that the debugger, the tests, coverage and times share.
import { useEffect, useId, useState, type KeyboardEvent, type ReactNode } from "react";
import { Problem, said } from "../api.ts";
import { readValue, shownValue } from "./fields.ts";
import "./widgets.css";

const PENDING_AFTER = 200;

/** True once something has taken longer than a moment, so that what is quick does not flicker. */
export function useLater(busy: boolean): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!busy) return undefined;
    const timer = setTimeout(() => setLate(true), PENDING_AFTER);
    return () => {
      clearTimeout(timer);
      setLate(false);
    };
  }, [busy]);
  return busy && late;
}

/** What went wrong, in words, and what to do. */
export function Fault({ problem, onClose }: { problem: unknown; onClose?: () => void }): ReactNode {
  if (!problem) return null;
  const place = problem instanceof Problem ? (problem.place ?? problem.field) : null;
  return (
    <div className="dbg-fault" role="alert">
      <p dir="auto">
        {place ? <strong>{place}: </strong> : null}
        {said(problem)}
      </p>
      {onClose ? (
        <button type="button" className="btn quiet small" onClick={onClose} aria-label="Close this message">
          ✕
        </button>
      ) : null}
    </div>
  );
}

/** What a step saw when it failed: a row for each name. */
export function Saw({ saw }: { saw: unknown }): ReactNode {
  if (!saw) return null;
  if (typeof saw !== "object") return <p dir="auto">It saw {shownValue(saw)}</p>;
  const rows = Object.entries(saw);
  if (!rows.length) return null;
  return (
    <div>
      It saw
      <dl className="dbg-saw">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt dir="auto">{name}:</dt>
            <dd dir="auto">{shownValue(value) || "no value"}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

/** What comes here, and the button that fills it. */
export function Empty({ title, children }: { title: string; children: ReactNode }): ReactNode {
  return (
    <div className="dbg-empty">
      <p className="dbg-empty-title">{title}</p>
      {children}
    </div>
  );
}

/** A part of a panel that folds. */
export function Fold(props: {
  title: string;
  note?: ReactNode;
  open: boolean;
  onFold: (open: boolean) => void;
  children: ReactNode;
}): ReactNode {
  const body = useId();
  return (
    <section className="dbg-fold">
      <h4>
        <button
          type="button"
          aria-expanded={props.open}
          aria-controls={body}
          onClick={() => props.onFold(!props.open)}
        >
          <span aria-hidden="true">{props.open ? "▾" : "▸"}</span> {props.title}
          {props.note === undefined ? null : <span className="quiet-text"> {props.note}</span>}
        </button>
      </h4>
      <div id={body} hidden={!props.open}>
        {props.open ? props.children : null}
      </div>
    </section>
  );
}

/** One labelled control. */
export function Field({ label, children, wide }: { label: string; children: (id: string) => ReactNode; wide?: boolean }): ReactNode {
  const id = useId();
  return (
    <div className={wide ? "field dbg-wide" : "field"}>
      <label htmlFor={id}>{label}</label>
      {children(id)}
    </div>
  );
}

/** A choice out of a list; the first one can be nothing. */
export function Choice(props: {
  label: string;
  value: string;
  options: readonly (readonly [string, string])[];
  onChange: (value: string) => void;
  hidden?: boolean;
}): ReactNode {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id} className={props.hidden ? "sr-only" : undefined}>
        {props.label}
      </label>
      <select
        id={id}
        className="input"
        value={props.value}
        onChange={(event) => props.onChange(event.target.value)}
      >
        {props.options.map(([value, words]) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
      </select>
    </div>
  );
}

/** A value that is edited in place: Enter or the button sets it, Escape brings back what was. */
export function ValueField(props: {
  label: string;
  value: unknown;
  onSet: (value: unknown) => void;
}): ReactNode {
  const id = useId();
  const before = shownValue(props.value);
  const [typed, setTyped] = useState<string | null>(null);
  const changed = typed !== null && typed !== before;
  const set = (): void => {
    if (!changed) return;
    props.onSet(readValue(typed, props.value));
    setTyped(null);
  };
  const keys = (event: KeyboardEvent): void => {
    if (event.key === "Enter") set();
    if (event.key !== "Escape" || !changed) return;
    event.stopPropagation();
    setTyped(null);
  };
  return (
    <div className="dbg-value">
      <label htmlFor={id} dir="auto">
        {props.label}
      </label>
      <input
        id={id}
        className="input"
        dir="auto"
        value={typed ?? before}
        placeholder="not set"
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={keys}
      />
      <button
        type="button"
        className="btn small"
        style={{ visibility: changed ? "visible" : "hidden" }}
        onClick={set}
      >
        Set
      </button>
    </div>
  );
}

/** A value as it is typed; the words stay as they are typed as long as they mean the value. */
export function Typed(props: {
  label: string;
  value: unknown;
  onChange: (value: unknown) => void;
}): ReactNode {
  const [typed, setTyped] = useState(shownValue(props.value));
  const means = shownValue(readValue(typed) ?? "");
  const shown = means === shownValue(props.value) ? typed : shownValue(props.value);
  return (
    <input
      className="input"
      dir="auto"
      aria-label={props.label}
      value={shown}
      onChange={(event) => {
        setTyped(event.target.value);
        props.onChange(readValue(event.target.value) ?? "");
      }}
    />
  );
}

/** Names and values that a person writes: fields of somebody made up. */
export function FieldRows(props: {
  label: string;
  values: Record<string, unknown>;
  onChange: (values: Record<string, unknown>) => void;
}): ReactNode {
  const [fresh, setFresh] = useState("");
  const add = (): void => {
    const name = fresh.trim();
    if (name === "" || name in props.values) return;
    props.onChange({ ...props.values, [name]: "" });
    setFresh("");
  };
  const taken = (name: string): Record<string, unknown> =>
    Object.fromEntries(Object.entries(props.values).filter(([other]) => other !== name));
  return (
    <fieldset className="dbg-rows">
      <legend>{props.label}</legend>
      {Object.entries(props.values).map(([name, value]) => (
        <div key={name} className="dbg-value">
          <span dir="auto">{name}</span>
          <Typed
            label={name}
            value={value}
            onChange={(next) => props.onChange({ ...props.values, [name]: next })}
          />
          <button
            type="button"
            className="btn quiet small"
            aria-label={`Take ${name} away`}
            onClick={() => props.onChange(taken(name))}
          >
            ✕
          </button>
        </div>
      ))}
      <div className="dbg-value">
        <span>Another field</span>
        <input
          className="input"
          aria-label="Name of another field"
          value={fresh}
          placeholder="age, visits, tags…"
          onChange={(event) => setFresh(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            event.preventDefault();
            add();
          }}
        />
        <button type="button" className="btn small" disabled={fresh.trim() === ""} onClick={add}>
          Add
        </button>
      </div>
    </fieldset>
  );
}

// A condition by field, operator and value.
import { useId, type ReactNode } from "react";
import {
  literalOf,
  OPERATORS,
  operatorsFor,
  standsAlone,
  type Operator,
  type Row,
  type Rows,
} from "./rows.ts";
import type { NameAtStep } from "./shapes.ts";

function namesFor(names: readonly NameAtStep[], chosen: string): NameAtStep[] {
  if (chosen === "" || names.some((one) => one.name === chosen)) return [...names];
  return [{ name: chosen, type: "", about: "", values: [], sure: false }, ...names];
}

/** The first operator that fits, and a first value where the name has a few. */
export function freshRow(name: NameAtStep | undefined): Row {
  const operator = operatorsFor(name?.type)[0] ?? "is";
  const first = name?.values[0];
  const values = standsAlone(operator) ? [] : [literalOf(first === undefined ? "" : String(first), name?.type)];
  return { name: name?.name ?? "", operator, values };
}

function withOperator(row: Row, operator: Operator, type: string | undefined): Row {
  if (standsAlone(operator)) return { ...row, operator, values: [] };
  const values = row.values.length ? row.values : [literalOf("", type)];
  return { ...row, operator, values: operator === "one_of" ? values : values.slice(0, 1) };
}

function ValueChoice({ row, name, label, onChange }: {
  row: Row;
  name: NameAtStep | undefined;
  label: string;
  onChange: (row: Row) => void;
}): ReactNode {
  const listed = row.operator === "one_of";
  const typed = row.values.map((value) => value.text).join(", ");
  const set = (text: string): void => {
    const parts = listed ? text.split(",").map((part) => part.trim()) : [text];
    onChange({ ...row, values: parts.map((part) => literalOf(part, name?.type)) });
  };
  const values = name?.values.map(String) ?? [];
  const whole = row.operator === "is" || row.operator === "is_not";
  if (values.length && whole) {
    const all = values.includes(typed) ? values : [typed, ...values];
    return (
      <select className="input" aria-label={label} value={typed} onChange={(event) => set(event.target.value)}>
        {all.map((value) => (
          <option key={value} value={value}>
            {value === "" ? "choose…" : value.replaceAll("_", " ")}
          </option>
        ))}
      </select>
    );
  }
  return (
    <input
      className="input"
      dir="auto"
      aria-label={label}
      placeholder={listed ? "one, another" : "value"}
      value={typed}
      onChange={(event) => set(event.target.value)}
    />
  );
}

function RowLine(props: {
  row: Row;
  number: number;
  names: readonly NameAtStep[];
  onChange: (row: Row) => void;
  onRemove: (() => void) | null;
}): ReactNode {
  const { row, number, names, onChange } = props;
  const name = names.find((one) => one.name === row.name);
  const fitting = operatorsFor(name?.type);
  const operators = fitting.includes(row.operator) ? fitting : [row.operator, ...fitting];
  return (
    <div className="cnd-row">
      <select
        className="input"
        aria-label={`Field ${number}`}
        value={row.name}
        onChange={(event) => onChange(freshRow(names.find((one) => one.name === event.target.value)))}
      >
        {row.name === "" ? <option value="">choose a field…</option> : null}
        {namesFor(names, row.name).map((one) => (
          <option key={one.name} value={one.name}>
            {one.name}
          </option>
        ))}
      </select>
      <select
        className="input"
        aria-label={`Comparison ${number}`}
        value={row.operator}
        onChange={(event) => onChange(withOperator(row, event.target.value as Operator, name?.type))}
      >
        {operators.map((operator) => (
          <option key={operator} value={operator}>
            {OPERATORS[operator]}
          </option>
        ))}
      </select>
      {standsAlone(row.operator) ? (
        <span />
      ) : (
        <ValueChoice row={row} name={name} label={`Value ${number}`} onChange={onChange} />
      )}
      {props.onRemove ? (
        <button type="button" className="btn quiet small" aria-label={`Take row ${number} away`} onClick={props.onRemove}>
          ✕
        </button>
      ) : null}
    </div>
  );
}

export function RowsForm({ rows, names, onChange }: {
  rows: Rows;
  names: readonly NameAtStep[];
  onChange: (rows: Rows) => void;
}): ReactNode {
  const group = useId();
  const several = rows.rows.length > 1;
  return (
    <div className="stack">
      {rows.rows.map((row, at) => (
        <RowLine
          key={at}
          row={row}
          number={at + 1}
          names={names}
          onChange={(next) => onChange({ ...rows, rows: rows.rows.with(at, next) })}
          onRemove={several ? () => onChange({ ...rows, rows: rows.rows.toSpliced(at, 1) }) : null}
        />
      ))}
      <div className="row">
        {several ? (
          <span role="radiogroup" aria-label="How the rows belong together" className="row">
            {(["and", "or"] as const).map((join) => (
              <label key={join} className="cnd-join">
                <input
                  type="radio"
                  name={group}
                  checked={rows.join === join}
                  onChange={() => onChange({ ...rows, join })}
                />
                {join === "and" ? "all of them" : "one of them"}
              </label>
            ))}
          </span>
        ) : null}
        <button
          type="button"
          className="btn quiet small"
          onClick={() => onChange({ ...rows, rows: [...rows.rows, freshRow(names[0])] })}
        >
          + another row
        </button>
      </div>
    </div>
  );
}

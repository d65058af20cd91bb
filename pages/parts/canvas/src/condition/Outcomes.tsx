// How a condition comes out: for every persona, and for people that one invents here.
import { useState, type ReactNode } from "react";
import {
  minusColumn,
  minusRow,
  plusColumn,
  plusRow,
  withCell,
  type SampleTable,
} from "./samples.ts";
import type { ConditionAnswer, ConditionResult } from "./shapes.ts";

export type Kind = "condition" | "value";

export function Verdict({ result, kind }: { result: ConditionResult | undefined; kind: Kind }): ReactNode {
  if (!result) return <span className="quiet-text">…</span>;
  if (result.error) {
    return (
      <span className="cnd-out brick" dir="auto" title={result.error}>
        <span aria-hidden="true">!</span> {result.error}
      </span>
    );
  }
  if (kind === "value") return <span className="cnd-out mono" dir="auto">{JSON.stringify(result.value)}</span>;
  return result.holds ? (
    <span className="cnd-out green">
      <span aria-hidden="true">✓</span> holds
    </span>
  ) : (
    <span className="cnd-out quiet">
      <span aria-hidden="true">–</span> does not
    </span>
  );
}

export function People({ rows, kind }: { rows: readonly ConditionResult[]; kind: Kind }): ReactNode {
  if (rows.length === 0) return <p className="quiet-text">There are no personas in this workspace yet.</p>;
  return (
    <ul className="cnd-people" aria-label="How it comes out for each persona">
      {rows.map((row) => (
        <li key={row.name}>
          <span dir="auto">{row.name}</span>
          <Verdict result={row} kind={kind} />
        </li>
      ))}
    </ul>
  );
}

export function SampleRows(props: {
  table: SampleTable;
  answer: ConditionAnswer | null;
  kind: Kind;
  names: readonly string[];
  onChange: (table: SampleTable) => void;
}): ReactNode {
  const { table, answer, kind, onChange } = props;
  const results = new Map(answer?.rows.map((row) => [row.name, row]));
  return (
    <div className="stack">
      <div className="cnd-scroll" tabIndex={0} role="region" aria-label="Samples">
        <table className="grid">
          <thead>
            <tr>
              {table.columns.map((column, at) => (
                <th key={column} scope="col">
                  <span className="mono" dir="auto">{column}</span>
                  <button type="button" className="btn quiet small" aria-label={`Take the column ${column} away`} onClick={() => onChange(minusColumn(table, at))}>
                    ✕
                  </button>
                </th>
              ))}
              <th scope="col">{kind === "value" ? "becomes" : "comes out"}</th>
              <th>
                <span className="sr-only">Take away</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {table.rows.map((row, at) => (
              <tr key={row.name}>
                {row.cells.map((cell, column) => (
                  <td key={table.columns[column] ?? column}>
                    <input
                      className="input"
                      dir="auto"
                      placeholder="not there"
                      aria-label={`${table.columns[column] ?? ""} of sample ${at + 1}`}
                      value={cell}
                      onChange={(event) => onChange(withCell(table, at, column, event.target.value))}
                    />
                  </td>
                ))}
                <td>
                  <Verdict result={results.get(row.name)} kind={kind} />
                </td>
                <td>
                  <button type="button" className="btn quiet small" aria-label={`Take sample ${at + 1} away`} onClick={() => onChange(minusRow(table, at))}>
                    ✕
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="row">
        <button type="button" className="btn small" onClick={() => onChange(plusRow(table))}>
          + a sample
        </button>
        <ColumnForm names={props.names.filter((name) => !table.columns.includes(name))} onAdd={(name) => onChange(plusColumn(table, name))} />
      </div>
    </div>
  );
}

function ColumnForm({ names, onAdd }: { names: readonly string[]; onAdd: (name: string) => void }): ReactNode {
  const [other, setOther] = useState<string | null>(null);
  const add = (): void => {
    if (other) onAdd(other);
    setOther(null);
  };
  if (other !== null) {
    return (
      <span className="row">
        <input
          className="input mono"
          aria-label="Name of the column"
          placeholder="contact.city"
          value={other}
          onChange={(event) => setOther(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter") add();
          }}
        />
        <button type="button" className="btn small" onClick={add}>
          Add
        </button>
      </span>
    );
  }
  return (
    <select
      className="input cnd-column"
      aria-label="Add a column"
      value=""
      onChange={(event) => {
        if (event.target.value === " ") setOther("");
        else onAdd(event.target.value);
      }}
    >
      <option value="">+ a column…</option>
      {names.map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
      <option value=" ">another name…</option>
    </select>
  );
}

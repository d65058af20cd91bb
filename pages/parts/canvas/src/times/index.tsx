// Where time and money go, step by step: a table, and the same as colour on the canvas.
import { useEffect, useMemo, type ReactNode } from "react";
import { useBox } from "../debug/box.ts";
import { Choice, Empty, Fault, useLater } from "../debug/widgets.tsx";
import { useFlow, useMarks } from "../store.ts";
import { clockOf, type Clock, type ClockState } from "./clock.ts";
import {
  columnsOf,
  figure,
  headline,
  legend,
  MEASURES,
  MEASURE_NAMES,
  sorted,
  timeMarks,
  type Measure,
  type SortBy,
} from "./rows.ts";
import type { StepTime } from "./shapes.ts";
import "./times.css";

export function TimesPanel(): ReactNode {
  const { data, tell } = useFlow();
  const [state, clock] = useBox(clockOf);
  const pending = useLater(state.busy);
  const run = data.overlay?.run.id ?? null;
  const { rows, measure } = state;
  useEffect(() => {
    if (run) void clock.load(run);
  }, [clock, run]);
  useMarks("times", useMemo(() => (rows ? timeMarks(rows, measure) : null), [rows, measure]));
  if (!run) {
    return (
      <div className="tim">
        <h3>Where time and money go</h3>
        <Empty title="Nothing was rehearsed yet">
          <p>Rehearse this flow. Then you see here where people wait, what takes long to play, and what the language models cost, step by step.</p>
          <button type="button" className="btn primary" onClick={() => tell.opened("rehearsals", { flow: data.flow.id })}>
            Rehearse this flow
          </button>
        </Empty>
      </div>
    );
  }
  return (
    <div className="tim" aria-busy={pending}>
      <h3 dir="auto">{rows ? headline(rows, measure) : "Where time and money go"}</h3>
      <Fault problem={state.problem} />
      {state.problem ? (
        <button type="button" className="btn small" onClick={() => clock.again(run)}>
          Try again
        </button>
      ) : null}
      {pending ? <p className="quiet-text" role="status">Reading…</p> : null}
      {rows ? <Measured rows={rows} state={state} clock={clock} people={data.overlay?.run.people ?? 0} /> : null}
    </div>
  );
}

function Measured({ rows, state, clock, people }: {
  rows: readonly StepTime[];
  state: ClockState;
  clock: Clock;
  people: number;
}): ReactNode {
  if (rows.length === 0) {
    return (
      <Empty title="Nobody came to any step">
        <p>Rehearse this flow with some people, and their times stand here.</p>
      </Empty>
    );
  }
  const { measure } = state;
  return (
    <>
      <p className="quiet-text">From the last rehearsal, {people} people.</p>
      <Choice
        label="Colour the canvas by"
        value={measure}
        options={MEASURE_NAMES.map((name): [string, string] => [name, MEASURES[name].title])}
        onChange={(name) => clock.set({ measure: name as Measure })}
      />
      <Legend rows={rows} measure={measure} />
      <Table rows={rows} state={state} clock={clock} />
    </>
  );
}

function Legend({ rows, measure }: { rows: readonly StepTime[]; measure: Measure }): ReactNode {
  const numbers = legend(rows, measure);
  if (numbers.length === 0) return <p className="quiet-text">Nothing to colour: it is nothing at every step.</p>;
  return (
    <div className="tim-legend">
      <span className="tim-scale" aria-hidden="true" />
      <span className="tim-numbers">
        {numbers.map((number, at) => (
          <span key={at}>{number}</span>
        ))}
      </span>
      <span className="quiet-text">{MEASURES[measure].about}</span>
    </div>
  );
}

function Header({ by, words, state, clock }: { by: SortBy; words: string; state: ClockState; clock: Clock }): ReactNode {
  const chosen = state.sort.by === by;
  const order = chosen ? (state.sort.down ? "descending" : "ascending") : "none";
  return (
    <th scope="col" aria-sort={order}>
      <button type="button" onClick={() => clock.sortBy(by)}>
        {words} <span aria-hidden="true">{chosen ? (state.sort.down ? "▾" : "▴") : ""}</span>
      </button>
    </th>
  );
}

function Table({ rows, state, clock }: { rows: readonly StepTime[]; state: ClockState; clock: Clock }): ReactNode {
  const { select } = useFlow();
  const { by, down } = state.sort;
  const shown = useMemo(() => sorted(rows, by, down), [rows, by, down]);
  const columns = columnsOf(rows, state.measure);
  return (
    <div className="cov-scroll" tabIndex={0} role="region" aria-label="Times by step">
      <table className="grid tim-table">
        <thead>
          <tr>
            <Header by="step" words="Step" state={state} clock={clock} />
            <Header by="visits" words="Visits" state={state} clock={clock} />
            {columns.map((name) => (
              <Header key={name} by={name} words={MEASURES[name].title} state={state} clock={clock} />
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <tr key={row.step_id}>
              <th scope="row">
                <button type="button" className="dbg-link" dir="auto" title={row.step_id} onClick={() => select(row.step_id, { reveal: true })}>
                  {row.step_id}
                </button>
              </th>
              <td className="number">{row.visits}</td>
              {columns.map((name) => (
                <td key={name} className="number">
                  {figure(row, name)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

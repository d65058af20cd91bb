// Which ways through the flow somebody took, and who would take the others.
import { useEffect, useMemo, useState, type ReactNode } from "react";
import { useBox } from "../debug/box.ts";
import { Choice, Empty, Fault, useLater } from "../debug/widgets.tsx";
import { useFlow, useMarks } from "../store.ts";
import { bookOf, type Book, type BookState } from "./book.ts";
import { downloadCobertura } from "./download.ts";
import { GreyWays } from "./Grey.tsx";
import { apart, coverageMarks, grey, headline, ofAll, outcomeWords, share, takenBy, wayName, type Counted } from "./rows.ts";
import type { Count, FlowCoverage } from "./shapes.ts";
import "./coverage.css";

function countedOf(value: string, run: string | null): Counted {
  return { run: value === "tests" ? null : run, tests: value !== "run" };
}

export function CoveragePanel(): ReactNode {
  const { data, document } = useFlow();
  const [state, book] = useBox(bookOf);
  const pending = useLater(state.busy !== null);
  const run = data.overlay?.run ?? null;
  const { coverage, solved, counted } = state;
  const { busy, about } = state;
  const old = about !== null && about !== document;
  useEffect(() => {
    if (busy === null && about?.steps !== document.steps) void book.count();
  }, [book, document, busy, about]);
  useMarks("coverage", useMemo(() => (coverage ? coverageMarks(coverage, solved) : null), [coverage, solved]));
  const options: [string, string][] = run
    ? [
        ["run", `the last rehearsal (${run.people} people)`],
        ["tests", "the tests"],
        ["both", "the rehearsal and the tests"],
      ]
    : [["tests", "the tests"]];
  const chosen = counted.run ? (counted.tests ? "both" : "run") : "tests";
  return (
    <div className="cov" aria-busy={pending}>
      <h3>{coverage ? headline(coverage) : "Coverage"}</h3>
      <Fault problem={state.problem} onClose={book.unsay} />
      <Choice label="What counts" value={chosen} options={options} onChange={(value) => void book.count(countedOf(value, run?.id ?? null))} />
      {old && busy === null ? (
        <p className="dbg-note">
          The tests were changed since.{" "}
          <button type="button" className="dbg-link inline" onClick={() => void book.again()}>
            Count again
          </button>
        </p>
      ) : null}
      {run ? null : <p className="quiet-text">Rehearse this flow, and what its people did counts here too.</p>}
      {coverage ? <Covered coverage={coverage} state={state} book={book} pending={pending} /> : <Waiting pending={pending} book={book} />}
    </div>
  );
}

function Waiting({ pending, book }: { pending: boolean; book: Book }): ReactNode {
  if (pending) return <p className="quiet-text" role="status">Counting…</p>;
  return (
    <Empty title="Nothing is counted yet">
      <p>Here you see which ways through the flow somebody took, and who would take the others.</p>
      <button type="button" className="btn" onClick={() => void book.count()}>
        Count
      </button>
    </Empty>
  );
}

function Figure({ title, count }: { title: string; count: Count }): ReactNode {
  if (count[1] === 0) return null;
  return (
    <div className="cov-figure">
      <span className="quiet-text">{title}</span>
      <strong>{ofAll(count)}</strong>
      <span className="cov-bar" aria-hidden="true">
        <span style={{ width: `${share(count)}%` }} />
      </span>
    </div>
  );
}

function Covered({ coverage, state, book, pending }: {
  coverage: FlowCoverage;
  state: BookState;
  book: Book;
  pending: boolean;
}): ReactNode {
  const { data, dirty, say, api } = useFlow();
  const open = useMemo(() => grey(coverage), [coverage]);
  const [all, setAll] = useState(false);
  const solving = pending && state.busy === "solving";
  const download = (): void => {
    downloadCobertura(api, data.flow.id, state.counted, state.solved).catch((error: unknown) => say(String(error), "wrong"));
  };
  return (
    <>
      <div className="cov-figures">
        <Figure title="Ways" count={coverage.ways} />
        <Figure title="Steps" count={coverage.steps} />
        <Figure title="Outcomes" count={coverage.outcomes} />
        <Figure title="Time-outs" count={coverage.timeouts} />
      </div>
      {apart(coverage) ? <p className="quiet-text">{apart(coverage)}</p> : null}
      {(coverage.notes ?? []).map((note) => (
        <p key={note} className="dbg-note" dir="auto">
          {note}
        </p>
      ))}
      {open.length ? (
        <section aria-label="Grey ways" className="stack">
          <button type="button" className="btn primary cov-solve" aria-disabled={state.busy === "solving"} onClick={() => void book.solve()}>
            {solving ? "Looking…" : "Who would take the grey ways?"}
          </button>
          <GreyWays rows={open} solved={state.solved} />
        </section>
      ) : null}
      <button type="button" className="btn quiet small dbg-left" aria-expanded={all} onClick={() => setAll(!all)}>
        <span aria-hidden="true">{all ? "▾" : "▸"}</span> Ways that were taken, and how conditions came out
      </button>
      {all ? <Details coverage={coverage} /> : null}
      <p className="row">
        <button type="button" className="btn small" disabled={dirty} onClick={download}>
          Download Cobertura XML
        </button>
        {dirty ? <span className="quiet-text">Save first: the file is about a saved version.</span> : null}
      </p>
    </>
  );
}

function Details({ coverage }: { coverage: FlowCoverage }): ReactNode {
  const taken = coverage.rows.filter((row) => row.verdict === "reached");
  return (
    <>
      <div className="cov-scroll" tabIndex={0} role="region" aria-label="Ways that were taken">
        <table className="grid">
          <thead>
            <tr>
              <th scope="col">Step</th>
              <th scope="col">Way</th>
              <th scope="col">Taken by</th>
            </tr>
          </thead>
          <tbody>
            {taken.map((row) => (
              <tr key={`${row.step}\u0000${row.way}`}>
                <td dir="auto">{row.step}</td>
                <td dir="auto">{wayName(row)}</td>
                <td>{takenBy(row)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {coverage.conditions.length ? (
        <div className="cov-scroll" tabIndex={0} role="region" aria-label="How each condition came out">
          <table className="grid">
            <thead>
              <tr>
                <th scope="col">Condition</th>
                <th scope="col">Held</th>
                <th scope="col">Did not</th>
                <th scope="col">Could not say</th>
                <th scope="col">Seen</th>
              </tr>
            </thead>
            <tbody>
              {coverage.conditions.map((row) => (
                <tr key={`${row.step}\u0000${row.branch}`}>
                  <td>
                    <bdi>{row.step}</bdi>
                    <br />
                    <span className="mono">{row.when}</span>
                  </td>
                  <td className="number">{row.held}</td>
                  <td className="number">{row.failed}</td>
                  <td className="number">{row.raised}</td>
                  <td>{outcomeWords(row)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
    </>
  );
}

// Ways that nobody took: who would, why nobody can, or that it is not known.
import type { ReactNode } from "react";
import { plusTest } from "../trials/rows.ts";
import { deskOf } from "../debug/desk.ts";
import { useFlow, useStore } from "../store.ts";
import { testOf, VERDICT_WORDS, wayName, witnessWords } from "./rows.ts";
import type { WayCoverage, WayVerdict } from "./shapes.ts";

const TONES: Record<WayVerdict, string> = {
  reached: "green",
  reachable: "ochre",
  unreachable: "brick",
  unknown: "quiet",
};

export function GreyWays({ rows, solved }: { rows: readonly WayCoverage[]; solved: boolean }): ReactNode {
  return (
    <ul className="cov-ways" aria-label="Ways that nobody took">
      {rows.map((row) => (
        <li key={`${row.step}\u0000${row.way}`}>
          <GreyWay row={row} solved={solved} />
        </li>
      ))}
    </ul>
  );
}

function GreyWay({ row, solved }: { row: WayCoverage; solved: boolean }): ReactNode {
  const { select } = useFlow();
  return (
    <div className="cov-way">
      <div className="dbg-head">
        <button type="button" className="dbg-link" onClick={() => select(row.step, { reveal: true })}>
          <strong dir="auto">{row.step}</strong> <span dir="auto">by “{wayName(row)}”</span>
          <span className="quiet-text"> to {row.to ?? "the end"}</span>
        </button>
        {solved || row.verdict !== "unknown" ? (
          <span className={`badge tone-${TONES[row.verdict]}`}>{VERDICT_WORDS[row.verdict]}</span>
        ) : (
          <span className="badge tone-quiet">nobody yet</span>
        )}
      </div>
      {solved && row.reason ? (
        <p className="quiet-text" dir="auto">{row.reason}</p>
      ) : null}
      {row.witness ? <Somebody row={row} /> : null}
    </div>
  );
}

function Somebody({ row }: { row: WayCoverage }): ReactNode {
  const store = useStore();
  const { change, debug, document, editable, say } = useFlow();
  const test = testOf(row);
  const there = (document.tests ?? []).some((one) => one.name === test.name);
  const witness = row.witness;
  if (!witness) return null;
  const start = (): void => {
    const desk = deskOf(store);
    desk.set({ draft: { ...desk.get().draft, seed: witness.seed } });
    debug({ contact: witness.contact, replies: witness.replies });
  };
  return (
    <>
      <ul className="cov-who">
        {witnessWords(row).map((words, at) => (
          <li key={at} dir="auto">{words}</li>
        ))}
      </ul>
      <div className="row">
        <button
          type="button"
          className="btn small"
          disabled={!editable || there}
          onClick={() => {
            change("a test for a way", (now) => plusTest(now, test));
            say("Added to the tests.");
          }}
        >
          {there ? "In the tests" : "Add to the tests"}
        </button>
        <button type="button" className="btn quiet small" onClick={start}>
          Debug this person
        </button>
      </div>
    </>
  );
}

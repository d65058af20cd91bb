// What happened, and every "What if": switch between them, and see where two part.
import type { ReactNode } from "react";
import type { Desk, DeskState } from "./desk.ts";
import { Events } from "./Path.tsx";
import type { BranchDifference, DebugEvent, DebugState, Visit } from "./shapes.ts";
import { branchWords, byWay } from "./words.ts";

export function Branches({ state, now, desk }: { state: DeskState; now: DebugState; desk: Desk }): ReactNode {
  const { branches } = now.session;
  const original = branches.find((one) => one.parent === null);
  const other = now.branch.parent === null ? branches.findLast((one) => one.parent !== null) : now.branch;
  if (branches.length < 2) return null;
  return (
    <section className="dbg-branches" aria-label="What if">
      <div role="radiogroup" aria-label="Which course to look at" className="stack">
        {branches.map((branch) => (
          <label key={branch.id} className={branch.id === now.branch.id ? "chosen" : undefined}>
            <input
              type="radio"
              checked={branch.id === now.branch.id}
              onChange={() => void desk.choose(branch.id)}
            />
            <span dir="auto">{branchWords(branch)}</span>
          </label>
        ))}
      </div>
      {original && other ? (
        <button
          type="button"
          className="btn small"
          aria-pressed={state.difference !== null}
          onClick={() =>
            state.difference ? desk.set({ difference: null }) : void desk.compare(original.id, other.id)
          }
        >
          {state.difference ? "Close the comparison" : "Compare with what happened"}
        </button>
      ) : null}
      {state.difference ? <Difference difference={state.difference} /> : null}
    </section>
  );
}

function Course({ title, tone, trail, events }: {
  title: string;
  tone: string;
  trail: readonly Visit[];
  events: readonly DebugEvent[];
}): ReactNode {
  return (
    <div className={`dbg-course ${tone}`}>
      <h5 dir="auto">{title}</h5>
      <ol className="dbg-steps">
        {trail.map((visit) => (
          <li key={visit.position}>
            <strong dir="auto">{visit.step_id}</strong>
            <span className="quiet-text">{byWay(visit.way)}</span>
          </li>
        ))}
      </ol>
      <details>
        <summary>
          {events.length === 1 ? "1 event" : `${events.length} events`} after they part
        </summary>
        <Events events={events} />
      </details>
    </div>
  );
}

function Difference({ difference }: { difference: BranchDifference }): ReactNode {
  const { a, b, same_until: until } = difference;
  const after = (trail: readonly Visit[]): Visit[] =>
    trail.filter((visit) => (visit.end ?? Number.POSITIVE_INFINITY) > until);
  return (
    <div className="stack">
      <p dir="auto">{difference.first || "Both went the same way."}</p>
      <div className="dbg-courses">
        <Course title={branchWords(a)} tone="slate" trail={after(difference.a_trail)} events={difference.a_events} />
        <Course title={branchWords(b)} tone="plum" trail={after(difference.b_trail)} events={difference.b_events} />
      </div>
    </div>
  );
}

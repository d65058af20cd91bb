// The way through the flow, step by step, and every event: a click goes there in time.
import type { ReactNode } from "react";
import type { Desk } from "./desk.ts";
import type { DebugEvent, DebugState, Visit } from "./shapes.ts";
import { eventWords, momentOf, quick, spanOf, wayWords } from "./words.ts";

function visitNote(visit: Visit): string {
  const parts = [
    visit.visit > 1 ? `visit ${visit.visit}` : "",
    visit.waited_seconds >= 1 ? `waited ${spanOf(visit.waited_seconds)}` : "",
    visit.execution_ms > 0 ? quick(visit.execution_ms) : "",
    visit.way === null || visit.way === "next" ? "" : `left by “${wayWords(visit.way)}”`,
  ];
  return parts.filter(Boolean).join(" · ");
}

export function Path({ now, desk }: { now: DebugState; desk: Desk }): ReactNode {
  if (now.trail.length === 0) return <p className="quiet-text">No step has been played yet.</p>;
  return (
    <ol className="dbg-path">
      {now.trail.map((visit) => (
        <li key={visit.position} className={visit.problem ? "wrong" : undefined}>
          <button type="button" className="dbg-link" onClick={() => void desk.jump(visit.position)}>
            <strong dir="auto">{visit.step_id}</strong>
            <span className="quiet-text"> {visitNote(visit)}</span>
          </button>
          {visit.problem ? <p dir="auto">{visit.problem}</p> : null}
        </li>
      ))}
    </ol>
  );
}

export function Events({ events, zone, onJump }: {
  events: readonly DebugEvent[];
  zone?: string | undefined;
  onJump?: (seq: number) => void;
}): ReactNode {
  if (events.length === 0) return <p className="quiet-text">Nothing has happened yet.</p>;
  return (
    <ol className="dbg-events">
      {events.map((event) => {
        const line = (
          <>
            <span className="quiet-text">{momentOf(event.simulated_at, zone)}</span>
            <span dir="auto">{eventWords(event)}</span>
          </>
        );
        return (
          <li key={event.seq}>
            {onJump ? (
              <button type="button" className="dbg-link" onClick={() => onJump(event.seq + 1)}>
                {line}
              </button>
            ) : (
              line
            )}
          </li>
        );
      })}
    </ol>
  );
}

// Where to stop: at steps, where a condition comes to hold, at findings, at problems.
import { useId, useState, type ReactNode } from "react";
import { CelInput } from "../condition/CelInput.tsx";
import { useAllNames } from "../condition/names.ts";
import { useFlow } from "../store.ts";
import type { Breakpoint } from "../types.ts";
import type { Desk, DeskState } from "./desk.ts";
import { everywhere, switched, toggledAt, without, withStop } from "./stops.ts";
import { stopName } from "./words.ts";

export function Stops({ state, desk }: { state: DeskState; desk: Desk }): ReactNode {
  const { selected } = useFlow();
  const here = state.stops.some((stop) => stop.kind === "step" && stop.step_id === selected);
  return (
    <div className="stack">
      {selected ? (
        <button type="button" className="btn small dbg-left" onClick={() => desk.stopAt(toggledAt(state.stops, selected))}>
          <span aria-hidden="true">●</span> {here ? "Do not stop at" : "Stop at"} <bdi>{selected}</bdi>
        </button>
      ) : (
        <p className="quiet-text">Choose a step on the canvas and press B to stop there.</p>
      )}
      <Everywhere kind="problem" words="Stop where something fails" state={state} desk={desk} />
      <Everywhere kind="finding" words="Stop where there is a finding" state={state} desk={desk} />
      <WhenForm desk={desk} />
      <List stops={state.stops} desk={desk} />
    </div>
  );
}

function Everywhere({ kind, words, state, desk }: {
  kind: "finding" | "problem";
  words: string;
  state: DeskState;
  desk: Desk;
}): ReactNode {
  const there = everywhere(state.stops, kind);
  const toggle = (): void =>
    desk.stopAt(there?.id ? without(state.stops, there.id) : withStop(state.stops, { kind }));
  return (
    <label className="dbg-check">
      <input type="checkbox" checked={there !== undefined} onChange={toggle} />
      {words}
    </label>
  );
}

function WhenForm({ desk }: { desk: Desk }): ReactNode {
  const error = useId();
  const [when, setWhen] = useState("");
  const [wrong, setWrong] = useState<string | null>(null);
  const names = useAllNames();
  const add = async (): Promise<void> => {
    const wanted = when.trim();
    if (wanted === "") return;
    const fault = await desk.stopWhen(wanted);
    setWrong(fault);
    if (fault === null) setWhen("");
  };
  return (
    <form
      className="dbg-when"
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
    >
      <CelInput
        label="Stop when"
        value={when}
        names={names}
        placeholder={'reply.sentiment == "negative"'}
        onChange={(next) => {
          setWhen(next);
          setWrong(null);
        }}
        onEnter={() => void add()}
        wrong={wrong !== null}
        describedBy={error}
      />
      <button type="submit" className="btn small" disabled={when.trim() === ""}>
        Stop then
      </button>
      <p id={error} className="cnd-error" aria-live="polite" dir="auto">
        {wrong ?? ""}
      </p>
    </form>
  );
}

function List({ stops, desk }: { stops: readonly Breakpoint[]; desk: Desk }): ReactNode {
  const listed = stops.filter((stop) => stop.kind === "step" || stop.kind === "condition");
  if (listed.length === 0) return null;
  return (
    <ul className="dbg-list" aria-label="Stops">
      {listed.map((stop) => {
        const id = stop.id ?? "";
        return (
          <li key={id}>
            <label className="dbg-check">
              <input
                type="checkbox"
                checked={stop.enabled !== false}
                onChange={() => desk.stopAt(switched(stops, id))}
              />
              <span dir="auto">Stop {stopName(stop)}</span>
            </label>
            {stop.note ? <p className="quiet-text" dir="auto">{stop.note}</p> : null}
            <button
              type="button"
              className="btn quiet small"
              aria-label={`Take away the stop ${stopName(stop)}`}
              onClick={() => desk.stopAt(without(stops, id))}
            >
              ✕
            </button>
          </li>
        );
      })}
    </ul>
  );
}

// The debugger of one person: where they stand, what they see, and what if it were otherwise.
import { useCallback, useEffect, useMemo, useRef, type ReactNode, type RefObject } from "react";
import { useFlow, useMarks, useStops, useStore } from "../store.ts";
import { Again } from "./Again.tsx";
import { Branches } from "./Branches.tsx";
import { useBox } from "./box.ts";
import { Coming } from "./Coming.tsx";
import { deskOf, type Desk, type DeskState } from "./desk.ts";
import { Facts } from "./Facts.tsx";
import { useFollow } from "./follow.ts";
import { reopened } from "./kept.ts";
import { debugMarks } from "./marks.ts";
import { Events, Path } from "./Path.tsx";
import { playedOf } from "./played.ts";
import type { DebugProblem, DebugState } from "./shapes.ts";
import { Sessions, Start } from "./Start.tsx";
import { Stops } from "./Stops.tsx";
import { Talk } from "./Talk.tsx";
import { Toolbar, useKeys } from "./Toolbar.tsx";
import { Fault, Fold, Saw, useLater } from "./widgets.tsx";
import { byWay, nameWords, stopWords } from "./words.ts";
import "./debug.css";

/** Open what the page asked for, once; without a wish, what was open before a reload. */
function useOpening(desk: Desk): void {
  const store = useStore();
  const { debugging } = useFlow();
  useEffect(() => {
    if (desk.handled === debugging) return;
    const first = desk.handled === null;
    desk.handled = debugging;
    const open = desk.get().now?.session.id;
    if (debugging.session) {
      if (debugging.session !== open) void desk.reopen(debugging.session);
    } else if (debugging.who) void desk.start(debugging.who);
    else if (first && !open) {
      const kept = reopened.read(store);
      if (kept) void desk.reopen(kept);
    }
  }, [desk, store, debugging]);
}

/** What had the focus may be gone when the person moved on: then the panel has it, and its keys. */
function useFocusKept(panel: RefObject<HTMLElement | null>, now: DebugState | null): () => void {
  const acted = useRef(false);
  useEffect(() => {
    if (acted.current && document.activeElement === document.body)
      panel.current?.focus({ preventScroll: true });
  }, [panel, now]);
  return useCallback(() => {
    acted.current = true;
  }, []);
}

export function DebugPanel(): ReactNode {
  const [state, desk] = useBox(deskOf);
  const panel = useRef<HTMLDivElement>(null);
  const pending = useLater(state.busy);
  const { now, stops, difference } = state;
  const act = useFocusKept(panel, now);
  useOpening(desk);
  useKeys(panel, desk, now !== null);
  useFollow(now?.step_id ?? null);
  useStops(useCallback((step: string) => desk.toggle(step), [desk]));
  useMarks("debug", useMemo(() => debugMarks(stops, now, difference), [stops, now, difference]));
  return (
    <div className="dbg" ref={panel} tabIndex={-1} aria-busy={pending} onPointerDown={act} onKeyDown={act}>
      <Fault problem={state.problem} onClose={() => desk.set({ problem: null })} />
      {now ? <Session state={state} now={now} desk={desk} pending={pending} /> : <Choose state={state} desk={desk} />}
    </div>
  );
}

function Choose({ state, desk }: { state: DeskState; desk: Desk }): ReactNode {
  return (
    <>
      <h3>Debug one person</h3>
      <Start state={state} desk={desk} />
      <h4>Stops</h4>
      <Stops state={state} desk={desk} />
      <Sessions state={state} desk={desk} />
    </>
  );
}

function Head({ state, now, desk, pending }: { state: DeskState; now: DebugState; desk: Desk; pending: boolean }): ReactNode {
  const { data, document, setView } = useFlow();
  const played = useMemo(() => playedOf(state.played), [state.played]);
  const changed = useMemo(() => played !== playedOf(document), [played, document]);
  return (
    <>
      <div className="dbg-head">
        <h3 dir="auto" title={now.session.contact_id}>{nameWords(now, data.personas)}</h3>
        <button type="button" className="btn quiet small" onClick={desk.leave}>
          Somebody else
        </button>
      </div>
      <Toolbar now={now} desk={desk} />
      <div className="dbg-where" aria-live="polite">
        <p className={now.problems.length ? "wrong" : undefined} dir="auto">
          {stopWords(now)}
        </p>
        <p className="quiet-text">
          {now.local_time}
          {pending ? " · asking…" : ""}
        </p>
        <NextLine now={now} />
      </div>
      <Wrongs now={now} desk={desk} />
      {changed ? (
        <p className="dbg-note">
          The flow was changed since this session began.{" "}
          <button type="button" className="dbg-link inline" onClick={() => void desk.start(now.session.who, now.session.seed)}>
            Start again with the flow as it is now
          </button>
        </p>
      ) : null}
      {state.saved ? (
        <p className="dbg-note good" role="status">
          Saved as a test: <bdi>{state.saved}</bdi>.{" "}
          <button type="button" className="dbg-link inline" onClick={() => setView("tests")}>
            See the tests
          </button>
        </p>
      ) : null}
    </>
  );
}

/** The last thing that failed, and the others behind it. */
function Wrongs({ now, desk }: { now: DebugState; desk: Desk }): ReactNode {
  const last = now.problems.at(-1);
  const before = now.problems.slice(0, -1);
  const box = (problem: DebugProblem): ReactNode => (
    <Wrong key={problem.seq} problem={problem} onJump={() => void desk.jump(problem.seq)} />
  );
  if (!last) return null;
  return (
    <div className="stack">
      {box(last)}
      {before.length ? (
        <details>
          <summary>{before.length === 1 ? "1 more thing failed before" : `${before.length} more things failed before`}</summary>
          <div className="stack">{before.map(box)}</div>
        </details>
      ) : null}
    </div>
  );
}

/** What failed, what it saw, and what to do about it. */
function Wrong({ problem, onJump }: { problem: DebugProblem; onJump: () => void }): ReactNode {
  return (
    <div className="dbg-problem" role="alert">
      <p dir="auto">
        <span aria-hidden="true">✕</span> {problem.step_id ? <strong>{problem.step_id}: </strong> : null}
        {problem.message}
      </p>
      <Saw saw={problem.saw} />
      {problem.fix ? <p dir="auto">{problem.fix}</p> : null}
      <button type="button" className="dbg-link inline" onClick={onJump}>
        Go to before it happened
      </button>
    </div>
  );
}

function NextLine({ now }: { now: DebugState }): ReactNode {
  if (!now.next) return null;
  const { way, to, why } = now.next;
  return (
    <p dir="auto" className="dbg-next">
      <span aria-hidden="true">→</span> Next: {to ?? "the end"}
      {byWay(way)}
      {why ? <span className="quiet-text dbg-why">{why}</span> : null}
    </p>
  );
}

function Session(props: { state: DeskState; now: DebugState; desk: Desk; pending: boolean }): ReactNode {
  const { state, now, desk } = props;
  const { dirty, editable } = useFlow();
  const zone = typeof now.contact.timezone === "string" ? now.contact.timezone : undefined;
  const part = (name: string) => ({
    open: state.open[name] ?? false,
    onFold: (open: boolean) => desk.fold(name, open),
  });
  const visits = now.trail.length === 1 ? "1 step" : `${now.trail.length} steps`;
  return (
    <>
      <Head {...props} />
      <div className="row dbg-acts">
        <button type="button" className="btn small" disabled={!editable} onClick={() => void desk.saveTest()}>
          Save as a test
        </button>
        <button type="button" className="btn small" onClick={() => void desk.stepAgain(false)}>
          Run this step again
        </button>
        {dirty ? (
          <button type="button" className="btn small" onClick={() => void desk.stepAgain(true)}>
            Run it as drawn now
          </button>
        ) : null}
      </div>
      {state.again ? <Again again={state.again} onClose={() => desk.set({ again: null })} /> : null}
      <Branches state={state} now={now} desk={desk} />
      {now.status === "ended" ? null : (
        <Fold title="What comes next" {...part("next")}>
          <Coming now={now} desk={desk} />
        </Fold>
      )}
      <Fold title="The conversation so far" {...part("talk")}>
        <Talk now={now} desk={desk} />
      </Fold>
      <Fold title="What is known" {...part("facts")}>
        <Facts now={now} desk={desk} />
      </Fold>
      <Fold title="The path so far" note={visits} {...part("path")}>
        <Path now={now} desk={desk} />
      </Fold>
      <Fold title="Every event" note={now.events.length} {...part("events")}>
        <Events events={now.events} zone={zone} onJump={(seq) => void desk.jump(seq)} />
      </Fold>
      <Fold title="Stops" note={state.stops.length} {...part("stops")}>
        <Stops state={state} desk={desk} />
      </Fold>
    </>
  );
}

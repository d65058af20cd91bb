// One step as a card: its kind, its id, a line of what it says, a line of what happened there.

import { Handle, Position, type NodeProps } from "@xyflow/react";
import { memo, type CSSProperties, type ReactNode } from "react";
import { CARD, lineOf } from "../model.ts";
import { usePart, useStore, type FlowState } from "../store.ts";
import type { Change, Finding, Kind, Severity, Step, StepMark, StepOverlay, Way } from "../types.ts";
import { CHANGE_WORDS, findingsAt, indexOfDocument, knownWays, type StepNode } from "./drawing.ts";
import { shownOf, stepShown } from "./shown.ts";

export const SEVERITIES: Record<Severity, { word: string; sign: string; tone: string }> = {
  error: { word: "error", sign: "✕", tone: "brick" },
  warning: { word: "warning", sign: "!", tone: "ochre" },
  info: { word: "note", sign: "i", tone: "slate" },
};
/** Handles are placed from inside of the card's border. */
const BORDER = 1;
const UNKNOWN = { sign: "?", tone: "brick" };

export const StepCard = memo(function StepCard({ data, selected }: NodeProps<StepNode>): ReactNode {
  const { key } = data;
  const store = useStore();
  const { kinds } = store;
  const step = usePart((state) => stepShown(state, kinds, key));
  const starts = usePart((state) => indexOfDocument(shownOf(state, kinds).document).start === key);
  const findings = usePart((state) => (step ? findingsAt(state.findings, step.id) : undefined));
  const mark = usePart((state) => (step ? state.marks.steps[step.id] : undefined));
  const overlay = usePart((state) => (step && !state.marks.alone ? state.data.overlay?.steps[step.id] : undefined));
  const change = usePart((state) => (step ? changeOf(state, step.id) : undefined));
  const stops = usePart((state) => state.view === "debug");
  if (!step) return null;
  const kind = kinds.get(step.type);
  const ways = knownWays(step, kind);
  const failed = fails(overlay);
  const classes = [
    "card",
    `tone-${mark?.tone ?? (failed ? "brick" : (kind?.tone ?? UNKNOWN.tone))}`,
    selected ? "selected" : "",
    failed ? "failed" : "",
    mark?.current ? "current" : "",
    mark?.trail ? "trail" : "",
    mark?.faded || (overlay && overlay.people === 0) ? "faded" : "",
    mark?.heat === undefined ? "" : "heated",
    change && change !== "same" ? `change-${change}` : "",
  ];
  const style = mark?.heat === undefined ? undefined : ({ "--heat": `${Math.round(mark.heat * 40)}%` } as CSSProperties);
  return (
    <div className={classes.filter(Boolean).join(" ")} style={style}>
      <Handle type="target" id="in" position={Position.Top} isConnectableStart={false} />
      <Head step={step} kind={kind} findings={change ? [] : (findings ?? [])} change={change} starts={starts} />
      <div className="card-id" dir="auto" title={step.id}>{step.id}</div>
      <div className="card-line" dir="auto">{lineOf(step)}</div>
      <Fact mark={mark} overlay={overlay} failed={failed} />
      {stops && <Stop id={step.id} mark={mark} />}
      <Ways ways={ways} />
    </div>
  );
});

/** Whether something went wrong here that should not happen to anybody. */
export function fails(overlay: StepOverlay | undefined): boolean {
  const told = overlay?.problems ?? [];
  return told.length ? told.some((one) => one.severity !== "info") : Boolean(overlay?.failed);
}

const changes = new WeakMap<object, Map<string, Change>>();

function changeOf(state: FlowState, id: string): Change | undefined {
  const { comparison } = state;
  if (!comparison) return undefined;
  let known = changes.get(comparison);
  if (!known) {
    known = new Map(comparison.differences.steps.map((one) => [one.id, one.change]));
    changes.set(comparison, known);
  }
  return known.get(id) ?? "same";
}

function Head({ step, kind, findings, change, starts }: {
  step: Step;
  kind: Kind | undefined;
  findings: Finding[];
  change: Change | undefined;
  starts: boolean;
}): ReactNode {
  const worst = (["error", "warning", "info"] as const).find((one) => findings.some((found) => found.severity === one));
  const look = worst && SEVERITIES[worst];
  return (
    <div className="card-head">
      <span className="card-kind">
        <span aria-hidden="true">{kind?.sign ?? UNKNOWN.sign}</span> {kind?.name ?? step.type}
        {starts && <span className="card-start"> · first</span>}
      </span>
      <span className="card-marks">
        {step.comment ? <span className="mark tone-quiet" title={step.comment}>❞ comment</span> : null}
        {look && (
          <span className={`mark tone-${look.tone}`} title={findings.map((one) => one.message).join("\n")}>
            {look.sign} {findings.length > 1 ? findings.length : look.word}
          </span>
        )}
        {change && change !== "same" && <span className={`mark change-word ${change}`}>{CHANGE_WORDS[change]}</span>}
      </span>
    </div>
  );
}

function Fact({ mark, overlay, failed }: { mark: StepMark | undefined; overlay: StepOverlay | undefined; failed: boolean }): ReactNode {
  const words = failed && !mark?.line ? (overlay?.problems?.find((one) => one.severity !== "info")?.message ?? overlay?.line) : (mark?.line ?? overlay?.line);
  if (!words && !mark?.badge) return null;
  return (
    <div className={`card-fact ${failed ? "wrong" : ""}`} dir="auto" title={words}>
      {failed && !mark?.line ? "✕ " : ""}
      {mark?.badge && <span className={`mark tone-${mark.tone ?? "quiet"}`}>{mark.badge}</span>} {words}
    </div>
  );
}

function Stop({ id, mark }: { id: string; mark: StepMark | undefined }): ReactNode {
  const store = useStore();
  const state = mark?.breakpoint;
  const words = state === "on" ? "Do not stop here" : "Stop here";
  return (
    <button
      type="button"
      tabIndex={-1}
      className={`stop nodrag ${state ?? "none"}`}
      aria-label={`${words}: ${id}`}
      aria-pressed={state === "on"}
      title={words}
      onClick={(event) => {
        event.stopPropagation();
        store.toggleStop(id);
      }}
    />
  );
}

function Ways({ ways }: { ways: Way[] }): ReactNode {
  const { kinds } = useStore();
  const missing = usePart((state) => {
    const { ids } = indexOfDocument(shownOf(state, kinds).document);
    return ways.filter((way) => way.to !== null && !ids.has(way.to)).map((way) => way.handle).join("\u0001");
  }).split("\u0001");
  const cell = CARD.width / Math.max(1, ways.length);
  const many = ways.length > 3;
  return ways.map((way, at) => {
    const lost = missing.includes(way.handle);
    const left = cell * (at + 0.5) - BORDER;
    const words = way.label || "next";
    return (
      <Handle
        key={way.handle}
        id={way.handle}
        type="source"
        position={Position.Bottom}
        isConnectableEnd={false}
        className={lost ? "lost" : way.to === null ? "open" : ""}
        style={{ left }}
        title={lost ? `${words}: leads to “${way.to}”, which is not there` : words}
      >
        {ways.length > 1 && (
          <span className={`way-name ${many && at % 2 ? "low" : ""} ${many ? "one" : ""}`} style={{ maxWidth: (many ? 2 * cell : cell) - 8 }} dir="auto" title={words}>{words}</span>
        )}
      </Handle>
    );
  });
}

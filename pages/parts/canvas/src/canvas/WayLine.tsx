// One way out of a step: as thick as the people who took it, dashed where nobody did.

import { BaseEdge, EdgeLabelRenderer, type EdgeProps } from "@xyflow/react";
import { memo, useContext, type ReactNode } from "react";
import { usePart, type FlowState } from "../store.ts";
import { wayKey, type Change, type WayMark } from "../types.ts";
import type { WayEdge } from "./drawing.ts";
import { RoutesContext } from "./routes.ts";
import { loose, type Route } from "./routing.ts";

const THIN = 1.2;
const MORE = 2.8;
const HANDLE = 7;
const NEAR = 1.5;

export const WayLine = memo(function WayLine(props: EdgeProps<WayEdge>): ReactNode {
  const { data, selected, sourceX, sourceY, targetX, targetY } = props;
  const key = wayKey(data?.step ?? "", data?.way ?? "");
  const mark = usePart((state) => state.marks.ways[key]);
  const people = usePart((state) => (state.marks.alone ? undefined : state.data.overlay?.ways[key]));
  const all = usePart((state) => (state.marks.alone ? undefined : state.data.overlay?.run.people));
  const change = usePart((state) => changeOf(state, data?.step ?? "", data?.way ?? "", data?.ends ?? false));
  const route = useContext(RoutesContext).get(props.id);
  const { path, label: [x, y] } = route && fits(route, sourceX, sourceY, targetX, targetY) ? route : loose([sourceX, sourceY - HANDLE], [targetX, targetY]);
  const look = lookOf(mark, people, all);
  const label = mark?.label ?? (change && change !== "same" ? WORDS[change] : people && people > 0 && selected ? `${people} people` : "");
  const tone = mark?.tone ?? (selected ? "green" : undefined);
  const classes = ["way", tone ? `tone-${tone}` : "", mark?.next ? "next" : "", mark?.faded ? "faded" : "", change ? `way-${change}` : ""];
  return (
    <>
      <BaseEdge
        path={path}
        className={classes.filter(Boolean).join(" ")}
        style={{ strokeWidth: selected ? Math.max(look.width, 2.5) : look.width, strokeDasharray: look.dashed ? "6 5" : undefined }}
        markerEnd={props.markerEnd}
        interactionWidth={props.interactionWidth}
      />
      {label && (
        <EdgeLabelRenderer>
          <span
            className={`way-label ${tone ? `tone-${tone}` : ""}`}
            dir="auto"
            style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}
          >
            {label}
          </span>
        </EdgeLabelRenderer>
      )}
    </>
  );
});

/** Whether the cards at both ends stand where the route was made for: not while one is dragged. */
function fits({ points }: Route, sourceX: number, sourceY: number, targetX: number, targetY: number): boolean {
  const [from, to] = [points[0], points.at(-1)];
  if (!from || !to) return false;
  const gaps = [from[0] - sourceX, from[1] + HANDLE - sourceY, to[0] - targetX, to[1] - targetY];
  return gaps.every((gap) => Math.abs(gap) <= NEAR);
}

const WORDS: Record<Change, string> = { added: "added", removed: "taken out", changed: "leads elsewhere", moved: "", same: "" };

function lookOf(mark: WayMark | undefined, people: number | undefined, all: number | undefined): { width: number; dashed: boolean } {
  if (mark && (mark.width !== undefined || mark.dashed !== undefined))
    return { width: mark.width ?? THIN, dashed: mark.dashed ?? false };
  if (all === undefined) return { width: THIN, dashed: false };
  if (!people) return { width: THIN, dashed: true };
  return { width: THIN + MORE * Math.sqrt(people / Math.max(1, all)), dashed: false };
}

const changes = new WeakMap<object, Map<string, Change>>();

function changeOf(state: FlowState, step: string, way: string, gone: boolean): Change | undefined {
  const { comparison } = state;
  if (!comparison) return undefined;
  if (gone) return "removed";
  let known = changes.get(comparison);
  if (!known) {
    known = new Map(comparison.differences.ways.map((one) => [wayKey(one.step, one.way), one.change]));
    changes.set(comparison, known);
  }
  const change = known.get(wayKey(step, way)) ?? "same";
  return change === "removed" || change === "changed" ? (change === "changed" ? "added" : "removed") : change;
}

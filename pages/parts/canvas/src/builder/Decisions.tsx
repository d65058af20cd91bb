// The ways out of a step, in sentences: "If … go to …".

import type { ReactNode } from "react";
import { ConditionHelper } from "../condition/index.tsx";
import { armsOf, branchesOf, changeConfig, configOf } from "../model.ts";
import { useStore } from "../store.ts";
import type { Kind, Step, Way } from "../types.ts";
import { waysOf } from "../model.ts";
import { Numeric, Text } from "./fields.tsx";
import { GoesTo } from "./GoesTo.tsx";

interface Props {
  stepKey: string;
  step: Step;
}

export function Ways({ stepKey, step, kind }: Props & { kind: Kind | undefined }): ReactNode {
  if (step.type === "condition") return <Branches stepKey={stepKey} step={step} />;
  if (step.type === "split") return <Arms stepKey={stepKey} step={step} />;
  const ways = waysOf(step, kind);
  if (!ways.length) return <p className="quiet-text">The flow ends here for whoever comes.</p>;
  return ways.map((way) => <GoesTo key={way.handle} stepKey={stepKey} handle={way.handle} to={way.to} label={sentence(way)} />);
}

function sentence(way: Way): string {
  if (way.name === "on_reply") return "After a reply, go to";
  if (way.name === "on_timeout") return `With ${way.label}, go to`;
  return "Then go to";
}

function moved<T>(rows: T[], at: number, by: number): T[] {
  const next = [...rows];
  const [row] = next.splice(at, 1);
  if (row !== undefined) next.splice(at + by, 0, row);
  return next;
}

function useRows<T>(stepKey: string, name: string, rows: T[]): {
  put: (at: number, row: T, merge: string) => void;
  move: (at: number, by: number) => void;
  drop: (at: number) => void;
  add: (row: T) => void;
} {
  const store = useStore();
  const set = (what: string, next: T[], merge?: string): void =>
    store.change(what, (document) => changeConfig(document, stepKey, { [name]: next }), merge ? { merge } : {});
  return {
    put: (at, row, merge) => set("a way", rows.map((one, index) => (index === at ? row : one)), `${stepKey}:${merge}:${at}`),
    move: (at, by) => set("the order of ways", moved(rows, at, by)),
    drop: (at) => set("taking out a way", rows.filter((_, index) => index !== at)),
    add: (row) => set("a new way", [...rows, row]),
  };
}

function RowTools({ at, count, what, onMove, onDrop }: {
  at: number;
  count: number;
  what: string;
  onMove: (by: number) => void;
  onDrop: () => void;
}): ReactNode {
  return (
    <div className="row-tools">
      <button type="button" className="btn small quiet" disabled={at === 0} aria-label={`${what} ${at + 1}: earlier`} title="Earlier" onClick={() => onMove(-1)}>↑</button>
      <button type="button" className="btn small quiet" disabled={at === count - 1} aria-label={`${what} ${at + 1}: later`} title="Later" onClick={() => onMove(1)}>↓</button>
      <button type="button" className="btn small quiet" disabled={count === 1} aria-label={`Take out ${what.toLowerCase()} ${at + 1}`} title="Take out" onClick={onDrop}>✕</button>
    </div>
  );
}

function Branches({ stepKey, step }: Props): ReactNode {
  const branches = branchesOf(step);
  const rows = useRows(stepKey, "branches", branches);
  const otherwise = configOf(step).else;
  return (
    <div className="stack">
      {branches.map((branch, at) => (
        <div className="way-box" key={at}>
          <ConditionHelper stepId={step.id} label={at ? "Else, if" : "If"} value={String(branch.when ?? "")} onChange={(when) => rows.put(at, { ...branch, when }, "when")} />
          <GoesTo stepKey={stepKey} handle={`branch:${at}`} to={branch.next || null} label="Go to" />
          <RowTools at={at} count={branches.length} what="Branch" onMove={(by) => rows.move(at, by)} onDrop={() => rows.drop(at)} />
        </div>
      ))}
      <button type="button" className="btn small" onClick={() => rows.add({ when: 'reply.intent == "question"' })}>Add a branch</button>
      <GoesTo stepKey={stepKey} handle="else" to={typeof otherwise === "string" && otherwise ? otherwise : null} label="Else go to" />
    </div>
  );
}

function Arms({ stepKey, step }: Props): ReactNode {
  const arms = armsOf(step);
  const rows = useRows(stepKey, "arms", arms);
  const all = arms.reduce((sum, arm) => sum + (typeof arm.weight === "number" ? arm.weight : 1), 0);
  const name = (): string => String.fromCharCode(97 + (arms.length % 26)) + (arms.length >= 26 ? arms.length : "");
  return (
    <div className="stack">
      {arms.map((arm, at) => (
        <div className="way-box" key={at}>
          <div className="row even">
            <Text label="Arm" hint="Reports call it so." value={arm.name ?? ""} onChange={(text) => rows.put(at, { ...arm, name: text }, "name")} />
            <Numeric label="Weight" value={arm.weight ?? 1} hint={share(arm.weight, all)} onChange={(weight) => rows.put(at, { ...arm, weight: weight ?? 1 }, "weight")} />
          </div>
          <GoesTo stepKey={stepKey} handle={`arm#${at}`} to={arm.next || null} label="Go to" />
          <RowTools at={at} count={arms.length} what="Arm" onMove={(by) => rows.move(at, by)} onDrop={() => rows.drop(at)} />
        </div>
      ))}
      <button type="button" className="btn small" onClick={() => rows.add({ name: name(), weight: 1 })}>Add an arm</button>
    </div>
  );
}

const share = (weight: number | undefined, all: number): string =>
  all > 0 ? `${Math.round((100 * (weight ?? 1)) / all)} % of people` : "";

// What differs between two documents, in words.

import type { ReactNode } from "react";
import { CHANGE_WORDS } from "../canvas/drawing.ts";
import { short } from "../model.ts";
import { useStore } from "../store.ts";
import type { Change, Differences, FieldChange } from "../types.ts";

const TONES: Record<Change, string> = { added: "green", removed: "brick", changed: "ochre", moved: "quiet", same: "quiet" };

export function said(value: unknown): string {
  if (value === undefined || value === null || value === "") return "nothing";
  if (typeof value === "object" && "name" in value && typeof value.name === "string" && value.name) return `“${short(value.name, 160)}”`;
  return short(typeof value === "string" ? value : JSON.stringify(value), 160);
}

export function Changes({ differences }: { differences: Differences }): ReactNode {
  const store = useStore();
  const steps = differences.steps.filter((one) => one.change !== "same");
  const ways = differences.ways.filter((one) => one.change !== "same");
  if (!steps.length && !ways.length && !differences.more.length) return <p className="quiet-text">They say the same.</p>;
  return (
    <ul className="changes">
      {steps.map((one) => (
        <li key={`step ${one.id}`}>
          <span className={`badge tone-${TONES[one.change]}`}>{CHANGE_WORDS[one.change]}</span>{" "}
          <button type="button" className="link" dir="auto" onClick={() => store.select(one.id, { reveal: true })}>{one.id}</button>
          {one.change === "changed" && one.fields.map((field) => <Pair key={field.path} field={field} />)}
        </li>
      ))}
      {ways.map((one) => (
        <li key={`way ${one.step} ${one.way}`}>
          <span className={`badge tone-${TONES[one.change]}`}>{CHANGE_WORDS[one.change]}</span>{" "}
          <span>
            <bdi>{one.step}</bdi> ({one.way.replaceAll("_", " ")}): to <b dir="auto">{one.b_to ?? "the end"}</b>
            {one.a_to !== one.b_to && one.change !== "added" ? <>, was <span dir="auto">{one.a_to ?? "the end"}</span></> : null}
          </span>
        </li>
      ))}
      {differences.more.map((field) => (
        <li key={`more ${field.path}`}>
          <span className="badge tone-ochre">changed</span> the flow
          <Pair field={field} />
        </li>
      ))}
    </ul>
  );
}

function Pair({ field }: { field: FieldChange }): ReactNode {
  return (
    <span className="pair-of">
      <span title={field.path}>{fieldWords(field.path)}</span>: <ins dir="auto">{said(field.b)}</ins>
      {field.a !== undefined && field.a !== null && <>, was <del dir="auto">{said(field.a)}</del></>}
    </span>
  );
}

const FIELDS: Record<string, string> = {
  start: "first step",
  body: "what it says",
  next: "next step",
  on_timeout: "without a reply",
  on_reply: "with a reply",
  wait: "waits",
  tests: "test",
};

function partWords(part: string): string {
  const [, name = part, at] = /^(.+?)(?:\[(\d+)\])?$/.exec(part) ?? [];
  const said = FIELDS[name] ?? name.replaceAll("_", " ");
  return at === undefined ? said : `${said} ${Number(at) + 1}`;
}

/** Where something changed: `branch 1, when` for `config.branches[0].when`. */
export function fieldWords(path: string): string {
  const plain = path.replace(/^config\./, "").replace(/\bbranches\[(\d+)\]/g, (_, at: string) => `branch ${Number(at) + 1}`);
  const parts = plain.split(".");
  return parts.map(partWords).join(", ");
}

export function count(differences: Differences): string {
  const steps = differences.steps.filter((one) => one.change !== "same" && one.change !== "moved");
  const parts = (["added", "removed", "changed"] as const)
    .map((change) => [steps.filter((one) => one.change === change).length, CHANGE_WORDS[change]] as const)
    .filter(([number]) => number > 0)
    .map(([number, words]) => `${number} ${words}`);
  return parts.length ? parts.join(", ") : "no step is another one";
}

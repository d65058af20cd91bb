// What will happen next, and the reply that is to come: change it and a "What if" begins.
import { useState, type ReactNode } from "react";
import type { ScriptedReply } from "../types.ts";
import type { Desk } from "./desk.ts";
import { INTENTS, SENTIMENTS, type DebugState, type Pending } from "./shapes.ts";
import { Choice, Field } from "./widgets.tsx";
import { eventWords, momentOf } from "./words.ts";

const spoken = (word: string): string => word.replaceAll("_", " ");
const choices = (words: readonly string[]): [string, string][] => [
  ["", "as it reads"],
  ...words.map((word): [string, string] => [word, spoken(word)]),
];

interface Written {
  text: string;
  intent: string;
  sentiment: string;
  after: string;
}

function comingReply(pending: readonly Pending[]): Pending | undefined {
  return pending.find((one) => one.kind === "replied");
}

function writtenOf(coming: Pending | undefined): Written {
  const said = (value: unknown): string => (typeof value === "string" ? value : "");
  return {
    text: coming?.body ?? "",
    intent: said(coming?.payload.intent),
    sentiment: said(coming?.payload.sentiment),
    after: "",
  };
}

function ReplyForm({ now, desk }: { now: DebugState; desk: Desk }): ReactNode {
  const [written, setWritten] = useState<Written>(() => writtenOf(comingReply(now.pending)));
  const set = (patch: Partial<Written>): void => setWritten({ ...written, ...patch });
  const reply = (): ScriptedReply => ({
    text: written.text,
    intent: written.intent || null,
    sentiment: written.sentiment || null,
    ...(written.after.trim() ? { after: written.after } : {}),
  });
  return (
    <form
      className="stack dbg-reply"
      aria-label="The coming reply"
      onSubmit={(event) => {
        event.preventDefault();
        void desk.change({ kind: "reply", reply: reply() });
      }}
    >
      <Field label="What if they reply" wide>
        {(id) => (
          <textarea
            id={id}
            className="input"
            dir="auto"
            rows={2}
            value={written.text}
            placeholder="Their words"
            onChange={(event) => set({ text: event.target.value, intent: "", sentiment: "" })}
          />
        )}
      </Field>
      <div className="dbg-three">
        <Choice label="They mean" value={written.intent} options={choices(INTENTS)} onChange={(intent) => set({ intent })} />
        <Choice label="It sounds" value={written.sentiment} options={choices(SENTIMENTS)} onChange={(sentiment) => set({ sentiment })} />
        <Field label="After">
          {(id) => (
            <input id={id} className="input" value={written.after} placeholder="as now" onChange={(event) => set({ after: event.target.value })} />
          )}
        </Field>
      </div>
      <div className="row">
        <button type="submit" className="btn small">
          They reply this
        </button>
        <button type="button" className="btn small" onClick={() => void desk.change({ kind: "reply", reply: null })}>
          They say nothing
        </button>
      </div>
    </form>
  );
}

export function Coming({ now, desk }: { now: DebugState; desk: Desk }): ReactNode {
  const coming = comingReply(now.pending);
  const zone = typeof now.contact.timezone === "string" ? now.contact.timezone : undefined;
  return (
    <div className="stack">
      {now.pending.length === 0 ? (
        <p className="quiet-text">Nothing is on its way to or from this person.</p>
      ) : (
        <ol className="dbg-pending">
          {now.pending.map((one, at) => (
            <li key={at}>
              <span className="quiet-text">{momentOf(one.at, zone)}</span>
              <span dir="auto">{eventWords(one)}</span>
            </li>
          ))}
        </ol>
      )}
      <ReplyForm key={`${now.branch.id}:${coming?.at ?? ""}:${coming?.body ?? ""}`} now={now} desk={desk} />
      <button
        type="button"
        className="btn small dbg-left"
        title="Another sample of everything that comes at random from here on"
        onClick={() => void desk.change({ kind: "draw", value: now.position + 1 })}
      >
        What if chance falls otherwise
      </button>
    </div>
  );
}

// What somebody made up writes back, one row for each reply.
import type { ReactNode } from "react";
import { INTENTS, SENTIMENTS } from "../debug/shapes.ts";
import { Choice, Field } from "../debug/widgets.tsx";
import type { ScriptedReply } from "../types.ts";

const choices = (words: readonly string[]): [string, string][] => [
  ["", "as it reads"],
  ...words.map((word): [string, string] => [word, word.replaceAll("_", " ")]),
];

export function Replies({ replies, steps, onChange }: {
  replies: readonly ScriptedReply[];
  steps: readonly string[];
  onChange: (replies: ScriptedReply[]) => void;
}): ReactNode {
  const set = (at: number, patch: ScriptedReply): void =>
    onChange(replies.map((one, index) => (index === at ? tidy({ ...one, ...patch }) : one)));
  return (
    <fieldset className="dbg-rows">
      <legend>What they reply</legend>
      {replies.length === 0 ? <p className="quiet-text">They say nothing.</p> : null}
      {replies.map((reply, at) => (
        <div key={at} className="tst-reply">
          <Field label={`Reply ${at + 1}`} wide>
            {(id) => (
              <input id={id} className="input" dir="auto" value={reply.text ?? ""} onChange={(event) => set(at, { text: event.target.value })} />
            )}
          </Field>
          <div className="dbg-three">
            <Choice label="To" value={reply.to ?? ""} options={[["", "the next message"], ...steps.map((id): [string, string] => [id, id])]} onChange={(to) => set(at, { to })} />
            <Choice label="They mean" value={reply.intent ?? ""} options={choices(INTENTS)} onChange={(intent) => set(at, { intent })} />
            <Choice label="It sounds" value={reply.sentiment ?? ""} options={choices(SENTIMENTS)} onChange={(sentiment) => set(at, { sentiment })} />
            <Field label="After">
              {(id) => (
                <input id={id} className="input" value={reply.after ?? "1h"} onChange={(event) => set(at, { after: event.target.value })} />
              )}
            </Field>
          </div>
          <button type="button" className="btn quiet small" aria-label={`Take reply ${at + 1} away`} onClick={() => onChange(replies.filter((_, index) => index !== at))}>
            Take away
          </button>
        </div>
      ))}
      <button type="button" className="btn small" onClick={() => onChange([...replies, { text: "" }])}>
        + a reply
      </button>
    </fieldset>
  );
}

/** Without what was chosen to be nothing. */
function tidy(reply: ScriptedReply): ScriptedReply {
  const kept = Object.entries(reply).filter(([name, value]) => name === "text" || (value !== "" && value !== null));
  return Object.fromEntries(kept) as ScriptedReply;
}

// What is known of the person at this moment. What can be changed by hand has a field.
import type { ReactNode } from "react";
import type { Desk } from "./desk.ts";
import { rowsOfValues, shownValue } from "./fields.ts";
import type { DebugState, Values } from "./shapes.ts";
import { ValueField } from "./widgets.tsx";

const FIRST = ["name", "first_name", "persona", "language", "timezone", "age", "visits", "tags"];

function Editable(props: {
  title: string;
  values: Values;
  first?: readonly string[];
  empty: string;
  onSet: (name: string, value: unknown) => void;
}): ReactNode {
  const rows = rowsOfValues(props.values, props.first);
  return (
    <section aria-label={props.title}>
      <h5>{props.title}</h5>
      {rows.length === 0 ? <p className="quiet-text">{props.empty}</p> : null}
      {rows.map(([name, value]) => (
        <ValueField key={name} label={name} value={value} onSet={(next) => props.onSet(name, next)} />
      ))}
    </section>
  );
}

function Shown({ title, values, empty }: { title: string; values: Values | null; empty: string }): ReactNode {
  const rows = rowsOfValues(values);
  return (
    <section aria-label={title}>
      <h5>{title}</h5>
      {rows.length === 0 ? <p className="quiet-text">{empty}</p> : null}
      <dl className="dbg-shown">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt dir="auto">{name}</dt>
            <dd dir="auto">{shownValue(value) || "nothing"}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

export function Facts({ now, desk }: { now: DebugState; desk: Desk }): ReactNode {
  const replied = now.events.findLast((event) => event.kind === "replied");
  return (
    <div className="stack dbg-facts">
      <Editable
        title="Variables"
        values={now.variables}
        empty="This flow has set none yet."
        onSet={(name, value) => void desk.change({ kind: "variable", name, value })}
      />
      <Shown title="Their last reply" values={now.reply} empty="There is no reply to read here." />
      {replied ? (
        <button type="button" className="btn quiet small dbg-left" onClick={() => void desk.jump(replied.seq)}>
          Back to before they replied, to change it
        </button>
      ) : null}
      <Shown title="Answers" values={now.answers} empty="They answered no questions yet." />
      <Editable
        title="The contact"
        values={now.contact}
        first={FIRST}
        empty="Nothing is known of them."
        onSet={(name, value) => void desk.change({ kind: "contact", name, value })}
      />
    </div>
  );
}

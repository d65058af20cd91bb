// The flow as a whole: what it is called, where its clock stands, what it knows from the start.

import type { ReactNode } from "react";
import { renameVariable, stepsOf } from "../model.ts";
import { usePart, useStore } from "../store.ts";
import type { FlowDocument } from "../types.ts";
import { Choice, Table, Text, Tick } from "./fields.tsx";

const zones: string[] = (() => {
  try {
    return ["UTC", ...Intl.supportedValuesOf("timeZone")];
  } catch {
    return ["UTC"];
  }
})();

export function FlowSettings(): ReactNode {
  const store = useStore();
  const document = usePart((state) => state.document);
  const set = (what: string, change: Partial<FlowDocument>): void =>
    store.change(what, (now) => without({ ...now, ...change }), { merge: `flow:${what}` });
  const quiet = document.quiet_hours;
  const ids = [...new Set(stepsOf(document).map((step) => step.id))];
  return (
    <section className="stack" aria-label="The flow">
      <header>
        <p className="kind-line quiet-text">The flow as a whole</p>
        <h3>Choose a step to change it</h3>
      </header>
      <Text label="Name" value={document.name ?? ""} onChange={(name) => set("the name", { name })} />
      <Text label="About" lines={2} value={document.description ?? ""} onChange={(description) => set("what it is about", { description: description || undefined })} />
      <Choice label="First step" value={document.start ?? ""} empty={ids[0] ? `The first in the list (${ids[0]})` : "None yet"} options={ids} onChange={(start) => set("the first step", { start: start || undefined })} />
      <Text label="Time zone" list={zones} value={document.timezone ?? ""} hint="Like Europe/Berlin. Waits and quiet hours go by it." placeholder="UTC" onChange={(timezone) => set("the time zone", { timezone: timezone || undefined })} />
      <Tick label="Nobody is written to in quiet hours" value={Boolean(quiet)} onChange={(on) => set("quiet hours", { quiet_hours: on ? { from: "21:00", to: "08:00" } : undefined })} />
      {quiet && (
        <div className="row even">
          <Text label="From" value={quiet.from} onChange={(from) => set("quiet hours", { quiet_hours: { ...quiet, from } })} />
          <Text label="To" value={quiet.to} onChange={(to) => set("quiet hours", { quiet_hours: { ...quiet, to } })} />
        </div>
      )}
      <Table label="Variables" what="variable" expression={false} value={document.variables ?? {}} onRename={(old, name) => store.change(`calling “${old}” “${name}”`, (now) => renameVariable(now, old, name))} onChange={(variables) => set("the variables", { variables: Object.keys(variables).length ? variables : undefined })} />
    </section>
  );
}

function without(document: FlowDocument): FlowDocument {
  return Object.fromEntries(Object.entries(document).filter(([, value]) => value !== undefined)) as FlowDocument;
}

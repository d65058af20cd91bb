// Beside the drawing while it is built: the chosen step or the flow, then what the checks find.

import type { ReactNode } from "react";
import { copy, duplicate } from "../clipboard.ts";
import { isNoteKey, removeSteps } from "../model.ts";
import { usePart, useStore } from "../store.ts";
import { Findings } from "./Findings.tsx";
import { FlowSettings } from "./FlowSettings.tsx";
import { Inspector } from "./Inspector.tsx";

export function Build(): ReactNode {
  const selected = usePart((state) => state.selected);
  const many = usePart((state) => state.selection.size > 1);
  return (
    <div className="stack big">
      {many ? <Several /> : selected && !isNoteKey(selected) ? <Inspector key={selected} stepKey={selected} /> : <FlowSettings />}
      <Findings />
    </div>
  );
}

function Several(): ReactNode {
  const store = useStore();
  const selection = usePart((state) => state.selection);
  return (
    <section className="stack" aria-label="Chosen steps">
      <h3>{selection.size} cards chosen</h3>
      <p className="quiet-text">Drag one to move all of them.</p>
      <div className="row">
        <button type="button" className="btn small" onClick={() => void copy(store)}>Copy</button>
        <button type="button" className="btn small" onClick={() => duplicate(store)}>Duplicate</button>
        <button type="button" className="btn small danger" onClick={() => store.change(`taking out ${selection.size} cards`, (document) => removeSteps(document, selection))}>Take out</button>
      </div>
    </section>
  );
}

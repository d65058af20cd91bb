// Words on the canvas that belong to no step.

import { NodeResizer, type NodeProps } from "@xyflow/react";
import { memo, type ReactNode } from "react";
import { changeNote, notesOf } from "../model.ts";
import { usePart, useStore } from "../store.ts";
import type { NoteNode } from "./drawing.ts";
import { shownOf } from "./shown.ts";

export const NoteCard = memo(function NoteCard({ data, selected }: NodeProps<NoteNode>): ReactNode {
  const store = useStore();
  const { kinds } = store;
  const note = usePart((state) => notesOf(shownOf(state, kinds).document).find((one) => one.id === data.id));
  if (!note) return null;
  return (
    <div className={`note ${selected ? "selected" : ""}`}>
      <NodeResizer
        isVisible={selected && store.editable}
        minWidth={120}
        minHeight={60}
        onResizeEnd={(_, { x, y, width, height }) =>
          store.change("the size of a note", (now) => changeNote(now, note.id, rounded({ x, y, width, height })))
        }
      />
      <textarea
        className="nodrag nowheel"
        aria-label="Note"
        dir="auto"
        readOnly={!store.editable}
        placeholder="A note for whoever reads this flow"
        value={note.text ?? ""}
        onChange={(event) => {
          const text = event.target.value;
          store.change("a note", (now) => changeNote(now, note.id, { text }), { merge: `note:${note.id}` });
        }}
      />
    </div>
  );
});

function rounded<T extends Record<string, number>>(values: T): T {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Math.round(value)])) as T;
}

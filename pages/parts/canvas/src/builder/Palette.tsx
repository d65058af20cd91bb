// Every kind of step, in groups: drag one onto the canvas, or press Enter to add it.

import { useState, type DragEvent, type KeyboardEvent, type ReactNode } from "react";
import { usePart, useStore } from "../store.ts";
import type { Kind } from "../types.ts";
import { addAfter, DRAGGED } from "./adding.ts";

/** A window so wide or less begins with the palette folded to signs. */
const NARROW = 1_100;
const GROUPS = ["Say", "Listen", "Decide", "Coach", "Do", "End"];

export function Palette(): ReactNode {
  const store = useStore();
  const kinds = usePart((state) => state.data.kinds);
  const [open, setOpen] = useState(() => innerWidth > NARROW);
  return (
    <nav className={`palette ${open ? "" : "folded"}`} aria-label="Kinds of steps">
      <button type="button" className="palette-fold" aria-expanded={open} aria-label="Add a step" title={open ? "Fold to signs" : "Show the names"} onClick={() => setOpen(!open)}>
        {open ? <>Add a step <span aria-hidden="true">«</span></> : <span aria-hidden="true">»</span>}
      </button>
      <div className="palette-groups" onKeyDown={arrows}>
        {GROUPS.map((group) => (
          <div key={group} role="group" aria-label={group} className="palette-group">
            <h4>{group}</h4>
            {kinds.filter((kind) => kind.group === group).map((kind) => (
              <Item key={kind.type} kind={kind} onAdd={() => addAfter(store, kind)} />
            ))}
          </div>
        ))}
      </div>
    </nav>
  );
}

function Item({ kind, onAdd }: { kind: Kind; onAdd: () => void }): ReactNode {
  const drag = (event: DragEvent): void => {
    event.dataTransfer.setData(DRAGGED, kind.type);
    event.dataTransfer.effectAllowed = "move";
  };
  return (
    <button
      type="button"
      className={`palette-item tone-${kind.tone}`}
      draggable
      onDragStart={drag}
      onClick={onAdd}
      title={`${kind.name}. ${kind.about} Drag it onto the canvas, or press Enter to add it after the chosen step.`}
      aria-label={`Add ${kind.name}`}
    >
      <span className="sign" aria-hidden="true">{kind.sign}</span> <span className="palette-name">{kind.name}</span>
    </button>
  );
}

function arrows(event: KeyboardEvent<HTMLDivElement>): void {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (!step || event.altKey) return;
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>("button")];
  const at = items.findIndex((item) => item === event.target);
  items[(at + step + items.length) % items.length]?.focus();
  event.preventDefault();
  event.stopPropagation();
}

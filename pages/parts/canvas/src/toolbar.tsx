// What can be done with the flow as a whole, and the views of it.

import { useReactFlow } from "@xyflow/react";
import { useEffect, useRef, useState, type KeyboardEvent, type MouseEvent, type ReactNode } from "react";
import type { Layer } from "./app.tsx";
import { cardOf, focusSoon } from "./focus.ts";
import { addNote, noteKey, notesOf } from "./model.ts";
import { exportFlow, type Format } from "./exporting.ts";
import { usePart, useStore } from "./store.ts";
import type { Places, View } from "./types.ts";
import { said } from "./api.ts";

const VIEWS: [View, string][] = [
  ["build", "Build"],
  ["debug", "Debug"],
  ["tests", "Tests"],
  ["coverage", "Coverage"],
  ["times", "Time and cost"],
  ["text", "Text"],
  ["versions", "Versions"],
];

export function Views(): ReactNode {
  const store = useStore();
  const view = usePart((state) => state.view);
  const names = usePart((state) => state.data.views);
  const reads = usePart((state) => state.data.mode !== "edit");
  const views = VIEWS.filter(([name]) => names.includes(name));
  const tests = usePart((state) => (Array.isArray(state.document.tests) ? state.document.tests.length : 0));
  const turn = (event: KeyboardEvent<HTMLDivElement>): void => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const at = views.findIndex(([name]) => name === view);
    const next = (at + step + views.length) % views.length;
    store.setView(views[next]?.[0] ?? "build");
    const tabs = event.currentTarget.querySelectorAll<HTMLElement>("[role=tab]");
    tabs[next]?.focus();
  };
  if (views.length < 2) return null;
  return (
    <div className="views" role="tablist" aria-label="Views of the flow" onKeyDown={turn}>
      {views.map(([name, words]) => (
        <button
          key={name}
          type="button"
          role="tab"
          aria-selected={view === name}
          tabIndex={view === name ? 0 : -1}
          onClick={() => store.setView(name)}
        >
          {reads && name === "build" ? "Read" : words}
          {name === "tests" && tests > 0 ? <span className="count">{tests}</span> : null}
        </button>
      ))}
    </div>
  );
}

export function Toolbar({ onLayer }: { onLayer: (layer: Layer) => void }): ReactNode {
  const store = useStore();
  const undo = usePart((state) => state.past.at(-1)?.what);
  const redo = usePart((state) => state.future.at(-1)?.what);
  const saving = usePart((state) => state.saving);
  const dirty = usePart((state) => state.document !== state.base.document);
  const version = usePart((state) => state.base.version);
  const flow = useReactFlow();
  const note = (event: MouseEvent): void => {
    const { x, y, zoom } = flow.getViewport();
    const before = new Set(notesOf(store.get().document).map((one) => one.id));
    store.change("a new note", (document) => addNote(document, [(200 - x) / zoom, (120 - y) / zoom]));
    const fresh = notesOf(store.get().document).find((one) => !before.has(one.id));
    const root = event.currentTarget.closest(".gr");
    if (fresh) focusSoon(() => cardOf(root, noteKey(fresh.id))?.querySelector("textarea"));
  };
  return (
    <div className="toolbar" role="toolbar" aria-label="The flow">
      <button type="button" className="btn small" aria-disabled={!undo} onClick={store.undo} title={undo ? `Undo ${undo} (Ctrl Z)` : "Nothing to undo"} aria-label={undo ? `Undo ${undo}` : "Undo"}>
        <span aria-hidden="true">↶</span> <span className="wide">Undo</span>
      </button>
      <button type="button" className="btn small" aria-disabled={!redo} onClick={store.redo} title={redo ? `Do ${redo} again (Ctrl Shift Z)` : "Nothing to do again"} aria-label={redo ? `Redo ${redo}` : "Redo"}>
        <span aria-hidden="true">↷</span> <span className="wide">Redo</span>
      </button>
      <span className="gap" />
      <button type="button" className="btn small" onClick={() => void tidy(store)} title="Put every step in its place">Tidy up</button>
      <button type="button" className="btn small" onClick={note} title="Words on the canvas for whoever reads the flow">Note</button>
      <button type="button" className="btn small" onClick={() => onLayer("find")} title="Find a step (Ctrl F)">Find</button>
      <ExportMenu />
      <button type="button" className="btn small" onClick={() => onLayer("help")} title="Keys (?)" aria-label="Keys">?</button>
      <span className="stretch" />
      <span className="saved-state quiet-text" role="status">{saving ? "Saving" : dirty ? "Not saved yet" : `Version ${version}, saved`}</span>
      <button type="button" className={`btn small ${dirty ? "primary" : ""}`} aria-disabled={saving} onClick={() => void store.save()} title="Save as a new version (Ctrl S)">Save</button>
    </div>
  );
}

async function tidy(store: ReturnType<typeof useStore>): Promise<void> {
  const { document } = store.get();
  try {
    const { positions } = await store.api.post<{ positions: Places }>("/flows/layout", { document });
    store.change("tidying up", (now) => ({ ...now, canvas: { ...now.canvas, positions } }));
  } catch (error) {
    store.say(said(error), "wrong");
  }
}

const FORMATS: [Format, string][] = [
  ["yaml", "YAML, with comments"],
  ["json", "JSON"],
  ["mermaid", "Mermaid"],
  ["svg", "Picture (SVG)"],
  ["png", "Picture (PNG)"],
];

function ExportMenu(): ReactNode {
  const store = useStore();
  const [open, setOpen] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return undefined;
    place.current?.querySelector<HTMLElement>("[role=menuitem]")?.focus();
    const away = (event: Event): void => {
      if (place.current && !event.composedPath().includes(place.current)) setOpen(false);
    };
    addEventListener("pointerdown", away);
    return () => removeEventListener("pointerdown", away);
  }, [open]);
  const keys = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (!open) return;
    const items = [...event.currentTarget.querySelectorAll<HTMLElement>("[role=menuitem]")];
    const root = event.currentTarget.getRootNode() as Document | ShadowRoot;
    const at = items.indexOf(root.activeElement as HTMLElement);
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step) items[(at + step + items.length) % items.length]?.focus();
    else if (event.key === "Escape") setOpen(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className="menu" ref={place} onKeyDown={keys}>
      <button type="button" className="btn small" aria-haspopup="menu" aria-expanded={open} onClick={() => setOpen(!open)}>
        Export <span aria-hidden="true">▾</span>
      </button>
      {open && (
        <div role="menu" className="menu-list" aria-label="Export the flow">
          {FORMATS.map(([format, words]) => (
            <button
              key={format}
              type="button"
              role="menuitem"
              onClick={() => {
                setOpen(false);
                void exportFlow(store, format);
              }}
            >
              {words}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

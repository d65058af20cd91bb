// What the keyboard does anywhere in the component.

import { useReactFlow } from "@xyflow/react";
import { useCallback, type KeyboardEvent } from "react";
import { writes } from "./focus.ts";
import { copy, cut, duplicate, paste } from "./clipboard.ts";
import type { Layer } from "./app.tsx";
import { useStore } from "./store.ts";

export const KEYS: [string, string][] = [
  ["Ctrl S", "Save as a new version"],
  ["Ctrl Z", "Undo"],
  ["Ctrl Shift Z", "Redo"],
  ["Ctrl C, X, V", "Copy, cut, paste the chosen steps, also into another flow"],
  ["Ctrl D", "Duplicate the chosen steps"],
  ["Ctrl A", "Choose every step"],
  ["Delete", "Take out what is chosen"],
  ["Ctrl F or /", "Find a step"],
  ["Tab, Enter", "Go from step to step, open one"],
  ["Arrows", "Move the chosen step"],
  ["Alt ↓ and Alt ↑", "Go along the flow: to where a step leads, and back"],
  ["A", "To the palette: Enter adds after the chosen step"],
  ["I", "To the panel beside the drawing"],
  ["F", "The drawing in the whole window, and back"],
  ["0", "See everything"],
  ["+ and −", "Nearer, further away"],
  ["B", "Stop here, in the debugger"],
  ["Esc", "Choose nothing; close what is open"],
  ["?", "This list"],
];

export function useKeys(open: (layer: Layer) => void): (event: KeyboardEvent) => void {
  const store = useStore();
  const flow = useReactFlow();
  return useCallback(
    (event: KeyboardEvent) => {
      const control = event.ctrlKey || event.metaKey;
      const key = event.key.toLowerCase();
      const inText = writes(event.nativeEvent);
      const does = (action: () => unknown): void => {
        event.preventDefault();
        event.stopPropagation();
        void action();
      };
      if (control && key === "s") return does(store.save);
      if (control && key === "f") return does(() => open("find"));
      if (inText) {
        if (event.key === "Escape") (event.currentTarget as HTMLElement).focus({ preventScroll: true });
        return;
      }
      if (event.altKey) return along(event, store, does);
      if (control) {
        if (key === "z") return does(event.shiftKey ? store.redo : store.undo);
        if (key === "y") return does(store.redo);
        if (key === "c" && !selectedText()) return does(() => copy(store));
        if (key === "x") return does(() => cut(store));
        if (key === "v") return does(() => paste(store));
        if (key === "d") return does(() => duplicate(store));
        if (key === "a") return does(() => store.selectMany(store.everything()));
        return;
      }
      if (event.key === "?") return does(() => open("help"));
      if (event.key === "/") return does(() => open("find"));
      if (key === "0") return does(() => flow.fitView({ padding: 0.12, maxZoom: 1 }));
      if (event.key === "+" || event.key === "=") return does(() => flow.zoomIn());
      if (event.key === "-") return does(() => flow.zoomOut());
      if (key === "b") return bothered(store, does);
      if (key === "a") return does(() => focusOn(event, ".palette-item") || focusOn(event, ".palette-fold"));
      if (key === "i") return does(() => focusOn(event, ".dock input, .dock textarea, .dock select, .dock button"));
      if (event.key === "Escape") return does(() => store.select(null));
    },
    [store, flow, open],
  );
}

type Store = ReturnType<typeof useStore>;
type Does = (action: () => unknown) => void;

const selectedText = (): boolean => (getSelection()?.toString() ?? "") !== "";

function bothered(store: Store, does: Does): void {
  const { selected } = store.get();
  if (selected) does(() => store.toggleStop(selected));
}

function along(event: KeyboardEvent, store: Store, does: Does): void {
  if (event.key === "ArrowDown") does(() => store.walk(1));
  if (event.key === "ArrowUp") does(() => store.walk(-1));
}

function focusOn(event: KeyboardEvent, selector: string): boolean {
  const found = (event.currentTarget as HTMLElement).querySelector<HTMLElement>(selector);
  found?.focus();
  return found !== null;
}

// The whole window for the drawing: lifted into the browser's top layer, above all of the page.

import { useCallback, useEffect, useState, type RefObject } from "react";

export interface Full {
  on: boolean;
  turn(): void;
  leave(): void;
}

/** The root element stays where it is, so that the focus and the drawing do too. */
export function useFull(root: RefObject<HTMLElement | null>): Full {
  const [on, setOn] = useState(false);
  useEffect(() => {
    const element = root.current;
    if (!on || !element) return undefined;
    element.popover = "manual";
    element.showPopover();
    return () => {
      element.hidePopover();
      element.popover = null;
    };
  }, [on, root]);
  const turn = useCallback(() => setOn((old) => !old), []);
  const leave = useCallback(() => setOn(false), []);
  return { on, turn, leave };
}

/** F turns it on and off, Escape leaves it; not while somebody writes or a dialog is open. */
export function fullKey(event: { key: string; target: EventTarget; ctrlKey: boolean; metaKey: boolean; altKey: boolean; preventDefault(): void; stopPropagation(): void }, full: Full): boolean {
  const apart = event.target instanceof Element && event.target.closest("input, textarea, select, dialog, [role=menu], [contenteditable=true]");
  if (apart || event.ctrlKey || event.metaKey || event.altKey) return false;
  if (event.key.toLowerCase() === "f") full.turn();
  else if (event.key === "Escape" && full.on) full.leave();
  else return false;
  event.preventDefault();
  event.stopPropagation();
  return true;
}

// Where the keyboard is. What has the focus may go (a window closes, a card is taken out); the
// browser then forgets the focus, and no key would do anything until the next click.

import { useEffect, type RefObject } from "react";

const FIELDS = "input:not([type=checkbox]), textarea, select";
const EDITABLE = "input, textarea, select, [contenteditable]:not([contenteditable=false])";
const MOST_FRAMES = 30;

/** Whether a key goes into something that is written in; behind shadow roots too. */
export function writes(event: Event): boolean {
  const [at] = event.composedPath();
  return at instanceof Element && at.closest(EDITABLE) !== null;
}

/** What has the focus in the same tree as an element; null where nothing of it has. */
export function focusedBeside(place: Element): HTMLElement | null {
  const tree = place.getRootNode() as Document | ShadowRoot;
  const at = tree.activeElement;
  return at instanceof HTMLElement && at !== document.body ? at : null;
}

/** Put the caret into the first field; whether there is one. */
export function focusFirst(place: Element): boolean {
  const field = place.querySelector<HTMLElement>(FIELDS);
  field?.focus();
  return field !== null;
}

/** The card of a step or a note, by its key. */
export function cardOf(root: Element | null, key: string): HTMLElement | undefined {
  const cards = [...(root?.querySelectorAll<HTMLElement>(".react-flow__node") ?? [])];
  return cards.find((card) => card.dataset.id === key);
}

/** Focus what is about to be seen: tried again at each frame until it takes it. */
export function focusSoon(find: () => HTMLElement | null | undefined, frames = MOST_FRAMES): void {
  requestAnimationFrame(() => {
    const place = find();
    place?.focus({ preventScroll: true });
    if ((!place || focusedBeside(place) !== place) && frames > 0) focusSoon(find, frames - 1);
  });
}

/** The component takes the focus where what had it is gone. */
export function useKeptFocus(root: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const place = root.current;
    if (!place) return undefined;
    let last: Element | null = null;
    const come = (event: FocusEvent): void => {
      last = event.target as Element;
    };
    const leave = (event: Event): void => {
      if (!event.composedPath().includes(place)) last = null;
    };
    const watching = new MutationObserver(() => {
      if (!last || last.isConnected) return;
      last = null;
      if (!focusedBeside(place) && document.activeElement === document.body) place.focus({ preventScroll: true });
    });
    place.addEventListener("focusin", come);
    addEventListener("pointerdown", leave, true);
    watching.observe(place, { childList: true, subtree: true });
    return () => {
      place.removeEventListener("focusin", come);
      removeEventListener("pointerdown", leave, true);
      watching.disconnect();
    };
  }, [root]);
}

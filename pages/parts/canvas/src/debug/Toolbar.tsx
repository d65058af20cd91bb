// Moving in time: buttons, and the keys that do the same while the canvas or the panel has focus.
import { useEffect, type ReactNode, type RefObject } from "react";
import type { Desk } from "./desk.ts";
import { moveOf } from "./keys.ts";
import type { DebugState, Move } from "./shapes.ts";

interface Button {
  move: Move;
  sign: string;
  words: string;
  key: string;
  about: string;
}

const BUTTONS: readonly Button[] = [
  { move: "resume", sign: "▶", words: "Go on", key: "F8", about: "to the next stop, or the end" },
  { move: "step", sign: "↓", words: "Step", key: "F10", about: "to the next thing that happens" },
  { move: "over", sign: "↷", words: "Step over", key: "Shift+F10", about: "past this whole step, with its wait" },
  { move: "back", sign: "↑", words: "Back", key: "F9", about: "one thing back" },
  { move: "back_over", sign: "↶", words: "Back over", key: "Shift+F9", about: "back past a whole step" },
  { move: "start", sign: "⇤", words: "To the start", key: "Shift+Home", about: "before the first step" },
  { move: "end", sign: "⇥", words: "To the end", key: "Shift+End", about: "without stopping" },
];
const BACKWARDS: readonly Move[] = ["back", "back_over", "start"];

/** Listen where the whole component listens, so that the keys work on the canvas too. */
export function useKeys(panel: RefObject<HTMLElement | null>, desk: Desk, on: boolean): void {
  useEffect(() => {
    const root = panel.current?.getRootNode();
    if (!root || !on) return undefined;
    const hear = (event: Event): void => {
      const move = moveOf(event as KeyboardEvent);
      if (!move) return;
      event.preventDefault();
      event.stopPropagation();
      void desk.move(move);
    };
    root.addEventListener("keydown", hear);
    return () => root.removeEventListener("keydown", hear);
  }, [panel, desk, on]);
}

export function Toolbar({ now, desk }: { now: DebugState; desk: Desk }): ReactNode {
  const ended = now.status === "ended";
  return (
    <div className="dbg-tools" role="toolbar" aria-label="Move in time">
      {BUTTONS.map(({ move, sign, words, key, about }) => {
        const idle = BACKWARDS.includes(move) ? now.position === 0 : ended;
        return (
          <button
            key={move}
            type="button"
            className={move === "resume" && !ended ? "btn small primary" : "btn small"}
            title={`${words}: ${about} (${key})`}
            aria-label={words}
            aria-keyshortcuts={key}
            aria-disabled={idle}
            onClick={() => {
              if (!idle) void desk.move(move);
            }}
          >
            <span aria-hidden="true">{sign}</span>
            <span>{words}</span>
          </button>
        );
      })}
    </div>
  );
}

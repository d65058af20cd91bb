// Which key moves where. Keys that people need for their browser or for writing are left alone.
import type { Move } from "./shapes.ts";

interface Pressed {
  key: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  altKey: boolean;
  metaKey: boolean;
  target: EventTarget | null;
  composedPath?: () => EventTarget[];
}

const MOVES: Record<string, Move> = {
  F8: "resume",
  F10: "step",
  "Shift+F10": "over",
  F9: "back",
  "Shift+F9": "back_over",
};
const IN_TIME: Record<string, Move> = { "Shift+Home": "start", "Shift+End": "end" };

/** Whether somebody is writing there: then only function keys are ours. */
export function writes(target: EventTarget | null | undefined): boolean {
  const node = target as { tagName?: string; isContentEditable?: boolean } | null | undefined;
  return node?.isContentEditable === true || ["INPUT", "TEXTAREA", "SELECT"].includes(node?.tagName ?? "");
}

/** The move that a key asks for; null where it is not ours. */
export function moveOf(event: Pressed): Move | null {
  if (event.ctrlKey || event.altKey || event.metaKey) return null;
  const name = event.shiftKey ? `Shift+${event.key}` : event.key;
  const move = MOVES[name];
  if (move) return move;
  const target = event.composedPath?.()[0] ?? event.target;
  return writes(target) ? null : (IN_TIME[name] ?? null);
}

// The conversation so far, as bubbles: what was sent, what came back, and what happened besides.
import type { DebugEvent, Values } from "./shapes.ts";
import { eventWords } from "./words.ts";

export interface Bubble {
  seq: number;
  side: "out" | "in" | "note";
  channel: string | null;
  step: string | null;
  title: string;
  body: string;
  at: string;
  marks: string[];
  lost: boolean;
}

const NOTES = new Set([
  "failed",
  "timed_out",
  "goal_reached",
  "opted_out",
  "handed_off",
  "ended",
  "engine_failed",
  "clicked",
]);
const LOST = new Set(["failed", "opted_out", "engine_failed"]);

function marksOf(payload: Values): string[] {
  const parts = [payload.intent, payload.sentiment, payload.late ? "late" : null];
  return parts.filter(Boolean).map((part) => String(part).replaceAll("_", " "));
}

function bubbleOf(event: DebugEvent): Bubble | null {
  const { seq, step_id: step, channel, simulated_at: at } = event;
  const shared = { seq, step, channel, at };
  if (event.kind === "sent") {
    const title = typeof event.payload.subject === "string" ? event.payload.subject : "";
    return { ...shared, side: "out", title, body: event.body ?? "", marks: [], lost: false };
  }
  if (event.kind === "replied") {
    return { ...shared, side: "in", title: "", body: event.body ?? "", marks: marksOf(event.payload), lost: false };
  }
  if (!NOTES.has(event.kind)) return null;
  return { ...shared, side: "note", title: "", body: eventWords(event), marks: [], lost: LOST.has(event.kind) };
}

/** The bubbles of a contact's events. "Read" and "does not answer" stand under their message. */
export function bubblesOf(events: readonly DebugEvent[]): Bubble[] {
  const bubbles: Bubble[] = [];
  for (const event of events) {
    const bubble = bubbleOf(event);
    if (bubble) bubbles.push(bubble);
    if (event.kind !== "read" && event.kind !== "ignored") continue;
    const about = bubbles.findLast((one) => one.side === "out" && one.step === event.step_id);
    about?.marks.push(event.kind === "read" ? "read" : "no answer");
  }
  return bubbles;
}

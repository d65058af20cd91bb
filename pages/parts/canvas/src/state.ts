// What is known of an open flow at a moment.

import type { Draft } from "./drafts.ts";
import type { CanvasData, Differences, Finding, FlowDocument, Marks, Merged, Places, StoredFlow, View, Who } from "./types.ts";

/** What Python is told. */
export interface Tell {
  selected(id: string | null): void;
  saved(version: number): void;
  opened(room: string, params: Record<string, string>): void;
  debugged(session: string): void;
}

export interface Entry {
  what: string;
  document: FlowDocument;
  selection: ReadonlySet<string>;
}

/** Somebody else saved meanwhile: both versions, and what would come of both. */
export interface Clash {
  newest: number;
  theirs: StoredFlow;
  merged: Merged;
  differences: Differences;
}

/** Two documents beside each other on the canvas. */
export interface Comparison {
  a: string;
  b: string;
  documents: [FlowDocument, FlowDocument];
  differences: Differences;
}

/** A text that was typed and is not the document yet; `wrong` says why it cannot be. */
export interface Unread {
  text: string;
  wrong: { words: string; line: number | null } | null;
}

export interface Notice {
  id: number;
  text: string;
  tone: "plain" | "wrong";
}

export interface FlowState {
  data: CanvasData;
  document: FlowDocument;
  /** The version that the work is based on, and its document. */
  base: { version: number; document: FlowDocument };
  selected: string | null;
  selection: ReadonlySet<string>;
  /** The canvas moves to this step when `at` changes. */
  reveal: { key: string; at: number } | null;
  view: View;
  findings: Finding[];
  score: number | null;
  checking: boolean;
  /** Why the checks could not look. */
  unchecked: string | null;
  past: Entry[];
  future: Entry[];
  marks: Marks;
  /** Places of steps that have none of their own. */
  placed: Places;
  saving: boolean;
  clash: Clash | null;
  comparison: Comparison | null;
  draft: Draft | null;
  notice: Notice | null;
  unread: Unread | null;
  /** What the debugger is asked to open. */
  debugging: { session: string | null; who: Who | null };
}

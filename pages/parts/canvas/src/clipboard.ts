// Copying steps, also from one flow into another: what is copied stays in this browser.

import { placesOf } from "./canvas/drawing.ts";
import { copySteps, pasteSteps, readSnippet, removeSteps, type Snippet } from "./model.ts";
import type { FlowStore } from "./store.ts";

const KEPT = "greenroom:copied";
const STEP_ASIDE = 40;
let times = 0;

function taken(store: FlowStore): Snippet | null {
  const { document, selection, placed } = store.get();
  if (!selection.size) return null;
  return copySteps(document, selection, placesOf(document, placed));
}

const words = (snippet: Snippet): string => {
  const count = snippet.steps.length + snippet.notes.length;
  return count === 1 ? "one card" : `${count} cards`;
};

export async function copy(store: FlowStore): Promise<void> {
  const snippet = taken(store);
  if (!snippet) return;
  const text = JSON.stringify(snippet);
  times = 0;
  localStorage.setItem(KEPT, text);
  store.say(`Copied ${words(snippet)}.`);
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    return; // the browser lets nobody write there; this browser's own memory has it
  }
}

export async function cut(store: FlowStore): Promise<void> {
  const { selection } = store.get();
  const snippet = taken(store);
  if (!snippet || !store.editable) return;
  await copy(store);
  store.change(`cutting ${words(snippet)}`, (document) => removeSteps(document, selection));
}

export function paste(store: FlowStore): void {
  const snippet = readSnippet(localStorage.getItem(KEPT) ?? "");
  if (!snippet) store.say("Nothing was copied yet.");
  else put(store, snippet, "pasting");
}

export function duplicate(store: FlowStore): void {
  const snippet = taken(store);
  times = 0;
  if (snippet) put(store, snippet, "duplicating");
}

function put(store: FlowStore, snippet: Snippet, what: string): void {
  times += 1;
  const aside = STEP_ASIDE * times;
  const pasted = pasteSteps(store.get().document, snippet, [aside, aside]);
  store.change(`${what} ${words(snippet)}`, () => pasted.document, { select: pasted.keys });
}

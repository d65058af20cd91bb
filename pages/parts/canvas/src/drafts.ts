// Work that is not saved yet, kept in this browser by flow.

import type { FlowDocument } from "./types.ts";

export interface Draft {
  version: number;
  document: FlowDocument;
  /** The text of exactly this document, where it is known. */
  text: string | null;
  /** The text whose comments are to be kept. */
  basis: string;
  /** A text that was typed and could not be read yet. */
  unread: string | null;
  at: number;
}

export class Drafts {
  private readonly key: string;

  constructor(workspace: string, flow: string) {
    this.key = `greenroom:draft:${workspace}:${flow}`;
  }

  /** What was left here, unless it says the same as what is saved; what was set aside after that. */
  read(saved: FlowDocument): Draft | null {
    return this.found(this.key, saved) ?? this.found(this.aside, saved);
  }

  private found(key: string, saved: FlowDocument): Draft | null {
    try {
      const found = JSON.parse(localStorage.getItem(key) ?? "null") as Draft | null;
      if (!found || !Array.isArray(found.document?.steps)) return null;
      const differs = JSON.stringify(found.document) !== JSON.stringify(saved);
      return differs || found.text || found.unread ? found : null;
    } catch {
      return null;
    }
  }

  write(draft: Omit<Draft, "at">): void {
    this.put(this.key, { ...draft, at: Date.now() });
  }

  /** Keep an older draft that nobody has decided about, while there is new work. */
  setAside(draft: Draft): void {
    this.put(this.aside, draft);
  }

  /** Nothing is left to be offered. */
  forget(): void {
    try {
      localStorage.removeItem(this.key);
      localStorage.removeItem(this.aside);
    } catch {
      return;
    }
  }

  private get aside(): string {
    return `${this.key}:older`;
  }

  private put(key: string, draft: Draft): void {
    try {
      localStorage.setItem(key, JSON.stringify(draft));
    } catch {
      return; // no room, or the browser keeps nothing: saving still works
    }
  }
}

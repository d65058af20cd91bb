// The checks look at a flow after each change: soon, and only the newest answer counts.

import { cancelled, said, type Api } from "./api.ts";
import { isPlace, positionsOf, stepsOf } from "./model.ts";
import type { FlowState } from "./state.ts";
import type { Finding, Places } from "./types.ts";

const CHECK_AFTER = 80;

interface Desk {
  readonly api: Api;
  get(): FlowState;
  set(patch: Partial<FlowState>): void;
}

export class Checking {
  private readonly desk: Desk;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private asking: AbortController | null = null;
  private number = 0;

  constructor(desk: Desk) {
    this.desk = desk;
  }

  readonly close = (): void => {
    clearTimeout(this.timer);
    this.asking?.abort();
  };

  readonly soon = (): void => {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.check(), CHECK_AFTER);
  };

  private async check(): Promise<void> {
    const { document } = this.desk.get();
    const number = (this.number += 1);
    this.asking?.abort();
    this.asking = new AbortController();
    this.desk.set({ checking: true });
    try {
      const { signal } = this.asking;
      const found = await this.desk.api.post<{ issues: Finding[]; score: number }>("/flows/validate", document, { signal });
      if (number !== this.number) return;
      this.desk.set({ findings: found.issues, score: found.score, checking: false, unchecked: null });
    } catch (error) {
      if (cancelled(error) || number !== this.number) return;
      this.desk.set({ checking: false, unchecked: said(error) });
    }
    await this.placeMissing();
  }

  /** Ask for the places of steps that have none, as after an edit of the text. */
  private async placeMissing(): Promise<void> {
    const { document, placed } = this.desk.get();
    const own = positionsOf(document);
    const missing = stepsOf(document).some((step) => !isPlace(own[step.id]) && !isPlace(placed[step.id]));
    if (!missing) return;
    try {
      const { positions } = await this.desk.api.post<{ positions: Places }>("/flows/layout", { document });
      this.desk.set({ placed: { ...positions, ...this.desk.get().placed } });
    } catch {
      return; // the canvas puts them under the rest by itself
    }
  }
}

// What is known of the flow's ways; it stays with the open flow.
import type { FlowStore } from "../store.ts";
import type { FlowDocument } from "../types.ts";
import { besideFlow, Box } from "../debug/box.ts";
import type { Counted } from "./rows.ts";
import type { FlowCoverage } from "./shapes.ts";

export interface BookState {
  counted: Counted;
  coverage: FlowCoverage | null;
  solved: boolean;
  about: FlowDocument | null;
  busy: "counting" | "solving" | null;
  problem: unknown;
}

export class Book extends Box<BookState> {
  private readonly store: FlowStore;
  private asked = 0;

  constructor(store: FlowStore) {
    const run = store.get().data.overlay?.run.id ?? null;
    super({
      counted: { run, tests: run === null },
      coverage: null,
      solved: false,
      about: null,
      busy: null,
      problem: null,
    });
    this.store = store;
  }

  readonly count = (counted: Counted = this.state.counted): Promise<void> => this.ask(counted, false);

  /** Also look who would take the ways that nobody took. */
  readonly solve = async (): Promise<void> => {
    if (this.state.busy !== "solving") await this.ask(this.state.counted, true);
  };

  /** The same again, after the tests were changed. */
  readonly again = (): Promise<void> => this.ask(this.state.counted, this.state.solved);

  private async ask(counted: Counted, solve: boolean): Promise<void> {
    const number = (this.asked += 1);
    const { document, data, base } = this.store.get();
    this.set({ counted, busy: solve ? "solving" : "counting", problem: null });
    const kept = { flow_id: data.flow.id, version: base.version };
    const what = this.store.dirty ? { ...kept, document } : kept;
    try {
      const coverage = await this.store.api.post<FlowCoverage>("/flows/coverage", {
        ...what,
        ...(counted.run ? { run: counted.run } : {}),
        tests: counted.tests,
        solve,
      });
      if (number === this.asked) this.set({ coverage, solved: solve, about: document, busy: null });
    } catch (problem) {
      if (number === this.asked) this.set({ problem, about: document, busy: null });
    }
  }

  readonly unsay = (): void => this.set({ problem: null });
}

/** The coverage of the open flow. */
export const bookOf = besideFlow((store) => new Book(store));

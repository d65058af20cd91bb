// Running the flow's tests: what came out stays with the open flow.
import type { FlowStore } from "../store.ts";
import type { FlowDocument } from "../types.ts";
import { besideFlow, Box } from "../debug/box.ts";
import type { FlowCoverage } from "../coverage/shapes.ts";
import { failingSteps, merged, type TestResults } from "./rows.ts";

export interface BenchState {
  results: TestResults | null;
  /** The tests that the results are about; they are old once these were changed. */
  about: FlowDocument | null;
  running: "all" | number | null;
  problem: unknown;
  /** Steps where people of failing tests came. */
  went: string[];
  asked: boolean;
}

export class Bench extends Box<BenchState> {
  private readonly store: FlowStore;

  constructor(store: FlowStore) {
    super({ results: null, about: null, running: null, problem: null, went: [], asked: false });
    this.store = store;
  }

  /** Run every row, or one. */
  readonly run = async (only: number | null = null): Promise<void> => {
    if (this.state.running !== null) return;
    const { document, data, base } = this.store.get();
    const flow = { document, flow_id: data.flow.id, version: base.version };
    this.set({ running: only ?? "all", problem: null, asked: true });
    try {
      const body = { ...flow, ...(only === null ? {} : { only: [only] }) };
      const now = await this.store.api.post<TestResults>("/flows/tests", body);
      this.set({ results: only === null ? now : merged(this.standing(document), now), about: document, went: [] });
      if (now.failed > 0) void this.follow(flow);
    } catch (problem) {
      this.set({ problem });
    } finally {
      this.set({ running: null });
    }
  };

  /** Where the people of failing tests came; the results are shown without waiting for it. */
  private async follow(flow: { document: FlowDocument; flow_id: string; version: number }): Promise<void> {
    try {
      const body = { ...flow, tests: true, solve: false };
      const { rows } = await this.store.api.post<FlowCoverage>("/flows/coverage", body);
      if (this.state.about === flow.document) this.set({ went: failingSteps(rows) });
    } catch {
      return; // the rows themselves say what failed
    }
  }

  /** The results that still hold: of rows that did not change, in a flow whose steps did not. */
  private standing(document: FlowDocument): TestResults | null {
    const { about, results } = this.state;
    if (!results || about?.steps !== document.steps) return null;
    const holds = results.results.filter((one) => about.tests?.[one.index] === document.tests?.[one.index]);
    return { ...results, results: holds };
  }

  /** What the last run of the kept flow gave, where nothing was run here yet. */
  readonly recall = async (): Promise<void> => {
    if (this.state.asked) return;
    this.set({ asked: true });
    const { data, document } = this.store.get();
    try {
      const results = await this.store.api.get<TestResults>(`/flows/${encodeURIComponent(data.flow.id)}/tests`);
      if (this.state.results === null && results.results.length)
        this.set({ results, about: this.store.dirty ? null : document });
    } catch {
      return; // nothing was run before
    }
  };

  readonly unsay = (): void => this.set({ problem: null });
}

/** The tests of the open flow. */
export const benchOf = besideFlow((store) => new Bench(store));

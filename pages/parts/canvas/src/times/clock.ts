import type { FlowStore } from "../store.ts";
import { besideFlow, Box } from "../debug/box.ts";
import type { Measure, SortBy } from "./rows.ts";
import type { StepTime } from "./shapes.ts";

export interface ClockState {
  rows: StepTime[] | null;
  run: string | null;
  measure: Measure;
  sort: { by: SortBy; down: boolean };
  busy: boolean;
  problem: unknown;
}

export class Clock extends Box<ClockState> {
  private readonly store: FlowStore;

  constructor(store: FlowStore) {
    super({ rows: null, run: null, measure: "waited", sort: { by: "waited", down: true }, busy: false, problem: null });
    this.store = store;
  }

  readonly load = async (run: string): Promise<void> => {
    if (this.state.busy || this.state.run === run) return;
    this.set({ busy: true, problem: null, run });
    try {
      const { rows } = await this.store.api.get<{ rows: StepTime[] }>(`/runs/${encodeURIComponent(run)}/times`);
      this.set({ rows, busy: false });
    } catch (problem) {
      this.set({ problem, busy: false });
    }
  };

  readonly again = (run: string): void => {
    this.set({ run: null });
    void this.load(run);
  };

  readonly sortBy = (by: SortBy): void => {
    const { sort } = this.state;
    this.set({ sort: { by, down: sort.by === by ? !sort.down : by !== "step" } });
  };
}

/** Times of the open flow's last rehearsal. */
export const clockOf = besideFlow((store) => new Clock(store));

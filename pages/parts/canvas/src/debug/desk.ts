// One debug session of the open flow: everything that can be done with it goes through here.
import { Problem } from "../api.ts";
import type { ConditionAnswer } from "../condition/shapes.ts";
import type { FlowStore } from "../store.ts";
import type { Breakpoint, FlowTest, Page, Who } from "../types.ts";
import { plusTest } from "../trials/rows.ts";
import { besideFlow, Box } from "./box.ts";
import { reopened } from "./kept.ts";
import type {
  BranchDifference,
  Change,
  DebugSession,
  DebugState,
  Move,
  StepAgain,
} from "./shapes.ts";
import { toggledAt, withStop } from "./stops.ts";
import { freshName, testName } from "./words.ts";

export interface Draft {
  kind: "persona" | "made_up";
  persona: string;
  copy: number;
  contact: Record<string, unknown>;
  seed: number;
}

export interface Again extends StepAgain {
  step: string;
  edited: boolean;
}

export interface DeskState {
  now: DebugState | null;
  busy: boolean;
  problem: unknown;
  sessions: DebugSession[] | null;
  stops: Breakpoint[];
  difference: BranchDifference | null;
  again: Again | null;
  draft: Draft;
  saved: string | null;
  /** The document that the session was started with. */
  played: unknown;
  open: Record<string, boolean>;
}

const MOST_WAITING = 20;

export class Desk extends Box<DeskState> {
  /** What the flow was last asked to debug, so that it is opened once. */
  handled: unknown = null;
  private readonly store: FlowStore;
  private line: Promise<void> = Promise.resolve();
  private waiting = 0;

  constructor(store: FlowStore) {
    const { data } = store.get();
    super({
      now: null,
      busy: false,
      problem: null,
      sessions: null,
      stops: data.breakpoints.map((stop, at) => ({ ...stop, id: stop.id || `stop-${at + 1}` })),
      difference: null,
      again: null,
      draft: {
        kind: data.personas.length ? "persona" : "made_up",
        persona: data.personas[0]?.id ?? "",
        copy: 1,
        contact: {
          first_name: "Sam",
          age: 40,
          visits: 5,
          purchases: 1,
          last_seen_days: 10,
          language: "en",
          timezone: data.document.timezone ?? "UTC",
        },
        seed: 7,
      },
      saved: null,
      played: null,
      open: { next: true, talk: true },
    });
    this.store = store;
  }

  /** One thing after the other; what goes wrong is shown and leaves everything as it was. */
  private inLine(work: () => Promise<void>): Promise<void> {
    if (this.waiting >= MOST_WAITING) return this.line;
    this.waiting += 1;
    this.set({ busy: true });
    this.line = this.line.then(async () => {
      try {
        await work();
        this.set({ problem: null });
      } catch (problem) {
        this.set({ problem });
      } finally {
        this.waiting -= 1;
        this.set({ busy: this.waiting > 0 });
      }
    });
    return this.line;
  }

  private get path(): string {
    const id = this.state.now?.session.id;
    if (!id) throw new Problem(0, { detail: "Nothing is being debugged.", fix: "Choose somebody and press Start." });
    return `/debug-sessions/${encodeURIComponent(id)}`;
  }

  private take(now: DebugState, more: Partial<DeskState> = {}): void {
    this.set({ now, again: null, saved: null, stops: now.session.breakpoints, ...more });
  }

  private begun(now: DebugState, played: unknown): void {
    this.take(now, { difference: null, played });
    reopened.keep(this.store, now.session.id);
    this.store.tell.debugged(now.session.id);
  }

  // Beginning and ending

  readonly start = (who: Who, seed = this.state.draft.seed): Promise<void> =>
    this.inLine(async () => {
      const { document, base, data } = this.store.get();
      const made = await this.store.api.post<DebugState>("/debug-sessions", {
        flow_id: data.flow.id,
        version: base.version,
        ...(this.store.dirty ? { document } : {}),
        who,
        seed,
        breakpoints: this.state.stops,
      });
      this.begun(made, document);
    });

  readonly reopen = (id: string): Promise<void> =>
    this.inLine(async () => {
      if (this.state.now?.session.id === id) return;
      try {
        const now = await this.store.api.get<DebugState>(`/debug-sessions/${encodeURIComponent(id)}`);
        this.begun(now, now.session.document);
      } catch (problem) {
        reopened.forget(this.store);
        if (!(problem instanceof Problem) || problem.status !== 404) throw problem;
      }
    });

  readonly leave = (): void => {
    reopened.forget(this.store);
    this.store.tell.debugged("");
    this.set({ now: null, difference: null, again: null, saved: null, problem: null, sessions: null });
  };

  readonly list = async (): Promise<void> => {
    const { id } = this.store.get().data.flow;
    try {
      const path = `/debug-sessions?flow_id=${encodeURIComponent(id)}`;
      const page = await this.store.api.get<Page<DebugSession>>(path);
      this.set({ sessions: page.items });
    } catch (problem) {
      this.set({ sessions: [], problem });
    }
  };

  readonly forget = (id: string): Promise<void> =>
    this.inLine(async () => {
      await this.store.api.delete(`/debug-sessions/${encodeURIComponent(id)}`);
      this.set({ sessions: (this.state.sessions ?? []).filter((one) => one.id !== id) });
    });

  // Moving in time

  private going(body: { move: Move; to?: number }): Promise<void> {
    return this.inLine(async () => {
      this.take(await this.store.api.post<DebugState>(`${this.path}/moves`, body));
    });
  }

  readonly move = (move: Move): Promise<void> => this.going({ move });
  readonly jump = (to: number): Promise<void> => this.going({ move: "step", to });

  // Changing

  readonly change = (change: Change): Promise<void> =>
    this.inLine(async () => {
      this.take(await this.store.api.post<DebugState>(`${this.path}/changes`, change), { difference: null });
    });

  readonly choose = (branch: string): Promise<void> =>
    this.inLine(async () => {
      this.take(await this.store.api.put<DebugState>(`${this.path}/branch`, { branch }), { difference: null });
    });

  readonly compare = (a: string, b: string): Promise<void> =>
    this.inLine(async () => {
      const query = new URLSearchParams({ a, b }).toString();
      this.set({ difference: await this.store.api.get<BranchDifference>(`${this.path}/differences?${query}`) });
    });

  readonly stepAgain = (edited: boolean): Promise<void> =>
    this.inLine(async () => {
      const step = this.state.now?.step_id ?? "";
      const body = edited ? { document: this.store.get().document } : {};
      const answer = await this.store.api.post<StepAgain>(`${this.path}/step-again`, body);
      this.set({ again: { ...answer, step, edited } });
    });

  readonly saveTest = (): Promise<void> =>
    this.inLine(async () => {
      const { now } = this.state;
      const { data, document } = this.store.get();
      const taken = (document.tests ?? []).map((one) => one.name);
      const name = now ? { name: freshName(testName(now, data.personas), taken) } : {};
      const row = await this.store.api.post<FlowTest>(`${this.path}/test`, name);
      this.store.change("a test from the debugger", (document) => plusTest(document, row));
      this.set({ saved: row.name ?? "A test" });
    });

  // Stops

  readonly stopAt = (stops: Breakpoint[]): void => {
    this.set({ stops });
    if (this.state.now || this.waiting > 0) void this.inLine(() => this.tellStops(stops));
  };

  private async tellStops(stops: Breakpoint[]): Promise<void> {
    this.set({ stops });
    if (!this.state.now) return;
    const now = await this.store.api.put<DebugState>(`${this.path}/breakpoints`, stops);
    this.set({ now, stops: now.session.breakpoints });
  }

  /** Stop where a condition comes to hold; gives what is wrong with it, where it cannot be read. */
  readonly stopWhen = async (when: string): Promise<string | null> => {
    let wrong: string | null = null;
    await this.inLine(async () => {
      wrong = await this.unreadable(when);
      if (wrong === null) await this.tellStops(withStop(this.state.stops, { kind: "condition", when }));
    });
    return wrong;
  };

  private async unreadable(when: string): Promise<string | null> {
    const { document } = this.store.get();
    const body = { document, conditions: [when] };
    const { results } = await this.store.api.post<{ results: ConditionAnswer[] }>("/flows/conditions", body);
    const error = results[0]?.error;
    return error ? [error.place, error.message].filter(Boolean).join(": ") : null;
  }

  readonly toggle = (step: string): void => this.stopAt(toggledAt(this.state.stops, step));

  readonly fold = (name: string, open: boolean): void =>
    this.set({ open: { ...this.state.open, [name]: open } });
}

/** The debugger of the open flow. */
export const deskOf = besideFlow((store) => new Desk(store));

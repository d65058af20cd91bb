import type { ScriptedReply } from "../types.ts";

export type WayVerdict = "reached" | "reachable" | "unreachable" | "unknown";

export interface Witness {
  contact: Record<string, unknown>;
  replies: ScriptedReply[];
  seed: number;
}

export interface WayCoverage {
  step: string;
  way: string;
  label: string;
  to: string | null;
  verdict: WayVerdict;
  witness: Witness | null;
  reason: string;
  people: number;
  passing: number;
  failing: number;
  undecided?: number;
}

export interface OutcomeCoverage {
  step: string;
  branch: number;
  when: string;
  held: number;
  failed: number;
  raised: number;
}

export type Count = [number, number];

export interface Counts {
  steps: Count;
  ways: Count;
  outcomes: Count;
  timeouts: Count;
}

export interface FlowCoverage {
  steps: Count;
  ways: Count;
  outcomes: Count;
  timeouts: Count;
  rows: WayCoverage[];
  conditions: OutcomeCoverage[];
  /** The four counts of passing and of failing tests alone. */
  passing?: Counts | null;
  failing?: Counts | null;
  notes?: string[];
}

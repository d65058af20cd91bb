// What the debugger says over /api/v1, as core/domain/debugging.py has it.
import type { Breakpoint, ScriptedReply, Who } from "../types.ts";

export type Intent =
  | "interested"
  | "question"
  | "price_question"
  | "objection"
  | "not_now"
  | "not_interested"
  | "opt_out"
  | "thanks"
  | "other";
export type Sentiment = "positive" | "neutral" | "negative";
export const INTENTS: readonly Intent[] = [
  "interested",
  "question",
  "price_question",
  "objection",
  "not_now",
  "not_interested",
  "opt_out",
  "thanks",
  "other",
];
export const SENTIMENTS: readonly Sentiment[] = ["positive", "neutral", "negative"];

export type Values = Record<string, unknown>;
export type Move = "step" | "over" | "resume" | "back" | "back_over" | "start" | "end";
export interface Change {
  at?: number;
  kind: "reply" | "variable" | "contact" | "way" | "draw";
  name?: string;
  value?: unknown;
  reply?: ScriptedReply | null;
}

export interface Branch {
  id: string;
  name: string;
  parent: string | null;
  forked_at: number;
  changes: Change[];
  position: number;
}

export interface DebugSession {
  id: string;
  name: string;
  flow_id: string | null;
  flow_version: number | null;
  document: Values;
  who: Who;
  contact_id: string;
  seed: number;
  engine: string;
  breakpoints: Breakpoint[];
  branches: Branch[];
  branch: string;
  changed_at: string;
}

export interface DebugEvent {
  seq: number;
  kind: string;
  actor: string;
  step_id: string | null;
  channel: string | null;
  body: string | null;
  simulated_at: string;
  payload: Values;
}

export interface Visit {
  step_id: string;
  visit: number;
  position: number;
  end: number | null;
  way: string | null;
  arrived_at: string;
  waited_seconds: number;
  execution_ms: number;
  problem: string | null;
}

export interface Pending {
  at: string;
  kind: string;
  step_id: string;
  channel: string;
  body: string | null;
  payload: Values;
}

export interface NextWay {
  way: string | null;
  to: string | null;
  why: string;
}

/** Something that went wrong: what was seen there, and what to do. */
export interface DebugProblem {
  seq: number;
  step_id: string | null;
  kind: string;
  message: string;
  saw: Values;
  fix: string | null;
}

export interface DebugState {
  session: DebugSession;
  branch: Branch;
  status: "paused" | "ended";
  stop: "start" | "step" | "breakpoint" | "end" | "back" | "limit" | "pause" | "problem";
  stopped_by: string | null;
  position: number;
  digest: string;
  step_id: string | null;
  inside: boolean;
  clock: string;
  local_time: string;
  contact: Values;
  variables: Values;
  answers: Values;
  reply: Values | null;
  events: DebugEvent[];
  trail: Visit[];
  pending: Pending[];
  next: NextWay | null;
  problems: DebugProblem[];
}

export interface BranchDifference {
  a: Branch;
  b: Branch;
  same_until: number;
  first: string;
  a_trail: Visit[];
  b_trail: Visit[];
  a_events: DebugEvent[];
  b_events: DebugEvent[];
}

export interface StepAgain {
  events: DebugEvent[];
  recorded: DebugEvent[];
  way: string | null;
  to: string | null;
  same: boolean;
}

import type { Values } from "../debug/shapes.ts";

/** A name that conditions can read at a step, as POST /flows/names gives it. */
export interface NameAtStep {
  name: string;
  /** text, number, whole number, yes or no, list, group, any, nothing or function. */
  type: string;
  about: string;
  values: unknown[];
  sure: boolean;
}

/** How a condition came out for one sample. */
export interface ConditionResult {
  name: string;
  holds: boolean;
  error: string | null;
  value: unknown;
}

export interface ConditionAnswer {
  condition: string;
  error: { message: string; place: string | null } | null;
  rows: ConditionResult[];
}

/** What the names are for one invented person. */
export interface Sample {
  name: string;
  values: Values;
}

// What a flow document says: its steps, their ways out, and each in a few words.

import type { FlowDocument, Kind, Note, Place, Places, Step, Way } from "./types.ts";

interface BranchConfig {
  when?: string;
  next?: string | null;
  [more: string]: unknown;
}

interface ArmConfig {
  name?: string;
  weight?: number;
  next?: string | null;
  [more: string]: unknown;
}

export function list<T>(value: unknown): T[] {
  return Array.isArray(value) ? (value as T[]) : [];
}

export const stepsOf = (document: FlowDocument): Step[] =>
  list<Step>(document.steps).filter((step) => typeof step === "object" && step !== null);

export const configOf = (step: Step): Record<string, unknown> =>
  typeof step.config === "object" && step.config !== null && !Array.isArray(step.config)
    ? step.config
    : {};

export const branchesOf = (step: Step): BranchConfig[] =>
  list<BranchConfig>(configOf(step).branches).filter((one) => typeof one === "object");

export const armsOf = (step: Step): ArmConfig[] =>
  list<ArmConfig>(configOf(step).arms).filter((one) => typeof one === "object");

/**
 * A name for each step that is its own: the id, and for a second step with the same id the id and
 * its number, so that a flow with a doubled id can still be drawn and mended.
 */
export function keysOf(document: FlowDocument): string[] {
  const seen = new Map<string, number>();
  return stepsOf(document).map((step) => {
    const id = String(step.id);
    const times = seen.get(id) ?? 0;
    seen.set(id, times + 1);
    return times ? `${id}\u0000${times}` : id;
  });
}

export function indexOf(document: FlowDocument, key: string): number {
  const [id, times] = key.split("\u0000");
  let left = Number(times ?? 0);
  return stepsOf(document).findIndex((step) => String(step.id) === id && left-- === 0);
}

export function stepOf(document: FlowDocument, key: string): Step | undefined {
  return stepsOf(document)[indexOf(document, key)];
}

export const idOf = (key: string): string => key.split("\u0000")[0] ?? key;

export const short = (text: unknown, length: number): string => {
  const line = String(text ?? "").replace(/\s+/g, " ").trim();
  return line.length <= length ? line : `${line.slice(0, length - 1).trimEnd()}…`;
};

const target = (value: unknown): string | null =>
  typeof value === "string" && value !== "" ? value : null;

/** Every way out of a step, in the order in which they are tried. */
export function waysOf(step: Step, kind: Kind | undefined): Way[] {
  const shapes = kind?.ways ?? ["next"];
  return shapes.flatMap((shape): Way[] => {
    if (shape === "branches") return branchWays(step);
    if (shape === "arms") return armWays(step);
    return [{ name: shape, handle: shape, to: target(step[shape]), label: plainLabel(step, shape) }];
  });
}

function branchWays(step: Step): Way[] {
  const branches = branchesOf(step).map((branch, at) => ({
    name: `branch:${at}`,
    handle: `branch:${at}`,
    to: target(branch.next),
    label: conditionLabel(branch.when),
  }));
  const otherwise = target(configOf(step).else);
  return [...branches, { name: "else", handle: "else", to: otherwise, label: "else" }];
}

function armWays(step: Step): Way[] {
  return armsOf(step).map((arm, at) => ({
    name: `arm:${arm.name ?? ""}`,
    handle: `arm#${at}`,
    to: target(arm.next),
    label: short(arm.name ?? `arm ${at + 1}`, 24),
  }));
}

function plainLabel(step: Step, shape: string): string {
  if (shape === "on_reply") return "reply";
  if (shape !== "on_timeout") return "";
  const timeout = configOf(step).timeout;
  return timeout ? `no reply in ${short(timeout, 12)}` : "no reply";
}

/** `reply.intent == "a" || reply.intent == "b"` reads `a or b`: the name is what most share. */
export function conditionLabel(when: unknown): string {
  const text = short(when, 400);
  const parts = text.split(/\s*\|\|\s*/).map((part) => /^[\w.]+\s*==\s*["']([^"']+)["']$/.exec(part)?.[1]);
  if (parts.every((part) => part !== undefined)) return short(parts.join(" or ").replaceAll("_", " "), 40);
  return short(text.replace(/\breply\./g, "").replace(/["']/g, ""), 40) || "if …";
}

/** What a step is about in one quiet line. */
export function lineOf(step: Step): string {
  const config = configOf(step);
  const say = (value: unknown): string => (typeof value === "object" ? "" : String(value ?? ""));
  switch (step.type) {
    case "send_email":
    case "lesson":
    case "check_in":
    case "assessment": {
      const questions = list(config.questions).length;
      const asks = questions ? ` · ${questions} question${questions > 1 ? "s" : ""}` : "";
      return short((say(config.subject) || say(config.title) || say(config.body)) + asks, 90);
    }
    case "wait_for_reply":
      return config.timeout ? `up to ${say(config.timeout)}` : "no time-out yet";
    case "delay":
      return pause(config);
    case "condition":
      return `${branchesOf(step).length + 1} ways`;
    case "split":
      return short(armsOf(step).map((arm) => arm.name ?? "").join(", "), 90);
    case "twin_reply":
      return short(say(config.instructions) || "from your own words", 90);
    case "set":
      return short(Object.keys((config.values as object | undefined) ?? {}).join(", "), 90);
    case "tag":
      return short([...tags("+", config.add), ...tags("−", config.remove)].join(" "), 90);
    case "goal":
      return short([say(config.name), money(config.value)].filter(Boolean).join(" · "), 90);
    case "handoff":
      return short(`to ${say(config.to) || "a person"}`, 90);
    case "webhook":
      return short(say(config.url), 90);
    case "end":
      return config.reason === "end" ? "" : short(say(config.reason), 90);
    default:
      return short(say(config.body), 90);
  }
}

const money = (value: unknown): string => (typeof value === "number" ? `$${value}` : "");

function pause(config: Record<string, unknown>): string {
  if (config.duration) return `for ${String(config.duration)}`;
  const until = config.until as { weekday?: string; time?: string } | undefined;
  if (!until) return "no length yet";
  return `until ${until.weekday ?? "the next"} ${until.time ?? "09:00"}`;
}

function tags(sign: string, value: unknown): string[] {
  const words = typeof value === "string" ? [value] : list<string>(value);
  return words.map((word) => `${sign}${word}`);
}

export const notesOf = (document: FlowDocument): Note[] => list<Note>(document.canvas?.notes);

export const positionsOf = (document: FlowDocument): Places => {
  const places = document.canvas?.positions;
  return places && typeof places === "object" ? places : {};
};

export function isPlace(value: unknown): value is Place {
  return Array.isArray(value) && value.length === 2 && value.every((one) => Number.isFinite(one));
}

// What the debugger says, in a creator's words. Nothing here draws.
import type { Branch, Change, DebugEvent, DebugState, Pending, Values } from "./shapes.ts";
import type { Breakpoint, Who } from "../types.ts";

const DAY = 86_400;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/** A length of time in words: `2 d 3 h`, `45 s`, `at once`. */
export function spanOf(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0.5) return "at once";
  const parts: string[] = [];
  let left = Math.round(seconds);
  for (const [unit, size] of [["d", DAY], ["h", 3600], ["min", 60], ["s", 1]] as const) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0) parts.push(`${count} ${unit}`);
  }
  return parts.slice(0, 2).join(" ");
}

/** Real time in milliseconds, in words. */
export function quick(milliseconds: number): string {
  if (milliseconds < 1) return "under 1 ms";
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

/** A simulated moment in the zone of the person: `Mon 5 Jan, 09:00`. */
export function momentOf(moment: string, zone?: string): string {
  const time = new Date(moment);
  if (Number.isNaN(time.getTime())) return moment;
  const here = zone ? inZone(time, zone) : time;
  const two = (number: number) => String(number).padStart(2, "0");
  const day = `${DAYS[here.getUTCDay()] ?? ""} ${here.getUTCDate()} ${MONTHS[here.getUTCMonth()] ?? ""}`;
  return `${day}, ${two(here.getUTCHours())}:${two(here.getUTCMinutes())}`;
}

function inZone(time: Date, zone: string): Date {
  try {
    const parts = new Intl.DateTimeFormat("en-GB", {
      timeZone: zone,
      dateStyle: "short",
      timeStyle: "medium",
      hourCycle: "h23",
    }).formatToParts(time);
    const of = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0);
    return new Date(Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second")));
  } catch {
    return time;
  }
}

const plain = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
const words = (value: unknown): string => plain(value ?? "").replaceAll("_", " ");

/** A way out of a step, in words. */
export function wayWords(way: string | null | undefined): string {
  if (!way || way === "next") return "next";
  if (way === "on_reply") return "a reply";
  if (way === "on_timeout") return "no reply in time";
  if (way === "else") return "otherwise";
  if (way.startsWith("branch:")) return `branch ${Number(way.slice(7)) + 1}`;
  return way.startsWith("arm:") ? `arm ${way.slice(4)}` : way;
}

/** `, by “a reply”`; nothing for the one way that most steps have. */
export function byWay(way: unknown): string {
  return typeof way === "string" && way !== "next" ? `, by “${wayWords(way)}”` : "";
}

const SAID: Record<string, (event: Pending | DebugEvent) => string> = {
  entered: () => "enters the flow",
  stepped: ({ step_id, payload }) =>
    `arrives at ${step_id ?? "a step"}${Number(payload.visit ?? 1) > 1 ? `, visit ${plain(payload.visit)}` : ""}`,
  sent: ({ body, payload }) => `is sent “${short(plain(payload.subject || body || "a message"))}”`,
  delivered: () => "the message arrives",
  failed: ({ payload }) => `the message is not sent: ${words(payload.message || payload.reason)}`,
  read: () => "reads it",
  clicked: ({ payload }) => `clicks ${words(payload.link || payload.url || "the link")}`,
  replied: ({ body, payload }) => `replies “${short(body ?? "")}”${meant(payload)}`,
  ignored: () => "does not answer",
  timed_out: () => "the wait ends without a reply",
  branched: ({ payload }) => `goes to ${plain(payload.to ?? "the end")}${byWay(payload.way)}`,
  set: ({ payload }) => `sets ${listed(payload.values)}`,
  tagged: ({ payload }) => tags(payload),
  goal_reached: ({ payload }) => `reaches the goal ${words(payload.name)}`,
  opted_out: () => "opts out",
  handed_off: ({ payload }) => `is handed to ${plain(payload.to ?? "a person")}`,
  ended: ({ payload }) => `the flow ends (${words(payload.reason || "end")})`,
  engine_failed: ({ payload }) => `no reaction: ${words(payload.message || payload.reason || "the engine failed")}`,
  rated: () => "is rated",
};

function short(text: string, most = 90): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}

function meant(payload: Values): string {
  const parts = [payload.intent, payload.sentiment].filter(Boolean).map(words);
  return parts.length ? ` (${parts.join(", ")})` : "";
}

function listed(values: unknown): string {
  if (values === null || typeof values !== "object") return "a variable";
  const parts = Object.entries(values).map(([name, value]) => `${name} to ${plain(value)}`);
  return short(parts.join(", ")) || "nothing";
}

function tags(payload: Values): string {
  const names = (value: unknown) => (Array.isArray(value) ? value.join(", ") : plain(value ?? ""));
  const [added, lost] = [names(payload.add), names(payload.remove)];
  const parts = [added && `gets ${added}`, lost && `loses ${lost}`];
  return parts.filter(Boolean).join(", ") || "tags stay as they are";
}

/** One event, or one that is to come, as a clause. */
export function eventWords(event: Pending | DebugEvent): string {
  return (SAID[event.kind] ?? (() => words(event.kind)))(event);
}

/** Why it stands where it stands. */
export function stopWords(state: DebugState): string {
  const at = state.step_id ?? "the end";
  const reached = state.stopped_by ? breakName(state.stopped_by, state.session.breakpoints) : "a stop";
  switch (state.stop) {
    case "breakpoint":
      return `Stopped at ${at}: ${reached}.`;
    case "problem":
      return `Stopped at ${at}: ${state.problems.at(-1)?.message ?? "something failed"}`;
    case "end":
      return "The flow has ended for this person.";
    case "limit":
      return `Stopped at ${at}: this goes on for very long. Press Go on to follow it further.`;
    case "start":
      return `At the start, before ${at}.`;
    default:
      if (state.status === "ended") return "The flow has ended for this person.";
      return state.inside ? `Inside ${at}, waiting.` : `Before ${at}.`;
  }
}

function breakName(by: string, stops: readonly Breakpoint[]): string {
  const found = stops.find((stop) => stop.id === by);
  return found ? stopName(found) : by;
}

/** A stop in words. */
export function stopName(stop: Breakpoint): string {
  const at = stop.step_id ? ` at ${stop.step_id}` : "";
  switch (stop.kind) {
    case "step":
      return `at ${stop.step_id ?? "a step"}`;
    case "condition":
      return `when ${stop.when ?? ""}${at}`;
    case "finding":
      return stop.type ? `where there is a finding: ${words(stop.type)}` : "where there is a finding";
    default:
      return "where something fails";
  }
}

/** Who is looked at, once it is known what they are called. */
export function nameWords(now: DebugState, personas: readonly { id: string; name: string }[]): string {
  const { who } = now.session;
  const { name } = now.contact;
  return who.run_id && typeof name === "string" ? `${name}, as in the rehearsal` : whoWords(who, personas);
}

/** Whom a session plays. */
export function whoWords(who: Who, personas: readonly { id: string; name: string }[] = []): string {
  if (who.run_id) return `${who.contact_id ?? "somebody"} of a rehearsal`;
  if (who.persona) {
    const name = personas.find((one) => one.id === who.persona)?.name ?? who.persona;
    return `${name}, copy ${who.copy_number ?? 1}`;
  }
  const name = who.contact?.first_name ?? who.contact?.name;
  return name ? `${plain(name)}, made up` : "somebody made up";
}

function changeWords(change: Change): string {
  switch (change.kind) {
    case "reply":
      return change.reply ? `they reply “${short(change.reply.text ?? "", 40)}”${meant({ ...change.reply })}` : "they do not reply";
    case "draw":
      return "chance falls otherwise";
    case "way":
      return `“${wayWords(change.name)}” is taken`;
    default:
      return change.value === null ? `${change.name ?? ""} is taken away` : `${change.name ?? ""} is ${short(plain(change.value), 40)}`;
  }
}

const LONGEST_NAME = 120;

/** How a test is called that is made of a branch: `Bob Larsen: what if they do not reply`. */
export function testName(now: DebugState, personas: readonly { id: string; name: string }[]): string {
  const { name, first_name: first } = now.contact;
  const who = [name, first].find((one) => typeof one === "string" && one !== "");
  const changes = now.branch.changes.map(changeWords).join(", and ");
  const course = changes ? `what if ${changes}` : "as it happened";
  return short(`${who ? plain(who) : whoWords(now.session.who, personas)}: ${course}`, LONGEST_NAME);
}

/** The name, with a number behind it where others have it. */
export function freshName(name: string, taken: readonly unknown[]): string {
  let found = name;
  for (let number = 2; taken.includes(found); number += 1) found = `${name} (${number})`;
  return found;
}

/** What a branch changed; the original changed nothing. */
export function branchWords(branch: Branch): string {
  const changes = branch.changes.map(changeWords).join(", and ");
  return changes ? `${branch.name}: ${changes}` : branch.name;
}

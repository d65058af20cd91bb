// Which ways were taken, in words and as marks on the canvas.
import { wayKey, type FlowTest, type Marks, type ScriptedReply, type Tone } from "../types.ts";
import { wayWords } from "../debug/words.ts";
import type { Count, Counts, FlowCoverage, OutcomeCoverage, WayCoverage, WayVerdict } from "./shapes.ts";

/** What counts: the last rehearsal, the tests, or both. */
export interface Counted {
  run: string | null;
  tests: boolean;
}

export const VERDICT_WORDS: Record<WayVerdict, string> = {
  reached: "taken",
  reachable: "can be taken",
  unreachable: "cannot be reached",
  unknown: "not known",
};

/** `17 of 24`. */
export function ofAll([reached, all]: Count): string {
  return `${reached} of ${all}`;
}

/** The share as a width in percent; nothing to reach is all of it. */
export function share([reached, all]: Count): number {
  return all === 0 ? 100 : Math.round((100 * reached) / all);
}

/** The ways that nobody took yet. */
export function grey(coverage: FlowCoverage): WayCoverage[] {
  return coverage.rows.filter((row) => row.verdict !== "reached");
}

/** How a way is called: what stands on its edge, else what it is. */
export function wayName(row: WayCoverage): string {
  return row.label || wayWords(row.way);
}

/** A headline that says what was found. */
export function headline(coverage: FlowCoverage): string {
  const [reached, all] = coverage.ways;
  if (all === 0) return "This flow has no ways to take yet";
  if (reached === all) return "Somebody took every way";
  const left = all - reached;
  if (reached === 0) return "Nobody took any way yet";
  return left === 1 ? "One way was taken by nobody" : `${left} ways were taken by nobody`;
}

/** Who took a way, in words. */
export function takenBy(row: WayCoverage): string {
  const people = row.people === 1 ? "1 person" : `${row.people} people`;
  const parts = [
    row.people ? people : "",
    row.passing ? `${row.passing} in passing tests` : "",
    row.failing ? `${row.failing} in failing tests` : "",
    row.undecided ? `${row.undecided} in undecided tests` : "",
  ];
  return parts.filter(Boolean).join(", ") || "nobody took this way yet";
}

/** What passing and failing tests covered, apart, in words. */
export function apart(coverage: FlowCoverage): string {
  const said = (counts: Counts | null | undefined, word: string) =>
    counts && counts.ways[0] > 0 ? `${word} tests took ${ofAll(counts.ways)} ways` : "";
  const parts = [said(coverage.passing, "passing"), said(coverage.failing, "failing")].filter(Boolean);
  const words = parts.join(", ");
  return words ? `${words[0]?.toUpperCase() ?? ""}${words.slice(1)}.` : "";
}

const TONES: Record<WayVerdict, Tone> = {
  reached: "green",
  reachable: "ochre",
  unreachable: "brick",
  unknown: "quiet",
};

function wayLabel(row: WayCoverage, solved: boolean): string {
  if (row.verdict === "unknown" && !solved) return "nobody yet";
  return VERDICT_WORDS[row.verdict];
}

/** Grey ways dashed with a word on them, taken ones in green; steps that nobody met fade. */
export function coverageMarks(coverage: FlowCoverage, solved: boolean): Marks {
  const marks: Marks = { steps: {}, ways: {} };
  const met = new Set<string>();
  for (const row of coverage.rows) {
    const reached = row.verdict === "reached";
    if (reached) {
      met.add(row.step);
      if (row.to) met.add(row.to);
    }
    const tone = !reached && !solved ? "quiet" : TONES[row.verdict];
    marks.ways[wayKey(row.step, row.way)] = reached
      ? { tone, width: 3 }
      : { tone, dashed: true, label: wayLabel(row, solved) };
  }
  for (const row of coverage.rows) {
    for (const id of [row.step, row.to]) {
      if (id && !met.has(id)) marks.steps[id] = { faded: true, badge: "nobody yet" };
    }
  }
  return marks;
}

const NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
const UNITS: Record<string, string> = { w: "week", d: "day", h: "hour", m: "minute", s: "second" };
const spoken = (name: string) => name.replaceAll("_", " ");
const countWord = (text: string) => NUMBERS[Number(text)] ?? text;

function plain(value: unknown): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return value.map(plain).join(", ") || "none";
  return typeof value === "string" ? `“${value}”` : JSON.stringify(value);
}

function listed(parts: readonly string[]): string {
  const last = parts.at(-1) ?? "";
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(", ")} and ${last}`;
}

/** One thing that is known of somebody: `5 purchases`, `age 40`, `no company`. */
function trait([name, value]: [string, unknown]): string {
  if (value === null || value === "") return `no ${spoken(name)}`;
  if (typeof value === "number" && /^[a-z]+s$/i.test(name)) {
    return `${value} ${value === 1 ? name.slice(0, -1) : name}`;
  }
  return `${spoken(name)} ${plain(value)}`;
}

/** How long a person takes, in words: `at once`, `ten days later`. */
export function laterWords(after: string | number | null | undefined): string {
  const parts = [...String(after ?? "").matchAll(/(\d+(?:\.\d+)?)\s*([wdhms])/g)]
    .filter(([, number]) => Number(number) > 0)
    .map(([, number = "", unit = ""]) => `${countWord(number)} ${UNITS[unit] ?? unit}${Number(number) === 1 ? "" : "s"}`);
  return parts.length ? `${listed(parts)} later` : "at once";
}

function replyWords(reply: ScriptedReply): string {
  const meant = [reply.intent, reply.sentiment].filter(Boolean).join(", ").replaceAll("_", " ");
  const answers = Object.entries(reply.answers ?? {}).map(([id, value]) => `${spoken(id)}: ${plain(value)}`);
  const said = reply.text ? `write “${reply.text}”` : answers.length ? `answer ${answers.join(", ")}` : "write something";
  const they = reply.to ? `To ${reply.to} they` : "They";
  return `${they} ${said}${meant ? ` (${meant})` : ""} ${laterWords(reply.after)}`;
}

/** Who would take a way: the contact and the replies, in words. */
export function witnessWords(row: WayCoverage): string[] {
  const { witness } = row;
  if (!witness) return [];
  const traits = Object.entries(witness.contact).filter(([name]) => name !== "id").map(trait);
  const who = traits.length ? `Somebody with ${listed(traits)}` : "Anybody";
  const replies = witness.replies.length ? witness.replies.map(replyWords) : ["They say nothing"];
  return [who, ...replies];
}

/** The row of a test that takes a grey way. */
export function testOf(row: WayCoverage): FlowTest {
  const reaches = row.to ?? row.step;
  return {
    name: `Takes “${wayName(row)}” of ${row.step}`,
    contact: row.witness?.contact ?? {},
    replies: row.witness?.replies ?? [],
    ...(row.witness ? { seed: row.witness.seed } : {}),
    expect: { reaches: [reaches] },
  };
}

/** How a condition came out, in words. */
export function outcomeWords(row: OutcomeCoverage): string {
  const missing = [row.held ? "" : "never held", row.failed ? "" : "never failed to hold"];
  const said = missing.filter(Boolean).join(", ");
  return said || "both ways";
}

/** What the query says that counts. */
export function queryOf(counted: Counted, more: Record<string, string> = {}): string {
  const query = new URLSearchParams(more);
  if (counted.run) query.set("run", counted.run);
  query.set("tests", String(counted.tests));
  return query.toString();
}

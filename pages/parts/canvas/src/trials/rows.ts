// The flow's tests as rows: who meets it, what must come of it, and what did.
import type { Expectation, FlowDocument, FlowTest, Marks, ScriptedReply, Who } from "../types.ts";
import type { WayCoverage } from "../coverage/shapes.ts";

export type TestKind = "persona" | "made_up" | "transcript";
export type Status = "passed" | "failed" | "inconclusive" | "error";

/** One thing that a test expects, and how it came out. */
export interface Check {
  status: Status;
  expected: string;
  happened: string;
}

/** What POST /flows/tests says of one row. */
export interface TestResult {
  index: number;
  name: string;
  status: Status;
  copies: number;
  expected: string;
  happened: string;
  checks: Check[];
  contact_id?: string | null;
  seed?: number | null;
  debug?: Who | null;
}

export interface TestResults {
  results: TestResult[];
  passed: number;
  failed: number;
  inconclusive: number;
  errors: number;
  seconds: number;
  notes?: string[];
}

export const STATUS_WORDS: Record<Status, string> = {
  passed: "passed",
  failed: "failed",
  inconclusive: "undecided",
  error: "could not run",
};
export const STATUS_SIGNS: Record<Status, string> = {
  passed: "✓",
  failed: "✕",
  inconclusive: "?",
  error: "!",
};

/** The rows of a document. */
export function testsOf(document: FlowDocument): FlowTest[] {
  return document.tests ?? [];
}

/** Which of the three kinds of row it is. */
export function kindOf(test: FlowTest): TestKind {
  if (typeof test.transcript === "string") return "transcript";
  return test.replies || test.contact || !test.persona ? "made_up" : "persona";
}

/** The row as another kind; what both kinds have stays. */
export function asKind(test: FlowTest, kind: TestKind, persona: string): FlowTest {
  const { name, seed, expect } = test;
  const kept: FlowTest = { ...(name ? { name } : {}), ...(seed === undefined ? {} : { seed }) };
  const rest = { ...kept, expect: expect ?? {} };
  if (kind === "persona") {
    return { ...rest, persona: test.persona || persona, copies: test.copies ?? 20 };
  }
  if (kind === "transcript") {
    return { ...rest, transcript: test.transcript ?? transcriptOf(test.replies ?? []) };
  }
  return { ...rest, contact: test.contact ?? { first_name: "Sam" }, replies: test.replies ?? [] };
}

function transcriptOf(replies: readonly ScriptedReply[]): string {
  const said = replies.map((reply) => reply.text ?? "").filter(Boolean);
  return said.length ? `${said.map((text) => `me: ${text}`).join("\n")}\n` : "bot: \nme: ";
}

/** Without what says nothing, so that the flow's text stays short. */
export function cleanExpect(expect: Expectation): Expectation {
  const kept = Object.entries(expect).filter(
    ([, value]) => value !== null && value !== undefined && value !== "" && !isEmpty(value),
  );
  return Object.fromEntries(kept) as Expectation;
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** The document with other tests; without the key where there are none. */
export function withTests(document: FlowDocument, tests: FlowTest[]): FlowDocument {
  if (tests.length) return { ...document, tests };
  const copy = { ...document };
  delete copy.tests;
  return copy;
}

/** The document with one row changed. */
export function withTest(document: FlowDocument, index: number, test: FlowTest): FlowDocument {
  return withTests(document, testsOf(document).with(index, test));
}

/** The document with one more row at the end, or behind another. */
export function plusTest(document: FlowDocument, test: FlowTest, behind?: number): FlowDocument {
  const tests = [...testsOf(document)];
  tests.splice(behind === undefined ? tests.length : behind + 1, 0, test);
  return withTests(document, tests);
}

/** The document without one row. */
export function minusTest(document: FlowDocument, index: number): FlowDocument {
  return withTests(document, testsOf(document).toSpliced(index, 1));
}

/** What a row is called where it has no name. */
export function testName(test: FlowTest, names: Readonly<Record<string, string>> = {}): string {
  if (test.name) return test.name;
  const kind = kindOf(test);
  if (kind === "transcript") return "A transcript";
  if (kind === "persona") return `${names[test.persona ?? ""] ?? test.persona ?? "A persona"} × ${test.copies ?? 20}`;
  const first = test.contact?.first_name ?? test.contact?.name;
  return typeof first === "string" ? `${first}, made up` : "Somebody made up";
}

const percent = (share: number) => `${Math.round(share * 1000) / 10} %`;

/** What a row expects, in words. */
export function expectWords(expect: Expectation): string {
  const parts = [
    expect.reaches?.length ? `reaches ${expect.reaches.join(", ")}` : "",
    expect.never?.length ? `never reaches ${expect.never.join(", ")}` : "",
    typeof expect.max_messages === "number" ? `at most ${expect.max_messages} messages` : "",
    expect.goal ? `goal ${expect.goal}` : "",
    typeof expect.at_least === "number" ? `in at least ${percent(expect.at_least)}` : "",
    typeof expect.at_most === "number" ? `in at most ${percent(expect.at_most)}` : "",
  ];
  return parts.filter(Boolean).join(" · ") || "nothing yet: say what must happen";
}

/** All results in one sentence. */
export function resultsWords(results: TestResults): string {
  const all = results.results.length;
  if (all === 0) return "There was nothing to run.";
  if (results.passed === all) return all === 1 ? "The test passed." : `All ${all} tests passed.`;
  const parts = [
    `${results.passed} of ${all} passed`,
    results.failed ? `${results.failed} failed` : "",
    results.inconclusive ? `${results.inconclusive} undecided` : "",
    results.errors ? `${results.errors} could not run` : "",
  ];
  return `${parts.filter(Boolean).join(", ")}.`;
}

/** Results of a few rows put into those of all of them, by their place. */
export function merged(before: TestResults | null, now: TestResults): TestResults {
  const by = new Map((before?.results ?? []).map((one) => [one.index, one]));
  for (const one of now.results) by.set(one.index, one);
  const results = [...by.values()].sort((a, b) => a.index - b.index);
  const count = (status: Status) => results.filter((one) => one.status === status).length;
  return {
    results,
    passed: count("passed"),
    failed: count("failed"),
    inconclusive: count("inconclusive"),
    errors: count("error"),
    seconds: now.seconds,
  };
}

/** Steps where people of failing tests came, from the ways that they took. */
export function failingSteps(rows: readonly WayCoverage[]): string[] {
  const took = rows.filter((row) => row.failing > 0);
  const steps = took.flatMap((row) => (row.to === null ? [row.step] : [row.step, row.to]));
  return [...new Set(steps)];
}

/** Steps of tests that failed, marked with what was expected there, and where those people came. */
export function testMarks(
  document: FlowDocument,
  results: TestResults | null,
  went: readonly string[],
): Marks {
  const marks: Marks = { steps: {}, ways: {} };
  const failed = (results?.results ?? []).filter((one) => one.status === "failed");
  if (failed.length === 0) return marks;
  for (const id of went) marks.steps[id] = { tone: "brick", badge: "a failing test came here" };
  for (const { index } of failed) {
    const { reaches = [], never = [] } = testsOf(document)[index]?.expect ?? {};
    for (const id of reaches) marks.steps[id] = { tone: "brick", badge: "a failing test must come here" };
    for (const id of never) marks.steps[id] = { tone: "brick", badge: "a failing test must not come here" };
  }
  return marks;
}

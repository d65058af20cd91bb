import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./loading.mjs";

const stops = await load("debug/stops.ts");
const { moveOf } = await load("debug/keys.ts");
const { readValue, nested, rowsOfValues } = await load("debug/fields.ts");
const { momentOf, spanOf, eventWords, branchWords } = await load("debug/words.ts");
const { bubblesOf } = await load("debug/talk.ts");
const { stateMarks, differenceMarks, debugMarks } = await load("debug/marks.ts");
const tests = await load("trials/rows.ts");
const coverage = await load("coverage/rows.ts");
const times = await load("times/rows.ts");

const way = (step, name) => `${step}\u0000${name}`;
const visit = (step, out, position, more = {}) => ({
  step_id: step, visit: 1, position, end: position + 1, way: out, arrived_at: "2026-01-05T09:00:00Z",
  waited_seconds: 0, execution_ms: 1, problem: null, ...more,
});
const event = (seq, kind, more = {}) => ({
  seq, kind, actor: "flow", step_id: "a", channel: "sms", body: null,
  simulated_at: "2026-01-05T09:00:00Z", payload: {}, ...more,
});

test("a stop is set and taken away by the same key, and never shares an id", () => {
  let list = stops.toggledAt([], "a");
  list = stops.toggledAt(list, "b");
  list = stops.withStop(list, { kind: "condition", when: "price > 1" });
  assert.equal(new Set(list.map((one) => one.id)).size, 3);
  assert.deepEqual(stops.stopMarks(list), { a: { breakpoint: "on" }, b: { breakpoint: "on" } });
  list = stops.switched(list, list[0].id);
  assert.equal(stops.stopMarks(list).a.breakpoint, "off");
  list = stops.toggledAt(list, "a");
  assert.deepEqual(list.map((one) => one.step_id ?? one.when), ["b", "price > 1"]);
});

test("keys move in time, and leave the browser's and a writer's keys alone", () => {
  const key = (name, more = {}) => moveOf({ key: name, shiftKey: false, ctrlKey: false, altKey: false, metaKey: false, target: null, ...more });
  assert.equal(key("F8"), "resume");
  assert.equal(key("F10"), "step");
  assert.equal(key("F10", { shiftKey: true }), "over");
  assert.equal(key("End", { shiftKey: true }), "end");
  assert.equal(key("End", { shiftKey: true, target: { tagName: "INPUT" } }), null);
  assert.equal(key("F10", { target: { tagName: "TEXTAREA" } }), "step");
  for (const name of ["F5", "F6", "F7", "F11", "F12", "Tab", "Enter", "b"]) assert.equal(key(name), null);
  assert.equal(key("F8", { ctrlKey: true }), null);
});

test("what is typed into a value keeps its kind", () => {
  assert.equal(readValue("5", 3), 5);
  assert.equal(readValue("5", "3"), "5");
  assert.deepEqual(readValue('["a"]', ["b"]), ["a"]);
  assert.equal(readValue("", 3), null);
  assert.equal(readValue("[not json"), "[not json");
  assert.deepEqual(nested({ "reply.intent": "a", "reply.text": "b", price: 1 }), { reply: { intent: "a", text: "b" }, price: 1 });
  assert.deepEqual(rowsOfValues({ z: 1, a: 2, name: 3 }, ["name"]).map(([name]) => name), ["name", "a", "z"]);
});

test("time is said in words, in the person's zone", () => {
  assert.equal(spanOf(0), "at once");
  assert.equal(spanOf(2 * 86400 + 3 * 3600 + 5), "2 d 3 h");
  assert.equal(momentOf("2026-01-05T08:00:00Z", "Europe/Berlin"), "Mon 5 Jan, 09:00");
  assert.equal(momentOf("2026-01-05T23:30:00Z", "Europe/Berlin"), "Tue 6 Jan, 00:30");
});

test("every kind of event is said without its internal name", () => {
  const kinds = ["entered", "stepped", "sent", "delivered", "failed", "read", "clicked", "replied", "ignored", "timed_out",
    "branched", "set", "tagged", "goal_reached", "opted_out", "handed_off", "ended", "engine_failed", "rated"];
  for (const kind of kinds) assert.doesNotMatch(eventWords(event(0, kind)), /_|undefined|null/, kind);
});

test("a flow plays the same wherever its cards stand and whatever is noted", async () => {
  const { playedOf } = await load("debug/played.ts");
  const flow = { name: "a", steps: [{ id: "x", type: "end" }], variables: { price: 49 } };
  const moved = { variables: { price: 49 }, steps: [{ type: "end", comment: "why", id: "x" }], name: "b", canvas: { positions: {} }, tests: [] };
  assert.equal(playedOf(flow), playedOf(moved));
  assert.notEqual(playedOf(flow), playedOf({ ...flow, variables: { price: 48 } }));
  assert.notEqual(playedOf(flow), playedOf({ ...flow, start: "x" }));
});

test("a branch is called by what was changed", () => {
  const branch = { id: "b", name: "What if 1", parent: "a", forked_at: 3, position: 3, changes: [
    { at: 3, kind: "reply", reply: { text: "No thanks", sentiment: "negative" } }] };
  assert.equal(branchWords(branch), "What if 1: they reply “No thanks” (negative)");
});

test("the conversation has who said what, and what became of a message", () => {
  const bubbles = bubblesOf([
    event(0, "stepped"), event(1, "sent", { body: "Hello" }), event(2, "read", { actor: "contact" }),
    event(3, "replied", { body: "Yes", payload: { intent: "interested", sentiment: "positive" } }), event(4, "ended", { payload: { reason: "end" } }),
  ]);
  assert.deepEqual(bubbles.map((one) => one.side), ["out", "in", "note"]);
  assert.deepEqual(bubbles[0].marks, ["read"]);
  assert.deepEqual(bubbles[1].marks, ["interested", "positive"]);
});

const state = { trail: [visit("a", "next", 0), visit("b", null, 1, { end: null })], step_id: "b", status: "paused", inside: true,
  next: { way: "on_reply", to: "c", why: "" } };

test("the path is lit, the step ringed, the next way shown, and stops stay", () => {
  const marks = stateMarks(state);
  assert.equal(marks.steps.b.current, true);
  assert.equal(marks.ways[way("a", "next")].tone, "green");
  assert.equal(marks.ways[way("b", "on_reply")].next, true);
  const both = debugMarks([{ id: "1", kind: "step", step_id: "b", enabled: true }], state, null);
  assert.equal(both.steps.b.breakpoint, "on");
  assert.equal(both.steps.b.current, true);
});

test("a failed step is brick, with words", () => {
  const marks = stateMarks({ ...state, trail: [visit("a", "next", 0, { problem: "no address" })] });
  assert.equal(marks.steps.a.tone, "brick");
  assert.match(marks.steps.a.badge, /failed/);
});

test("two courses have two colours where they part, and words beside them", () => {
  const marks = differenceMarks({ a_trail: [visit("a", "next", 0), visit("b", "branch:0", 1)], b_trail: [visit("a", "next", 0), visit("b", "else", 1)] });
  assert.equal(marks.ways[way("a", "next")].tone, "green");
  assert.equal(marks.ways[way("b", "branch:0")].tone, "slate");
  assert.equal(marks.ways[way("b", "else")].tone, "plum");
  assert.equal(marks.ways[way("b", "else")].label, "what if");
});

const flow = { steps: [{ id: "a", type: "end" }], tests: [{ persona: "Cold Carl", expect: { never: ["a"] } }] };

test("rows of tests change in the document, and nothing else does", () => {
  const copied = tests.plusTest(flow, { transcript: "me: hi" }, 0);
  assert.equal(copied.tests.length, 2);
  assert.equal(copied.steps, flow.steps);
  assert.equal(flow.tests.length, 1);
  assert.equal("tests" in tests.minusTest(flow, 0), false);
  assert.equal(tests.withTest(flow, 0, { persona: "x" }).tests[0].persona, "x");
});

test("a row can become another kind, and is one of three", () => {
  const made = tests.asKind(flow.tests[0], "made_up", "");
  assert.equal(tests.kindOf(made), "made_up");
  assert.equal(made.persona, undefined);
  assert.deepEqual(made.expect, { never: ["a"] });
  const said = tests.asKind({ ...made, replies: [{ text: "no" }] }, "transcript", "");
  assert.equal(said.transcript, "me: no\n");
  assert.equal(tests.kindOf(tests.asKind(said, "persona", "Cold Carl")), "persona");
});

test("expectations are said in words, empty ones are not written", () => {
  assert.deepEqual(tests.cleanExpect({ reaches: [], never: ["a"], max_messages: 0, goal: "" }), { never: ["a"], max_messages: 0 });
  assert.equal(tests.expectWords({ goal: "booked", at_least: 0.5 }), "goal booked · in at least 50 %");
});

const result = (index, status, more = {}) => ({ index, name: "", status, copies: 1, expected: "", happened: "", checks: [], ...more });

test("one row run again keeps what the others said", () => {
  const before = { results: [result(0, "passed"), result(1, "failed")], passed: 1, failed: 1, inconclusive: 0, errors: 0, seconds: 1 };
  const now = tests.merged(before, { results: [result(1, "passed")], passed: 1, failed: 0, inconclusive: 0, errors: 0, seconds: 1 });
  assert.equal(now.passed, 2);
  assert.equal(tests.resultsWords(now), "All 2 tests passed.");
  assert.equal(tests.resultsWords(before), "1 of 2 passed, 1 failed.");
});

test("a step that a failing test went through is marked with words", () => {
  const way = (step, to, failing) => ({ step, to, failing });
  const went = tests.failingSteps([way("x", "a", 2), way("y", "x", 0), way("a", null, 1)]);
  assert.deepEqual(went, ["x", "a"]);
  const marks = tests.testMarks(flow, { results: [result(0, "failed")] }, went);
  assert.match(marks.steps.a.badge, /must not come/);
  assert.match(marks.steps.x.badge, /came here/);
  assert.deepEqual(tests.testMarks(flow, { results: [result(0, "passed")] }, went).steps, {});
});

const rows = [
  { step: "a", way: "next", label: "", to: "b", verdict: "reached", witness: null, reason: "", people: 3, passing: 1, failing: 0 },
  { step: "b", way: "on_timeout", label: "no reply in 2d", to: "c", verdict: "reachable", reason: "r", people: 0, passing: 0, failing: 0,
    witness: { contact: { visits: 3 }, replies: [{ text: "No", after: "2h" }], seed: 9 } },
];
const found = { steps: [2, 3], ways: [1, 2], outcomes: [0, 0], timeouts: [0, 1], rows, conditions: [] };

test("coverage is figures and words; grey ways are dashed with a word, never a colour alone", () => {
  assert.equal(coverage.headline(found), "One way was taken by nobody");
  assert.equal(coverage.ofAll(found.steps), "2 of 3");
  assert.equal(coverage.takenBy(rows[0]), "3 people, 1 in passing tests");
  const marks = coverage.coverageMarks(found, true);
  assert.deepEqual(marks.ways[way("b", "on_timeout")], { tone: "ochre", dashed: true, label: "can be taken" });
  assert.equal(marks.steps.c.faded, true);
  assert.equal(marks.steps.b, undefined);
});

test("people and their times are said in words", () => {
  assert.equal(coverage.laterWords("10d"), "ten days later");
  assert.equal(coverage.laterWords("1h30m"), "one hour and 30 minutes later");
  assert.equal(coverage.laterWords("0s"), "at once");
  const witness = { contact: { id: "x", purchases: 1, visits: 3, country: "DE" }, replies: [{ to: "hello", text: "STOP" }], seed: 1 };
  assert.deepEqual(coverage.witnessWords({ ...rows[1], witness }), [
    "Somebody with 1 purchase, 3 visits and country “DE”",
    "To hello they write “STOP” at once",
  ]);
});

test("somebody who takes a grey way is said in words, and becomes a test", () => {
  assert.deepEqual(coverage.witnessWords(rows[1]), ["Somebody with 3 visits", "They write “No” two hours later"]);
  const row = coverage.testOf(rows[1]);
  assert.deepEqual(row.expect, { reaches: ["c"] });
  assert.equal(row.seed, 9);
});

const time = (step, waited, cost) => ({ step_id: step, visits: 1, waited_seconds: 0, waited_p50: waited, waited_p95: waited,
  execution_p50: null, execution_p95: null, execution_seconds: null, calls: 0, prompt_tokens: 0, completion_tokens: 0, cost_usd: cost });

test("times sort either way with what was not measured last, and tint by share", () => {
  const list = [time("a", null, 0), time("b", 60, 0.5), time("c", 3600, 0.25)];
  assert.deepEqual(times.sorted(list, "waited", true).map((one) => one.step_id), ["c", "b", "a"]);
  assert.deepEqual(times.sorted(list, "waited", false).map((one) => one.step_id), ["b", "c", "a"]);
  const marks = times.timeMarks(list, "cost");
  assert.equal(marks.steps.c.heat, 0.5);
  assert.equal(marks.steps.c.badge, "$0.25");
  assert.equal(times.headline(list, "waited"), "People wait longest at c");
  assert.equal(times.headline(list, "tokens"), "Where time and money go");
  assert.equal(times.timeMarks(list, "p50").steps.a, undefined);
  assert.deepEqual(times.legend(list, "waited"), ["at once", "30 min", "1 h"]);
});

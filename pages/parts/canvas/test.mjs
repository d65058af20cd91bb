// Tests of what changes a flow document and of its undo: node --test test.mjs

import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { build } from "esbuild";

const { outputFiles } = await build({
  stdin: {
    contents: 'export * from "./src/model.ts"; export { FlowStore } from "./src/store.ts"; export { Problem, said } from "./src/api.ts";',
    resolveDir: import.meta.dirname,
    loader: "ts",
  },
  bundle: true,
  format: "esm",
  write: false,
  define: { "process.env.NODE_ENV": '"production"' },
});
const code = Buffer.from(outputFiles[0].contents).toString("base64");
const model = await import(`data:text/javascript;base64,${code}`);

const KINDS = [
  { type: "send_sms", ways: ["next"] },
  { type: "wait_for_reply", ways: ["on_reply", "on_timeout"] },
  { type: "condition", ways: ["branches"] },
  { type: "split", ways: ["arms"] },
  { type: "end", ways: [] },
].map((kind) => ({ name: kind.type, sign: "", tone: "quiet", group: "", about: "", schema: {}, ...kind }));
const kindOf = (type) => KINDS.find((kind) => kind.type === type);

const FLOW = {
  name: "Small",
  start: "hello",
  unknown: { kept: true },
  steps: [
    { id: "hello", type: "send_sms", config: { body: "Hi" }, next: "wait", mine: 1 },
    { id: "wait", type: "wait_for_reply", config: { timeout: "2d" }, on_reply: "sort", on_timeout: "done" },
    {
      id: "sort",
      type: "condition",
      config: { branches: [{ when: 'reply.intent == "interested"', next: "toss", note: "x" }], else: "hello" },
    },
    { id: "toss", type: "split", config: { arms: [{ name: "a", weight: 1, next: "done" }, { name: "a", weight: 2 }] } },
    { id: "done", type: "end" },
  ],
  tests: [{ contact: {}, replies: [{ to: "hello", text: "yes" }], expect: { reaches: ["sort"], never: ["done"], ways: ["hello:next"] } }],
  canvas: { positions: { hello: [0, 0], wait: [0, 168] }, notes: [{ id: "n", text: "t", x: 1, y: 2 }] },
};
Object.freeze(FLOW);

const data = () => ({
  mode: "read",
  flow: { id: "small", version: 1, name: "Small" },
  document: structuredClone(FLOW),
  text: "",
  positions: {},
  kinds: KINDS,
  findings: [],
  overlay: null,
  compare: null,
  selected: null,
  session: null,
  contact: null,
  personas: [],
  breakpoints: [],
  view: "build",
  views: ["build"],
  api: "/api/v1",
  workspace: "demo",
  words: {},
  height: 700,
});
const tell = { selected() {}, saved() {}, opened() {}, debugged() {} };

/** A store that edits, without a server behind it. */
function edited() {
  const store = new model.FlowStore(data(), tell);
  store.receive({ ...data(), mode: "edit" });
  return store;
}

test("every way out of a step has a handle of its own", () => {
  const ways = FLOW.steps.flatMap((step) => model.waysOf(step, kindOf(step.type)).map((way) => [step.id, way.handle, way.name, way.to]));
  assert.deepEqual(ways, [
    ["hello", "next", "next", "wait"],
    ["wait", "on_reply", "on_reply", "sort"],
    ["wait", "on_timeout", "on_timeout", "done"],
    ["sort", "branch:0", "branch:0", "toss"],
    ["sort", "else", "else", "hello"],
    ["toss", "arm#0", "arm:a", "done"],
    ["toss", "arm#1", "arm:a", null],
  ]);
});

test("leading a way somewhere changes that way alone, and back gives the same document", () => {
  for (const step of FLOW.steps)
    for (const way of model.waysOf(step, kindOf(step.type))) {
      const led = model.setWay(FLOW, step.id, way.handle, "elsewhere");
      const found = model.waysOf(model.stepOf(led, step.id), kindOf(step.type)).find((one) => one.handle === way.handle);
      assert.equal(found.to, "elsewhere");
      assert.deepEqual(model.setWay(led, step.id, way.handle, way.to), FLOW);
      const others = led.steps.filter((one) => one.id !== step.id);
      for (const other of others) assert.ok(FLOW.steps.includes(other), "what did not change keeps its identity");
    }
});

test("a renamed step takes everything that names it along, and back again", () => {
  const renamed = model.renameStep(FLOW, "hello", "welcome");
  assert.equal(renamed.start, "welcome");
  assert.equal(renamed.steps[2].config.else, "welcome");
  assert.equal(renamed.tests[0].replies[0].to, "welcome");
  assert.deepEqual(renamed.tests[0].expect.ways, ["welcome:next"]);
  assert.deepEqual(renamed.canvas.positions.welcome, [0, 0]);
  assert.ok(!JSON.stringify(renamed).includes('"hello'));
  assert.deepEqual(model.renameStep(renamed, "welcome", "hello"), FLOW);
  assert.equal(model.renameStep(FLOW, "hello", "done"), FLOW, "a name that is taken is not taken twice");
});

test("what is taken out leaves no way behind", () => {
  const left = model.removeSteps(FLOW, ["done", "hello"]);
  const ids = left.steps.map((step) => step.id);
  assert.deepEqual(ids, ["wait", "sort", "toss"]);
  for (const step of left.steps)
    for (const way of model.waysOf(step, kindOf(step.type))) assert.ok(way.to === null || ids.includes(way.to));
  assert.equal(left.start, undefined);
  assert.deepEqual(left.canvas.positions, { wait: [0, 168] });
  assert.deepEqual(left.unknown, { kept: true });
});

test("pasted steps have names of their own and keep the ways between them", () => {
  const snippet = model.readSnippet(JSON.stringify(model.copySteps(FLOW, ["wait", "sort", "toss"], { wait: [0, 168] })));
  const { document, keys } = model.pasteSteps(FLOW, snippet, [40, 40]);
  assert.deepEqual(keys, ["wait_2", "sort_2", "toss_2"]);
  assert.equal(model.stepOf(document, "wait_2").on_reply, "sort_2");
  assert.equal(model.stepOf(document, "wait_2").on_timeout, "done", "a way out of the copied stays where it leads");
  assert.deepEqual(document.canvas.positions.wait_2, [40, 208]);
  const alone = model.pasteSteps({ name: "Other", steps: [] }, snippet, [0, 0]).document;
  assert.deepEqual(alone.steps.map((step) => step.id), ["wait", "sort", "toss"]);
  assert.equal("on_timeout" in alone.steps[0], false, "what is not here is not led to");
  assert.equal(model.readSnippet("{}"), null);
  assert.equal(model.readSnippet("no JSON"), null);
});

test("a doubled id can be told apart, and mended by a new name", () => {
  const doubled = { name: "Twice", steps: [{ id: "a", type: "end" }, { id: "a", type: "send_sms", next: "a" }] };
  const [first, second] = model.keysOf(doubled);
  assert.notEqual(first, second);
  assert.equal(model.stepOf(doubled, second).type, "send_sms");
  const mended = model.renameStep(doubled, second, "b");
  assert.deepEqual(mended.steps.map((step) => [step.id, step.next]), [["a", undefined], ["b", "a"]]);
});

test("a new step is named apart and comes after the one it hangs on", () => {
  const step = model.freshStep(FLOW, kindOf("wait_for_reply"));
  assert.equal(step.id, "wait_2");
  const added = model.addStep(FLOW, step, [10.4, 20.6], { key: "toss", handle: "arm#1" });
  assert.equal(added.steps[4].id, "wait_2");
  assert.equal(added.steps[3].config.arms[1].next, "wait_2");
  assert.deepEqual(added.canvas.positions.wait_2, [10, 21]);
});

test("a free place touches no card", () => {
  const places = {};
  for (let at = 0; at < 40; at += 1) places[`s${at}`] = model.freePlace(places, at % 3 ? `s${at - 1}` : null);
  const all = Object.values(places);
  for (const [one, [x, y]] of all.entries())
    for (const [other, [u, v]] of all.entries())
      if (one !== other) assert.ok(Math.abs(x - u) >= model.CARD.width || Math.abs(y - v) >= model.CARD.height);
});

test("undo and redo give back the very same documents", () => {
  const store = edited();
  const seen = [store.get().document];
  store.change("one", (document) => model.renameStep(document, "hello", "one"));
  seen.push(store.get().document);
  store.change("two", (document) => model.removeSteps(document, ["done"]));
  seen.push(store.get().document);
  store.change("nothing", (document) => document);
  assert.equal(store.get().past.length, 2);
  store.undo();
  assert.equal(store.get().document, seen[1]);
  store.undo();
  store.undo();
  assert.equal(store.get().document, seen[0]);
  assert.equal(store.dirty, false);
  store.redo();
  store.redo();
  assert.equal(store.get().document, seen[2]);
  store.close();
});

test("words typed one after another are one step of undo", () => {
  const store = edited();
  for (const body of ["a", "ab", "abc"])
    store.change("words", (document) => model.changeConfig(document, "hello", { body }), { merge: "hello:body" });
  store.change("other", (document) => model.changeConfig(document, "hello", { body: "z" }));
  assert.deepEqual(store.get().past.map((one) => one.what), ["words", "other"]);
  store.undo();
  assert.equal(model.stepOf(store.get().document, "hello").config.body, "abc");
  store.undo();
  assert.equal(model.stepOf(store.get().document, "hello").config.body, "Hi");
  store.close();
});

test("what is only read cannot be changed", () => {
  const store = new model.FlowStore(data(), tell);
  const before = store.get().document;
  store.change("x", (document) => model.removeSteps(document, ["done"]));
  assert.equal(store.get().document, before);
});

test("labels of ways are short and say what they mean", () => {
  assert.equal(model.conditionLabel('reply.intent == "price_question" || reply.intent == "thanks"'), "price question or thanks");
  assert.equal(model.conditionLabel("reply.hours > 72"), "hours > 72");
  assert.equal(model.conditionLabel(undefined), "if …");
  assert.ok(model.conditionLabel("x".repeat(400)).length <= 40);
});

test("a problem says what happened and what to do", () => {
  const problem = new model.Problem(422, { title: "T", detail: "It cannot be read.", fix: "Look at line 3.", place: "line 3" });
  assert.equal(model.said(problem), "It cannot be read. Look at line 3.");
  assert.equal(model.said(new Error("x")), "x");
});

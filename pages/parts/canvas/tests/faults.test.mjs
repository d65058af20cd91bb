// Why a text cannot be read, and where a step stands in it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./loading.mjs";

const { faultOf, lineOfStep, Problem } = await load("text/faults.ts");
const yaml = (said, line) => new Problem(422, { detail: `the text: it is not valid YAML: ${said}.`, place: `line ${line}, column 2` });

test("a fault of YAML is said plainly, with its line", () => {
  const text = "a: [1\nb: 2\n";
  const fault = faultOf(yaml("did not find expected ',' or ']'", 2), text);
  assert.equal(fault.line, 2);
  assert.match(fault.words, /^Line 2: A list that begins with \[/);
  assert.match(faultOf(yaml("did not find expected node content", 1), text).words, /^Line 1: Something is missing here/);
  assert.doesNotMatch(faultOf(yaml("found unexpected end of stream", 3), text).words, /stream|YAML/);
});

test("what is missing at the end is missing on the last line that says something", () => {
  assert.equal(faultOf(yaml("found unexpected end of stream", 3), "a: 'x\n\n").line, 1);
});

test("other faults keep their words and begin with a capital", () => {
  const twice = new Problem(422, { detail: "the text: the key “a” is there twice. Keep one of them.", fix: "Keep one of them.", place: "line 2, column 1" });
  assert.equal(faultOf(twice, "a: 1\na: 2").words, "Line 2: The key “a” is there twice. Keep one of them.");
  assert.deepEqual(faultOf(new Error("No."), ""), { words: "No.", line: null });
});

test("the line of a step", () => {
  const text = 'name: id\nsteps:\n  - id: ask\n    config: {questions: [{id: q1}]}\n  - {id: "done", type: end}\ncanvas:\n  notes:\n    - id: note_1\n';
  assert.equal(lineOfStep(text, "ask"), 3);
  assert.equal(lineOfStep(text, "done"), 5);
  assert.equal(lineOfStep(text, "note_1"), null);
  assert.equal(lineOfStep(text, "as"), null);
});

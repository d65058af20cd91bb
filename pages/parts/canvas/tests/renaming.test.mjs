// A name that changes is followed everywhere, and nothing else is.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./loading.mjs";

const { renameStep, renameQuestion, renameVariable } = await load("model.ts");
const { inExpression, inTemplate } = await load("naming.ts");
const hook = { of: null, old: "hook", now: "crm" };

const FLOW = {
  name: "F",
  start: "hook",
  variables: { offer: "a" },
  steps: [
    { id: "hook", type: "webhook", config: { url: "https://x.invalid/{{ offer }}", sample: { hook: "{{ hook.a }}" } }, next: "sort" },
    {
      id: "sort",
      type: "condition",
      config: { branches: [{ when: 'hook.score > 3 && reply.text != "hook.score" && x.hook == hook', next: "say" }], else: "hook" },
    },
    { id: "say", type: "send_sms", config: { body: "hook {{ hook.score }} {{ offer }} {{ x.hook }} {{ 'hook' }}" }, next: "keep" },
    { id: "keep", type: "set", config: { values: { hook_2: "hook.score + 1", best: "offer" } }, next: "ask" },
    { id: "ask", type: "check_in", config: { questions: [{ id: "q1", text: "How, {{ answers.q1 }}?" }] }, next: "last" },
    { id: "last", type: "condition", config: { branches: [{ when: 'answers.q1 == "q1" || answers["q1"] == x.answers.q1' }] } },
  ],
  tests: [
    {
      replies: [{ to: "hook", text: "hook", answers: { q1: "yes" } }],
      expect: { reaches: ["hook", "say"], never: ["hook"], ways: ["hook:next", "say:next"] },
    },
  ],
  canvas: { positions: { hook: [1, 2], say: [3, 4] } },
};
const config = (document, id) => document.steps.find((step) => step.id === id).config;

test("a step's new name goes everywhere", () => {
  const now = renameStep(FLOW, "hook", "crm");
  assert.equal(now.start, "crm");
  assert.equal(config(now, "sort").branches[0].when, 'crm.score > 3 && reply.text != "hook.score" && x.hook == crm');
  assert.equal(config(now, "sort").else, "crm");
  assert.equal(config(now, "say").body, "hook {{ crm.score }} {{ offer }} {{ x.hook }} {{ 'hook' }}");
  assert.deepEqual(config(now, "keep").values, { hook_2: "crm.score + 1", best: "offer" });
  assert.deepEqual(config(now, "crm").sample, { hook: "{{ hook.a }}" });
  assert.deepEqual(now.tests[0].expect, { reaches: ["crm", "say"], never: ["crm"], ways: ["crm:next", "say:next"] });
  assert.equal(now.tests[0].replies[0].to, "crm");
  assert.equal(now.tests[0].replies[0].text, "hook");
  assert.deepEqual(now.canvas.positions, { crm: [1, 2], say: [3, 4] });
});

test("there and back again gives the same flow", () => {
  assert.deepEqual(renameStep(renameStep(FLOW, "hook", "crm"), "crm", "hook"), FLOW);
  assert.deepEqual(renameVariable(renameVariable(FLOW, "offer", "deal"), "deal", "offer"), FLOW);
});

test("what only other steps read under a name stays as it is", () => {
  const doubled = { ...FLOW, variables: { hook: 1 } };
  assert.match(config(renameStep(doubled, "hook", "crm"), "sort").branches[0].when, /^hook\.score/);
  assert.match(config(renameStep(FLOW, "hook", "my-crm"), "sort").branches[0].when, /^hook\.score/);
  const plain = { ...FLOW, steps: FLOW.steps.map((step) => (step.id === "hook" ? { ...step, type: "tag" } : step)) };
  assert.match(config(renameStep(plain, "hook", "crm"), "sort").branches[0].when, /^hook\.score/);
});

test("a question's new name goes to conditions, words and tests", () => {
  const now = renameQuestion(FLOW, "ask", 0, "mood");
  assert.equal(config(now, "last").branches[0].when, 'answers.mood == "q1" || answers["mood"] == x.answers.q1');
  assert.deepEqual(config(now, "ask").questions, [{ id: "mood", text: "How, {{ answers.mood }}?" }]);
  assert.deepEqual(now.tests[0].replies[0].answers, { mood: "yes" });
});

test("a variable's new name goes to words and values", () => {
  const now = renameVariable(FLOW, "offer", "deal");
  assert.deepEqual(now.variables, { deal: "a" });
  assert.equal(config(now, "hook").url, "https://x.invalid/{{ deal }}");
  assert.equal(config(now, "keep").values.best, "deal");
});

test("in an expression only the variable itself", () => {
  for (const [was, is] of [
    ["hook", "crm"],
    ["hook.hook", "crm.hook"],
    ["'hook' + \"hook\"", "'hook' + \"hook\""],
    ["hooks + a_hook", "hooks + a_hook"],
    ["hook(1) + [hook][0]", "hook(1) + [crm][0]"],
    ["x . hook", "x . hook"],
    ['"not closed hook', '"not closed hook'],
  ])
    assert.equal(inExpression(was, hook), is);
});

test("in a template only what Liquid reads as the variable", () => {
  for (const [was, is] of [
    ["hook", "hook"],
    ["{{hook}}", "{{crm}}"],
    ["{%- if hook.a == 'hook' -%}hook{% endif %}", "{%- if crm.a == 'hook' -%}hook{% endif %}"],
    ["{% raw %}{{ hook }}{% endraw %}{{ hook }}", "{% raw %}{{ hook }}{% endraw %}{{ crm }}"],
    ["{{ a | hook: hook, hook: 1 }}", "{{ a | hook: crm, hook: 1 }}"],
    ["{{ hook-a }} {{ x.hook }}", "{{ hook-a }} {{ x.hook }}"],
    ["{{ open hook", "{{ open hook"],
  ])
    assert.equal(inTemplate(was, hook), is);
});

// Another name for a step, a question or a variable: everything that says the old one follows, in
// ways, tests, places, conditions and words.

import { retarget } from "./model.ts";
import { inExpression, inTemplate, isVariable, type Naming } from "./naming.ts";
import { branchesOf, configOf, indexOf, list, positionsOf, stepOf, stepsOf } from "./reading.ts";
import type { FlowDocument, FlowTest, Step } from "./types.ts";

type Rename = (id: string) => string;

/** What is data and not read by anybody as an expression or a template. */
const PLAIN = new Set(["sample", "else", "next"]);

/** Give a step another id; everything that names it follows. */
export function renameStep(document: FlowDocument, key: string, id: string): FlowDocument {
  const at = indexOf(document, key);
  const old = stepsOf(document)[at];
  if (!old || old.id === id || stepsOf(document).some((step) => step.id === id)) return document;
  const doubled = stepsOf(document).filter((step) => step.id === old.id).length > 1;
  const rename: Rename = (one) => (one === old.id && !doubled ? id : one);
  const steps = stepsOf(document).map((step, index) => {
    const turned = retarget(step, rename);
    return index === at ? { ...turned, id } : turned;
  });
  const renamed: FlowDocument = { ...document, steps };
  if (doubled) return renamed;
  if (document.start === old.id) renamed.start = id;
  if (document.tests) renamed.tests = document.tests.map((test) => renamedTest(test, rename));
  const read = answers(document, old) ? renameRead(renamed, { of: null, old: old.id, now: id }) : renamed;
  return withPlaces(read, rename);
}

/** Whether what a step got is read under its own id, and nothing else is called so. */
function answers(document: FlowDocument, step: Step): boolean {
  const set = stepsOf(document).flatMap((one) => (one.type === "set" ? Object.keys(valuesOf(one)) : []));
  return step.type === "webhook" && ![...Object.keys(document.variables ?? {}), ...set].includes(step.id);
}

function withPlaces(document: FlowDocument, rename: Rename): FlowDocument {
  const places = Object.entries(positionsOf(document));
  if (!places.some(([name]) => rename(name) !== name)) return document;
  const moved = places.map(([name, place]) => [rename(name), place] as const);
  return { ...document, canvas: { ...document.canvas, positions: Object.fromEntries(moved) } };
}

/** Give a question another name; its answers are read by it, and tests answer it. */
export function renameQuestion(document: FlowDocument, key: string, at: number, id: string): FlowDocument {
  const index = indexOf(document, key);
  const step = stepOf(document, key);
  const asked = step ? questionsOf(step) : [];
  const old = asked[at]?.id;
  if (!step) return document;
  const questions = asked.map((one, number) => (number === at ? { ...one, id } : one));
  const put = (one: Step): Step => ({ ...one, config: { ...configOf(one), questions } });
  const renamed = { ...document, steps: stepsOf(document).map((one, number) => (number === index ? put(one) : one)) };
  const others = stepsOf(document).flatMap(questionsOf).filter((one) => one.id === old).length > 1;
  if (!old || others) return renamed;
  const answered = (tests: FlowTest[]): FlowTest[] => tests.map((test) => renamedAnswers(test, old, id));
  const read = renameRead(renamed, { of: "answers", old, now: id });
  return document.tests ? { ...read, tests: answered(document.tests) } : read;
}

/** Give a variable of the flow another name. */
export function renameVariable(document: FlowDocument, old: string, name: string): FlowDocument {
  const turn = (values: Record<string, unknown>): Record<string, unknown> =>
    Object.fromEntries(Object.entries(values).map(([one, value]) => [one === old ? name : one, value]));
  const set = (step: Step): Step =>
    step.type === "set" && old in valuesOf(step) ? { ...step, config: { ...configOf(step), values: turn(valuesOf(step)) } } : step;
  const renamed = { ...document, variables: turn(document.variables ?? {}), steps: stepsOf(document).map(set) };
  return renameRead(renamed, { of: null, old, now: name });
}

/** A name in every condition, value and template of the steps; a name nobody could read stays. */
function renameRead(document: FlowDocument, naming: Naming): FlowDocument {
  if (naming.of === null && (!isVariable(naming.old) || !isVariable(naming.now))) return document;
  return { ...document, steps: stepsOf(document).map((step) => readStep(step, naming)) };
}

function readStep(step: Step, naming: Naming): Step {
  const config = Object.fromEntries(
    Object.entries(configOf(step)).map(([name, value]) => [name, PLAIN.has(name) ? value : inWords(value, naming)]),
  );
  if (step.type === "condition" && Array.isArray(config.branches))
    config.branches = branchesOf(step).map((one) => (typeof one.when === "string" ? { ...one, when: inExpression(one.when, naming) } : one));
  if (step.type === "set" && typeof config.values === "object") config.values = inValues(valuesOf(step), naming);
  return JSON.stringify(config) === JSON.stringify(configOf(step)) ? step : { ...step, config };
}

function inValues(values: Record<string, unknown>, naming: Naming): Record<string, unknown> {
  const turn = (value: unknown): unknown => (typeof value === "string" ? inExpression(value, naming) : value);
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, turn(value)]));
}

/** In each text, however deep. */
function inWords(value: unknown, naming: Naming): unknown {
  if (typeof value === "string") return inTemplate(value, naming);
  if (Array.isArray(value)) return value.map((one) => inWords(one, naming));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, inWords(one, naming)]));
}

function valuesOf(step: Step): Record<string, unknown> {
  const { values } = configOf(step);
  return typeof values === "object" && values !== null ? (values as Record<string, unknown>) : {};
}

const questionsOf = (step: Step): { id?: string }[] =>
  list<{ id?: string }>(configOf(step).questions).filter((one) => typeof one === "object" && one !== null);

function renamedAnswers(test: FlowTest, old: string, now: string): FlowTest {
  if (!test.replies) return test;
  const turn = (given: Record<string, unknown>): Record<string, unknown> =>
    Object.fromEntries(Object.entries(given).map(([name, value]) => [name === old ? now : name, value]));
  return { ...test, replies: test.replies.map((one) => (one.answers ? { ...one, answers: turn(one.answers) } : one)) };
}

function renamedTest(test: FlowTest, rename: Rename): FlowTest {
  const result = { ...test };
  if (test.expect) {
    const expect = { ...test.expect };
    if (expect.reaches) expect.reaches = expect.reaches.map(rename);
    if (expect.never) expect.never = expect.never.map(rename);
    if (expect.ways) expect.ways = expect.ways.map((way) => renamedWay(way, rename));
    result.expect = expect;
  }
  if (test.replies)
    result.replies = test.replies.map((one) => (one.to ? { ...one, to: rename(one.to) } : one));
  return result;
}

/** `step:way`, where either may hold a colon: the step is what was renamed, if it begins so. */
function renamedWay(way: string, rename: Rename): string {
  for (let at = way.indexOf(":"); at > 0; at = way.indexOf(":", at + 1)) {
    const step = way.slice(0, at);
    if (rename(step) !== step) return rename(step) + way.slice(at);
  }
  return way;
}

import assert from "node:assert/strict";
import test from "node:test";
import { chance, load } from "./loading.mjs";

const { composed, literalOf, OPERATORS, operatorsFor, rowsOf, standsAlone } = await load("condition/rows.ts");
const { completionAt, taken } = await load("condition/completion.ts");
const { firstSamples, following, namesRead, plusRow, samplesOf } = await load("condition/samples.ts");

const NAMES = [
  { name: "contact.first_name", type: "text", about: "", values: [], sure: true },
  { name: "contact.visits", type: "number", about: "", values: [], sure: true },
  { name: "reply.intent", type: "text", about: "what is meant", values: ["interested", "objection"], sure: true },
  { name: "reply.sentiment", type: "text", about: "how it sounds", values: ["positive", "negative"], sure: false },
  { name: "price", type: "number", about: "a variable", values: [], sure: true },
];
const WORDS = ["", "yes", 'a "quote"', "it's", "back\\slash", "line\nbreak", "ünïcode ✓", "&& ||", "\u0001"];

function anyRow(next) {
  const operators = Object.keys(OPERATORS);
  const name = ["price", "reply.intent", "contact.tags", "a.b.c"][next(4)];
  const operator = operators[next(operators.length)];
  const text = () => ({ kind: "text", text: WORDS[next(WORDS.length)] });
  const number = () => ({ kind: "number", text: ["0", "-3", "12.5", "700"][next(4)] });
  const texts = ["contains", "contains_not", "begins", "ends"].includes(operator);
  const value = () => (texts || next(2) ? text() : number());
  if (standsAlone(operator)) return { name, operator, values: [] };
  const count = operator === "one_of" ? 1 + next(3) : 1;
  return { name, operator, values: Array.from({ length: count }, value) };
}

test("rows that are written as CEL are read back as the same rows", () => {
  const next = chance(7);
  for (let round = 0; round < 3000; round += 1) {
    const rows = Array.from({ length: 1 + next(4) }, () => anyRow(next));
    const join = rows.length > 1 && next(2) ? "or" : "and";
    const source = composed({ join, rows });
    assert.deepEqual(rowsOf(source), { join, rows }, source);
  }
});

test("what says more than rows can say is left as it is written", () => {
  for (const source of [
    'reply.intent == "a" && (price > 3 || price < 1)',
    'reply.intent == "a" && price > 3 || price < 1',
    "size(contact.tags) > 2",
    "price * 2 > 3",
    'price == contact.visits',
    'reply.text.matches("a+")',
    'reply.intent == ',
    'reply.intent == "a',
    "price > 3 &&",
  ])
    assert.equal(rowsOf(source), null, source);
});

test("a value before its name is turned round", () => {
  assert.deepEqual(rowsOf("3 <= price").rows[0], { name: "price", operator: "at_least", values: [{ kind: "number", text: "3" }] });
  assert.deepEqual(rowsOf('"vip" in contact.tags').rows[0].operator, "includes");
});

test("what is typed becomes the kind of value that fits", () => {
  assert.deepEqual(literalOf("5", "number"), { kind: "number", text: "5" });
  assert.deepEqual(literalOf("5", "text"), { kind: "text", text: "5" });
  assert.deepEqual(literalOf("true", "yes or no"), { kind: "boolean", text: "true" });
  assert.ok(operatorsFor("number").includes("at_least"));
  assert.ok(!operatorsFor("text").includes("at_least"));
});

test("names, values and functions are offered where they fit", () => {
  const at = (source) => completionAt(source, source.length, NAMES).options.map((one) => one.label);
  assert.ok(at("").includes("reply.intent"));
  assert.deepEqual(at("repl"), ["reply.intent", "reply.sentiment"]);
  assert.ok(at("reply.").includes("reply.sentiment"));
  assert.ok(at("reply.").includes("contains( )"));
  assert.deepEqual(at("reply.s").slice(0, 2), ["reply.sentiment", "startsWith( )"]);
  assert.deepEqual(at("reply.in"), ["reply.intent"]);
  assert.ok(at("reply.sentiment ").includes("=="));
  assert.deepEqual(at("reply.sentiment == ").slice(0, 2), ['"positive"', '"negative"']);
  assert.deepEqual(at('reply.sentiment == "neg'), ['"negative"']);
  assert.deepEqual(at('reply.intent in ["interested", "').slice(0, 2), ['"interested"', '"objection"']);
  assert.deepEqual(at('reply.sentiment == "negative" '), ["&&", "||"]);
  assert.ok(at('reply.sentiment == "negative" && ').includes("price"));
});

test("a value that is taken replaces the one that stands there, also in the middle", () => {
  const source = 'reply.sentiment == "pos" && price > 3';
  const caret = source.indexOf("pos") + 1;
  const found = completionAt(source, caret, NAMES);
  const option = found.options.find((one) => one.label === '"positive"');
  assert.equal(taken(source, found, option).text, 'reply.sentiment == "positive" && price > 3');
});

test("taking any option gives text that has it, with the caret inside", () => {
  for (const source of ["", "con", "reply.", "reply.text.con", 'x == "', "price ", "(", "has(con"]) {
    const found = completionAt(source, source.length, NAMES);
    for (const option of found.options) {
      const { text, caret } = taken(source, found, option);
      assert.ok(text.includes(option.insert));
      assert.ok(caret >= 0 && caret <= text.length);
    }
  }
});

test("the first samples show each value that the condition asks about", () => {
  const source = 'reply.sentiment == "negative" && price > 3';
  const table = firstSamples(source, NAMES);
  assert.deepEqual(table.columns, ["reply.sentiment", "price"]);
  assert.equal(table.rows[0].cells[0], "negative");
  assert.deepEqual(namesRead('has(contact.phone) && contact.tags.exists(t, t == "a")'), ["contact.phone", "contact.tags"]);
});

test("samples are nested values; an empty cell is a name that is not there", () => {
  const table = { columns: ["reply.intent", "reply.text", "price", "contact.visits"], rows: [{ name: "a", cells: ["interested", "", "3", "x"] }] };
  assert.deepEqual(samplesOf(table, NAMES), [
    { name: "a", values: { reply: { intent: "interested" }, price: 3, contact: { visits: "x" } } },
  ]);
});

test("samples never share a name, and follow what the condition reads", () => {
  let table = firstSamples("price > 1", NAMES);
  for (let round = 0; round < 5; round += 1) table = plusRow(table);
  table = following({ ...table, rows: table.rows.toSpliced(0, 1) }, "contact.visits > 1");
  table = plusRow(table);
  assert.equal(new Set(table.rows.map((row) => row.name)).size, table.rows.length);
  assert.deepEqual(table.columns, ["price", "contact.visits"]);
  for (const row of table.rows) assert.equal(row.cells.length, 2);
});

test("names of several steps stand once, and are sure only where all of them are", async () => {
  const { joined, knowing } = await load("condition/names.ts");
  const name = (name, sure, values = [], type = "text") => ({ name, type, about: "", values, sure });
  const found = joined([[name("price", true), name("contact", true, [], "group")], [name("price", true), name("reply.intent", true, ["a"])]]);
  assert.deepEqual(found.map((one) => [one.name, one.sure]), [["price", true], ["reply.intent", false]]);
  const steps = ["a", "b", "c", "d", "e"].map((id) => ({ id, type: "condition" }));
  assert.deepEqual(knowing({ steps: [...steps, { id: "end", type: "end" }] }), ["c", "d", "e", "end"]);
});

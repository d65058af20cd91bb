// No way runs under a card: node --test tests/routing.test.mjs

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { chance, load } from "./loading.mjs";

const { routesOf, curve } = await load("canvas/routing.ts");
const CARD = { width: 240, height: 96 };
const boxOf = ([x, y]) => ({ x, y, ...CARD });

/** Whether the inside of a card is touched. */
const inside = (box, [ax, ay], [bx, by]) =>
  Math.min(ax, bx) < box.x + box.width - 0.5 && Math.max(ax, bx) > box.x + 0.5 && Math.min(ay, by) < box.y + box.height - 0.5 && Math.max(ay, by) > box.y + 0.5;

function wantedOf(places, links) {
  const many = new Map();
  for (const [from] of links) many.set(from, (many.get(from) ?? 0) + 1);
  const seen = new Map();
  return links.map(([from, to]) => {
    const at = seen.get(from) ?? 0;
    seen.set(from, at + 1);
    const [x, y] = places[from];
    const [tx, ty] = places[to];
    return { id: `${from}:${at}`, goal: String(to), from: [x + (CARD.width / many.get(from)) * (at + 0.5), y + CARD.height], to: [tx + 120, ty - 7] };
  });
}

function check(places, links) {
  const boxes = Object.values(places).map(boxOf);
  const wanted = wantedOf(places, links);
  const routes = routesOf(boxes, wanted);
  for (const { id, from, to } of wanted) {
    const route = routes.get(id);
    assert.ok(route, id);
    assert.deepEqual(route.points[0], from);
    assert.deepEqual(route.points.at(-1), to);
    const points = route.curved ? curve(from, to, 60) : route.points;
    for (let at = 1; at < points.length; at += 1) {
      if (!route.curved) assert.ok(points[at][0] === points[at - 1][0] || points[at][1] === points[at - 1][1], `${id} is slanted`);
      for (const box of boxes) assert.ok(!inside(box, points[at - 1], points[at]), `${id} runs under a card at ${box.x}, ${box.y}`);
    }
  }
  return routes;
}

test("in grids of any filling no way runs under a card", () => {
  for (let seed = 1; seed <= 150; seed += 1) {
    const random = chance(seed);
    const places = [];
    for (let row = 0; row < 7; row += 1)
      for (let column = 0; column < 5; column += 1)
        if (random(100) < 30 + (seed % 60)) places.push([column * 300 + random(25) - 12, row * 168 + random(25) - 12]);
    if (places.length < 2) continue;
    const links = Array.from({ length: 30 }, () => [random(places.length), random(places.length)]);
    check(places, links);
  }
});

test("where the layout puts the steps of the demo flows, no way runs under a card", async () => {
  const file = path.join(import.meta.dirname, "drawn_flows.json");
  for (const { places, links } of JSON.parse(await readFile(file, "utf8"))) check(places, links);
});

test("a way between neighbours is a soft curve, and a straight one is straight", () => {
  const routes = check({ a: [0, 0], b: [0, 184], c: [300, 184] }, [["a", "b"], ["b", "c"]]);
  assert.ok(routes.get("a:0").curved);
  assert.match(routes.get("a:0").path, /^M120 96C120 \S+ 120 \S+ 120 177$/);
  assert.ok(!routes.get("b:0").curved);
});

test("two ways through the same gap lie beside each other", () => {
  const places = { a: [0, 0], b: [0, 184], c: [0, 368], d: [0, 552] };
  const routes = check(places, [["a", "c"], ["a", "d"], ["d", "a"], ["c", "b"]]);
  const lanes = [...routes.values()].filter((route) => route.points.length > 4).map((route) => route.points[2][0]);
  assert.equal(new Set(lanes).size, lanes.length);
});

test("five hundred steps are routed quickly", () => {
  const places = Array.from({ length: 500 }, (_, at) => [300 * (at % 20), 170 * Math.floor(at / 20)]);
  const random = chance(7);
  const links = places.flatMap((_, at) => [[at, Math.min(499, at + 1)], [at, random(500)]]);
  const begun = performance.now();
  check(places, links.slice(0, 0));
  routesOf(places.map(boxOf), wantedOf(places, links));
  assert.ok(performance.now() - begun < 3_000);
});

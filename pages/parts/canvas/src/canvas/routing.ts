// Where ways run between cards: soft curves where nothing is in between, else straight parts with
// round corners through the gaps. Nothing here knows React; the numbers are the drawing's pixels.

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export type Point = readonly [number, number];

export interface Wanted {
  id: string;
  /** Where it leaves the lower edge of a card. */
  from: Point;
  /** Where it enters above a card. */
  to: Point;
  /** Ways with the same goal may run together. */
  goal: string;
}

export interface Route {
  path: string;
  points: Point[];
  curved: boolean;
  /** Where words on it stand. */
  label: Point;
}

/** So far from a card a straight part runs at least. */
const CLEAR = 8;
const SOFT = 230;
const SIDES = [30, 14];
const LEAVES = [50, 36, 14];
const ENTERS = [28, 18];
const TRACK = 7;
const TRACKS = [0, 1, -1, 2, -2, 3, -3];
const BEND = 40;
const RADIUS = 14;
const CELL = 320;
const REACH = 900;

/** Cards by the squares of a grid, so that a part asks only its neighbours. */
export class Field {
  private readonly cells = new Map<string, Box[]>();
  readonly boxes: readonly Box[];

  constructor(boxes: readonly Box[]) {
    this.boxes = boxes;
    for (const box of boxes)
      for (const name of squares(box.x, box.y, box.x + box.width, box.y + box.height)) {
        const found = this.cells.get(name);
        if (found) found.push(box);
        else this.cells.set(name, [box]);
      }
  }

  /** Whether the rectangle between two points comes nearer to a card than `clear`. */
  hit([ax, ay]: Point, [bx, by]: Point, clear: number): boolean {
    const left = Math.min(ax, bx) - clear;
    const right = Math.max(ax, bx) + clear;
    const top = Math.min(ay, by) - clear;
    const bottom = Math.max(ay, by) + clear;
    for (const name of squares(left, top, right, bottom))
      for (const box of this.cells.get(name) ?? [])
        if (box.x < right && box.x + box.width > left && box.y < bottom && box.y + box.height > top) return true;
    return false;
  }
}

function* squares(left: number, top: number, right: number, bottom: number): Generator<string> {
  for (let x = Math.floor(left / CELL); x <= Math.floor(right / CELL); x += 1)
    for (let y = Math.floor(top / CELL); y <= Math.floor(bottom / CELL); y += 1) yield `${x},${y}`;
}

/** Every way's route, so that two of them do not lie on each other where there is room. */
export function routesOf(boxes: readonly Box[], wanted: readonly Wanted[]): Map<string, Route> {
  const field = new Field(boxes);
  const sides = lanes(boxes);
  const taken = new Taken();
  const routes = new Map<string, Route>();
  for (const one of wanted) {
    const soft = softly(field, one);
    if (soft) routes.set(one.id, soft);
  }
  for (const one of wanted) {
    if (routes.has(one.id)) continue;
    const found = straight(field, sides, one) ?? around(field, one);
    routes.set(one.id, found ? drawn(apart(field, taken, found, one.goal)) : loose(one.from, one.to));
  }
  return routes;
}

// Soft curves

/** A curve, whatever is in between. */
export function loose(from: Point, to: Point): Route {
  const [, a, b] = handles(from, to);
  const path = `M${at(from)}C${at(a)} ${at(b)} ${at(to)}`;
  return { path, points: [from, to], curved: true, label: along(from, to, 0.6) };
}

function handles(from: Point, to: Point): [Point, Point, Point, Point] {
  const pull = Math.max(Math.abs(to[1] - from[1]) * 0.5, 24);
  return [from, [from[0], from[1] + pull], [to[0], to[1] - pull], to];
}

/** The curve's points at equal times. */
export function curve(from: Point, to: Point, parts = 16): Point[] {
  const [p, q, r, s] = handles(from, to);
  return Array.from({ length: parts + 1 }, (_, index): Point => {
    const t = index / parts;
    const u = 1 - t;
    const mix = (axis: 0 | 1): number => u ** 3 * p[axis] + 3 * u * u * t * q[axis] + 3 * u * t * t * r[axis] + t ** 3 * s[axis];
    return [mix(0), mix(1)];
  });
}

function softly(field: Field, wanted: Wanted): Route | null {
  const { from, to } = wanted;
  const down = to[1] - from[1];
  if (down < 12 || (down > SOFT && Math.abs(to[0] - from[0]) > 1)) return null;
  const points = curve(from, to);
  for (let index = 1; index < points.length; index += 1)
    if (field.hit(points[index - 1] as Point, points[index] as Point, index > 1 && index < points.length - 1 ? 2 : -1)) return null;
  return loose(from, to);
}

// Straight parts

function lanes(boxes: readonly Box[]): number[] {
  const found = boxes.flatMap((box) => SIDES.flatMap((side) => [box.x - side, box.x + box.width + side]));
  return [...new Set(found)].sort((a, b) => a - b);
}

/** Down into the gap, over to a free lane, along it, over, and in from above. */
function straight(field: Field, sides: readonly number[], { from, to }: Wanted): Point[] | null {
  const [sx, sy] = from;
  const [tx, ty] = to;
  const length = (x: number): number => Math.abs(sx - x) + Math.abs(x - tx) + (x === sx || x === tx ? 0 : BEND);
  const lanes = [sx, tx, ...sides].sort((a, b) => length(a) - length(b));
  const leaves = LEAVES.map((gap) => sy + gap).filter((y) => clear(field, [sx, sy], [sx, y]));
  const enters = ENTERS.map((gap) => ty - gap).filter((y) => clear(field, [tx, y], [tx, ty]));
  for (const x of lanes)
    for (const low of leaves) {
      if (!clear(field, [sx, low], [x, low])) continue;
      for (const high of enters)
        if (clear(field, [x, low], [x, high]) && clear(field, [x, high], [tx, high]) && !turnsBack(sy, low, high, ty, x, sx, tx))
          return plain([from, [sx, low], [x, low], [x, high], [tx, high], to]);
    }
  return null;
}

/** A lane over its own end would run back over itself. */
function turnsBack(sy: number, low: number, high: number, ty: number, x: number, sx: number, tx: number): boolean {
  return (x === sx && high < low && sx !== tx) || (x === tx && high < low) || (x === sx && high < sy) || (x === tx && low > ty);
}

/** Ends touch their own card; all else keeps its distance. */
function clear(field: Field, a: Point, b: Point): boolean {
  const upright = a[0] === b[0];
  return upright ? !field.hit([a[0] - CLEAR, a[1]], [b[0] + CLEAR, b[1]], -0.5) : !field.hit([a[0], a[1] - 6], [b[0], b[1] + 6], -0.5);
}

/** Without points in the middle of a straight part. */
function plain(points: readonly Point[]): Point[] {
  const found: Point[] = [];
  for (const point of points) {
    const last = found.at(-1);
    if (last && last[0] === point[0] && last[1] === point[1]) continue;
    const before = found.at(-2);
    const same = last && before && ((before[0] === last[0] && last[0] === point[0]) || (before[1] === last[1] && last[1] === point[1]));
    if (same) found.pop();
    found.push(point);
  }
  return found;
}

interface Spot {
  column: number;
  row: number;
  upright: boolean;
  cost: number;
  before: Spot | null;
}

/** The shortest way with few corners over the lines beside the cards nearby. */
function around(field: Field, { from, to }: Wanted): Point[] | null {
  const [left, right] = [Math.min(from[0], to[0]) - REACH, Math.max(from[0], to[0]) + REACH];
  const [top, bottom] = [Math.min(from[1], to[1]) - REACH, Math.max(from[1], to[1]) + REACH];
  const near = field.boxes.filter((box) => box.x < right && box.x + box.width > left && box.y < bottom && box.y + box.height > top);
  const side = 12;
  const xs = rising([from[0], to[0], ...near.flatMap((box) => [box.x - side, box.x + box.width + side])]);
  const ys = rising([from[1], from[1] + side, to[1], to[1] - side, ...near.flatMap((box) => [box.y - side, box.y + box.height + side])]);
  const goal = [xs.indexOf(to[0]), ys.indexOf(to[1])];
  const best = new Map<number, number>();
  const open: Spot[] = [{ column: xs.indexOf(from[0]), row: ys.indexOf(from[1]), upright: true, cost: 0, before: null }];
  const name = (spot: Spot): number => (spot.row * xs.length + spot.column) * 2 + (spot.upright ? 1 : 0);
  const far = (spot: Spot): number => spot.cost + Math.abs((xs[spot.column] ?? 0) - to[0]) + Math.abs((ys[spot.row] ?? 0) - to[1]);
  while (open.length) {
    const spot = taken(open, far);
    if ((best.get(name(spot)) ?? Infinity) < spot.cost) continue;
    if (spot.column === goal[0] && spot.row === goal[1] && spot.upright) return plain(back(spot, xs, ys));
    for (const [across, down] of [[0, 1], [1, 0], [-1, 0], [0, -1]] as const) {
      const [column, row] = [spot.column + across, spot.row + down];
      const [x, y] = [xs[column], ys[row]];
      if (x === undefined || y === undefined || (!spot.before && down !== 1)) continue;
      const here: Point = [xs[spot.column] as number, ys[spot.row] as number];
      if (column === goal[0] && row === goal[1] && down !== 1) continue;
      if (!clear(field, here, [x, y])) continue;
      const upright = down !== 0;
      const cost = spot.cost + Math.abs(x - here[0]) + Math.abs(y - here[1]) + (upright === spot.upright ? 0 : BEND);
      const next: Spot = { column, row, upright, cost, before: spot };
      if ((best.get(name(next)) ?? Infinity) <= cost) continue;
      best.set(name(next), cost);
      put(open, next, far);
    }
  }
  return null;
}

const rising = (values: number[]): number[] => [...new Set(values)].sort((a, b) => a - b);

function back(spot: Spot, xs: readonly number[], ys: readonly number[]): Point[] {
  const points: Point[] = [];
  for (let at: Spot | null = spot; at; at = at.before) points.push([xs[at.column] as number, ys[at.row] as number]);
  return points.reverse();
}

/** A heap in an array: the nearest is taken first. */
function put(open: Spot[], spot: Spot, far: (spot: Spot) => number): void {
  let index = open.push(spot) - 1;
  while (index > 0) {
    const up = (index - 1) >> 1;
    if (far(open[up] as Spot) <= far(spot)) break;
    open[index] = open[up] as Spot;
    index = up;
  }
  open[index] = spot;
}

function taken(open: Spot[], far: (spot: Spot) => number): Spot {
  const first = open[0] as Spot;
  const last = open.pop() as Spot;
  if (!open.length) return first;
  let index = 0;
  for (;;) {
    let child = 2 * index + 1;
    if (child >= open.length) break;
    if (child + 1 < open.length && far(open[child + 1] as Spot) < far(open[child] as Spot)) child += 1;
    if (far(open[child] as Spot) >= far(last)) break;
    open[index] = open[child] as Spot;
    index = child;
  }
  open[index] = last;
  return first;
}

// Beside each other

/** Which straight parts are drawn already, by the line that they lie on. */
class Taken {
  private readonly lines = new Map<string, { low: number; high: number; goal: string }[]>();

  private static names(a: Point, b: Point): { name: string; low: number; high: number } {
    const upright = a[0] === b[0];
    const [line, low, high] = upright ? [a[0], a[1], b[1]] : [a[1], a[0], b[0]];
    return { name: `${upright ? "|" : "-"}${Math.round(line / 3)}`, low: Math.min(low, high), high: Math.max(low, high) };
  }

  has(a: Point, b: Point, goal: string): boolean {
    const { name, low, high } = Taken.names(a, b);
    const line = Number(name.slice(1));
    return [line - 1, line, line + 1].some((one) =>
      (this.lines.get(name[0] + String(one)) ?? []).some((part) => part.goal !== goal && part.low < high + 4 && part.high > low - 4),
    );
  }

  add(points: readonly Point[], goal: string): void {
    for (let index = 1; index < points.length; index += 1) {
      const { name, low, high } = Taken.names(points[index - 1] as Point, points[index] as Point);
      const found = this.lines.get(name);
      if (found) found.push({ low, high, goal });
      else this.lines.set(name, [{ low, high, goal }]);
    }
  }
}

/** Each inner part moved a little to a track of its own, where cards leave the room. */
function apart(field: Field, taken: Taken, points: Point[], goal: string): Point[] {
  let now = points;
  for (let index = 1; index + 2 < points.length; index += 1) {
    const free = TRACKS.map((track) => shifted(now, index, track * TRACK)).find(
      (one) => !taken.has(one[index] as Point, one[index + 1] as Point, goal) && isClear(field, one),
    );
    now = free ?? now;
  }
  taken.add(now, goal);
  return now;
}

function shifted(points: readonly Point[], index: number, by: number): Point[] {
  const upright = points[index]?.[0] === points[index + 1]?.[0];
  return points.map((point, at): Point =>
    at !== index && at !== index + 1 ? point : upright ? [point[0] + by, point[1]] : [point[0], point[1] + by],
  );
}

/** Whether a route stays outside of every card, leaves downwards and enters from above. */
function isClear(field: Field, points: readonly Point[]): boolean {
  const rises = (a: Point | undefined, b: Point | undefined): boolean => !a || !b || b[1] < a[1] + 6;
  if (rises(points[0], points[1]) || rises(points.at(-2), points.at(-1))) return false;
  return points.every((point, at) => at === 0 || clear(field, points[at - 1] as Point, point));
}

// As a path

function drawn(points: Point[]): Route {
  const parts = [`M${at(points[0] as Point)}`];
  for (let index = 1; index + 1 < points.length; index += 1) {
    const [before, corner, after] = [points[index - 1], points[index], points[index + 1]] as [Point, Point, Point];
    const radius = Math.min(RADIUS, span(before, corner) / 2, span(corner, after) / 2);
    parts.push(`L${at(toward(corner, before, radius))}Q${at(corner)} ${at(toward(corner, after, radius))}`);
  }
  parts.push(`L${at(points.at(-1) as Point)}`);
  return { path: parts.join(""), points, curved: false, label: middle(points) };
}

const span = (a: Point, b: Point): number => Math.abs(a[0] - b[0]) + Math.abs(a[1] - b[1]);
const at = ([x, y]: Point): string => `${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}`;
const along = (a: Point, b: Point, part: number): Point => [a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part];

function toward(corner: Point, other: Point, by: number): Point {
  const far = span(corner, other);
  return far ? along(corner, other, by / far) : corner;
}

/** The middle of the longest part. */
function middle(points: readonly Point[]): Point {
  let best: [Point, Point] = [points[0] as Point, points[1] as Point];
  for (let index = 1; index < points.length; index += 1) {
    const part: [Point, Point] = [points[index - 1] as Point, points[index] as Point];
    if (span(...part) > span(...best)) best = part;
  }
  return along(...best, 0.5);
}

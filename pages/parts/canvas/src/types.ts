// The shapes that the canvas shares with Python and with the API. They are the API's own names.

export interface Step {
  id: string;
  type: string;
  config?: Record<string, unknown>;
  next?: string | null;
  on_reply?: string | null;
  on_timeout?: string | null;
  expect?: string | string[] | null;
  comment?: string | null;
  [more: string]: unknown;
}

export interface Note {
  id: string;
  text: string;
  x: number;
  y: number;
  width?: number;
  height?: number;
  [more: string]: unknown;
}

export type Place = [number, number];
export type Places = Record<string, Place>;

export interface CanvasOfFlow {
  positions?: Places;
  notes?: Note[];
  [more: string]: unknown;
}

/** A flow document as it is written: unknown keys are kept. */
export interface FlowDocument {
  name?: string;
  description?: string;
  timezone?: string;
  variables?: Record<string, unknown>;
  quiet_hours?: { from: string; to: string } | null;
  start?: string | null;
  steps: Step[];
  tests?: FlowTest[];
  canvas?: CanvasOfFlow | null;
  [more: string]: unknown;
}

export interface ScriptedReply {
  to?: string | null;
  visit?: number | null;
  text?: string;
  intent?: string | null;
  sentiment?: string | null;
  after?: string;
  answers?: Record<string, unknown>;
}

export interface Expectation {
  reaches?: string[];
  never?: string[];
  /** `step:way`. */
  ways?: string[];
  max_messages?: number | null;
  goal?: string | null;
  at_least?: number | null;
  at_most?: number | null;
}

export interface FlowTest {
  name?: string | null;
  persona?: string | null;
  copies?: number;
  contact?: Record<string, unknown> | null;
  replies?: ScriptedReply[] | null;
  transcript?: string | null;
  seed?: number | null;
  expect?: Expectation;
}

export type Severity = "error" | "warning" | "info";

export interface Finding {
  type: string;
  severity: Severity;
  step_id: string | null;
  message: string;
  fix?: string | null;
  /** What mending it does, where the check knows how. */
  mend?: string | null;
}

/** A colour that means something; each is a custom property `--gr-TONE` of the component. */
export type Tone = "green" | "ochre" | "plum" | "slate" | "brick" | "quiet";

export interface JsonSchema {
  type?: string | string[];
  title?: string;
  description?: string;
  default?: unknown;
  enum?: unknown[];
  const?: unknown;
  format?: string;
  pattern?: string;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  additionalProperties?: boolean | JsonSchema;
  $ref?: string;
  $defs?: Record<string, JsonSchema>;
}

/** A kind of step: how it is called and drawn, and what it takes. */
export interface Kind {
  type: string;
  name: string;
  sign: string;
  tone: Tone;
  group: string;
  about: string;
  schema: JsonSchema;
  /** `next`, `on_reply`, `on_timeout`, `branches` (one for each, and `else`), `arms`. */
  ways: string[];
}

/** One way out of a step: `next`, `on_reply`, `on_timeout`, `branch:N`, `else` or `arm:NAME`. */
export interface Way {
  name: string;
  to: string | null;
  /** What stands on the edge. */
  label: string;
  /** Which handle of the card it leaves by: unique in a step even where two arms share a name. */
  handle: string;
}

export interface Problem {
  message: string;
  saw?: Record<string, unknown> | string | null;
  fix?: string | null;
  contact_id?: string | null;
  seq?: number | null;
  /** An `info` is what happens to anybody, such as an address that bounces. */
  severity?: Severity;
  people?: number;
}

export interface StepOverlay {
  line?: string;
  people?: number;
  failed?: number;
  unsure?: number;
  problems?: Problem[];
  waited?: number | null;
  p50?: number | null;
  p95?: number | null;
  tokens?: number;
  cost?: number;
}

export interface Overlay {
  run: { id: string; number: number; people: number };
  steps: Record<string, StepOverlay>;
  /** People by `step\u0000way`. */
  ways: Record<string, number>;
}

export type Change = "added" | "removed" | "changed" | "moved" | "same";

export interface FieldChange {
  path: string;
  a: unknown;
  b: unknown;
}

export interface Differences {
  a_version?: number | null;
  b_version?: number | null;
  steps: { id: string; change: Change; fields: FieldChange[] }[];
  ways: { step: string; way: string; change: Change; a_to: string | null; b_to: string | null }[];
  more: FieldChange[];
}

export interface Conflict {
  path: string;
  step_id?: string | null;
  mine: unknown;
  theirs: unknown;
}

export interface Merged {
  document: FlowDocument;
  conflicts: Conflict[];
  newest: number;
}

/** Whom to debug: one way of saying it. */
export interface Who {
  persona?: string | null;
  copy_number?: number;
  contact?: Record<string, unknown> | null;
  replies?: ScriptedReply[] | null;
  run_id?: string | null;
  contact_id?: string | null;
}

export interface Breakpoint {
  id?: string;
  kind: "step" | "condition" | "finding" | "problem";
  step_id?: string | null;
  when?: string | null;
  type?: string | null;
  enabled?: boolean;
  /** Why it will never stop anybody, where that is known. */
  note?: string | null;
}

export type Mode = "edit" | "read" | "compare";
export type View = "build" | "debug" | "tests" | "coverage" | "times" | "text" | "versions";

/** What Python gives. */
export interface CanvasData {
  mode: Mode;
  flow: { id: string; version: number; name: string };
  document: FlowDocument;
  text: string;
  positions: Places;
  kinds: Kind[];
  findings: Finding[];
  overlay: Overlay | null;
  compare: { a: string; b: string; differences: Differences; documents: [FlowDocument, FlowDocument] } | null;
  selected: string | null;
  /** The id of a debug session to open. */
  session: string | null;
  /** Open the debugger on this person. */
  contact: Who | null;
  personas: { id: string; name: string }[];
  twins?: { id: string; name: string }[];
  breakpoints: Breakpoint[];
  view: View;
  /** Which views there are; none where the flow is only looked at. */
  views: View[];
  /** `/api/v1`, behind the server's base path. */
  api: string;
  workspace: string;
  words: Record<string, string>;
  height: number;
}

export interface StoredFlow {
  id: string;
  version: number;
  name: string;
  document: FlowDocument;
  created_at: string;
  text: string | null;
}

export interface KeptFlow extends StoredFlow {
  findings: Finding[];
}

export interface Page<T> {
  items: T[];
  total: number;
  limit: number;
  offset: number;
  next: string | null;
}

/** What a panel says about a step, drawn on its card. */
export interface StepMark {
  tone?: Tone;
  /** A word or two on the card, never a colour alone. */
  badge?: string;
  /** A longer line under the card's content, in the place of what the last rehearsal says. */
  line?: string;
  /** Where the debugger stands. */
  current?: boolean;
  /** It was visited. */
  trail?: boolean;
  /** A stop is set here (`on`), or set and switched off (`off`). */
  breakpoint?: "on" | "off";
  /** From 0 to 1: how strongly the card is tinted with its tone. */
  heat?: number;
  faded?: boolean;
}

export interface WayMark {
  tone?: Tone;
  /** In pixels. */
  width?: number;
  dashed?: boolean;
  label?: string;
  /** The way that comes next in the debugger. */
  next?: boolean;
  faded?: boolean;
}

/** What a panel says on the canvas: steps by id, ways by `wayKey(step, way)`. */
export interface Marks {
  steps: Record<string, StepMark>;
  ways: Record<string, WayMark>;
  /** Only this counts: what the last rehearsal's people did stays away. */
  alone?: boolean;
}

export const wayKey = (step: string, way: string): string => `${step}\u0000${way}`;

// The one editing state of an open flow. Panels read it with `useFlow()` and change the document
// with `change(what, (document) => document)`; everything else (undo, checks, drafts, text) follows.

import { Api, cancelled } from "./api.ts";
import { Checking } from "./checking.ts";
import { Drafts } from "./drafts.ts";
import { keysOf, stepsOf, waysOf } from "./model.ts";
import { Saving } from "./saving.ts";
import type { Comparison, FlowState, Notice, Tell } from "./state.ts";
import { faultOf } from "./text/faults.ts";
import type { CanvasData, FlowDocument, Kind, Marks, Places, StepMark, StoredFlow, View, WayMark, Who } from "./types.ts";

export * from "./hooks.ts";
export type * from "./state.ts";

const READ_AFTER = 250;
const MERGE_WITHIN = 1_200;
const MOST_STEPS_BACK = 300;
const NOTHING: Marks = { steps: {}, ways: {} };

type Listener = () => void;

export class FlowStore {
  readonly api: Api;
  readonly kinds: ReadonlyMap<string, Kind>;
  tell: Tell;
  private state: FlowState;
  private readonly listeners = new Set<Listener>();
  private readonly layers = new Map<string, Marks>();
  private readonly texts = new WeakMap<FlowDocument, string>();
  private readonly drafts: Drafts;
  private lastText: string;
  private lastMerge: { key: string; at: number } | null = null;
  private draftTimer: ReturnType<typeof setTimeout> | undefined;
  private readTimer: ReturnType<typeof setTimeout> | undefined;
  private reading: AbortController | null = null;
  private readonly checking: Checking;
  private toggle: ((key: string) => void) | null = null;

  constructor(data: CanvasData, tell: Tell) {
    this.api = new Api(data.api, data.workspace);
    this.tell = tell;
    this.saving = new Saving(this);
    this.checking = new Checking(this);
    this.kinds = new Map(data.kinds.map((kind) => [kind.type, kind]));
    this.drafts = new Drafts(data.workspace, data.flow.id);
    this.lastText = data.text;
    this.texts.set(data.document, data.text);
    const draft = data.mode === "edit" ? this.drafts.read(data.document) : null;
    this.state = {
      data,
      document: data.document,
      base: { version: data.flow.version, document: data.document },
      selected: data.selected,
      selection: new Set(data.selected ? [data.selected] : []),
      reveal: data.selected ? { key: data.selected, at: 1 } : null,
      view: data.view,
      findings: data.findings,
      score: null,
      checking: false,
      unchecked: null,
      past: [],
      future: [],
      marks: NOTHING,
      placed: data.positions,
      saving: false,
      clash: null,
      comparison: data.compare,
      draft,
      notice: null,
      unread: null,
      debugging: { session: data.session, who: data.contact },
    };
    if (data.mode === "edit") this.checking.soon();
  }

  // Reading

  readonly get = (): FlowState => this.state;

  readonly subscribe = (listener: Listener): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  get editable(): boolean {
    return this.state.data.mode === "edit" && this.state.comparison === null;
  }

  get dirty(): boolean {
    return this.state.document !== this.state.base.document;
  }

  set(patch: Partial<FlowState>): void {
    this.state = { ...this.state, ...patch };
    for (const listener of this.listeners) listener();
  }

  // What Python gives again, at each run of the page

  /** New facts from Python; work that is not saved stays as it is. */
  readonly receive = (data: CanvasData): void => {
    if (data === this.state.data) return;
    const patch: Partial<FlowState> = { data };
    const old = this.state.data;
    if (data.flow.version !== this.state.base.version && !this.dirty && data.mode === old.mode)
      Object.assign(patch, this.adopted(data.document, data.flow.version, data.text));
    else if (data.mode !== "edit" && data.document !== old.document) patch.document = data.document;
    if (data.mode !== "edit") Object.assign(patch, { findings: data.findings, comparison: data.compare });
    if (!samePlaces(data.positions, old.positions)) patch.placed = data.positions;
    if (data.selected && data.selected !== old.selected && data.selected !== this.state.selected)
      Object.assign(patch, { selected: data.selected, selection: new Set([data.selected]) });
    if (data.view !== old.view) patch.view = data.view;
    if (data.session !== old.session || JSON.stringify(data.contact) !== JSON.stringify(old.contact))
      patch.debugging = { session: data.session, who: data.contact };
    this.set(patch);
    if (patch.document) this.checking.soon();
  };

  private adopted(document: FlowDocument, version: number, text: string): Partial<FlowState> {
    this.lastText = text;
    this.texts.set(document, text);
    return { document, base: { version, document }, past: [], future: [], clash: null };
  }

  // Selecting

  readonly select = (key: string | null, options: { reveal?: boolean } = {}): void => {
    const selection = new Set(key ? [key] : []);
    const at = (this.state.reveal?.at ?? 0) + 1;
    const reveal = key && options.reveal ? { key, at } : this.state.reveal;
    this.set({ selected: key, selection, reveal });
    this.tell.selected(key);
  };

  readonly selectMany = (keys: Iterable<string>): void => {
    const selection = new Set(keys);
    const only = selection.size === 1 ? [...selection][0] ?? null : null;
    if (sameSet(selection, this.state.selection)) return;
    this.set({ selection, selected: only });
    this.tell.selected(only);
  };

  readonly everything = (): string[] => keysOf(this.state.document);

  /** Along the flow from the chosen step: to where it leads first, or back to what leads to it. */
  readonly walk = (step: 1 | -1): void => {
    const { document, selected } = this.state;
    const ways = stepsOf(document).flatMap((one) =>
      waysOf(one, this.kinds.get(one.type)).map((way) => ({ from: one.id, to: way.to })),
    );
    const next = step === 1 ? ways.find((way) => way.from === selected && way.to)?.to : ways.find((way) => way.to === selected)?.from;
    const first = document.start ?? stepsOf(document)[0]?.id;
    const to = selected ? next : first;
    if (to) this.select(to, { reveal: true });
  };

  readonly setView = (view: View): void => {
    if (view === this.state.view) return;
    this.set({ view, comparison: this.state.data.mode === "edit" ? null : this.state.comparison });
  };

  readonly debug = (who: Who | null, session: string | null = null): void => {
    this.set({ view: "debug", debugging: { who, session } });
  };

  readonly say = (text: string, tone: Notice["tone"] = "plain"): void => {
    this.set({ notice: { id: (this.state.notice?.id ?? 0) + 1, text, tone } });
  };

  readonly unsay = (): void => this.set({ notice: null });

  // Changing

  /**
   * Change the document. Changes with the same `merge` that come shortly after one another are one
   * step of undo; `what` says in a few words what it was.
   */
  readonly change = (
    what: string,
    change: (document: FlowDocument) => FlowDocument,
    options: { merge?: string; select?: string[] } = {},
  ): void => {
    const { document, past, selection } = this.state;
    if (!this.editable) return;
    const next = change(document);
    if (next === document) return;
    const now = Date.now();
    const merges =
      options.merge !== undefined &&
      this.lastMerge?.key === options.merge &&
      now - this.lastMerge.at < MERGE_WITHIN &&
      past.length > 0;
    this.lastMerge = options.merge === undefined ? null : { key: options.merge, at: now };
    const entries = merges ? past : [...past.slice(-MOST_STEPS_BACK), { what, document, selection }];
    const patch: Partial<FlowState> = { document: next, past: entries, future: [] };
    if (options.select) Object.assign(patch, chosen(options.select));
    this.set({ ...patch, ...this.stillThere(next, patch.selection ?? selection) });
    this.tellSelected(selection);
    this.after();
  };

  /** Python follows the choice that a change brings. */
  private tellSelected(before: ReadonlySet<string>): void {
    if (!sameSet(before, this.state.selection)) this.tell.selected(this.state.selected);
  }

  private stillThere(document: FlowDocument, selection: ReadonlySet<string>): Partial<FlowState> {
    const keys = new Set(keysOf(document));
    const kept = [...selection].filter((key) => keys.has(key) || key.startsWith("\u0000"));
    return kept.length === selection.size ? {} : chosen(kept);
  }

  readonly undo = (): void => this.turn("past", "future");
  readonly redo = (): void => this.turn("future", "past");

  private turn(from: "past" | "future", to: "past" | "future"): void {
    const entry = this.state[from].at(-1);
    if (!entry || !this.editable) return;
    const { document, selection } = this.state;
    const kept = [...this.state[to], { what: entry.what, document, selection }];
    this.lastMerge = null;
    this.set({
      document: entry.document,
      [from]: this.state[from].slice(0, -1),
      [to]: kept,
      ...chosen([...entry.selection]),
      ...this.stillThere(entry.document, entry.selection),
    });
    this.tellSelected(selection);
    this.after();
  }

  private after(): void {
    this.checking.soon();
    this.keepSoon();
  }

  // The text

  /** The YAML that says the document, with the comments of the text it came from. */
  readonly text = async (signal?: AbortSignal): Promise<string> => {
    const { document } = this.state;
    const known = this.texts.get(document);
    if (known !== undefined) return known;
    const body = { document, text: this.lastText };
    const { text } = await this.api.post<{ text: string }>("/flows/text", body, signal ? { signal } : {});
    this.texts.set(document, text);
    if (this.state.document === document) this.lastText = text;
    return text;
  };

  readonly basis = (text: string): void => {
    this.lastText = text;
  };

  readonly knows = (document: FlowDocument, text: string): void => {
    this.texts.set(document, text);
    this.lastText = text;
  };

  /** The text where it is known without asking. */
  readonly knownText = (): string | undefined => this.texts.get(this.state.document);

  /** What somebody types: read once they pause. It stays as typed until it can be read. */
  readonly typed = (text: string): void => {
    this.set({ unread: { text, wrong: this.state.unread?.wrong ?? null } });
    clearTimeout(this.readTimer);
    this.readTimer = setTimeout(() => void this.readTyped(), READ_AFTER);
    this.keepSoon();
  };

  /** Read what was typed; whether the document says it now. */
  readonly readTyped = async (): Promise<boolean> => {
    const { unread } = this.state;
    if (!unread) return true;
    clearTimeout(this.readTimer);
    this.reading?.abort();
    this.reading = new AbortController();
    const { signal } = this.reading;
    try {
      const found = await this.api.post<{ document: FlowDocument }>("/flows/read", { text: unread.text }, { signal });
      if (this.state.unread?.text !== unread.text) return false;
      this.set({ unread: null });
      this.takeText(unread.text, found.document);
      return true;
    } catch (error) {
      if (!cancelled(error)) this.set({ unread: { text: unread.text, wrong: faultOf(error, unread.text) } });
      return false;
    }
  };

  /** Give up what was typed; the text says again what is drawn. */
  readonly dropTyped = (): void => {
    clearTimeout(this.readTimer);
    this.reading?.abort();
    this.set({ unread: null });
    this.keepSoon();
  };

  /** Take a text that was read as the document; the text itself stays as it was written. */
  private takeText(text: string, document: FlowDocument): void {
    const fresh = { ...document };
    this.texts.set(fresh, text);
    this.lastText = text;
    this.change("the text", () => fresh, { merge: "text" });
  }

  // Drafts

  private keepSoon(): void {
    clearTimeout(this.draftTimer);
    this.draftTimer = setTimeout(this.keep, 300);
  }

  readonly keep = (): void => {
    const { document, base, data, draft, unread } = this.state;
    if (data.mode !== "edit") return;
    if (!this.dirty && !unread) {
      if (!draft) this.drafts.forget();
      return;
    }
    if (draft) this.drafts.setAside(draft);
    const text = this.texts.get(document) ?? null;
    this.drafts.write({ version: base.version, document, text, basis: this.lastText, unread: unread?.text ?? null });
  };

  readonly takeDraft = (): void => {
    const { draft, base } = this.state;
    if (!draft) return;
    if (draft.text) this.texts.set(draft.document, draft.text);
    this.lastText = draft.basis || this.lastText;
    this.set({ draft: null });
    this.change("work that was not saved", () => draft.document);
    if (draft.version !== base.version)
      this.set({ base: { version: draft.version, document: base.document } });
    if (draft.unread) {
      this.setView("text");
      this.typed(draft.unread);
    }
  };

  readonly forget = (): void => this.drafts.forget();

  readonly dropDraft = (): void => {
    this.drafts.forget();
    this.set({ draft: null });
    this.keepSoon();
  };

  // Saving

  private readonly saving: Saving;
  readonly save = (): Promise<boolean> => this.saving.save();
  readonly saveBoth = (): Promise<void> => this.saving.saveBoth();
  readonly saveMine = (): Promise<void> => this.saving.saveMine();
  readonly saveApart = (): Promise<void> => this.saving.saveApart();
  readonly takeTheirs = (): void => this.saving.takeTheirs();
  readonly closeClash = (): void => this.set({ clash: null });

  /** Put the document of another version on the canvas; saving makes it the newest. */
  readonly restore = (flow: StoredFlow): void => {
    if (flow.text) {
      this.texts.set(flow.document, flow.text);
      this.lastText = flow.text;
    }
    this.set({ comparison: null });
    this.change(`going back to version ${flow.version}`, () => ({ ...flow.document }));
    if (flow.text) this.texts.set(this.state.document, flow.text);
  };

  readonly compare = (comparison: Comparison | null): void => this.set({ comparison });

  // Marks

  readonly mark = (layer: string, marks: Marks | null): void => {
    if (marks) this.layers.set(layer, marks);
    else if (!this.layers.delete(layer)) return;
    this.set({ marks: together([...this.layers.values()]) });
  };

  /** What a click on a card's stop sign does, while the debugger is open. */
  readonly onToggle = (toggle: ((key: string) => void) | null): void => {
    this.toggle = toggle;
  };

  readonly toggleStop = (key: string): boolean => {
    this.toggle?.(key);
    return this.toggle !== null;
  };

  readonly close = (): void => {
    clearTimeout(this.draftTimer);
    clearTimeout(this.readTimer);
    this.checking.close();
    this.reading?.abort();
    this.keep();
  };
}

function chosen(keys: string[]): Pick<FlowState, "selection" | "selected"> {
  return { selection: new Set(keys), selected: keys.length === 1 ? (keys[0] ?? null) : null };
}

function sameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((one) => b.has(one));
}

const samePlaces = (a: Places, b: Places): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);

function together(layers: Marks[]): Marks {
  const [only] = layers;
  if (layers.length < 2) return only ?? NOTHING;
  const steps: Record<string, StepMark> = {};
  const ways: Record<string, WayMark> = {};
  for (const layer of layers) {
    for (const [key, mark] of Object.entries(layer.steps)) steps[key] = { ...steps[key], ...mark };
    for (const [key, mark] of Object.entries(layer.ways)) ways[key] = { ...ways[key], ...mark };
  }
  return { steps, ways, alone: layers.some((layer) => layer.alone) };
}

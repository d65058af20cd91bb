// Saving, and what comes when somebody else saved meanwhile. Every save is a version, so that
// whatever is chosen then, nothing is lost.

import { Problem, said, type Api } from "./api.ts";
import type { FlowState, Tell } from "./state.ts";
import type { Differences, FlowDocument, KeptFlow, Merged, StoredFlow } from "./types.ts";

/** What saving needs of the open flow. */
export interface Desk {
  readonly api: Api;
  readonly tell: Tell;
  readonly editable: boolean;
  readonly dirty: boolean;
  get(): FlowState;
  set(patch: Partial<FlowState>): void;
  text(): Promise<string>;
  readTyped(): Promise<boolean>;
  change(what: string, change: (document: FlowDocument) => FlowDocument): void;
  setView(view: FlowState["view"]): void;
  say(text: string, tone?: "plain" | "wrong"): void;
  keep(): void;
  forget(): void;
  /** The text whose comments the next text keeps. */
  basis(text: string): void;
  /** The text that says exactly this document. */
  knows(document: FlowDocument, text: string): void;
}

export class Saving {
  private readonly desk: Desk;

  constructor(desk: Desk) {
    this.desk = desk;
  }

  readonly save = async (): Promise<boolean> => {
    if (this.desk.get().saving || !this.desk.editable) return false;
    if (!(await this.desk.readTyped())) {
      this.desk.setView("text");
      this.desk.say("Not saved. The text cannot be read yet; it is kept here as you typed it.", "wrong");
      return false;
    }
    if (!this.desk.dirty) {
      this.desk.say(`Everything is saved. This is version ${this.desk.get().base.version}.`);
      return true;
    }
    this.desk.set({ saving: true });
    try {
      await this.put(this.desk.get().base.version);
      return true;
    } catch (error) {
      if (error instanceof Problem && error.status === 409 && error.more.newest) await this.meet(error.more.newest);
      else this.desk.say(`Not saved. ${said(error)}`, "wrong");
      return false;
    } finally {
      this.desk.set({ saving: false });
    }
  };

  private async put(after: number): Promise<void> {
    const { document } = this.desk.get();
    const text = await this.desk.text();
    const { id } = this.desk.get().data.flow;
    const path = `/flows/${encodeURIComponent(id)}?after=${after}`;
    const kept = await this.desk.api.put<KeptFlow>(path, text, { type: "application/yaml" });
    this.saved(document, kept);
  }

  private saved(document: FlowDocument, kept: KeptFlow): void {
    this.desk.set({ base: { version: kept.version, document }, clash: null });
    this.desk.keep();
    this.desk.say(`Saved as version ${kept.version}.`);
    this.desk.tell.saved(kept.version);
  }

  /** Somebody saved meanwhile: get theirs, and what both together would be. */
  private async meet(newest: number): Promise<void> {
    const { document, base, data } = this.desk.get();
    const flow = `/flows/${encodeURIComponent(data.flow.id)}`;
    const [theirs, merged] = await Promise.all([
      this.desk.api.get<StoredFlow>(`${flow}?version=${newest}`),
      this.desk.api.post<Merged>(`${flow}/merge`, { base: base.version, document }),
    ]);
    const differences = await this.desk.api.post<Differences>("/flows/differences", { a: theirs.document, b: document });
    this.desk.set({ clash: { newest: merged.newest, theirs, merged, differences } });
  }

  /** Save both together: mine wins where both changed the same thing. */
  readonly saveBoth = async (): Promise<void> => {
    const { clash } = this.desk.get();
    if (!clash) return;
    if (clash.theirs.text) this.desk.basis(clash.theirs.text);
    this.desk.change("what somebody else saved", () => clash.merged.document);
    await this.saveAfter(clash.newest);
  };

  /** Keep mine as the newest version; theirs stays in the list of versions. */
  readonly saveMine = async (): Promise<void> => {
    const { clash } = this.desk.get();
    if (clash) await this.saveAfter(clash.newest);
  };

  private async saveAfter(version: number): Promise<void> {
    this.desk.set({ saving: true, clash: null });
    try {
      await this.put(version);
    } catch (error) {
      if (error instanceof Problem && error.status === 409 && error.more.newest) await this.meet(error.more.newest);
      else this.desk.say(`Not saved. ${said(error)}`, "wrong");
    } finally {
      this.desk.set({ saving: false });
    }
  }

  /** Keep mine as a flow of its own, and open it. */
  readonly saveApart = async (): Promise<void> => {
    try {
      const name = `${String(this.desk.get().document.name ?? "Untitled flow").slice(0, 240)} (mine)`;
      const kept = await this.desk.api.post<KeptFlow>("/flows", { ...this.desk.get().document, name });
      this.desk.forget();
      this.desk.set({ clash: null });
      this.desk.tell.opened("flows", { flow: kept.id });
    } catch (error) {
      this.desk.say(`Not saved. ${said(error)}`, "wrong");
    }
  };

  /** Take theirs; mine can be brought back by undo. */
  readonly takeTheirs = (): void => {
    const { clash } = this.desk.get();
    if (!clash) return;
    const { document, version, text } = clash.theirs;
    if (text) this.desk.knows(document, text);
    this.desk.change("taking what somebody else saved", () => document);
    this.desk.set({ base: { version, document }, clash: null });
  };
}

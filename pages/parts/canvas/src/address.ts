// The chosen step in the page's address, so that a reload or a copied link comes back to it. It is
// written here and not by Python, because each word to Python runs the page again; and what was
// chosen here is no question when Python reads it from the address and gives it back.

const WRITE_AFTER = 300;

export class Address {
  private readonly chosen = new Set<string>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private step: string | null;
  private readonly kept: boolean;

  /** `kept`: whether the page's address is this flow's at all. */
  constructor(step: string | null, kept: boolean) {
    this.step = step;
    this.kept = kept;
  }

  get selected(): string | null {
    return this.step;
  }

  readonly choose = (step: string | null): void => {
    this.step = step;
    if (step) this.chosen.add(step);
    clearTimeout(this.timer);
    if (this.kept) this.timer = setTimeout(this.write, WRITE_AFTER);
  };

  /** Whether Python asks for a step that was not chosen here. */
  readonly asks = (step: string | null): boolean => step !== null && !this.chosen.has(step);

  readonly close = (): void => clearTimeout(this.timer);

  private readonly write = (): void => {
    const url = new URL(location.href);
    if (this.step) url.searchParams.set("step", this.step);
    else url.searchParams.delete("step");
    if (url.href !== location.href) history.replaceState(history.state, "", url);
  };
}

/** The step that the address names. */
export const stepInAddress = (): string | null => new URLSearchParams(location.search).get("step");

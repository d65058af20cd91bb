// The API, asked from the component itself. Every error is a Problem with words for a person.

export interface ProblemBody {
  title?: string;
  detail?: string;
  status?: number;
  field?: string | null;
  place?: string | null;
  fix?: string | null;
  newest?: number | null;
  [more: string]: unknown;
}

export class Problem extends Error {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly field: string | null;
  readonly place: string | null;
  readonly fix: string | null;
  /** Every member of the problem as it came. */
  readonly more: ProblemBody;

  constructor(status: number, body: ProblemBody) {
    const detail = body.detail ?? body.title ?? "The server did not say why.";
    super(detail);
    this.name = "Problem";
    this.status = status;
    this.title = body.title ?? "That did not work";
    this.detail = detail;
    this.field = body.field ?? null;
    this.place = body.place ?? null;
    this.fix = body.fix ?? null;
    this.more = body;
  }
}

/** What went wrong, in one sentence that can be shown. */
export function said(error: unknown): string {
  if (error instanceof Problem) return [error.detail, error.fix].filter(Boolean).join(" ");
  if (error instanceof Error) return error.message;
  return String(error);
}

export const cancelled = (error: unknown): boolean =>
  error instanceof DOMException && error.name === "AbortError";

export interface Asking {
  signal?: AbortSignal;
  /** Of the body; JSON where it is not given. */
  type?: string;
}

export class Api {
  private readonly base: string;
  private readonly workspace: string;

  constructor(base: string, workspace: string) {
    this.base = base;
    this.workspace = workspace;
  }

  get<T>(path: string, asking: Asking = {}): Promise<T> {
    return this.ask<T>("GET", path, undefined, asking);
  }

  post<T>(path: string, body?: unknown, asking: Asking = {}): Promise<T> {
    return this.ask<T>("POST", path, body, asking);
  }

  put<T>(path: string, body?: unknown, asking: Asking = {}): Promise<T> {
    return this.ask<T>("PUT", path, body, asking);
  }

  delete(path: string, asking: Asking = {}): Promise<unknown> {
    return this.ask<unknown>("DELETE", path, undefined, asking);
  }

  /** The words of an answer that is not JSON (SVG, Mermaid, YAML, XML). */
  async text(path: string, asking: Asking = {}): Promise<string> {
    return (await this.answer("GET", path, undefined, asking)).text();
  }

  private async ask<T>(method: string, path: string, body: unknown, asking: Asking): Promise<T> {
    const answer = await this.answer(method, path, body, asking);
    if (answer.status === 204) return undefined as T; // nothing was sent
    return (await answer.json()) as T;
  }

  private async answer(
    method: string,
    path: string,
    body: unknown,
    { signal, type }: Asking,
  ): Promise<Response> {
    const headers: Record<string, string> = { "Greenroom-Workspace": this.workspace };
    const init: RequestInit = { method, headers };
    if (signal) init.signal = signal;
    if (body !== undefined) {
      headers["Content-Type"] = type ?? "application/json";
      init.body = type ? (body as string) : JSON.stringify(body);
    }
    const answer = await reach(`${this.base}${path}`, init);
    if (!answer.ok) throw new Problem(answer.status, await problemOf(answer));
    return answer;
  }
}

async function reach(address: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(address, init);
  } catch (error) {
    if (cancelled(error)) throw error;
    throw new Problem(0, {
      title: "Greenroom cannot be reached",
      detail: "Greenroom cannot be reached. Your work is kept in this browser.",
      fix: "Look whether it still runs, then try again.",
    });
  }
}

async function problemOf(answer: Response): Promise<ProblemBody> {
  const text = await answer.text();
  try {
    return JSON.parse(text) as ProblemBody;
  } catch {
    return { title: `The server answered ${answer.status}.` };
  }
}

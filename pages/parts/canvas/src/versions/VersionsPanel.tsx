// Every save is a version: two of them on one canvas, in words, and the way back to one.

import { useEffect, useState, type ReactNode } from "react";
import { said } from "../api.ts";
import { Choice } from "../builder/fields.tsx";
import { usePart, useStore } from "../store.ts";
import type { Differences, Page, StoredFlow } from "../types.ts";
import { Changes, count } from "./words.tsx";

const NOW = "now";
const MOST = 100;

export function VersionsPanel(): ReactNode {
  const store = useStore();
  const newest = usePart((state) => state.base.version);
  const id = usePart((state) => state.data.flow.id);
  const dirty = usePart((state) => state.document !== state.base.document);
  const comparison = usePart((state) => state.comparison);
  const [versions, setVersions] = useState<StoredFlow[]>([]);
  const [wrong, setWrong] = useState<string | null>(null);
  const [pair, setPair] = useState<[string, string] | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    store.api.get<Page<StoredFlow>>(`/flows/${encodeURIComponent(id)}/versions?limit=${MOST}`, { signal: abort.signal }).then(
      (page) => setVersions(page.items),
      (error: unknown) => {
        if (!abort.signal.aborted) setWrong(said(error));
      },
    );
    return () => abort.abort();
  }, [store, id, newest]);
  useEffect(() => () => store.compare(null), [store]);

  const look = async (a: string, b: string): Promise<void> => {
    setPair([a, b]);
    setWrong(null);
    if (a === b) return store.compare(null);
    try {
      const documents = [documentOf(a), documentOf(b)] as const;
      const [one, other] = documents;
      if (!one || !other) return;
      const differences =
        a === NOW || b === NOW
          ? await store.api.post<Differences>("/flows/differences", { a: one, b: other })
          : await store.api.get<Differences>(`/flows/${encodeURIComponent(id)}/differences?a=${a}&b=${b}`);
      store.compare({ a: nameOf(a), b: nameOf(b), documents: [one, other], differences });
    } catch (error) {
      setWrong(said(error));
    }
  };
  const documentOf = (name: string): StoredFlow["document"] | undefined =>
    name === NOW ? store.get().document : versions.find((one) => String(one.version) === name)?.document;

  const options = [
    ...(dirty ? [[NOW, "What is drawn now"] as const] : []),
    ...versions.map((one) => [String(one.version), `Version ${one.version}, ${ago(one.created_at)}`] as const),
  ];
  const latest = dirty ? NOW : String(versions[0]?.version ?? newest);
  const before = dirty ? String(versions[0]?.version ?? newest) : String(versions[1]?.version ?? newest);
  const [a, b] = pair ?? [before, latest];
  return (
    <section className="stack" aria-label="Versions">
      <h3>{versions.length > 1 || dirty ? "What changed" : "One version so far"}</h3>
      {wrong && <p className="wrong-text" role="alert">{wrong}</p>}
      <p className="quiet-text">Every save is a version. Rehearsals keep the one that they played.</p>
      {options.length > 1 && (
        <>
          <div className="stack">
            <Choice label="From" value={a} options={options} onChange={(value) => void look(value, b)} />
            <Choice label="To" value={b} options={options} onChange={(value) => void look(a, value)} />
          </div>
          <div className="row">
            <button type="button" className="btn small primary" onClick={() => void look(a, b)}>Compare</button>
            {comparison && <button type="button" className="btn small" onClick={() => store.compare(null)}>Back to the flow</button>}
          </div>
        </>
      )}
      {comparison && (
        <div className="stack" aria-live="polite">
          <p>From <b>{comparison.a}</b> to <b>{comparison.b}</b>: {count(comparison.differences)}.</p>
          <Changes differences={comparison.differences} />
        </div>
      )}
      <ol className="versions" aria-label="All versions">
        {versions.map((one) => (
          <li key={one.version}>
            <span><b>Version {one.version}</b> <span className="quiet-text" title={moment(one.created_at)}>{ago(one.created_at)} · {countOf(one)}</span></span>
            {one.version !== newest || dirty ? (
              <button type="button" className="btn small" onClick={() => store.restore(one)}>Go back to it</button>
            ) : (
              <span className="badge tone-green">open now</span>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}

const nameOf = (name: string): string => (name === NOW ? "what is drawn now" : `version ${name}`);

function countOf(flow: StoredFlow): string {
  const steps = Array.isArray(flow.document.steps) ? flow.document.steps.length : 0;
  return `${steps} step${steps === 1 ? "" : "s"}`;
}

/** How long ago, in short: `just now`, `5 min ago`, `3 h ago`; what is older by its date. */
export function ago(text: string, now = Date.now()): string {
  const minutes = Math.floor((now - new Date(text).getTime()) / 60_000);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ago`;
  return moment(text);
}

function moment(text: string): string {
  return new Date(text).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
}

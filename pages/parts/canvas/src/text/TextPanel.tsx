// The flow as YAML. The drawing follows the text and the text follows the drawing; a text that
// cannot be read says where, and the drawing stays as it was.

import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { cancelled, said } from "../api.ts";
import { usePart, useStore } from "../store.ts";
import { Found } from "./Found.tsx";

export function TextPanel(): ReactNode {
  const store = useStore();
  const document = usePart((state) => state.document);
  const unread = usePart((state) => state.unread);
  const editable = usePart((state) => state.data.mode === "edit");
  const [made, setMade] = useState(() => store.knownText() ?? "");
  const [failed, setFailed] = useState<string | null>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  const known = store.knownText();
  useEffect(() => {
    if (store.knownText() !== undefined) return undefined;
    const abort = new AbortController();
    store.text(abort.signal).then(
      (text) => {
        setMade(text);
        setFailed(null);
      },
      (error: unknown) => {
        if (!cancelled(error)) setFailed(said(error));
      },
    );
    return () => abort.abort();
  }, [document, store]);
  const text = unread?.text ?? known ?? made;
  const wrong = unread?.wrong ?? null;
  const goTo = (line: number): void => {
    const place = area.current;
    if (!place) return;
    const lines = text.split("\n");
    const from = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    place.focus({ preventScroll: true });
    place.setSelectionRange(from, from + (lines[line - 1]?.length ?? 0));
    place.scrollTop = Math.max(0, (line - 4) * (place.scrollHeight / Math.max(1, lines.length)));
  };
  const keys = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
    const at = event.currentTarget;
    const before = text.slice(0, at.selectionStart).split("\n").at(-1) ?? "";
    const indent = /^\s*(?:- )?/.exec(before)?.[0].replace("-", " ") ?? "";
    if (!indent) return;
    event.preventDefault();
    at.setRangeText(`\n${indent}`, at.selectionStart, at.selectionEnd, "end");
    store.typed(at.value);
  };
  return (
    <section className="text-view stack" aria-label="The flow as text">
      <header className="row between">
        <h3>The flow as text</h3>
        <span className="quiet-text" role="status">{unread || known !== undefined ? "YAML, comments are kept" : "Writing"}</span>
      </header>
      {failed && <p className="wrong-text" role="alert">{failed}</p>}
      {wrong && (
        <div className="wrong-text row" role="alert">
          <span className="badge tone-brick">✕ cannot be read</span>{" "}
          {wrong.line === null ? <span dir="auto">{wrong.words}</span> : <button type="button" className="link" dir="auto" onClick={() => goTo(wrong.line ?? 1)}>{wrong.words}</button>}
          <span>The drawing shows the last text that could be read.</span>
          <button type="button" className="btn small" onClick={store.dropTyped}>Back to that text</button>
        </div>
      )}
      <Numbered text={text} wrong={wrong?.line ?? null} area={area}>
        <textarea
          ref={area}
          aria-label="The flow as YAML"
          className="mono"
          dir="ltr"
          wrap="off"
          spellCheck={false}
          readOnly={!editable}
          value={text}
          onKeyDown={keys}
          onChange={(event) => store.typed(event.target.value)}
        />
      </Numbered>
      <Found text={text} onLine={goTo} />
    </section>
  );
}

function Numbered({ text, wrong, area, children }: {
  text: string;
  wrong: number | null;
  area: React.RefObject<HTMLTextAreaElement | null>;
  children: ReactNode;
}): ReactNode {
  const gutter = useRef<HTMLPreElement>(null);
  const count = text.split("\n").length;
  useEffect(() => {
    const place = area.current;
    if (!place) return undefined;
    const follow = (): void => {
      if (gutter.current) gutter.current.scrollTop = place.scrollTop;
    };
    place.addEventListener("scroll", follow);
    return () => place.removeEventListener("scroll", follow);
  }, [area]);
  const numbers = Array.from({ length: count }, (_, at) => at + 1);
  return (
    <div className="editor">
      <pre ref={gutter} className="gutter mono" aria-hidden="true">
        {wrong === null ? numbers.join("\n") : numbers.map((number) => (number === wrong ? <b key={number}>{`▸${number}\n`}</b> : `${number}\n`))}
      </pre>
      {children}
    </div>
  );
}

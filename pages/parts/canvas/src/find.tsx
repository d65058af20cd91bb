// Find a step by its id, its kind or its words.

import { useMemo, useState, type KeyboardEvent, type ReactNode } from "react";
import { Dialog } from "./dialog.tsx";
import { cardOf, focusSoon } from "./focus.ts";
import { keysOf, lineOf, stepsOf } from "./model.ts";
import { usePart, useStore } from "./store.ts";

const MOST = 12;

export function Find({ onClose }: { onClose: () => void }): ReactNode {
  const store = useStore();
  const document = usePart((state) => state.document);
  const [words, setWords] = useState("");
  const [at, setAt] = useState(0);
  const all = useMemo(() => {
    const keys = keysOf(document);
    return stepsOf(document).map((step, number) => {
      const kind = store.kinds.get(step.type)?.name ?? step.type;
      const text = `${step.id} ${kind} ${JSON.stringify(step.config ?? {})} ${step.comment ?? ""}`.toLowerCase();
      return { key: keys[number] ?? step.id, step, kind, text };
    });
  }, [document, store]);
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const found = all.filter((one) => wanted.every((word) => one.text.includes(word))).slice(0, MOST);
  const go = (key: string, place: Element): void => {
    const root = place.closest(".gr");
    store.select(key, { reveal: true });
    onClose();
    focusSoon(() => cardOf(root, key));
  };
  const keys = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const chosen = found[at];
    if (step && found.length) setAt((at + step + found.length) % found.length);
    else if (event.key === "Enter" && chosen) go(chosen.key, event.currentTarget);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title="Find a step" onClose={onClose}>
      <div className="stack" onKeyDown={keys}>
        <input
          className="input"
          aria-label="Words of the step"
          placeholder="Its name, its kind, or words in it"
          value={words}
          onChange={(event) => {
            setWords(event.target.value);
            setAt(0);
          }}
        />
        <div className="found" role="listbox" aria-label="Steps">
          {found.map((one, number) => (
            <button key={one.key} type="button" role="option" aria-selected={number === at} onClick={(event) => go(one.key, event.currentTarget)}>
              <b dir="auto">{one.step.id}</b> <span className="quiet-text">{one.kind}</span>
              <span className="found-line" dir="auto">{lineOf(one.step)}</span>
            </button>
          ))}
          {!found.length && <p className="quiet-text">No step has these words.</p>}
        </div>
      </div>
    </Dialog>
  );
}

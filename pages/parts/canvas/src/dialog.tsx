// A dialog that keeps the focus inside, closes on Escape and gives the focus back.

import { useId, useLayoutEffect, useRef, type ReactNode } from "react";
import { focusedBeside, focusFirst } from "./focus.ts";

export function Dialog({ title, wide, onClose, children }: {
  title: string;
  wide?: boolean;
  onClose: () => void;
  children: ReactNode;
}): ReactNode {
  const name = useId();
  const box = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const dialog = box.current;
    if (!dialog) return undefined;
    const before = focusedBeside(dialog);
    if (!dialog.open) dialog.showModal();
    focusFirst(dialog);
    return () => {
      const root = dialog.closest<HTMLElement>(".gr");
      dialog.close();
      (before?.isConnected ? before : root)?.focus({ preventScroll: true });
    };
  }, []);
  return (
    <dialog
      ref={box}
      className={`dialog ${wide ? "wide" : ""}`}
      aria-labelledby={name}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <div className="dialog-head">
        <h3 id={name}>{title}</h3>
        <button type="button" className="btn small quiet" onClick={onClose} aria-label="Close">✕</button>
      </div>
      {children}
    </dialog>
  );
}

// A dialog that keeps the focus inside, closes on Escape and gives the focus back.

import { useEffect, useId, useRef, type ReactNode } from "react";

export function Dialog({ title, wide, onClose, children }: {
  title: string;
  wide?: boolean;
  onClose: () => void;
  children: ReactNode;
}): ReactNode {
  const name = useId();
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = box.current;
    if (dialog && !dialog.open) dialog.showModal();
    return () => dialog?.close();
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

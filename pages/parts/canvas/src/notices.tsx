// What just happened, work that was not saved, and what stands in the way.

import { useEffect, type ReactNode } from "react";
import { usePart, useStore } from "./store.ts";

const STAYS = 4_500;

export function Notices(): ReactNode {
  return (
    <>
      <Leftover />
      <Toast />
    </>
  );
}

function Toast(): ReactNode {
  const store = useStore();
  const notice = usePart((state) => state.notice);
  useEffect(() => {
    if (!notice || notice.tone === "wrong") return undefined;
    const timer = setTimeout(store.unsay, STAYS);
    return () => clearTimeout(timer);
  }, [notice, store]);
  return (
    <div className="toasts" role="status" aria-live="polite">
      {notice && (
        <div key={notice.id} className={`toast ${notice.tone}`}>
          <span dir="auto">{notice.text}</span>
          <button type="button" className="btn small quiet" onClick={store.unsay} aria-label="Close">✕</button>
        </div>
      )}
    </div>
  );
}

function Leftover(): ReactNode {
  const store = useStore();
  const draft = usePart((state) => state.draft);
  const version = usePart((state) => state.base.version);
  if (!draft) return null;
  const since = new Date(draft.at).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
  return (
    <div className="banner" role="alert">
      <span>
        Work of {since} was not saved. It is still in this browser
        {draft.version === version ? "." : `; it began at version ${draft.version}, and the newest is ${version}.`}
      </span>
      <span className="row">
        <button type="button" className="btn small" onClick={store.takeDraft}>Go on with it</button>
        <button type="button" className="btn small quiet" onClick={store.dropDraft}>Let it go</button>
      </span>
    </div>
  );
}

// Two people saved: what theirs and mine are, and what can be kept. Nothing is lost whatever is
// chosen, because every save is a version.

import { useState, type ReactNode } from "react";
import { Dialog } from "../dialog.tsx";
import { usePart, useStore } from "../store.ts";
import type { Conflict } from "../types.ts";
import { Changes, said } from "./words.tsx";

export function ClashDialog(): ReactNode {
  const store = useStore();
  const clash = usePart((state) => state.clash);
  const base = usePart((state) => state.base.version);
  const [sure, setSure] = useState(false);
  if (!clash) return null;
  const { conflicts } = clash.merged;
  const look = (): void => {
    store.closeClash();
    store.setView("versions");
    store.compare({
      a: `theirs, version ${clash.theirs.version}`,
      b: "mine",
      documents: [clash.theirs.document, store.get().document],
      differences: clash.differences,
    });
  };
  return (
    <Dialog title="Somebody saved this flow meanwhile" wide onClose={store.closeClash}>
      <div className="stack">
        <p>
          You began with version {base}; version {clash.theirs.version} is there now, of {new Date(clash.theirs.created_at).toLocaleString([], { dateStyle: "medium", timeStyle: "short" })}.
          Yours is not saved yet, and nothing of it is lost.
        </p>
        <div className="row">
          <button type="button" className="btn primary" autoFocus onClick={() => void store.saveBoth()}>Save both together</button>
          <button type="button" className="btn" onClick={() => void store.saveMine()}>Keep mine as the newest</button>
          <button type="button" className="btn" onClick={() => void store.saveApart()}>Keep mine as a flow of its own</button>
          <button type="button" className="btn" onClick={look}>See both on the canvas</button>
          {sure ? (
            <button type="button" className="btn danger" onClick={store.takeTheirs}>Yes, take theirs</button>
          ) : (
            <button type="button" className="btn" onClick={() => setSure(true)}>Take theirs</button>
          )}
        </div>
        {sure && <p className="quiet-text">Yours leaves the canvas; Undo brings it back.</p>}
        {conflicts.length > 0 && <Conflicts conflicts={conflicts} />}
        <h4>From theirs to mine</h4>
        <Changes differences={clash.differences} />
      </div>
    </Dialog>
  );
}

function Conflicts({ conflicts }: { conflicts: Conflict[] }): ReactNode {
  return (
    <>
      <h4>Both of you changed the same: together, yours is taken here</h4>
      <table className="grid">
        <thead><tr><th>Where</th><th>Mine</th><th>Theirs</th></tr></thead>
        <tbody>
          {conflicts.map((one) => (
            <tr key={`${one.step_id ?? ""} ${one.path}`}>
              <td><b dir="auto">{one.step_id ?? ""}</b> <span className="mono">{one.path}</span></td>
              <td dir="auto">{said(one.mine)}</td>
              <td dir="auto">{said(one.theirs)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

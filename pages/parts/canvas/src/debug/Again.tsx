// One step again, alone, with what was recorded before it: the same, or what is different.
import type { ReactNode } from "react";
import type { Again as Played } from "./desk.ts";
import { Events } from "./Path.tsx";
import { byWay } from "./words.ts";

export function Again({ again, onClose }: { again: Played; onClose: () => void }): ReactNode {
  return (
    <section className="dbg-again" aria-label="This step again">
      <div className="dbg-head">
        <h5 dir="auto">
          {again.step} again{again.edited ? ", as it is drawn now" : ""}:{" "}
          {again.same ? "the same as before" : "not the same as before"}
        </h5>
        <button type="button" className="btn quiet small" aria-label="Close this step's comparison" onClick={onClose}>
          ✕
        </button>
      </div>
      <p className="quiet-text" dir="auto">
        It goes to {again.to ?? "the end"}
        {byWay(again.way)}.
      </p>
      {again.same ? null : (
        <div className="dbg-courses">
          <div className="dbg-course slate">
            <h5>What happened</h5>
            <Events events={again.recorded} />
          </div>
          <div className="dbg-course plum">
            <h5>Now</h5>
            <Events events={again.events} />
          </div>
        </div>
      )}
    </section>
  );
}

import { useEffect, useMemo, useRef, type ReactNode } from "react";
import type { Desk } from "./desk.ts";
import type { DebugState } from "./shapes.ts";
import { bubblesOf, type Bubble } from "./talk.ts";
import { momentOf } from "./words.ts";

const CHANNELS: Record<string, string> = {
  email: "email",
  sms: "SMS",
  whatsapp: "WhatsApp",
  telegram: "Telegram",
  web: "web chat",
  mobile: "push",
};
const FOLD = 600;

function Words({ text }: { text: string }): ReactNode {
  if (text.length <= FOLD) return <span dir="auto">{text}</span>;
  return (
    <>
      <span dir="auto">{text.slice(0, FOLD)}</span>
      <details>
        <summary>the rest</summary>
        <span dir="auto">{text.slice(FOLD)}</span>
      </details>
    </>
  );
}

function Turn({ bubble, zone, onJump }: { bubble: Bubble; zone: string | undefined; onJump: () => void }): ReactNode {
  const foot = [momentOf(bubble.at, zone), CHANNELS[bubble.channel ?? ""] ?? "", ...bubble.marks];
  const tone = bubble.lost ? "dbg-lost" : "";
  return (
    <li className={`dbg-turn side-${bubble.side} ${tone}`}>
      <div className="dbg-bubble">
        {bubble.title ? <strong dir="auto">{bubble.title}</strong> : null}
        <Words text={bubble.body} />
      </div>
      <button type="button" className="dbg-foot" onClick={onJump} title="Go back to right after this">
        {foot.filter(Boolean).join(" · ")}
      </button>
    </li>
  );
}

/** The conversation so far; the newest is in sight. */
export function Talk({ now, desk }: { now: DebugState; desk: Desk }): ReactNode {
  const bubbles = useMemo(() => bubblesOf(now.events), [now.events]);
  const list = useRef<HTMLOListElement>(null);
  const zone = typeof now.contact.timezone === "string" ? now.contact.timezone : undefined;
  useEffect(() => {
    if (list.current) list.current.scrollTop = list.current.scrollHeight;
  }, [bubbles.length]);
  if (bubbles.length === 0) return <p className="quiet-text">Nobody has said anything yet.</p>;
  return (
    <ol className="dbg-talk" ref={list} tabIndex={0} aria-label="The conversation so far">
      {bubbles.map((bubble) => (
        <Turn key={bubble.seq} bubble={bubble} zone={zone} onJump={() => void desk.jump(bubble.seq + 1)} />
      ))}
    </ol>
  );
}

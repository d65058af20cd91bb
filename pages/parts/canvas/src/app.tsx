// An open flow: what can be done with it above, the drawing in the middle, its panels beside it.

import { ReactFlowProvider } from "@xyflow/react";
import { useCallback, useEffect, useRef, useState, type PointerEvent, type ReactNode } from "react";
import { Build } from "./builder/Build.tsx";
import { Palette } from "./builder/Palette.tsx";
import { Canvas } from "./canvas/Canvas.tsx";
import { fullKey, useFull } from "./canvas/full.ts";
import { CoveragePanel } from "./coverage/index.tsx";
import { DebugPanel } from "./debug/index.tsx";
import { ClashDialog } from "./versions/Clash.tsx";
import { ReadPanel } from "./read/ReadPanel.tsx";
import { useKeptFocus } from "./focus.ts";
import { Help } from "./help.tsx";
import { useKeys } from "./keys.ts";
import { Find } from "./find.tsx";
import { Notices } from "./notices.tsx";
import { usePart, useStore } from "./store.ts";
import { TestsPanel } from "./trials/index.tsx";
import { TextPanel } from "./text/TextPanel.tsx";
import { TimesPanel } from "./times/index.tsx";
import { Toolbar, Views } from "./toolbar.tsx";
import { VersionsPanel } from "./versions/VersionsPanel.tsx";
import type { Mode, View } from "./types.ts";
import "@xyflow/react/dist/base.css";
import "./tokens.css";
import "./ui.css";
import "./canvas.css";
import "./panels.css";

export type Layer = "help" | "find" | null;
const FOCUSABLE = "a, button, input, textarea, select, [tabindex]";

export function App(): ReactNode {
  return (
    <ReactFlowProvider>
      <OpenFlow />
    </ReactFlowProvider>
  );
}

function OpenFlow(): ReactNode {
  const store = useStore();
  const mode = usePart((state) => state.data.mode);
  const view = usePart((state) => state.view);
  const height = usePart((state) => state.data.height);
  const [layer, setLayer] = useState<Layer>(null);
  const root = useRef<HTMLDivElement>(null);
  const keys = useKeys(setLayer);
  const full = useFull(root);
  const aside = usePart((state) => !full.on || state.view !== "build" || state.selection.size > 0 || state.selected !== null);
  const close = useCallback(() => setLayer(null), []);
  useKeptFocus(root);
  useEffect(() => {
    const leave = (): void => store.keep();
    addEventListener("pagehide", leave);
    return () => removeEventListener("pagehide", leave);
  }, [store]);
  return (
    <div
      ref={root}
      className={`gr mode-${mode} view-${view} ${full.on ? "full" : ""}`}
      style={{ "--gr-height": `${height}px` } as React.CSSProperties}
      tabIndex={-1}
      onKeyDown={(event) => fullKey(event, full) || keys(event)}
      onPointerDown={focusInside}
    >
      {mode === "edit" && <Toolbar onLayer={setLayer} />}
      <Views />
      <Notices />
      <div className="stage">
        {mode === "edit" && view === "build" && <Palette />}
        <section className="drawing" aria-label="The flow, drawn">
          <Canvas full={full} />
        </section>
        <aside className="dock" hidden={!aside} aria-label="Beside the drawing">
          <Dock mode={mode} view={view} />
        </aside>
      </div>
      {layer === "help" && <Help onClose={close} />}
      {layer === "find" && <Find onClose={close} />}
      <ClashDialog />
    </div>
  );
}

/** Keys work after a click on the empty canvas too. */
function focusInside(event: PointerEvent<HTMLDivElement>): void {
  const at = event.target as Element;
  if (!at.closest(FOCUSABLE) || at.closest(FOCUSABLE) === event.currentTarget)
    event.currentTarget.focus({ preventScroll: true });
}

function Dock({ mode, view }: { mode: Mode; view: View }): ReactNode {
  switch (view) {
    case "debug":
      return <DebugPanel />;
    case "tests":
      return <TestsPanel />;
    case "coverage":
      return <CoveragePanel />;
    case "times":
      return <TimesPanel />;
    case "text":
      return <TextPanel />;
    case "versions":
      return <VersionsPanel />;
    default:
      return mode === "edit" ? <Build /> : <ReadPanel />;
  }
}

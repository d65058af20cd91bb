// What the checks find, under the text: each with its line; a click leads there and to the step.

import type { ReactNode } from "react";
import { SEVERITIES } from "../canvas/StepCard.tsx";
import { usePart, useStore } from "../store.ts";
import type { Finding } from "../types.ts";
import { sentence } from "../words.ts";
import { lineOfStep } from "./faults.ts";

export function Found({ text, onLine }: { text: string; onLine: (line: number) => void }): ReactNode {
  const store = useStore();
  const findings = usePart((state) => state.findings);
  if (!findings.length) return null;
  const go = ({ step_id }: Finding, line: number | null): void => {
    if (step_id !== null) store.select(step_id, { reveal: true });
    if (line !== null) onLine(line);
  };
  return (
    <ul className="plain text-found" aria-label="Found in the text">
      {findings.map((finding, at) => {
        const line = finding.step_id === null ? null : lineOfStep(text, finding.step_id);
        const look = SEVERITIES[finding.severity];
        return (
          <li key={at}>
            <span className={`badge tone-${look.tone}`}>{look.sign} {look.word}</span>{" "}
            {finding.step_id !== null && (
              <button type="button" className="link" onClick={() => go(finding, line)}>
                {line === null ? "" : `Line ${line}, `}<bdi>{finding.step_id}</bdi>
              </button>
            )}{" "}
            <span dir="auto">{sentence(finding.message)}</span>
          </li>
        );
      })}
    </ul>
  );
}

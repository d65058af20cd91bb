// Where a way leads, chosen from a list: what the mouse pulls on the canvas, by keyboard.

import { useMemo, type ReactNode } from "react";
import { addStep, freePlace, freshStep, keysOf, setWay, stepsOf } from "../model.ts";
import { placesOf } from "../canvas/drawing.ts";
import { usePart, useStore } from "../store.ts";
import { Field } from "./fields.tsx";

const NEW = "\u0000new\u0000";

export function GoesTo({ stepKey, handle, to, label }: {
  stepKey: string;
  handle: string;
  to: string | null;
  label: string;
}): ReactNode {
  const store = useStore();
  const joined = usePart((state) => stepsOf(state.document).map((step) => step.id).join("\n"));
  const ids = useMemo(() => [...new Set(joined.split("\n").filter(Boolean))], [joined]);
  const lead = (choice: string): void => {
    if (choice.startsWith(NEW)) return create(choice.slice(NEW.length));
    store.change("where a way leads", (document) => setWay(document, stepKey, handle, choice || null));
  };
  const create = (type: string): void => {
    const kind = store.kinds.get(type);
    if (!kind) return;
    const { document, placed } = store.get();
    const step = freshStep(document, kind);
    const place = freePlace(placesOf(document, placed), keysOf(document).includes(stepKey) ? stepKey : null);
    store.change(`adding “${step.id}”`, (now) => addStep(now, step, place, { key: stepKey, handle }));
  };
  return (
    <Field label={label}>
      {(id) => (
        <select id={id} className="input" value={to ?? ""} onChange={(event) => lead(event.target.value)}>
          <option value="">The flow ends here</option>
          {to !== null && !ids.includes(to) && <option value={to}>{`“${to}”, which is not there`}</option>}
          <optgroup label="Steps">
            {ids.map((one) => <option key={one} value={one}>{one}</option>)}
          </optgroup>
          <optgroup label="A new step">
            {[...store.kinds.values()].map((kind) => (
              <option key={kind.type} value={NEW + kind.type}>{`New: ${kind.name}`}</option>
            ))}
          </optgroup>
        </select>
      )}
    </Field>
  );
}

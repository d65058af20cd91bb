// Before anything is debugged: whom, by which seed; and sessions that were left.
import { useEffect, useId, type ReactNode } from "react";
import { useFlow } from "../store.ts";
import type { Who } from "../types.ts";
import type { Desk, DeskState, Draft } from "./desk.ts";
import { Choice, Field, FieldRows } from "./widgets.tsx";
import { whoWords } from "./words.ts";

function whoOf(draft: Draft): Who {
  if (draft.kind === "persona") return { persona: draft.persona, copy_number: draft.copy };
  return { contact: draft.contact, replies: [] };
}

const whole = (typed: string, least: number): number => Math.max(least, Math.floor(Number(typed) || 0));

export function Start({ state, desk }: { state: DeskState; desk: Desk }): ReactNode {
  const { data } = useFlow();
  const { draft } = state;
  const group = useId();
  const set = (patch: Partial<Draft>): void => desk.set({ draft: { ...draft, ...patch } });
  const kinds = [["persona", "A persona"], ["made_up", "Somebody made up"]] as const;
  return (
    <form
      className="stack dbg-start"
      onSubmit={(event) => {
        event.preventDefault();
        void desk.start(whoOf(draft));
      }}
    >
      <p className="quiet-text">
        Play this flow with one person, stop where you like, look at what they see, and change what
        they say.
      </p>
      <fieldset className="dbg-kinds">
        <legend className="sr-only">Whom to debug</legend>
        {kinds.map(([kind, words]) => (
          <label key={kind}>
            <input
              type="radio"
              name={group}
              checked={draft.kind === kind}
              disabled={kind === "persona" && data.personas.length === 0}
              onChange={() => set({ kind })}
            />
            {words}
          </label>
        ))}
      </fieldset>
      {draft.kind === "persona" ? (
        <div className="dbg-pair">
          <Choice
            label="Persona"
            value={draft.persona}
            options={data.personas.map((one) => [one.id, one.name])}
            onChange={(persona) => set({ persona })}
          />
          <Field label="Copy">
            {(id) => (
              <input
                id={id}
                className="input"
                type="number"
                min={1}
                value={draft.copy}
                onChange={(event) => set({ copy: whole(event.target.value, 1) })}
              />
            )}
          </Field>
        </div>
      ) : (
        <FieldRows label="Who they are" values={draft.contact} onChange={(contact) => set({ contact })} />
      )}
      <div className="dbg-pair">
        <Field label="Seed of chance">
          {(id) => (
            <input
              id={id}
              className="input"
              type="number"
              min={0}
              value={draft.seed}
              onChange={(event) => set({ seed: whole(event.target.value, 0) })}
            />
          )}
        </Field>
        <button type="submit" className="btn primary dbg-go">
          Start
        </button>
      </div>
    </form>
  );
}

export function Sessions({ state, desk }: { state: DeskState; desk: Desk }): ReactNode {
  const { data } = useFlow();
  const known = state.sessions !== null;
  useEffect(() => {
    if (!known) void desk.list();
  }, [desk, known]);
  if (!state.sessions?.length) return null;
  return (
    <section aria-label="Earlier sessions">
      <h4>Earlier sessions</h4>
      <ul className="dbg-list">
        {state.sessions.map((one) => (
          <li key={one.id}>
            <button type="button" className="dbg-link" onClick={() => void desk.reopen(one.id)}>
              <span dir="auto">{whoWords(one.who, data.personas)}</span>
              <span className="quiet-text">
                {one.branches.length > 1 ? ` · ${one.branches.length - 1} what if` : ""}
                {one.flow_version ? ` · version ${one.flow_version}` : " · not saved"} · seed {one.seed}
              </span>
            </button>
            <button
              type="button"
              className="btn quiet small"
              aria-label={`Forget the session of ${whoWords(one.who, data.personas)}`}
              onClick={() => void desk.forget(one.id)}
            >
              ✕
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

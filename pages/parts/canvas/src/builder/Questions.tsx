// The questions of a check-in or an assessment, as a list.

import type { ReactNode } from "react";
import { changeConfig, configOf, list, renameQuestion } from "../model.ts";
import { useStore } from "../store.ts";
import type { Step } from "../types.ts";
import { Choice, Finished, Numeric, Text } from "./fields.tsx";

interface Question {
  id?: string;
  text?: string;
  kind?: string;
  type?: string;
  choices?: string[];
  options?: string[];
  min?: number;
  max?: number;
  [more: string]: unknown;
}

const KINDS = [["text", "Words"], ["choice", "One of several"], ["scale", "A scale"], ["number", "A number"]] as const;

export function Questions({ stepKey, step }: { stepKey: string; step: Step }): ReactNode {
  const store = useStore();
  const questions = list<Question>(configOf(step).questions);
  const set = (what: string, next: Question[], merge?: string): void =>
    store.change(what, (document) => changeConfig(document, stepKey, { questions: next }), merge ? { merge: `${stepKey}:${merge}` } : {});
  const put = (at: number, change: Partial<Question>): void =>
    set("a question", questions.map((one, index) => (index === at ? { ...one, ...change } : one)), `question:${at}:${Object.keys(change).join()}`);
  const call = (at: number, id: string): string | null => {
    if (!/^[A-Za-z_]\w*$/.test(id)) return "A name begins with a letter and has letters, digits and _.";
    if (questions.some((one, index) => index !== at && one.id === id)) return "This name is taken.";
    store.change(`calling a question “${id}”`, (document) => renameQuestion(document, stepKey, at, id));
    return null;
  };
  const fresh = (): Question => {
    let number = questions.length + 1;
    while (questions.some((one) => one.id === `q${number}`)) number += 1;
    return { id: `q${number}`, text: "", kind: "text" };
  };
  return (
    <fieldset className="rows">
      <legend>Questions</legend>
      {questions.map((question, at) => (
        <div className="way-box" key={at}>
          <Text label={`Question ${at + 1}`} lines={2} value={question.text ?? ""} onChange={(text) => put(at, { text })} />
          <div className="row even">
            <Finished label="Its name in conditions" mono value={question.id ?? ""} onDone={(id) => call(at, id)} />
            <Choice label="Answered by" value={question.kind ?? question.type ?? "text"} options={KINDS} onChange={(kind) => put(at, { ["type" in question ? "type" : "kind"]: kind })} />
          </div>
          <Answers question={question} onChange={(change) => put(at, change)} />
          <button type="button" className="btn small quiet" onClick={() => set("taking out a question", questions.filter((_, index) => index !== at))}>Take out question {at + 1}</button>
        </div>
      ))}
      <button type="button" className="btn small" onClick={() => set("a new question", [...questions, fresh()])}>Add a question</button>
    </fieldset>
  );
}

function Answers({ question, onChange }: { question: Question; onChange: (change: Partial<Question>) => void }): ReactNode {
  const kind = question.kind ?? question.type ?? "text";
  if (kind === "choice") {
    const name = "options" in question ? "options" : "choices";
    const text = list<string>(question[name]).join("\n");
    return <Text label="Answers, one a line" lines={3} value={text} onChange={(next) => onChange({ [name]: next.split("\n") })} />;
  }
  if (kind === "text") return null;
  return (
    <div className="row even">
      <Numeric label="From" value={question.min ?? 1} onChange={(min) => onChange({ min: min ?? 1 })} />
      <Numeric label="To" value={question.max ?? 10} onChange={(max) => onChange({ max: max ?? 10 })} />
    </div>
  );
}

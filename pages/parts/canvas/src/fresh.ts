// What a step of each kind holds when it is new: enough to be read without an error.

import { uniqueId } from "./model.ts";
import type { FlowDocument, Kind, Step } from "./types.ts";

/** What a step of this kind holds when it is new: enough to be read without an error. */
export function freshStep(document: FlowDocument, kind: Kind): Step {
  const id = uniqueId(document, FIRST_NAMES[kind.type] ?? kind.type);
  const step: Step = { id, type: kind.type };
  const config = FIRST_CONFIGS[kind.type];
  return config ? { ...step, config: structuredClone(config) } : step;
}

const FIRST_NAMES: Record<string, string> = {
  send_sms: "sms",
  send_whatsapp: "whatsapp",
  send_telegram: "telegram",
  send_web: "web",
  send_push: "push",
  send_email: "email",
  wait_for_reply: "wait",
  delay: "pause",
  condition: "sort",
  twin_reply: "answer",
  handoff: "person",
  end: "done",
};
const FIRST_CONFIGS: Record<string, Record<string, unknown>> = {
  send_sms: { body: "Write what you want to say. Reply STOP to opt out." },
  send_whatsapp: { body: "Write what you want to say." },
  send_telegram: { body: "Write what you want to say." },
  send_web: { body: "Write what you want to say." },
  send_push: { body: "Write what you want to say." },
  send_email: {
    subject: "Hello {{ contact.first_name | default: 'friend' }}",
    body: "Write what you want to say. Unsubscribe: {{ links.unsubscribe }}",
  },
  wait_for_reply: { timeout: "2d" },
  delay: { duration: "1d" },
  condition: { branches: [{ when: 'reply.intent == "interested"' }] },
  split: { arms: [{ name: "a", weight: 1 }, { name: "b", weight: 1 }] },
  twin_reply: { instructions: "" },
  lesson: { title: "A lesson", body: "Write what you want to teach." },
  check_in: {
    title: "How is it going?",
    questions: [{ id: "how", text: "How is it going, from 1 to 10?", kind: "scale" }],
  },
  assessment: {
    title: "Where do you stand?",
    questions: [{ id: "level", text: "How sure do you feel, from 1 to 10?", kind: "scale" }],
  },
  set: { values: {} },
  tag: { add: [] },
  goal: { name: "reached" },
  handoff: { to: "a person" },
  webhook: { url: "", sample: {} },
};

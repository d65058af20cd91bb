// A form made from the JSON Schema of a step's configuration.

import type { ReactNode } from "react";
import { usePart } from "../store.ts";
import type { JsonSchema } from "../types.ts";
import { Choice, Json, Numeric, Table, Text, Tick, Words } from "./fields.tsx";

const LABELS: Record<string, string> = {
  body: "What it says",
  subject: "Subject",
  preheader: "Line after the subject",
  template: "Approved template",
  timeout: "Wait at most",
  duration: "How long",
  until: "Until",
  weekday: "Day",
  time: "Time of day",
  twin: "Which twin",
  instructions: "What the twin should do",
  title: "Title",
  channel: "Channel",
  name: "Name",
  value: "Worth, in dollars",
  to: "To whom",
  reason: "Why",
  url: "Address",
  method: "Method",
  sample: "Sample answer",
  add: "Tags to add",
  remove: "Tags to take away",
  values: "Values",
};
const HINTS: Record<string, string> = {
  timeout: "Like 3h, 2d or 1d 12h.",
  duration: "Like 3h, 2d or 1d 12h.",
  sample: "It is never called in a rehearsal; this answers.",
  time: "Like 09:00.",
  template: "The name under which the messenger approved these words. Outside of 24 hours after somebody wrote, nothing else may be sent.",
  preheader: "Shown beside the subject before the email is opened.",
  instructions: "What matters in this answer. Empty: the twin answers what was asked.",
  channel: "Empty: where the contact wrote last, or can be reached.",
  value: "What one contact who comes here is worth. Reports add it up.",
  url: "Nothing is sent there in a rehearsal.",
};
const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];
const LONG = new Set(["body", "instructions"]);
const EMPTY: Record<string, unknown> = {};

interface Props {
  schema: JsonSchema;
  root: JsonSchema;
  value: Record<string, unknown>;
  skip?: readonly string[];
  onChange: (change: Record<string, unknown>) => void;
}

export function SchemaForm({ schema, root, value, skip = [], onChange }: Props): ReactNode {
  const fields = Object.entries(schema.properties ?? {}).filter(([name]) => !skip.includes(name));
  return fields.map(([name, field]) => (
    <SchemaField key={name} name={name} schema={plain(field, root)} root={root} value={value[name]} onChange={(next) => onChange({ [name]: next })} />
  ));
}

/** The schema itself: references followed, and "or nothing" left out. */
export function plain(schema: JsonSchema, root: JsonSchema): JsonSchema {
  const { $ref } = schema;
  if ($ref) {
    const found = root.$defs?.[$ref.split("/").at(-1) ?? ""];
    return found ? { ...plain(found, root), ...(schema.description ? { description: schema.description } : {}) } : {};
  }
  const choices = schema.anyOf?.filter((one) => one.type !== "null") ?? [];
  const [first] = choices;
  if (choices.length === 1 && first) return { ...schema, ...plain(first, root), anyOf: [] };
  return schema;
}

function SchemaField({ name, schema, root, value, onChange }: {
  name: string;
  schema: JsonSchema;
  root: JsonSchema;
  value: unknown;
  onChange: (value: unknown) => void;
}): ReactNode {
  const label = LABELS[name] ?? spoken(schema.title ?? name);
  const hint = HINTS[name];
  const common = { label, hint };
  const words = schema.anyOf?.length && schema.anyOf.some((one) => plain(one, root).type === "array");
  if (schema.enum) {
    const options = schema.enum.map(String).map((one): [string, string] => [one, spoken(one)]);
    return <Choice {...common} value={String(value ?? "")} empty={schema.default ? spoken(String(schema.default)) : "any"} options={options} onChange={(next) => onChange(next || undefined)} />;
  }
  if (words || (schema.type === "array" && plain(schema.items ?? {}, root).type === "string"))
    return <Words {...common} value={value} onChange={onChange} />;
  if (schema.type === "boolean") return <Tick label={label} value={Boolean(value)} onChange={onChange} />;
  if (schema.type === "number" || schema.type === "integer")
    return <Numeric {...common} value={value} onChange={onChange} />;
  if (schema.type === "string") {
    const text = typeof value === "string" ? value : value === undefined || value === null ? "" : String(value);
    const keep = (next: string): void => onChange(next === "" && !isNeeded(name) ? undefined : next);
    if (name === "method") return <Choice {...common} value={text} empty="POST" options={METHODS} onChange={keep} />;
    if (name === "twin") return <Twin {...common} value={text} onChange={keep} />;
    return <Text {...common} value={text} lines={LONG.has(name) ? 4 : undefined} onChange={keep} />;
  }
  if (schema.properties) {
    const inner = typeof value === "object" && value !== null ? (value as Record<string, unknown>) : EMPTY;
    return (
      <fieldset className="rows">
        <legend>{label}</legend>
        <SchemaForm schema={schema} root={root} value={inner} onChange={(change) => onChange(cleaned({ ...inner, ...change }))} />
      </fieldset>
    );
  }
  if (schema.type === "object")
    return <Table label={label} what="value" expression value={(value ?? EMPTY) as Record<string, unknown>} onChange={onChange} />;
  return <Json {...common} value={value} onChange={onChange} />;
}

/** One of the workspace's twins; what is written and not there stays, and can be seen. */
function Twin({ value, onChange, ...common }: { label: string; hint?: string | undefined; value: string; onChange: (value: string) => void }): ReactNode {
  const twins = usePart((state) => state.data.twins);
  if (!twins?.length) return <Text {...common} value={value} onChange={onChange} />;
  const options = twins.map(({ id, name }): [string, string] => [id, name]);
  return <Choice {...common} value={value} empty="Choose a twin" options={options} onChange={onChange} />;
}

const isNeeded = (name: string): boolean => ["body", "timeout", "name"].includes(name);

const cleaned = (value: Record<string, unknown>): Record<string, unknown> | undefined => {
  const kept = Object.entries(value).filter(([, one]) => one !== undefined);
  return kept.length ? Object.fromEntries(kept) : undefined;
};

const spoken = (name: string): string => {
  const words = name.replaceAll("_", " ");
  return words.slice(0, 1).toUpperCase() + words.slice(1);
};

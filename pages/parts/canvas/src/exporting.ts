// The flow as a file: what is drawn now where it can be made here, else the version that is saved.

import { said } from "./api.ts";
import type { FlowStore } from "./store.ts";

export type Format = "json" | "yaml" | "mermaid" | "svg" | "png";
const TYPES: Record<Format, [string, string]> = {
  json: ["application/json", "json"],
  yaml: ["application/yaml", "yaml"],
  mermaid: ["text/plain", "mmd"],
  svg: ["image/svg+xml", "svg"],
  png: ["image/png", "png"],
};
const SCALE = 2;
const MOST_PIXELS = 8_000;

export async function exportFlow(store: FlowStore, format: Format): Promise<void> {
  try {
    keep(await made(store, format), `${store.get().data.flow.id}.${TYPES[format][1]}`);
  } catch (error) {
    store.say(`There is no file. ${said(error)}`, "wrong");
  }
}

async function made(store: FlowStore, format: Format): Promise<Blob> {
  const [type] = TYPES[format];
  if (format === "json") return new Blob([JSON.stringify(store.get().document, null, 2)], { type });
  if (format === "yaml") return new Blob([await store.text()], { type });
  if (store.dirty) {
    const saved = await store.save();
    if (!saved) throw new Error("It is made from what is saved, and that did not work.");
  }
  const { data, base } = store.get();
  const kind = format === "png" ? "svg" : format;
  const path = `/flows/${encodeURIComponent(data.flow.id)}/export?format=${kind}&version=${base.version}`;
  const text = await store.api.text(path);
  return format === "png" ? picture(text) : new Blob([text], { type });
}

/** An SVG as a PNG, drawn by the browser. */
async function picture(svg: string): Promise<Blob> {
  const address = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const most = Math.max(image.naturalWidth, image.naturalHeight, 1);
    const scale = Math.min(SCALE, MOST_PIXELS / most);
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(image.naturalWidth * scale));
    canvas.height = Math.max(1, Math.round(image.naturalHeight * scale));
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((done, fail) => {
      canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error("The picture is too large."))), "image/png");
    });
  } finally {
    URL.revokeObjectURL(address);
  }
}

function keep(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

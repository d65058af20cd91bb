// One module of src/ as Node can import it.
import path from "node:path";
import { build } from "esbuild";

const HERE = path.dirname(import.meta.dirname);

export async function load(name) {
  const result = await build({
    absWorkingDir: HERE,
    entryPoints: [`src/${name}`],
    bundle: true,
    format: "esm",
    platform: "neutral",
    write: false,
  });
  const code = Buffer.from(result.outputFiles[0].contents).toString("base64");
  return import(`data:text/javascript;base64,${code}`);
}

/** Numbers that look random and are the same each time. */
export function chance(seed) {
  let state = seed >>> 0;
  return (most) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * most);
  };
}

// Makes bundle/ from src/: `node build.mjs`. With --check it makes it again elsewhere and compares.
// The banner carries the hash of everything that the bundle is made from, so that a bundle that is
// not current is seen where there is no node.

import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { build } from "esbuild";

const HERE = import.meta.dirname;
const OUT = path.join(HERE, "bundle");
const BESIDE = ["build.mjs", "package.json", "package-lock.json", "tsconfig.json"];

async function sources(folder) {
  const found = await readdir(path.join(HERE, folder), { recursive: true, withFileTypes: true });
  return found
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(HERE, path.join(entry.parentPath, entry.name)))
    .map((name) => name.split(path.sep).join("/"));
}

/** SHA-256 over the name and the content of each source, the lock and the licences. */
async function hashed(licences) {
  const names = [...(await sources("src")), ...BESIDE].sort();
  const hash = createHash("sha256");
  const add = (name, content) => {
    hash.update(`${name}\n${content.length}\n`);
    hash.update(content);
  };
  for (const name of names) add(name, await readFile(path.join(HERE, name)));
  add("bundle/LICENSES.txt", licences);
  return hash.digest("hex");
}

/** The packages whose code is in the bundle, as esbuild says. */
function bundled(metafile) {
  const output = Object.values(metafile.outputs);
  const inputs = output.flatMap((one) => Object.entries(one.inputs));
  const names = inputs
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([name]) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(name)?.[1])
    .filter(Boolean);
  return [...new Set(names)].sort();
}

async function licencesOf(names) {
  const parts = [];
  for (const name of names) {
    const folder = path.join(HERE, "node_modules", name);
    const about = JSON.parse(await readFile(path.join(folder, "package.json"), "utf8"));
    const file = (await readdir(folder)).find((one) => /^licen[cs]e(\.\w+)?$/i.test(one));
    if (!file) throw new Error(`${name} brings no licence`);
    const text = (await readFile(path.join(folder, file), "utf8")).replaceAll("\r\n", "\n").trim();
    parts.push(`${name} ${about.version} (${about.license})\n\n${text}\n`);
  }
  const rule = `\n${"-".repeat(72)}\n\n`;
  return Buffer.from(`The bundle holds code of these packages.\n${rule}${parts.join(rule)}`);
}

async function made() {
  const result = await build({
    absWorkingDir: HERE,
    entryPoints: { canvas: "src/main.tsx" },
    outdir: "bundle",
    bundle: true,
    format: "esm",
    target: "es2022",
    jsx: "automatic",
    minify: true,
    legalComments: "none",
    charset: "utf8",
    metafile: true,
    write: false,
    define: { "process.env.NODE_ENV": '"production"' },
  });
  const licences = await licencesOf(bundled(result.metafile));
  const banner = `/* Made by build.mjs from src/ (sha256 ${await hashed(licences)}); licences in LICENSES.txt */\n`;
  const files = { "LICENSES.txt": licences };
  for (const file of result.outputFiles)
    files[path.basename(file.path)] = Buffer.concat([Buffer.from(banner), file.contents]);
  return files;
}

async function check(files) {
  for (const [name, content] of Object.entries(files)) {
    const kept = await readFile(path.join(OUT, name)).catch(() => null);
    if (!kept || !content.equals(kept)) {
      process.stderr.write(`bundle/${name} is not what src/ gives. Please run: npm run build\n`);
      process.exitCode = 1;
    }
  }
}

const files = await made();
if (process.argv.includes("--check")) await check(files);
else {
  await mkdir(OUT, { recursive: true });
  for (const [name, content] of Object.entries(files)) await writeFile(path.join(OUT, name), content);
}

// Whether two documents play the same: where cards stand, what is noted and tested changes nothing.

const BESIDE = new Set(["canvas", "tests", "description", "name"]);

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).filter(([name, one]) => name !== "comment" && one !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, one]) => [name, plain(one)]));
}

/** What of a document is played, in one spelling. */
export function playedOf(document: unknown): string {
  if (document === null || typeof document !== "object") return "";
  const kept = Object.entries(document).filter(([name]) => !BESIDE.has(name));
  return JSON.stringify(plain(Object.fromEntries(kept)));
}

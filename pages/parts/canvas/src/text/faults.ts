// Why a text cannot be read, in words for who wrote it, and on which line.

import { Problem, said } from "../api.ts";
import { sentence } from "../words.ts";

export { Problem };

export interface Fault {
  words: string;
  line: number | null;
}

const BEFORE = /^(?:the (?:text|flow)[:,]?\s+)?(?:it )?is not valid YAML:\s*|^the (?:text|flow):\s*/i;
const SPACES = "Look at the spaces at the beginning of the line.";
/** What the reader of YAML says, and what it means. */
const MEANINGS: [RegExp, string][] = [
  [/',' or '\]'/, "A list that begins with [ is not closed with ], here or on a line above."],
  [/',' or '\}'/, "What begins with { is not closed with }, here or on a line above."],
  [/'-' indicator/, `This line is neither in the list above nor beside it. ${SPACES}`],
  [/expected key|block end|block mapping/, `This line does not fit to the one above. ${SPACES} Or a quote is missing.`],
  [/node content/, "Something is missing here: a value, or the end of a bracket."],
  [/end of stream|document separator/, "A quote is opened above and not closed."],
  [/mapping values are not allowed/, `A colon stands where none can. Put the words into quotes. ${SPACES}`],
  [/could not find expected ':'/, "A colon after a name is missing, here or on the line above."],
  [/cannot start any token/, "A word cannot begin with a tab, @, ` or %. Use spaces, or put the words into quotes."],
  [/escape character|hexdecimal|escape sequence/, "In double quotes a \\ has a meaning of its own. Write \\\\, or use single quotes."],
  [/undefined (?:alias|tag)|directive/, "A word that begins with *, &, ! or % means something else here. Put it into quotes."],
];

export function faultOf(error: unknown, text: string): Fault {
  if (!(error instanceof Problem)) return { words: said(error), line: null };
  const found = /line (\d+)/.exec(`${error.place ?? ""} ${error.field ?? ""} ${error.detail}`);
  const line = found ? Math.min(Number(found[1]), lastLine(text)) : null;
  const meaning = MEANINGS.find(([pattern]) => BEFORE.test(error.detail) && pattern.test(error.detail))?.[1];
  const plain = sentence(error.detail.replace(BEFORE, ""));
  const fix = error.fix && !plain.includes(error.fix) ? ` ${error.fix}` : "";
  return { words: `${line === null ? "" : `Line ${line}: `}${meaning ?? plain + fix}`, line };
}

/** The last line that says anything: what is missing is missed only at the end. */
const lastLine = (text: string): number => text.trimEnd().split("\n").length;

/** On which line the text of a flow begins to say a step; null where it cannot be seen. */
export function lineOfStep(text: string, id: string): number | null {
  const lines = text.split("\n");
  const begin = lines.findIndex((line) => /^["']?steps["']?\s*:/.test(line));
  const name = /(?:^|[\s{,-])["']?id["']?\s*:\s*(?:"([^"]*)"|'([^']*)'|([^\s,}#]+))/;
  for (let at = Math.max(begin, 0); at < lines.length; at += 1) {
    const line = lines[at] ?? "";
    if (begin >= 0 && at > begin && /^[A-Za-z"']/.test(line)) return null;
    const found = name.exec(line);
    if (found && (found[1] ?? found[2] ?? found[3]) === id) return at + 1;
  }
  return null;
}

// The words of a CEL expression, as far as the condition helper has to know them.

export type TokenKind = "text" | "open" | "number" | "name" | "sign" | "other";

export interface Token {
  kind: TokenKind;
  text: string;
  from: number;
  to: number;
}

const TOKEN =
  /\s+|("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|(["'][^\n]*)|(\d+(?:\.\d+)?)|([A-Za-z_]\w*)|(&&|\|\||[=!<>]=|[-!<>()[\],.?:+*/%])|([\s\S])/g;
const KINDS: readonly TokenKind[] = ["text", "open", "number", "name", "sign", "other"];

/** The tokens of an expression; a text that is not closed yet is one of kind "open". */
export function tokensOf(source: string): Token[] {
  const found: Token[] = [];
  for (const match of source.matchAll(TOKEN)) {
    const at = KINDS.findIndex((_, group) => match[group + 1] !== undefined);
    const kind = KINDS[at];
    if (kind === undefined) continue;
    found.push({ kind, text: match[0], from: match.index, to: match.index + match[0].length });
  }
  return found;
}

const ESCAPES: Record<string, string> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f" };

/** The words of a quoted text; null where it uses an escape that we leave alone. */
export function wordsOf(quoted: string): string | null {
  let plain = true;
  const words = quoted
    .slice(1, -1)
    .replace(/\\(u[0-9a-fA-F]{4}|.)/g, (_, escape: string) => {
      if (escape.length === 5) return String.fromCharCode(parseInt(escape.slice(1), 16));
      if (`"'\\`.includes(escape)) return escape;
      const sign = ESCAPES[escape];
      if (sign === undefined) plain = false;
      return sign ?? escape;
    });
  return plain ? words : null;
}

/** A text as CEL writes it. */
export function quoted(words: string): string {
  return JSON.stringify(words);
}

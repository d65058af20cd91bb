// Sentences of the server as they stand on a page.

/** With a capital at its beginning. */
export function sentence(text: string): string {
  const [first = ""] = text;
  return first.toUpperCase() + text.slice(first.length);
}

/**
 * A text of many lines as the server keeps it: without blank lines before it and without white space after
 * it. The indent of its first line stays: in Markdown it may say that this is code.
 */
export function trimmedLines(text: string): string {
  return text.trimEnd().replace(/^\s*[\n\r]/u, "");
}

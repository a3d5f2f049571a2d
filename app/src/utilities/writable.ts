/** What is pasted brings signs that no keyboard types: tabs of a spreadsheet, breaks of a word processor. */

/** Breaks of lines and pages that are none in the web's texts. */
const BREAKS = /\r\n?|[\v\f\u0085]/gu;

/** The same text as the server takes it: without control characters, a break in one line as a space. */
export function writable(text: string, isOneLine: boolean): string {
  return isOneLine
    ? text.replace(/\p{Cc}+/gu, " ")
    : text.replace(BREAKS, "\n").replace(/[^\P{Cc}\t\n]/gu, "");
}

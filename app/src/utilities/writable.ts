/** What is pasted brings signs that no keyboard types: tabs of a spreadsheet, breaks of a word processor. */

import { typedLine } from "./visible";

/** Breaks of lines and pages that are none in the web's texts. */
const BREAKS = /\r\n?|[\v\f\u0085]/gu;

/** The same text as the server takes it: without control characters, in one line without others that show nothing
 *  either, and a break in it as a space. */
export function writable(text: string, isOneLine: boolean): string {
  return isOneLine
    ? typedLine(text.replace(/\p{Cc}+/gu, " "))
    : text.replace(BREAKS, "\n").replace(/[^\P{Cc}\t\n]/gu, "");
}

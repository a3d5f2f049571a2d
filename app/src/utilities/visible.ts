/** What only seems to be typed: characters that show nothing, which the server takes for no name. */

/** A character that shows something: neither white space nor one of no width, nor Braille's empty pattern. */
const SEEN = /[^\s\p{Default_Ignorable_Code_Point}\u2800]/u;

/** Whether anything of a text can be seen. */
export function canBeSeen(text: string): boolean {
  return SEEN.test(text);
}

/** What was typed into one line, without white space around it; "" where nothing of it can be seen. */
export function seenLine(typed: string): string {
  return canBeSeen(typed) ? typed.trim() : "";
}

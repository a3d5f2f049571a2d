/** What only seems to be typed: characters that show nothing, which the server takes for no name. */

/** A character that shows something: neither white space nor one of no width, nor Braille's empty pattern. */
const SEEN = /[^\s\p{Default_Ignorable_Code_Point}\ufff9-\ufffb\u2800]/u;

/** One that shows nothing, and says nothing of how another one looks (shared/src/models/visible.rs). */
const INVISIBLE = /(?!\p{Variation_Selector})[\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/u;

/** What breaks a line besides control characters. */
const SEPARATORS = /[\u2028\u2029]/gu;

const JOINERS = ["\u200c", "\u200d"];

/** What stands beside a joiner for a reason: letters that change their form, and what emoji are made of. */
const JOINED = /[\ufe0f\u0600-\u1cff\u2190-\u2bff\ua800-\uabff\u{1f000}-\u{1faff}]/u;

/** The flags of England, Scotland and Wales: a black flag, and invisible letters that say which. */
const FLAGS =
  /(\u{1f3f4}\u{e0067}\u{e0062}(?:\u{e0065}\u{e006e}\u{e0067}|\u{e0073}\u{e0063}\u{e0074}|\u{e0077}\u{e006c}\u{e0073})\u{e007f})/u;

/** Whether anything of a text can be seen. */
export function canBeSeen(text: string): boolean {
  return SEEN.test(text);
}

/** What was typed into one line, as the server takes it; "" where nothing of it can be seen. */
export function seenLine(typed: string): string {
  return canBeSeen(typed) ? withoutInvisible(typed, joins).trim() : "";
}

/** The same while it is being typed: what a joiner joins may still come. */
export function typedLine(typing: string): string {
  return withoutInvisible(typing, (signs, at) => JOINERS.includes(signs[at] ?? ""));
}

/** Whether this is a joiner between what it can join. */
function joins(signs: readonly string[], at: number): boolean {
  const beside = [signs[at - 1], signs[at + 1]];
  return (
    JOINERS.includes(signs[at] ?? "") &&
    beside.every((sign) => sign !== undefined && JOINED.test(sign) && !INVISIBLE.test(sign))
  );
}

function withoutInvisible(line: string, isKept: typeof joins): string {
  const parts = line.replace(SEPARATORS, " ").split(FLAGS);
  const clear = (part: string) =>
    [...part].filter((sign, at, signs) => !INVISIBLE.test(sign) || isKept(signs, at)).join("");
  // Every second part is a flag.
  return parts.map((part, nth) => (nth % 2 === 1 ? part : clear(part))).join("");
}

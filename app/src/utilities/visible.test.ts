/** Guards that the app takes the same texts for empty as the server does (shared/src/models/visible.rs). */

import { canBeSeen, seenLine, typedLine } from "./visible";

it("a text can be seen if any of its characters can", () => {
  const seen = ["a", "\u200ba", "\u202ea\u202c", "\u2764\ufe0f", "\u0301", "\u{10ffff}"];
  expect(seen.filter((text) => !canBeSeen(text))).toEqual([]);
  const unseen = ["", " \u00a0\u3000", "\u200b", "\u200d \ufeff", "\u2800", "\u180b", "\ufe0f"];
  expect([...unseen, "\u{e0041}"].filter(canBeSeen)).toEqual([]);
});

it("a line is kept without white space around it, if there is something to be seen", () => {
  expect(seenLine(" a b ")).toBe("a b");
  expect(seenLine(" \u200b ")).toBe("");
});

/** Persian, Kannada, a woman at her computer, a heart in colours, the flags of Scotland and the pirates. */
const SOUND = [
  "علی\u200cرضا",
  "ರ\u200d್ಕ",
  "\u{1f469}\u200d\u{1f4bb}",
  "\u2764\ufe0f",
  "\u{1f3f4}\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}",
  "\u{1f3f4}\u200d\u2620\ufe0f",
];

it.each(SOUND)("what scripts and emoji need stays in a line: %s", (text) => {
  expect([seenLine(text), typedLine(text)]).toEqual([text, text]);
});

it.each([
  ["zero\u200bwidth", "zerowidth"],
  ["\u202elive\u202c", "live"],
  ["one\u2028two\u2029", "one two"],
  ["a\ufff9b\ufeff", "ab"],
  ["علی\u200c\u200cرضا", "علیرضا"],
  ["a\u200db", "ab"],
  ["\u{1f3f4}\u{e0041}", "\u{1f3f4}"],
])("what only hides in a line goes, as the server would refuse it: %j", (typed, kept) => {
  expect(seenLine(typed)).toBe(kept);
});

it("a joiner stays while its word is being typed", () => {
  expect(typedLine("علی\u200c")).toBe("علی\u200c");
  expect(typedLine("a\u200b\u2028b")).toBe("a b");
  expect(seenLine("علی\u200c")).toBe("علی");
});

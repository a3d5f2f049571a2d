/** Guards that the app takes the same texts for empty as the server does (shared/src/models/visible.rs). */

import { canBeSeen, seenLine } from "./visible";

it("a text can be seen if any of its characters can", () => {
  const seen = ["a", "\u200ba", "\u202ea\u202c", "\u2764\ufe0f", "\u0301", "\u{10ffff}"];
  expect(seen.filter((text) => !canBeSeen(text))).toEqual([]);
  const unseen = ["", " \u00a0\u3000", "\u200b", "\u200d \ufeff", "\u2800", "\u180b", "\ufe0f"];
  expect([...unseen, "\u{e0041}"].filter(canBeSeen)).toEqual([]);
});

it("a line is kept without white space around it, if there is something to be seen", () => {
  expect(seenLine(" a\u200b b ")).toBe("a\u200b b");
  expect(seenLine(" \u200b ")).toBe("");
});

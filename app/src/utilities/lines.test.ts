import { trimmedLines } from "./lines";

test.each([
  ["    code\n    more\n", "    code\n    more"],
  ["\n \n  a\n\n b \t\n ", "  a\n\n b"],
  ["\r\n\ta", "\ta"],
  ["a", "a"],
  [" \n\t ", ""],
  ["", ""],
])("what is written around lines goes, the first indent stays: %j", (typed, kept) => {
  expect(trimmedLines(typed)).toBe(kept);
});

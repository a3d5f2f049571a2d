import { array, assert as check, constantFrom, property } from "fast-check";
import { combineTexts } from "./combine";

it("what only one of two changed is taken from there", () => {
  const base = "one\ntwo\nthree";
  expect(combineTexts(base, "ONE\ntwo\nthree", "one\ntwo\nthree\nfour")).toBe(
    "ONE\ntwo\nthree\nfour",
  );
  expect(combineTexts(base, "one\nthree", "zero\none\ntwo\nthree")).toBe("zero\none\nthree");
});

it("where both changed the same lines both are kept, one's own first", () => {
  expect(combineTexts("one\ntwo\nthree", "one\nzwei\nthree", "one\ndeux\nthree")).toBe(
    "one\nzwei\ndeux\nthree",
  );
  expect(combineTexts("", "mine", "theirs")).toBe("mine\ntheirs");
});

it("no line that either of two wrote is lost", () => {
  const text = array(constantFrom<string>("a", "b", "c", ""), { minLength: 1, maxLength: 8 });
  check(
    property(text, text, text, (base, ours, others) => {
      const mine = [...ours, "mine"].join("\n");
      const theirs = [...others, "theirs"].join("\n");
      const both = combineTexts(base.join("\n"), mine, theirs).split("\n");
      expect(both).toEqual(expect.arrayContaining(["mine", "theirs"]));
      const added = (lines: readonly string[]) => lines.filter((line) => !base.includes(line));
      for (const line of [...added(ours), ...added(others)]) {
        expect(both).toContain(line);
      }
    }),
  );
});

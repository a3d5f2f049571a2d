import { array, assert as check, constantFrom, property } from "fast-check";
import { combineLines, combineTexts } from "./combine";

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

it("words that two lines begin and end with alike are there once", () => {
  expect(combineLines("Buy milk today", "Buy bread today")).toBe("Buy milk / bread today");
  expect(combineLines("Buy milk", "Buy milk today")).toBe("Buy milk today");
  expect(combineLines("Now", "Later")).toBe("Now / Later");
  expect(combineLines("Same", "Same")).toBe("Same");
  expect(combineLines("", "Later")).toBe("Later");
});

it("of two lines no word is lost, and none that both begin or end with is repeated", () => {
  const words = array(constantFrom<string>("a", "b", "c"), { maxLength: 5 });
  check(
    property(words, words, words, words, (start, ours, others, end) => {
      const mine = [...start, "x", ...ours, "X", ...end];
      const theirs = [...start, "y", ...others, "Y", ...end];
      const both = combineLines(mine.join(" "), theirs.join(" ")).split(" ");
      expect(both).toEqual([...start, "x", ...ours, "X", "/", "y", ...others, "Y", ...end]);
    }),
  );
  check(
    property(words, words, (mine, theirs) => {
      const both = combineLines(mine.join(" "), theirs.join(" ")).split(" ");
      const isWithin = (line: readonly string[]) => {
        let next = 0;
        for (const word of both) if (word === line[next]) next += 1;
        return next >= line.length;
      };
      expect(isWithin(mine) && isWithin(theirs)).toBe(true);
      expect(both.length).toBeLessThanOrEqual(Math.max(mine.length + theirs.length + 1, 1));
    }),
  );
});

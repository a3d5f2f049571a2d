/** Guards the boxes of task lists: each tick changes its own box and nothing else. */

import { array, assert as check, constantFrom, nat, property } from "fast-check";
import * as parser from "./markdown-parse";
import { boxesIn, progressOf, ticksOver, withBox } from "./task-list";

const statesOf = (text: string) =>
  boxesIn(parser.parseMarkdown(text)).map(({ checked }) => checked);

it("boxes are counted where Markdown has them, and nowhere else", () => {
  expect(progressOf("- [x] one\n- [ ] two\n  1. [X] deep\n> - [ ] quoted")).toEqual({
    done: 2,
    all: 4,
  });
  expect(progressOf("```\n- [ ] code\n```\n\n[x] no list, `- [ ]` neither")).toBeNull();
  expect(progressOf("Plain")).toBeNull();
});

it("a text is read once, however often its card is drawn", () => {
  const parse = jest.spyOn(parser, "parseMarkdown");
  const text = "- [ ] only once";
  expect([progressOf(text), progressOf(text), progressOf(`${text} `)]).toEqual([
    { done: 0, all: 1 },
    { done: 0, all: 1 },
    { done: 0, all: 1 },
  ]);
  expect(parse.mock.calls.map(([source]) => source)).toEqual([text, `${text} `]);
  parse.mockRestore();
});

it("a tick changes one box of the text and no other character", () => {
  const text = "```\n- [ ] code\n```\n* [ ] one\r\n* [x] two [ ]\n\n3) [ ] three";
  expect(withBox(text, 0, true)).toBe(text.replace("* [ ] one", "* [x] one"));
  expect(withBox(text, 1, false)).toBe(text.replace("* [x] two", "* [ ] two"));
  expect(withBox(text, 2, true)).toBe(text.replace("3) [ ]", "3) [x]"));
  expect(withBox(text, 3, true)).toBeNull();
  const code = `\`\`\`\n${"- [ ] code\n".repeat(40)}\`\`\`\n`;
  expect(withBox(`${code}- [ ] real`, 0, true)).toBe(`${code}- [x] real`);
});

it("whatever is written, a tick turns the box that was pressed and leaves the others", () => {
  const bit = constantFrom("- ", "* ", "1. ", "[ ] ", "[x] ", "a", "\n", "  ", "> ", "```\n", "`");
  check(
    property(array(bit, { maxLength: 40 }), nat(5), (bits, box) => {
      const text = bits.join("");
      const before = statesOf(text);
      const ticked = withBox(text, box, before[box] !== true);
      if (ticked !== null) {
        expect(statesOf(ticked)).toEqual(
          before.map((state, at) => (at === box ? state !== true : state)),
        );
        expect(ticked).toHaveLength(text.length);
      }
    }),
  );
});

it("two people tick different boxes, and both are ticked", () => {
  const base = "Steps\n- [ ] one\n- [ ] two";
  const mine = "Steps\n- [x] one\n- [ ] two";
  expect(ticksOver(base, mine, "Steps\n- [ ] one\n- [x] two")).toBe("Steps\n- [x] one\n- [x] two");
  expect(ticksOver(base, mine, "New\n\n- [ ] zero\n- [ ] one\n- [ ] two")).toBe(
    "New\n\n- [ ] zero\n- [x] one\n- [ ] two",
  );
});

it("what is more than a tick, or has lost its line, is for the user to decide", () => {
  const base = "- [ ] one\n- [ ] two";
  expect(ticksOver(base, "- [x] one!\n- [ ] two", "- [ ] one\n- [x] two")).toBeNull();
  expect(ticksOver(base, "- [x] one\n- [ ] two", "- [ ] eins\n- [ ] two")).toBeNull();
  expect(ticksOver(base, "- [x] one\n- [ ] two", "- [ ] one\n- [ ] one\n- [ ] two")).toBeNull();
  expect(ticksOver(base, "- [x] one", base)).toBeNull();
});

/** Guards that a title turns nothing but itself. */

import { assert, constantFrom, property, string } from "fast-check";
import { catalogues } from "./index";
import { isolate } from "./isolate";

const OVERRIDE = "\u202e";

it.each(["en", "de"] as const)(
  "a title with an override leaves our words as they are (%s)",
  (language) => {
    const { board } = catalogues[language];
    for (const say of [board.moved, board.events.taskRenamed, board.events.taskDeleted]) {
      const words = say("ada", `${OVERRIDE}Pack`, "Done");
      expect(words).toContain(`\u2068${OVERRIDE}Pack\u2069`);
    }
  },
);

it("a name that is written from right to left is set apart, a plain one is as it is", () => {
  expect(isolate("שלום")).toBe("\u2068שלום\u2069");
  expect(isolate("Grüße 👋")).toBe("Grüße 👋");
});

it("a sentence in a sentence keeps what is set apart in it", () => {
  const { undo, taskDeleted } = catalogues.en.board.events;
  const words = taskDeleted("ada", `${OVERRIDE}Pack`);
  expect(undo(words)).toBe(`\u2068${words}\u2069 (undone)`);
});

it("whatever a text holds, its isolation ends with it and not before", () => {
  const marks = constantFrom("\u202e", "\u202c", "\u2066", "\u2067", "\u2068", "\u2069", "a", "א");
  assert(
    property(string({ unit: marks }), (text) => {
      let depth = 0;
      const depths = [...isolate(text)].map((mark) => {
        depth += mark === "\u2069" ? -1 : /[\u2066-\u2068]/u.test(mark) ? 1 : 0;
        return depth;
      });
      expect(depth).toBe(0);
      const turns = /[\u202e\u202cא]/u.test(text);
      expect(depths.slice(0, -1).every((each) => each >= (turns ? 1 : 0))).toBe(true);
    }),
  );
});

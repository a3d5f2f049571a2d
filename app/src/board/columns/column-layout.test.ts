/** Guards where cards are and which of them are drawn. */

import { array, assert as check, integer, property } from "fast-check";
import {
  contentHeight,
  countAtOrAbove,
  heightAt,
  layOut,
  visibleRange,
  without,
} from "./column-layout";

const heights = array(integer({ min: 1, max: 200 }), { maxLength: 60 });

function layoutOf(all: readonly number[]) {
  return layOut(
    all.map((_, index) => index + 1),
    (id) => all[id - 1] ?? 0,
  );
}

it("cards are one below the other, and the content is as high as all of them", () => {
  check(
    property(heights, (all) => {
      const layout = layoutOf(all);
      expect(all.map((_, index) => heightAt(layout, index))).toEqual(all);
      expect(contentHeight(layout)).toBe(all.reduce((sum, height) => sum + height, 0));
    }),
  );
});

it("a column without a card is laid out as if it had never been there", () => {
  check(
    property(heights, integer({ min: 1, max: 60 }), (all, id) => {
      const others = all.map((height, index) => [index + 1, height] as const);
      const left = others.filter(([other]) => other !== id);
      const expected = layOut(
        left.map(([other]) => other),
        (other) => all[other - 1] ?? 0,
      );
      expect(without(layoutOf(all), id)).toEqual(expected);
    }),
  );
});

it("every card that shows is drawn", () => {
  check(
    property(
      heights,
      integer({ min: 0, max: 9000 }),
      integer({ min: 1, max: 900 }),
      integer({ min: 0, max: 600 }),
      (all, top, height, overscan) => {
        const layout = layoutOf(all);
        const { from, to } = visibleRange(layout, top, height, overscan);
        all.forEach((_, index) => {
          const start = layout.tops[index] ?? 0;
          const end = layout.tops[index + 1] ?? 0;
          if (end > top && start < top + height) {
            expect(index >= from && index < to).toBe(true);
          }
        });
        expect(from).toBeGreaterThanOrEqual(0);
        expect(to).toBeLessThanOrEqual(all.length);
      },
    ),
  );
});

it("of 5,000 cards a window of 800 pixels draws less than 60", () => {
  const layout = layoutOf(Array.from({ length: 5000 }, () => 80));
  const { from, to } = visibleRange(layout, 200_000, 800, 600);
  expect(to - from).toBeLessThan(60);
});

it("halving counts as counting does", () => {
  check(
    property(heights, integer({ min: -10, max: 9000 }), (all, y) => {
      const { tops } = layoutOf(all);
      expect(countAtOrAbove(tops, y)).toBe(tops.filter((top) => top <= y).length);
    }),
  );
});

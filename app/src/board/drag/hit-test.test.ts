/** Guards where a held card falls, for every board and every point. */

import { array, assert as check, integer, property, record, uniqueArray } from "fast-check";
import { layOut } from "../columns/column-layout";
import { cardAt, columnAt, hitTest, indexAt, type ColumnGeometry } from "./hit-test";

const heights = array(integer({ min: 40, max: 160 }), { maxLength: 40 });

function layoutOf(all: readonly number[], firstId = 1) {
  const ids = all.map((_, index) => firstId + index);
  return layOut(ids, (id) => all[id - firstId] ?? 0);
}

/** Columns side by side, each with its own cards. */
const board = array(record({ heights, scrolled: integer({ min: 0, max: 2000 }) }), {
  minLength: 1,
  maxLength: 6,
}).map((columns): ColumnGeometry[] =>
  columns.map((column, index) => ({
    key: `c${index}`,
    left: 12 + index * 312,
    width: 300,
    top: 150,
    height: 500,
    scrolled: column.scrolled,
    layout: layoutOf(column.heights, 1 + index * 100),
  })),
);
const point = record({ x: integer({ min: -200, max: 2200 }), y: integer({ min: -200, max: 900 }) });

it("the gap opens where it is nearest to the held card", () => {
  check(
    property(heights, integer({ min: -500, max: 7000 }), (all, y) => {
      const { tops, ...rest } = layoutOf(all);
      const distances = tops.map((top) => Math.abs(top - y));
      const index = indexAt({ ...rest, tops }, y);
      expect(distances[index]).toBe(Math.min(...distances));
    }),
  );
});

it("a card that is held lower never falls higher", () => {
  check(
    property(heights, integer(), integer(), (all, one, other) => {
      const layout = layoutOf(all);
      const [high, low] = [Math.min(one, other), Math.max(one, other)];
      expect(indexAt(layout, high)).toBeLessThanOrEqual(indexAt(layout, low));
    }),
  );
});

it("every point of the window is over a column, and names a place that is in it", () => {
  check(
    property(board, point, (columns, at) => {
      const target = hitTest(columns, at, at.y);
      const column = columns.find(({ key }) => key === target?.status);
      expect(column).toBeDefined();
      const ids = column?.layout.ids ?? [];
      expect(target?.index).toBeGreaterThanOrEqual(0);
      expect(target?.index).toBeLessThanOrEqual(ids.length);
      expect(target?.before).toBe(ids[target?.index ?? 0] ?? null);
    }),
  );
});

it("beside the columns the nearest is meant", () => {
  check(
    property(board, point, (columns, { x }) => {
      const away = ({ left, width }: ColumnGeometry) => Math.max(left - x, x - (left + width), 0);
      const found = columnAt(columns, x);
      expect(found && away(found)).toBe(Math.min(...columns.map(away)));
    }),
  );
});

it("a card lifted and dropped at once falls where it was", () => {
  check(
    property(
      array(integer({ min: 40, max: 160 }), { minLength: 1, maxLength: 40 }),
      integer({ min: 0, max: 39 }),
      (all, pick) => {
        const whole = layoutOf(all);
        const index = pick % all.length;
        const others = all.filter((_, place) => place !== index);
        expect(indexAt(layoutOf(others), whole.tops[index] ?? 0)).toBe(index);
      },
    ),
  );
});

it("an empty column takes the card at its only place", () => {
  const layout = layoutOf([]);
  expect(indexAt(layout, -40)).toBe(0);
  expect(indexAt(layout, 400)).toBe(0);
});

it("the card under a point is the one drawn there, and gaps are no card", () => {
  check(
    property(board, point, (columns, at) => {
      const card = cardAt(columns, at, 8);
      if (card) {
        expect(at.x).toBeGreaterThanOrEqual(card.left);
        expect(at.x).toBeLessThan(card.left + card.width);
        expect(at.y).toBeGreaterThanOrEqual(card.top);
        expect(at.y).toBeLessThan(card.top + card.height);
      }
    }),
  );
  const columns = [
    { key: "a", left: 0, width: 300, top: 0, height: 500, scrolled: 0, layout: layoutOf([60, 60]) },
  ];
  expect(cardAt(columns, { x: 5, y: 51 }, 8)?.id).toBe(1);
  expect(cardAt(columns, { x: 5, y: 53 }, 8)).toBeNull();
  expect(cardAt(columns, { x: 5, y: 60 }, 8)?.id).toBe(2);
  expect(cardAt(columns, { x: 5, y: 200 }, 8)).toBeNull();
});

it("without columns there is no place", () => {
  check(property(uniqueArray(integer()), () => expect(hitTest([], { x: 1, y: 1 }, 1)).toBeNull()));
});

/** Where things are in a chart. */

import { labelled, nearest, timeAxis, valueAxis } from "./geometry";
import { contrast } from "../../theme/contrast";
import { dark, light } from "../../theme/colours";
import { SEEN, seriesColour } from "./palette";

test("an axis of counts begins at 0, ends at a tick, and has no tick between two numbers", () => {
  for (const most of [0, 1, 2, 3, 7, 12, 99, 12_345]) {
    const { at, ticks } = valueAxis(most, 200, true);
    expect(ticks[0]).toBe(0);
    expect(ticks.every(Number.isInteger)).toBe(true);
    expect(ticks.at(-1)).toBeGreaterThanOrEqual(most);
    expect([at(0), at(ticks.at(-1) ?? 0)]).toEqual([200, 0]);
  }
  expect(valueAxis(0.4, 200, false).ticks.at(-1)).toBeLessThan(1);
});

test("labels have room, and the first has one", () => {
  for (const [count, width] of [
    [1, 300],
    [30, 300],
    [731, 330],
    [60, 900],
  ] as const) {
    const places = labelled(count, width);
    expect(places[0]).toBe(0);
    expect(places.length).toBeLessThanOrEqual(Math.max(1, width / 80));
  }
  expect(labelled(0, 300)).toEqual([]);
});

test("a pointer reads the nearest point, a time axis goes from edge to edge", () => {
  const at = (index: number) => index * 10;
  expect([-50, 4, 6, 1000].map((pixel) => nearest(pixel, 5, at))).toEqual([0, 0, 1, 4]);
  const { at: place, ticks } = timeAxis(1_000, 5_000, 400);
  expect([place(1_000), place(3_000), place(5_000)]).toEqual([0, 200, 400]);
  expect([ticks[0], ticks.at(-1)]).toEqual([1_000, 5_000]);
});

test.each(["light", "dark"] as const)(
  "WCAG 1.4.11: every series is seen on the %s surface (3:1), and none looks like another",
  (scheme) => {
    const colours = Array.from({ length: 16 }, (_, index) => seriesColour(index, scheme));
    const { surface } = scheme === "light" ? light : dark;
    for (const colour of colours) {
      expect(contrast(colour, surface)).toBeGreaterThanOrEqual(SEEN);
    }
    expect(new Set(colours).size).toBe(16);
  },
);

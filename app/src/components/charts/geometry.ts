/** Where things are in a chart: axes and their ticks, in pixels of the plot. */

import { scaleLinear } from "d3-scale";

/** Numbers along a line: `at` gives the place of a value, `ticks` are values worth a line. */
export interface Axis {
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}

/** How close labels may be, in pixels. */
const ROOM_BELOW = 80;
const ROOM_BESIDE = 44;

/**
 * From 0 up to at least `most`, which is rounded up to a tick.
 *
 * @param length from the lower end to the upper, in pixels
 * @param whole things are counted: no tick between two numbers
 */
export function valueAxis(most: number, length: number, whole: boolean): Axis {
  const least = whole ? 1 : Number.EPSILON;
  const count = Math.max(2, Math.min(5, Math.floor(length / ROOM_BESIDE)));
  const scale = scaleLinear()
    .domain([0, Math.max(most, least)])
    .nice(count);
  const ticks = scale.ticks(count).filter((tick) => !whole || Number.isInteger(tick));
  scale.range([length, 0]);
  return { at: (value) => scale(value), ticks };
}

/** Moments along a line, in milliseconds since 1970, from the left edge to the right. */
export function timeAxis(from: number, to: number, length: number): Axis {
  const scale = scaleLinear()
    .domain([from, Math.max(to, from + 1)])
    .range([0, length]);
  const count = Math.max(1, Math.floor(length / (2 * ROOM_BELOW)));
  const ticks = Array.from({ length: count + 1 }, (_, index) =>
    Math.round(from + ((to - from) * index) / count),
  );
  return { at: (value) => scale(value), ticks };
}

/** Which of `count` places in a row have a label: the first, and as many more as have room. */
export function labelled(count: number, length: number): readonly number[] {
  const most = Math.max(1, Math.floor(length / ROOM_BELOW));
  const step = Math.max(1, Math.ceil(count / most));
  return Array.from({ length: Math.ceil(count / step) }, (_, index) => index * step);
}

/** The place of `count` in a row that is nearest to a pixel. */
export function nearest(pixel: number, count: number, at: (index: number) => number): number {
  let best = 0;
  for (let index = 1; index < count; index += 1) {
    if (Math.abs(at(index) - pixel) < Math.abs(at(best) - pixel)) best = index;
  }
  return best;
}

/** Where the cards of a column are, and which of them a window shows. */

import type { TaskId } from "../../sync";

/** A column's cards from top to bottom; distances are from the top of its content. */
export interface ColumnLayout {
  readonly ids: readonly TaskId[];
  /** One more than there are cards: where each begins, and where the next one would. */
  readonly tops: readonly number[];
}

/**
 * @param heightOf a card's height, with the gap below it
 */
export function layOut(ids: readonly TaskId[], heightOf: (id: TaskId) => number): ColumnLayout {
  const tops = [0];
  let top = 0;
  for (const id of ids) {
    top += heightOf(id);
    tops.push(top);
  }
  return { ids, tops };
}

/** The same layout as if one card were not there; the layout itself where it is not. */
export function without(layout: ColumnLayout, id: TaskId | null): ColumnLayout {
  const place = id === null ? -1 : layout.ids.indexOf(id);
  if (place < 0) {
    return layout;
  }
  const height = heightAt(layout, place);
  const tops = layout.tops.filter((_, index) => index !== place + 1);
  for (let index = place + 1; index < tops.length; index += 1) {
    tops[index] = (tops[index] ?? 0) - height;
  }
  return { ids: layout.ids.filter((other) => other !== id), tops };
}

/** The height of the nth card with the gap below it. */
export function heightAt(layout: ColumnLayout, index: number): number {
  return (layout.tops[index + 1] ?? 0) - (layout.tops[index] ?? 0);
}

/** The height of all of it. */
export function contentHeight(layout: ColumnLayout): number {
  return layout.tops[layout.tops.length - 1] ?? 0;
}

/** How many of `tops` are at or above `y`: by halving, so that 5,000 cost 13 steps. */
export function countAtOrAbove(tops: readonly number[], y: number): number {
  let low = 0;
  let high = tops.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((tops[middle] ?? Infinity) <= y) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/** A range of cards, `from` (in it) to `to` (not in it). */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/**
 * The cards that are to be drawn. Its ends fall on multiples of `step`, so that scrolling renders again
 * only now and then.
 *
 * @param top how far the column is scrolled
 * @param height of what shows of it
 */
export function visibleRange(
  layout: ColumnLayout,
  top: number,
  height: number,
  overscan: number,
  step = 4,
): Range {
  const count = layout.ids.length;
  const first = countAtOrAbove(layout.tops, top - overscan) - 1;
  const last = countAtOrAbove(layout.tops, top + height + overscan);
  return {
    from: Math.max(0, Math.floor(Math.min(first, count) / step) * step),
    to: Math.min(count, Math.ceil(Math.max(0, last) / step) * step),
  };
}

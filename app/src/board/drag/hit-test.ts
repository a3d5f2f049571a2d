/** Where a card that is held would fall: pure geometry, in the window's coordinates. */

import type { TaskId } from "../../sync";
import { countAtOrAbove, type ColumnLayout } from "../columns/column-layout";

/** A column as it is on the screen. */
export interface ColumnGeometry {
  readonly key: string;
  readonly left: number;
  readonly width: number;
  /** Where the list of its cards shows. */
  readonly top: number;
  readonly height: number;
  /** How far that list is scrolled. */
  readonly scrolled: number;
  /** Its cards without the one that is held. */
  readonly layout: ColumnLayout;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Before which card of which column; `null`: at the end. */
export interface DropTarget {
  readonly status: string;
  readonly index: number;
  readonly before: TaskId | null;
}

/** The column at `x`, or the nearest where there is none; `null` only where there are no columns. */
export function columnAt(columns: readonly ColumnGeometry[], x: number): ColumnGeometry | null {
  let nearest: ColumnGeometry | null = null;
  let least = Infinity;
  for (const column of columns) {
    const distance = Math.max(column.left - x, x - (column.left + column.width), 0);
    if (distance < least) {
      nearest = column;
      least = distance;
    }
  }
  return nearest;
}

/**
 * The index at which the gap would open nearest to the held card.
 *
 * It looks at the column as if neither the card nor a gap were in it, so that its answer depends on
 * the point alone and the gap never flutters.
 *
 * @param y the upper edge of the held card, from the top of the column's content
 */
export function indexAt(layout: ColumnLayout, y: number): number {
  const below = countAtOrAbove(layout.tops, y);
  if (below === 0) {
    return 0;
  }
  if (below === layout.tops.length) {
    return below - 1;
  }
  const above = layout.tops[below - 1] ?? 0;
  const next = layout.tops[below] ?? 0;
  return y - above <= next - y ? below - 1 : below;
}

/**
 * @param pointer which column is meant
 * @param cardTop the upper edge of the held card: where in the column is meant
 */
export function hitTest(
  columns: readonly ColumnGeometry[],
  pointer: Point,
  cardTop: number,
): DropTarget | null {
  const column = columnAt(columns, pointer.x);
  if (!column) {
    return null;
  }
  const index = indexAt(column.layout, cardTop - column.top + column.scrolled);
  return { status: column.key, index, before: column.layout.ids[index] ?? null };
}

/** The column whose head is under a point: what is above the list of its cards. */
export function headAt(columns: readonly ColumnGeometry[], { x, y }: Point): string | null {
  const under = columns.find(({ left, width, top }) => x >= left && x < left + width && y < top);
  return under?.key ?? null;
}

/** The card under a point and its place on the screen, if there is one. */
export function cardAt(
  columns: readonly ColumnGeometry[],
  point: Point,
  gap: number,
): { id: TaskId; status: string; left: number; top: number; width: number; height: number } | null {
  for (const column of columns) {
    const { left, width, top, height, scrolled, layout } = column;
    const inside =
      point.x >= left && point.x < left + width && point.y >= top && point.y < top + height;
    if (!inside) {
      continue;
    }
    const y = point.y - top + scrolled;
    const index = countAtOrAbove(layout.tops, y) - 1;
    const id = layout.ids[index];
    const cardTop = layout.tops[index] ?? 0;
    const cardHeight = (layout.tops[index + 1] ?? 0) - cardTop - gap;
    if (id === undefined || y >= cardTop + cardHeight) {
      return null;
    }
    return {
      id,
      status: column.key,
      left,
      top: top + cardTop - scrolled,
      width,
      height: cardHeight,
    };
  }
  return null;
}

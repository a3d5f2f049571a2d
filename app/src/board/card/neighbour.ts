/** Which card an arrow key leads to. */

import type { TaskId } from "../../sync";
import type { ColumnGeometry } from "../drag/hit-test";

export type Direction = "up" | "down" | "left" | "right";

/**
 * @param from null: the first card of the first column that has one
 * @returns null where there is no card that way
 */
export function neighbour(
  columns: readonly Pick<ColumnGeometry, "layout">[],
  from: TaskId | null,
  direction: Direction,
): TaskId | null {
  const at = from === null ? -1 : columns.findIndex(({ layout }) => layout.ids.includes(from));
  const column = columns[at];
  if (from === null || !column) {
    return columns.find(({ layout }) => layout.ids.length > 0)?.layout.ids[0] ?? null;
  }
  const index = column.layout.ids.indexOf(from);
  if (direction === "up" || direction === "down") {
    return column.layout.ids[index + (direction === "up" ? -1 : 1)] ?? null;
  }
  const step = direction === "left" ? -1 : 1;
  // Columns without cards are passed over.
  for (let next = at + step; columns[next]; next += step) {
    const ids = columns[next]?.layout.ids ?? [];
    if (ids.length > 0) {
      return ids[Math.min(index, ids.length - 1)] ?? null;
    }
  }
  return null;
}

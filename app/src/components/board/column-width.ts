/** How wide the columns of a board are. */

/** Between two columns, in pixels. */
export const COLUMN_GAP = 12;

/** What adds a column at the end of the row, in pixels. */
export const ADD_COLUMN_WIDTH = 150;

/**
 * How wide the columns are: all in view where there is room, else as wide as a phone allows.
 *
 * @param room for the row, in pixels
 * @param adding whether what adds a column stands at its end
 */
export function columnWidthFor(
  room: number,
  count: number,
  adding: boolean,
): { width: number; snap: boolean } {
  const gaps = (count + 1) * COLUMN_GAP + (adding ? ADD_COLUMN_WIDTH + COLUMN_GAP : 0);
  const each = Math.floor((room - gaps) / Math.max(1, count));
  if (each >= 250) {
    return { width: Math.min(each, 420), snap: false };
  }
  // A strip of the next column shows that there is more.
  const width = Math.min(300, Math.max(220, room - 2 * COLUMN_GAP - 28));
  return { width, snap: room < 600 };
}

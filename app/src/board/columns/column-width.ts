/** How wide the columns of a board are, and what adds one. */

import { PixelRatio, Platform } from "react-native";
import { spacing } from "../../theme";
import { textWidth } from "../card/text-width";

/** Between two columns, in pixels. */
export const COLUMN_GAP = 12;

/** What the button that adds a column has beside its words: the icon, and the space around. */
const AROUND_WORDS = 18 + spacing.s + 2 * spacing.l + spacing.s;

/**
 * How wide what adds a column at the end of the row is, in pixels.
 *
 * @param words on its button: they are longer in some languages
 */
export function addColumnWidth(words: string): number {
  const fontScale = Platform.OS === "web" ? 1 : PixelRatio.getFontScale();
  return Math.max(150, Math.ceil(textWidth(words) * fontScale) + AROUND_WORDS);
}

/**
 * How wide the columns are: all in view where there is room, else as wide as a phone allows.
 *
 * @param room for the row, in pixels
 * @param adding how wide what adds a column at its end is; 0: it is not there
 */
export function columnWidthFor(
  room: number,
  count: number,
  adding: number,
): { width: number; snap: boolean } {
  const gaps = (count + 1) * COLUMN_GAP + (adding > 0 ? adding + COLUMN_GAP : 0);
  const each = Math.floor((room - gaps) / Math.max(1, count));
  if (each >= 250) {
    return { width: Math.min(each, 420), snap: false };
  }
  // A strip of the next column shows that there is more.
  const width = Math.min(300, Math.max(220, room - 2 * COLUMN_GAP - 28));
  return { width, snap: room < 600 };
}

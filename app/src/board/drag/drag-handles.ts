/** What a drag knows of the lists on the screen, and how it scrolls them. */

import { scrolledTo } from "./auto-scroll";
import type { ColumnLayout } from "../columns/column-layout";

/** What a column reports about itself while it is on the screen. */
export interface ColumnHandle {
  /** Its cards as drawn, the held one among them. */
  layout(): ColumnLayout;
  /** Where its list showed when it was last measured, and how far that was scrolled since. */
  frame(): { left: number; top: number; width: number; height: number; scrolled: number };
  scrollTo(y: number): void;
}

/** The row of columns. */
export interface RowHandle {
  frame(): { left: number; width: number; scrolled: number; content: number };
  scrollTo(x: number): void;
  /** Brings a column into view. */
  reveal(key: string): void;
}

/** One frame of scrolling by itself, where the pointer is near the row's edge. @returns whether it scrolled */
export function scrollSideways(row: RowHandle, at: number): boolean {
  const { left, width, scrolled, content } = row.frame();
  const to = scrolledTo(at, { start: left, length: width, scrolled, content });
  if (to !== scrolled) {
    row.scrollTo(to);
  }
  return to !== scrolled;
}

/** The same for a column. @param content how high all of it is */
export function scrollAlong(list: ColumnHandle, at: number, content: number): boolean {
  const { top, height, scrolled } = list.frame();
  const to = scrolledTo(at, { start: top, length: height, scrolled, content });
  if (to !== scrolled) {
    list.scrollTo(to);
  }
  return to !== scrolled;
}

/** Scrolls a column just so far that what is from `top` to `bottom` is seen. */
export function show(handle: ColumnHandle, top: number, bottom: number): void {
  const { height, scrolled } = handle.frame();
  if (top < scrolled) {
    handle.scrollTo(top);
  } else if (bottom > scrolled + height) {
    handle.scrollTo(bottom - height);
  }
}

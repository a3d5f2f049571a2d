/** Where the keyboard is among the items of a task's checklists, and where it goes next. */

import type { View } from "react-native";
import { elementOf } from "../../board/drag/frame";

export class FocusedItems {
  private readonly rows = new Map<number, View>();

  /** @param row null: it is shown no more */
  register(item: number, row: View | null): void {
    if (row === null) {
      this.rows.delete(item);
    } else {
      this.rows.set(item, row);
    }
  }

  /** To the box of an item, once it is where it is to be. */
  focus(item: number): void {
    setTimeout(() => boxOf(this.rows.get(item))?.focus(), 0);
  }

  /** Whether a key was pressed in the box itself, and not in what is beside it. */
  isIn(item: number): boolean {
    return boxOf(this.rows.get(item)) === document.activeElement;
  }
}

function boxOf(row: View | undefined): HTMLElement | null {
  return elementOf(row)?.querySelector<HTMLElement>('input[type="checkbox"]') ?? null;
}

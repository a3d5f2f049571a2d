/** Whoever chose "Edit" on a card finds the title of the task open. */

import type { TaskId } from "../../sync";

let wanted: TaskId | null = null;

/** The task that is opened next is to be edited. */
export function wantEdit(id: TaskId): void {
  wanted = id;
}

/** @returns whether that was this task; it is asked once */
export function takeEditIntent(id: TaskId): boolean {
  const mine = wanted === id;
  if (mine) {
    wanted = null;
  }
  return mine;
}

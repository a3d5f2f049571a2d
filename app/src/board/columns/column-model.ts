/** A column as it is drawn: its cards that pass the filter, and where each is. */

import type { BoardTask, OpenBoard, TaskId } from "../../sync";
import { layOut, type ColumnLayout } from "./column-layout";

export interface ColumnView {
  readonly layout: ColumnLayout;
  /** How many tasks are in the column, whether they pass the filter or not. */
  readonly total: number;
}

/**
 * Answers the same view until something that it shows has changed. Looking costs one comparison;
 * laying out is done only after a change of this column.
 */
export class ColumnModel {
  private tasks: readonly BoardTask[] | null = null;
  private currentView: ColumnView = { layout: { ids: [], tops: [0] }, total: 0 };

  /**
   * @param heightOf a card's height with the gap below it
   * @param passes null where there is no filter
   */
  constructor(
    private readonly board: Pick<OpenBoard, "tasksIn">,
    private readonly key: string,
    private readonly heightOf: (task: BoardTask) => number,
    private readonly passes: ((task: BoardTask) => boolean) | null,
  ) {}

  view = (): ColumnView => {
    const tasks = this.board.tasksIn(this.key);
    if (tasks === this.tasks) {
      return this.currentView;
    }
    this.tasks = tasks;
    const shown: TaskId[] = [];
    const heights: number[] = [];
    for (const task of tasks) {
      if (this.passes === null || this.passes(task)) {
        shown.push(task.id);
        heights.push(this.heightOf(task));
      }
    }
    let index = 0;
    const layout = layOut(shown, () => heights[index++] ?? 0);
    const old = this.currentView;
    if (old.total !== tasks.length || !sameLayout(old.layout, layout)) {
      this.currentView = { layout, total: tasks.length };
    }
    return this.currentView;
  };
}

function sameLayout(one: ColumnLayout, other: ColumnLayout): boolean {
  return (
    one.ids.length === other.ids.length &&
    one.ids.every((id, index) => id === other.ids[index]) &&
    one.tops.every((top, index) => top === other.tops[index])
  );
}

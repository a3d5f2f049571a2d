/** A column as it is drawn: its cards that pass the filter, and where each stands. */

import type { OpenBoard } from "../../state/board-session.interface";
import type { BoardTask, TaskId } from "../../state/types";
import { layOut, type ColumnLayout } from "./column-layout";

export interface ColumnView {
  readonly layout: ColumnLayout;
  /** How many tasks are in the column, whether they pass the filter or not. */
  readonly total: number;
}

/**
 * Answers the same view until something that it shows has changed. Looking costs a comparison per
 * card of this column; laying out is done only after a change.
 */
export class ColumnModel {
  #tasks: readonly (BoardTask | undefined)[] = [];
  #ids: readonly TaskId[] | null = null;
  #view: ColumnView = { layout: { ids: [], tops: [0] }, total: 0 };

  /**
   * @param heightOf a card's height with the gap below it
   * @param passes null where there is no filter
   */
  constructor(
    private readonly board: Pick<OpenBoard, "column" | "task">,
    private readonly key: string,
    private readonly heightOf: (task: BoardTask) => number,
    private readonly passes: ((task: BoardTask) => boolean) | null,
  ) {}

  view = (): ColumnView => {
    const ids = this.board.column(this.key);
    if (ids === this.#ids && ids.every((id, index) => this.board.task(id) === this.#tasks[index])) {
      return this.#view;
    }
    this.#ids = ids;
    this.#tasks = ids.map((id) => this.board.task(id));
    const shown: TaskId[] = [];
    const heights: number[] = [];
    for (const task of this.#tasks) {
      if (task && (this.passes === null || this.passes(task))) {
        shown.push(task.id);
        heights.push(this.heightOf(task));
      }
    }
    let index = 0;
    const layout = layOut(shown, () => heights[index++] ?? 0);
    const old = this.#view;
    if (old.total !== ids.length || !sameLayout(old.layout, layout)) {
      this.#view = { layout, total: ids.length };
    }
    return this.#view;
  };
}

function sameLayout(one: ColumnLayout, other: ColumnLayout): boolean {
  return (
    one.ids.length === other.ids.length &&
    one.ids.every((id, index) => id === other.ids[index]) &&
    one.tops.every((top, index) => top === other.tops[index])
  );
}

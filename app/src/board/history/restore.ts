/** What brings a field, or a whole task, back to what it was: ordinary changes of now. */

import { useCallback } from "react";
import { CannotUndo, placeOf } from "../activity/undo-change";
import {
  type BoardTask,
  CONTENT_FIELDS,
  type OpenBoard,
  patchOf,
  type Place,
  same,
  type TaskId,
  taskValue,
  taskValues,
  type Values,
} from "../../sync";
import { useOfferUndo } from "../activity/use-undo";

/** What is to be done to a task; nothing of it is so already. */
export interface Restoration {
  readonly values: Values;
  /** The column it goes to; `null`: it stays where it is. */
  readonly status: string | null;
}

/** @returns null where there is nothing to do, or it cannot be done any more */
export function restoreField(
  board: OpenBoard,
  task: BoardTask,
  field: string,
  value: unknown,
): Restoration | null {
  return restoration(board, task, { [field]: value });
}

/** @param then the task as it was; `null` as the result: it is so already */
export function restoreTask(
  board: OpenBoard,
  task: BoardTask,
  then: BoardTask,
): Restoration | null {
  const free = new Set([...Object.keys(task.fields), ...Object.keys(then.fields)]);
  const fields = [...CONTENT_FIELDS, "status", ...[...free].map((name) => `fields/${name}`)];
  return restoration(board, task, taskValues(then, fields));
}

/** Leaves out what is so already, and what the board lacks by now: a column, a member. */
function restoration(board: OpenBoard, task: BoardTask, wanted: Values): Restoration | null {
  const different = Object.entries(wanted).filter(
    ([field, value]) => !same(taskValue(task, field), value) && isPossible(board, field, value),
  );
  const { status, ...values } = Object.fromEntries(different);
  return different.length === 0
    ? null
    : { values, status: typeof status === "string" ? status : null };
}

function isPossible(board: OpenBoard, field: string, value: unknown): boolean {
  if (field === "status") {
    return board.head()?.columns.some(({ key }) => key === value) === true;
  }
  if (field === "assigned_to" && value !== null && board.address.mode === "teams") {
    return board.members().some(({ username }) => username === value);
  }
  return true;
}

/**
 * @returns makes a restoration, as changes that wait where there is no network and ask where somebody else
 *   changed the same; and reports it in `words`, with a way back
 */
export function useRestore(board: OpenBoard, id: TaskId) {
  const offerUndo = useOfferUndo(board);
  return useCallback(
    ({ values, status }: Restoration, words: string) => {
      const task = board.task(id);
      if (task === undefined) {
        return;
      }
      const fields = [...Object.keys(values), ...(status === null ? [] : ["status"])];
      const shown = () => {
        const now = board.task(id);
        return now === undefined ? null : taskValues(now, fields);
      };
      let left = shown();
      // What somebody changed since stays as it is.
      const make = (changes: Values, place: Place) => () => {
        if (!same(shown(), left)) throw new CannotUndo("changed");
        board.changeTask(id, patchOf(changes), status === null ? undefined : place);
        left = shown();
      };
      const undo = make(taskValues(task, Object.keys(values)), placeOf(board, task));
      const redo = make(values, { status: status ?? task.status, before: null });
      redo();
      offerUndo({ words, undo, redo });
    },
    [board, id, offerUndo],
  );
}

/** Who made of a field what it is now. */

import type { OpenBoard } from "../../state/board-session.interface";
import { useActivity } from "../../state/hooks";
import { useNameOf } from "../../state/names";
import { useTaskHistory } from "../../state/task-queries";
import type { BoardEvent, TaskId } from "../../state/types";
import { taskOf } from "../../state/wire";

/**
 * Asks the server for the task's history only where the board's activity does not tell: what happened
 * while this device was away may have come without its events.
 *
 * @param task null: the board itself
 * @returns what tells, by a field's name, what its last writer is called; null where nobody knows
 */
export function useWhoChanged(
  board: OpenBoard,
  task: TaskId | null,
  fields: readonly string[],
): (field: string) => string | null {
  const nameOf = useNameOf();
  const activity = useActivity(board);
  const newest = activity.filter((event) => taskOf(event) === task).reverse();
  const known = fields.every((field) => writerOf(newest, field) !== undefined);
  const { events } = useTaskHistory(board, known || task === null ? 0 : task);
  return (field) => {
    const username = writerOf(newest, field) ?? writerOf(events, field);
    return username === undefined || username === "" ? null : nameOf(username);
  };
}

function writerOf(newest: readonly BoardEvent[], field: string): string | undefined {
  return newest.find((event) => hasChanged(event, field))?.actor.username;
}

function hasChanged(event: BoardEvent, field: string): boolean {
  if (event.entity === "comment") {
    return field === "body" && event.action === "Update";
  }
  // A free field is `fields/NAME` here, and `fields` or `fields.NAME` in an event.
  const names = field.startsWith("fields/") ? ["fields", field.replace("/", ".")] : [field];
  return names.some((name) => Object.hasOwn(event.changes ?? {}, name));
}

/** Which moves nobody asked for (API-MOVE): neighbours that made room for another card. */

import type { BoardEvent } from "../../state/types";

/**
 * @param activity oldest first, without holes
 * @returns the numbers of the events by which cards only made room
 */
export function roomMakers(activity: readonly BoardEvent[]): ReadonlySet<number> {
  const made = activity.filter((event, index) => makesRoom(event, activity[index + 1]));
  return new Set(made.map(({ seq }) => seq));
}

/** The position alone, and the next event is of the same write and in the same column. */
function makesRoom(event: BoardEvent, next: BoardEvent | undefined): boolean {
  return (
    event.entity === "task" &&
    event.action === "Move" &&
    Object.keys(event.changes ?? {}).join() === "position" &&
    next?.entity === "task" &&
    next.action !== "Delete" &&
    next.task.id !== event.task.id &&
    next.task.status === event.task.status &&
    next.timestamp === event.timestamp &&
    next.actor.id === event.actor.id
  );
}

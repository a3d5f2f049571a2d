/** Which moves nobody asked for (API-MOVE): neighbours that made room for another. */

import type { BoardEvent } from "../../sync";

/**
 * @param activity oldest first, without holes
 * @returns the numbers of the events by which something only made room
 */
export function roomMakers(activity: readonly BoardEvent[]): ReadonlySet<number> {
  const made = activity.filter((event, index) => makesRoom(event, activity[index + 1]));
  return new Set(made.map(({ seq }) => seq));
}

/** The position alone, and the next event is of the same write and in the same column or checklist. */
function makesRoom(event: BoardEvent, next: BoardEvent | undefined): boolean {
  const [mover, other] = [placed(event), next && placed(next)];
  return (
    event.action === "Move" &&
    Object.keys(event.changes ?? {}).join() === "position" &&
    next !== undefined &&
    next.action !== "Delete" &&
    mover !== null &&
    mover.within === other?.within &&
    mover.id !== other.id &&
    next.timestamp === event.timestamp &&
    next.actor.id === event.actor.id
  );
}

/** What an event is about, and among what that has its place; null: it has none. */
function placed(event: BoardEvent): { readonly id: number; readonly within: string } | null {
  switch (event.entity) {
    case "task":
      return { id: event.task.id, within: `column ${event.task.status}` };
    case "checklist":
      return { id: event.checklist.id, within: `task ${event.checklist.task_id}` };
    case "checklist_item": {
      const { id, checklist_id } = event.checklist_item;
      return { id, within: `checklist ${checklist_id}` };
    }
    default:
      return null;
  }
}

/** An event, with those by which others only made room for its own. */
export interface Folded<Event> {
  readonly event: Event;
  /** Newest first. */
  readonly room: readonly Event[];
}

/**
 * Puts what made room with what it made room for.
 *
 * @param events newest first, also of several boards and with holes
 * @param toBoard the event as a board has it; null: it is of no board
 */
export function foldRoom<Event>(
  events: readonly Event[],
  toBoard: (event: Event) => BoardEvent | null,
): readonly Folded<Event>[] {
  const folded: { event: Event; room: Event[] }[] = [];
  const lasts = new Map<number, { of: BoardEvent; entry: { event: Event; room: Event[] } }>();
  for (const event of events) {
    const of = toBoard(event);
    const last = of === null ? undefined : lasts.get(of.board_id);
    const follows = of !== null && last?.of.seq === of.seq + 1;
    const entry = follows && makesRoom(of, last.of) ? last.entry : { event, room: [] };
    if (entry.event === event) folded.push(entry);
    else entry.room.push(event);
    if (of !== null) lasts.set(of.board_id, { of, entry });
  }
  return folded;
}

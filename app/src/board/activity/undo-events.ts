/** Which events undid others, and which of one's own can be undone or redone. */

import type { BoardEvent } from "../../sync";
import { roomMakers } from "./room-makers";

/** What an event undoes; undefined where it is no undo. */
export const undoesOf = (event: BoardEvent): number | undefined =>
  "undoes" in event ? event.undoes : undefined;

/** What says whether an event is an undo; one of an undo is none, it does the change again. */
export function undoTest(activity: readonly BoardEvent[]): (event: BoardEvent) => boolean {
  const bySeq = new Map(activity.map((event) => [event.seq, event]));
  const isUndo = (event: BoardEvent): boolean => {
    const target = undoesOf(event);
    const undone = target === undefined ? undefined : bySeq.get(target);
    return target !== undefined && (undone === undefined || !isUndo(undone));
  };
  return isUndo;
}

/**
 * The change that was undone, redone and so on until this event; undefined where the activity
 * does not hold the event.
 */
export function changeBehind(
  activity: readonly BoardEvent[],
  seq: number | undefined,
): BoardEvent | undefined {
  const event = activity.find((each) => each.seq === seq);
  const before = event === undefined ? undefined : undoesOf(event);
  return before === undefined ? event : (changeBehind(activity, before) ?? event);
}

/**
 * The events that one step undoes together with this one, this one first. An item becomes a task by two events, its
 * deletion and the addition of the task (API-CONVERT): undone alone, the addition would leave the text nowhere. Done
 * again, the deletion comes first, as it did.
 *
 * @param activity oldest first
 */
export function undoneTogether(activity: readonly BoardEvent[], seq: number): readonly number[] {
  const event = activity.find((each) => each.seq === seq);
  const behind = changeBehind(activity, seq);
  if (event === undefined || behind === undefined) return [seq];
  const isUndo = undoTest(activity);
  const at = activity.indexOf(behind);
  const pair = isUndo(event) ? [behind, activity[at + 1]] : [activity[at - 1], behind];
  const other = isUndo(event) ? pair[1] : pair[0];
  if (other === undefined || !isConversion(pair[0], pair[1])) return [seq];
  const undone = undoneBy(activity);
  const now = activity.findLast(
    (each) => changeBehind(activity, each.seq) === other && !undone.has(each.seq),
  );
  return now !== undefined && isUndo(now) === isUndo(event) ? [seq, now.seq] : [seq];
}

/** Whether the second is the task that the item of the first became. */
function isConversion(deletion?: BoardEvent, addition?: BoardEvent): boolean {
  return (
    deletion?.entity === "checklist_item" &&
    deletion.action === "Delete" &&
    addition?.entity === "task" &&
    addition.action === "Add" &&
    addition.seq === deletion.seq + 1 &&
    addition.actor.id === deletion.actor.id &&
    addition.timestamp === deletion.timestamp
  );
}

/** The newest own event that Ctrl+Z would undo, and the newest own undo that would be redone. */
export interface WayBack {
  readonly undo: number | null;
  readonly redo: number | null;
}

const NONE: ReadonlySet<number> = new Set();

/** Boards are deleted and members changed where that is asked about first. */
const isUndoable = ({ entity, action }: BoardEvent): boolean =>
  entity !== "member" && (entity !== "board" || action === "Update");

/**
 * An undo of an undo does the change again, and counts as a change. What was undone can be done
 * again until something new is done.
 *
 * @param activity oldest first
 * @param tried events that were tried already, whatever came of it
 */
export function wayBack(
  activity: readonly BoardEvent[],
  me: string | null,
  tried: ReadonlySet<number> = NONE,
): WayBack {
  const isUndo = undoTest(activity);
  const unasked = roomMakers(activity);
  const taken = new Set<number>();
  let undo: number | null = null;
  let redo: number | null = null;
  for (const event of [...activity].reverse()) {
    if (taken.has(event.seq)) continue;
    const undoes = undoesOf(event);
    if (undoes !== undefined) taken.add(undoes);
    if (event.actor.username !== me || tried.has(event.seq) || !isUndoable(event)) continue;
    if (unasked.has(event.seq)) continue;
    if (isUndo(event)) {
      redo ??= event.seq;
    } else {
      undo ??= event.seq;
      if (undoes === undefined) break;
    }
  }
  return { undo, redo };
}

/** The numbers of events that later ones took back. */
export function undoneBy(events: readonly BoardEvent[]): ReadonlySet<number> {
  return new Set(
    events.flatMap((event) =>
      "undoes" in event && event.undoes !== undefined ? [event.undoes] : [],
    ),
  );
}

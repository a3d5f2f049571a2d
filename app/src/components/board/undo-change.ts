/** Takes back what this user did last, whether the server has heard of it or not. */

import type { OpenBoard } from "../../state/board-session.interface";
import type { BoardEvent, BoardTask, Place, TaskId } from "../../state/types";

/** How long an undo waits for the change that it takes back to be acknowledged, in milliseconds. */
const PATIENCE_MS = 20_000;

/** A change, told in words, and its ways back and forth; each rejects where it fails. */
export interface Undoable {
  readonly words: string;
  undo(): Promise<void> | void;
  redo(): Promise<void> | void;
}

/** A task and where it stood, before it was moved or deleted. */
export interface Before {
  readonly task: BoardTask;
  readonly place: Place;
  /** `lastOwnEvent` then: what is newer is the change itself. */
  readonly event: number | null;
}

/** What an undo will need; to be asked for before the change. */
export function remember(board: OpenBoard, task: BoardTask): Before {
  const ids = board.column(task.status);
  const next = ids[ids.indexOf(task.id) + 1] ?? null;
  return {
    task,
    place: { status: task.status, before: next },
    event: board.lastOwnEvent(task.id),
  };
}

/** Takes back a move: by the server's undo, or by moving back where that is not possible. */
export async function undoMove(board: OpenBoard, before: Before): Promise<void> {
  const id = board.taskIdOf(before.task.id);
  const event = board.lastOwnEvent(id);
  if (board.address.mode === "quick-win" || event === null || event === before.event) {
    board.moveTask(id, before.place);
  } else {
    await board.undo(event);
  }
}

/**
 * Brings a deleted task back: by the server's undo as soon as it has heard of the deletion, or, in
 * quick-win mode, as a new task like it.
 *
 * @returns the id that it has now
 */
export async function undoDelete(board: OpenBoard, before: Before): Promise<TaskId> {
  const { task } = before;
  if (board.address.mode === "quick-win") {
    const { title, description, assigned_to } = task;
    const again = { title, description, assigned_to, status: task.status };
    return board.addTask(again, before.place.before);
  }
  await board.undo(await acknowledged(board, task.id, before.event));
  return board.taskIdOf(task.id);
}

/** The event of the newest own change of a task, once it is another than `before`. */
function acknowledged(board: OpenBoard, task: TaskId, before: number | null): Promise<number> {
  const newest = () => {
    const event = board.lastOwnEvent(board.taskIdOf(task));
    return event === before ? null : event;
  };
  return new Promise((resolve, reject) => {
    const known = newest();
    if (known !== null) {
      resolve(known);
      return;
    }
    const stop = () => {
      unsubscribe();
      clearTimeout(timer);
    };
    const timer = setTimeout(() => {
      stop();
      reject(new Error("not acknowledged"));
    }, PATIENCE_MS);
    const unsubscribe = board.subscribe(() => {
      const event = newest();
      if (event !== null) {
        stop();
        resolve(event);
      }
    });
  });
}

/** What an event takes back; undefined where it is no undo. */
export const undoesOf = (event: BoardEvent): number | undefined =>
  "undoes" in event ? event.undoes : undefined;

/** What tells whether an event is an undo; one of an undo is none, it does the change again. */
export function undoTest(activity: readonly BoardEvent[]): (event: BoardEvent) => boolean {
  const bySeq = new Map(activity.map((event) => [event.seq, event]));
  const isUndo = (event: BoardEvent): boolean => {
    const target = undoesOf(event);
    const undone = target === undefined ? undefined : bySeq.get(target);
    return target !== undefined && (undone === undefined || !isUndo(undone));
  };
  return isUndo;
}

/** The newest own event that Ctrl+Z would take back, and the newest own undo that would be done again. */
export interface WayBack {
  readonly undo: number | null;
  readonly redo: number | null;
}

const NONE: ReadonlySet<number> = new Set();

/** Boards are deleted and members changed where that is asked about first. */
const isUndoable = ({ entity, action }: BoardEvent): boolean =>
  entity === "task" || entity === "comment" || (entity === "board" && action === "Update");

/**
 * An undo of an undo does the change again, and counts as a change. What was taken back can be done
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
  const taken = new Set<number>();
  let undo: number | null = null;
  let redo: number | null = null;
  for (const event of [...activity].reverse()) {
    if (taken.has(event.seq)) continue;
    const undoes = undoesOf(event);
    if (undoes !== undefined) taken.add(undoes);
    if (event.actor.username !== me || tried.has(event.seq) || !isUndoable(event)) continue;
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

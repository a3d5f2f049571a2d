/** Takes back what this user did last, whether the server has heard of it or not. */

import type { OpenBoard } from "../../state/board-session.interface";
import type { BoardEvent, BoardTask, Place, TaskId } from "../../state/types";

/** How long an undo waits for the change that it takes back to be acknowledged, in milliseconds. */
const PATIENCE_MS = 20_000;

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
 */
export async function undoDelete(board: OpenBoard, before: Before): Promise<void> {
  const { task } = before;
  if (board.address.mode === "quick-win") {
    const { title, description, assigned_to } = task;
    board.addTask({ title, description, assigned_to, status: task.status }, before.place.before);
    return;
  }
  await board.undo(await acknowledged(board, task.id, before.event));
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

/**
 * The newest event of this user that is not taken back and is no undo itself.
 *
 * @param activity oldest first
 */
export function lastUndoable(activity: readonly BoardEvent[], me: string | null): number | null {
  const undone = new Set<number>();
  for (const event of [...activity].reverse()) {
    const undoes = "undoes" in event ? event.undoes : undefined;
    if (undoes !== undefined) {
      undone.add(undoes);
    } else if (event.actor.username === me && !undone.has(event.seq)) {
      return event.seq;
    }
  }
  return null;
}

/** The numbers of events that later ones took back. */
export function undoneBy(events: readonly BoardEvent[]): ReadonlySet<number> {
  return new Set(
    events.flatMap((event) =>
      "undoes" in event && event.undoes !== undefined ? [event.undoes] : [],
    ),
  );
}

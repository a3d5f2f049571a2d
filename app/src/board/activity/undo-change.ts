/** Undoes what this user did last, whether the server has received it or not. */

import {
  type BoardTask,
  contentsOf,
  type OpenBoard,
  patchOf,
  type Place,
  same,
  type TaskId,
} from "../../sync";

/** The ways back from a change and forth again; each rejects where it fails. */
export interface Ways {
  undo(): Promise<void> | void;
  redo(): Promise<void> | void;
}

/** A change in words, and how to undo and redo it. */
export interface Undoable extends Ways {
  readonly words: string;
}

/**
 * `changed`: somebody changed the same since. `columns`: somebody changed the columns since. `nothing`: the
 * change was never made. `unknown`: what became of it is not known here. `waits`: not yet, it is not sent.
 */
export type WhyNot = "changed" | "columns" | "nothing" | "unknown" | "waits";

/** There is no way back, or none forth. */
export class CannotUndo extends Error {
  constructor(readonly why: WhyNot) {
    super(why);
  }
}

/** A move of ours, of which nothing else may have changed the card when it is undone. */
interface Move {
  readonly task: TaskId;
  readonly from: Place;
  readonly to: Place;
  /** For `fateOf`; `null`: it is no change of its own. */
  readonly change: string | null;
  /** What made it, where that was no change but the server's undo of one. */
  readonly event: number | null;
}

/** Where a task is. */
export function placeOf(board: OpenBoard, task: BoardTask): Place {
  const ids = board.column(task.status);
  return { status: task.status, before: ids[ids.indexOf(task.id) + 1] ?? null };
}

/** Moves a task. @param begunIn see `OpenBoard.moveTask` */
export function moveUndoably(
  board: OpenBoard,
  task: BoardTask,
  place: Place,
  begunIn?: string,
): Ways {
  let last = move(board, task, place, begunIn);
  return {
    undo: async () => {
      last = await undoneMove(board, last);
    },
    redo: async () => {
      last = movedBack(board, last);
    },
  };
}

function move(board: OpenBoard, task: BoardTask, to: Place, begunIn?: string): Move {
  const from = placeOf(board, task);
  return { task: task.id, from, to, change: board.moveTask(task.id, to, begunIn), event: null };
}

/** By the server's undo where it made just this move, else by moving back. */
async function undoneMove(board: OpenBoard, last: Move): Promise<Move> {
  const fate = last.change === null ? null : board.fateOf(last.change);
  if (fate?.state !== "done") {
    return movedBack(board, last);
  }
  if (fate.seq === null) {
    throw new CannotUndo("nothing");
  }
  if (board.address.mode === "quick-win") {
    return movedBack(board, last);
  }
  const event = await board.undo(fate.seq);
  return { ...last, from: last.to, to: last.from, change: null, event };
}

/** @throws CannotUndo where the card is not where the move brought it, or was moved there again */
function movedBack(board: OpenBoard, last: Move): Move {
  const { from, to, change } = last;
  const task = board.task(last.task);
  const fate = change === null ? null : board.fateOf(change);
  const event = fate?.state === "done" ? fate.seq : last.event;
  if (task?.status !== to.status || (event !== null && wasMovedAfter(board, task.id, event))) {
    throw new CannotUndo(fate?.state === "unknown" ? "unknown" : "changed");
  }
  return move(board, task, from);
}

function wasMovedAfter(board: OpenBoard, id: TaskId, seq: number): boolean {
  return board
    .activity()
    .some(
      (event) =>
        event.seq > seq &&
        event.entity === "task" &&
        event.action === "Move" &&
        event.task.id === id,
    );
}

/** Deletes a task. */
export function deleteUndoably(board: OpenBoard, task: BoardTask): Ways {
  const place = placeOf(board, task);
  let change = board.deleteTask(task.id);
  let id = task.id;
  return {
    undo: () => {
      id = broughtBack(board, { ...task, id }, place, change);
    },
    redo: () => {
      const now = board.task(id);
      const { status } = task;
      if (now?.status !== status || !same(contentsOf(now), contentsOf(task))) {
        throw new CannotUndo("changed");
      }
      change = board.deleteTask(now.id);
    },
  };
}

/**
 * By the deletion's undo, which waits where the deletion does; as a new task like it where the server
 * never hears of the task, and in quick-win mode, which has no undo.
 *
 * @returns the id that it has now
 */
function broughtBack(
  board: OpenBoard,
  task: BoardTask,
  place: Place,
  change: string | null,
): TaskId {
  const fate = change === null ? null : board.fateOf(change);
  if (board.task(task.id) !== undefined || (fate?.state === "done" && fate.seq === null)) {
    throw new CannotUndo("nothing");
  }
  if (change !== null && board.address.mode === "teams") {
    board.undoDelete(change, task, place.before);
    return task.id;
  }
  const { title, description, assigned_to, status } = task;
  const again = { title, description, assigned_to, status };
  const more = board.address.mode === "teams" ? patchOf(contentsOf(task)) : {};
  return board.addTask({ ...more, ...again }, place.before);
}

/** Deletes a comment. */
export function deleteCommentUndoably(board: OpenBoard, task: TaskId, comment: number): Ways {
  return changeUndoably(board, board.deleteComment(task, comment));
}

/** A change that the server's undo takes back, so only once the server has received it. */
export function changeUndoably(board: OpenBoard, change: string | null): Ways {
  let undone: number | null = null;
  const step = async () => {
    undone = await board.undo(undone ?? eventOf(board, change));
  };
  return { undo: step, redo: step };
}

/**
 * A move of an item: what has reached the server is undone there; what waits is moved back, and from then on the
 * item is moved to and fro.
 *
 * @param change the move; null: part of another that is not sent yet
 */
export function movePartUndoably(
  board: OpenBoard,
  change: string | null,
  back: () => void,
  again: () => void,
): Ways {
  const onServer = changeUndoably(board, change);
  const waits = () => change === null || board.fateOf(change).state === "waiting";
  let byHand = false;
  return {
    undo: () => {
      byHand ||= waits();
      return byHand ? back() : onServer.undo();
    },
    redo: () => (byHand ? again() : onServer.redo()),
  };
}

/** An item that was made a task, by two events: of them the newer is undone first. */
export function convertUndoably(board: OpenBoard, change: string | null): Ways {
  let made: readonly number[] | null = null;
  const step = async () => {
    const added = made === null ? eventOf(board, change) : 0;
    const undone: number[] = [];
    for (const seq of made ?? [added, added - 1]) {
      const event = await board.undo(seq);
      if (event !== null) undone.unshift(event);
    }
    made = undone;
  };
  return { undo: step, redo: step };
}

/** @throws CannotUndo */
function eventOf(board: OpenBoard, change: string | null): number {
  const fate = change === null ? null : board.fateOf(change);
  if (fate?.state === "done" && fate.seq !== null) {
    return fate.seq;
  }
  throw new CannotUndo(
    fate?.state === "waiting" ? "waits" : fate?.state === "done" ? "nothing" : "unknown",
  );
}

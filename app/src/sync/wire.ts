/** From the wire types of both modes to the one shape that screens see. */

import type {
  BoardDocument,
  BoardInEvent,
  QuickWinBoard,
  QuickWinBoardInEvent,
  QuickWinTask,
  Board,
} from "../generated/api";
import type { Change, HeadInEvent, Snapshot } from "./replica";
import { UNWRITTEN } from "./task-fields";
import type { BoardEvent, BoardHead, BoardTask, Column, Task, TaskId } from "./types";

export function toTask(task: Task | QuickWinTask, board: number): BoardTask {
  return "position" in task
    ? // Events of earlier versions do not count items, and have no start.
      {
        ...task,
        start_at: task.start_at ?? null,
        item_count: task.item_count ?? 0,
        done_count: task.done_count ?? 0,
        waiting: false,
      }
    : {
        ...UNWRITTEN,
        ...task,
        board_id: board,
        position: "",
        fields: {},
        comment_count: 0,
        item_count: 0,
        done_count: 0,
        created_by: null,
        waiting: false,
      };
}

/** @param columns of a quick-win board, which keeps those that it began with and does not send them */
export function toHead(board: QuickWinBoard, columns: readonly Column[]): BoardHead;
export function toHead(board: Board | BoardInEvent): BoardHead;
export function toHead(
  board: Board | BoardInEvent | QuickWinBoard,
  columns: readonly Column[] = [],
): BoardHead {
  return { ...toHeadInEvent(board), columns: "columns" in board ? board.columns : [...columns] };
}

/** What an event says about a board: a quick-win board's has no columns. */
function toHeadInEvent(
  board: Board | BoardInEvent | QuickWinBoardInEvent | QuickWinBoard,
): HeadInEvent {
  const { id, epoch, name, seq, version, created_at, updated_at } = board;
  const common = { id, epoch, name, seq, version, created_at, updated_at };
  return "columns" in board
    ? {
        ...common,
        description: board.description,
        columns: board.columns,
        archived: board.archived,
        role: "role" in board ? board.role : null,
      }
    : { ...common, description: "", archived: false, role: null };
}

/** @param columns like those of `toHead` */
export function toSnapshot(board: QuickWinBoard, columns: readonly Column[]): Snapshot;
export function toSnapshot(board: BoardDocument): Snapshot;
export function toSnapshot(
  board: BoardDocument | QuickWinBoard,
  columns: readonly Column[] = [],
): Snapshot {
  return {
    head: "columns" in board ? toHead(board) : toHead(board, columns),
    tasks: board.tasks.map((task) => toTask(task, board.id)),
    members: "members" in board ? board.members : [],
  };
}

/** The task that an event is about, by itself or by something of it; `null`: it is about none. */
export function taskOf(event: BoardEvent): TaskId | null {
  switch (event.entity) {
    case "task":
      return event.task.id;
    case "comment":
      return event.comment.task_id;
    case "checklist":
      return event.checklist.task_id;
    case "checklist_item":
      return event.checklist_item.task_id;
    default:
      return null;
  }
}

/** What an event of either mode changes. */
export function toChange(event: BoardEvent): Change {
  const { seq, timestamp, board_id } = event;
  const gone = event.action === "Delete";
  switch (event.entity) {
    case "task":
      return gone
        ? { seq, timestamp, removedTask: event.task.id }
        : { seq, timestamp, task: toTask(event.task, board_id) };
    case "comment":
      // Events of earlier versions carry the whole task.
      return event.task === undefined
        ? { seq, timestamp, taskPatch: event.task_patch }
        : { seq, timestamp, task: toTask(event.task, board_id) };
    case "checklist":
    case "checklist_item":
      return { seq, timestamp, taskPatch: event.task_patch };
    case "member":
      return gone
        ? { seq, timestamp, removedMember: event.member.id }
        : { seq, timestamp, member: event.member };
    case "board":
      return gone ? { seq, timestamp } : { seq, timestamp, head: toHeadInEvent(event.board) };
  }
}

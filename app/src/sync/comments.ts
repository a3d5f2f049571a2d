/** A task's comments as they are shown: the server's, kept true by events, with own changes over them. */

import type { Command } from "./changes/commands";
import type { BoardComment, BoardEvent, Comment, TaskId } from "./types";

type CommentEvent = Extract<BoardEvent, { entity: "comment" }>;

/** A comment event applied to a list; one older than what the list has changes nothing. */
export function withEvent(
  known: readonly Comment[] | undefined,
  event: CommentEvent,
): readonly Comment[] | undefined {
  if (known === undefined) {
    return undefined;
  }
  const others = known.filter(({ id }) => id !== event.comment.id);
  if (event.action === "Delete") {
    return others;
  }
  const before = known.find(({ id }) => id === event.comment.id);
  return before !== undefined && before.version >= event.comment.version
    ? known
    : [...others, event.comment].sort((a, b) => a.id - b.id);
}

/** Own queued comments laid over the server's. New ones have ids below 0. */
export function layComments(
  confirmed: readonly Comment[],
  queued: readonly Command[],
  task: TaskId,
  board: number,
  me: string,
): readonly BoardComment[] {
  let shown: BoardComment[] = confirmed.map((comment) => ({ ...comment, waiting: false }));
  queued.forEach((command, index) => {
    if (command.task !== task) {
      return;
    }
    switch (command.kind) {
      case "comment-add": {
        const moment = new Date(command.at).toISOString();
        shown.push({
          id: -1 - index,
          board_id: board,
          task_id: task,
          body: command.body,
          created_by: me,
          version: 0,
          created_at: moment,
          updated_at: moment,
          waiting: true,
        });
        break;
      }
      case "comment-change":
        shown = shown.map((comment) =>
          comment.id === command.comment
            ? { ...comment, body: command.body, waiting: true }
            : comment,
        );
        break;
      case "comment-delete":
        shown = shown.filter(({ id }) => id !== command.comment);
    }
  });
  return shown;
}

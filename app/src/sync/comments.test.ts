/** Comments kept true by events, with own changes laid over. */

import { MOMENT, aTask, aTaskEvent } from "../testing/boards";
import type { Command } from "./changes/commands";
import { layComments, withEvent } from "./comments";
import type { Comment } from "./types";

describe("comments", () => {
  const comment = (id: number, body: string, version = 1): Comment => ({
    id,
    board_id: 7,
    task_id: 1,
    body,
    created_by: "grace",
    version,
    created_at: MOMENT,
    updated_at: MOMENT,
  });
  const event = (action: "Add" | "Update" | "Delete", about: Comment) => ({
    ...aTaskEvent(9, action, aTask({ id: 1 })),
    entity: "comment" as const,
    comment: about,
  });

  test("events keep a list true; one that it knows already changes nothing", () => {
    const known = [comment(1, "One"), comment(3, "Three", 2)];
    const ids = (list: readonly Comment[] | undefined) => list?.map(({ id }) => id);
    expect(ids(withEvent(known, event("Add", comment(2, "Two"))))).toEqual([1, 2, 3]);
    expect(ids(withEvent(known, event("Delete", comment(1, "One"))))).toEqual([3]);
    expect(withEvent(known, event("Update", comment(3, "Old", 1)))).toBe(known);
    expect(withEvent(undefined, event("Add", comment(2, "Two")))).toBeUndefined();
  });

  test("own queued comments are over the server's", () => {
    const queued = { at: 1, sent: false, epoch: null, subject: "", task: 1 };
    const commands: Command[] = [
      { ...queued, id: "a", kind: "comment-add", body: "New" },
      { ...queued, id: "b", kind: "comment-add", task: 2, body: "Elsewhere" },
      { ...queued, id: "c", kind: "comment-delete", comment: 1 },
      {
        ...queued,
        id: "d",
        kind: "comment-change",
        comment: 2,
        base: null,
        version: null,
        body: "Dos",
      },
    ];
    const shown = layComments([comment(1, "One"), comment(2, "Two")], commands, 1, 7, "ada");
    expect(shown.map(({ body, waiting, created_by }) => [body, waiting, created_by])).toEqual([
      ["Dos", true, "grace"],
      ["New", true, "ada"],
    ]);
  });
});

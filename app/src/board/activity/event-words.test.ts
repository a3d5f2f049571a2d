/** Guards how events are described. */

import type { BoardEvent } from "../../sync";
import { catalogues } from "../../utilities/texts";
import { eventWords } from "./event-words";
import { aTask } from "../../testing/boards";
import { wayBack } from "./undo-events";

const { waiting, ...plain } = aTask({ id: 3, title: "Pack", status: "doing" });
const task = { ...plain, created_by: "ada" };
const base = {
  board_id: 7,
  seq: 5,
  actor: { id: 1, username: "ada" },
  timestamp: "2026-01-02T03:04:05.678Z",
};
const aComment = {
  id: 1,
  board_id: 7,
  task_id: 3,
  body: "How long?",
  created_by: "ada",
  version: 1,
  created_at: base.timestamp,
  updated_at: base.timestamp,
};
const columns = [
  { key: "todo", name: "To do", wip_limit: null },
  { key: "doing", name: "Doing", wip_limit: null },
];
const words = (event: BoardEvent, language: "en" | "de" = "en") =>
  eventWords(event, {
    texts: catalogues[language].board,
    columns,
    date: () => "2 Jan 2026",
    start: () => "1 Jan 2026",
    nameOf: (username) => username,
    title: (id) => (id === task.id ? task.title : undefined),
  });
const update = (changes: Record<string, unknown[]>): BoardEvent => ({
  ...base,
  entity: "task",
  action: "Update",
  task,
  changes,
});

it("an event says who did what to which task, by the columns' names", () => {
  expect(waiting).toBe(false);
  expect(words({ ...base, entity: "task", action: "Add", task })).toBe("ada added “Pack” to Doing");
  expect(words({ ...base, entity: "task", action: "Delete", task })).toBe("ada deleted “Pack”");
  expect(
    words({ ...update({ status: ["todo", "doing"], position: ["V", "k"] }), action: "Move" }),
  ).toBe("ada moved “Pack” from To do to Doing");
  expect(words({ ...update({ position: ["V", "k"] }), action: "Move" })).toBe(
    "ada moved “Pack” within Doing",
  );
});

it.each<[Record<string, unknown[]>, string]>([
  [{ title: ["Sleep", "Pack"] }, "ada renamed “Sleep” to “Pack”"],
  [{ assigned_to: [null, "grace"] }, "ada assigned “Pack” to grace"],
  [{ assigned_to: ["grace", null] }, "ada unassigned “Pack” from grace"],
  [{ description: ["", "x"] }, "ada rewrote the description of “Pack”"],
  [{ labels: [[], ["a", "b"]] }, "ada labelled “Pack” a, b"],
  [{ labels: [["a"], []] }, "ada removed the labels from “Pack”"],
  [{ start_at: [null, base.timestamp] }, "ada set the start of “Pack” to 1 Jan 2026"],
  [{ start_at: [base.timestamp, null] }, "ada removed the start date from “Pack”"],
  [{ due_at: [null, base.timestamp] }, "ada made “Pack” due 2 Jan 2026"],
  [{ due_at: [base.timestamp, null] }, "ada removed the due date from “Pack”"],
  [{ fields: [{}, { a: 1 }] }, "ada changed the free fields of “Pack”"],
  [{}, "ada changed “Pack”"],
])("a change is told by its field: %j", (changes, expected) => {
  expect(words(update(changes))).toBe(expected);
});

it("several changes at once are counted", () => {
  expect(words(update({ title: ["Sleep", "Pack"], description: ["", "x"] }))).toBe(
    "ada renamed “Sleep” to “Pack” and 1 more change",
  );
});

it("a deleted column is named by its key", () => {
  expect(words(update({ status: ["gone", "doing"] }))).toBe("ada moved “Pack” from gone to Doing");
});

it("a comment is named by its task's title, or by its number if the task was deleted", () => {
  const comment = { ...aComment, task_id: 3 };
  const counts = { comment_count: 1, item_count: 0, done_count: 0 };
  const task_patch = { id: 3, ...counts, version: 2, updated_at: base.timestamp };
  const event = { ...base, entity: "comment", action: "Add", comment, task_patch } as const;
  expect(words(event)).toBe("ada commented on “Pack”");
  expect(words({ ...event, comment: { ...comment, task_id: 4 } })).toBe("ada commented on “#4”");
});

it("who leaves is not who was taken off", () => {
  const member = {
    id: 1,
    username: "ada",
    role: "editor",
    created_at: "",
    updated_at: "",
  } as const;
  const event = { ...base, entity: "member", action: "Delete", member } as const;
  expect(words(event)).toBe("ada left the board");
  expect(words({ ...event, member: { ...member, username: "grace" } })).toBe(
    "ada removed grace from the board",
  );
});

it("an undo says what was undone, in every language", () => {
  const event = { ...update({ description: ["x", ""] }), undoes: 4 };
  expect(words(event)).toBe("ada rewrote the description of “Pack” (undone)");
  expect(words(event, "de")).toContain("(zurückgenommen)");
});

it("what is undone last is the newest own event that is neither an undo nor undone", () => {
  const event = (seq: number, username: string, undoes?: number): BoardEvent => ({
    ...update({}),
    seq,
    actor: { id: 1, username },
    ...(undoes === undefined ? {} : { undoes }),
  });
  const activity = [event(1, "ada"), event(2, "ada"), event(3, "grace"), event(4, "ada", 2)];
  expect(wayBack(activity, "ada").undo).toBe(1);
  expect(wayBack(activity, "grace").undo).toBe(3);
  expect(wayBack([], "ada").undo).toBeNull();
});

it("API-UNDO: an undo can be undone itself: Ctrl+Z and Ctrl+Shift+Z go to and fro, until something new is done", () => {
  const event = (seq: number, undoes?: number): BoardEvent => ({
    ...update({}),
    seq,
    actor: { id: 1, username: "ada" },
    ...(undoes === undefined ? {} : { undoes }),
  });
  const done = [event(4), event(5)];
  const back = [...done, event(6, 5), event(7, 4)];
  const forth = [...back, event(8, 7)];
  expect(wayBack(done, "ada")).toEqual({ undo: 5, redo: null });
  expect(wayBack(back, "ada")).toEqual({ undo: null, redo: 7 });
  expect(wayBack(forth, "ada")).toEqual({ undo: 8, redo: 6 });
  expect(wayBack([...forth, event(9, 6)], "ada")).toEqual({ undo: 9, redo: null });
  expect(wayBack([...forth, event(9, 8)], "ada")).toEqual({ undo: null, redo: 9 });
  expect(wayBack([...back, event(8)], "ada")).toEqual({ undo: 8, redo: null });
});

/** Guards the way back from a move or a deletion. */

import type { Place, TaskId } from "../../sync";
import { aTask, aTaskEvent } from "../../testing/boards";
import { FakeBoard } from "../../testing/fake-board";
import { deleteCommentUndoably, deleteUndoably, moveUndoably } from "./undo-change";

const tasks = [1, 2, 3].map((id) =>
  aTask({ id, title: `Task ${id}`, description: "x", assigned_to: "ada" }),
);
const teams = () => new FakeBoard(tasks);
const quickWin = () => new FakeBoard(tasks, { mode: "quick-win", id: 7 });
const FINISHED: Place = { status: "finished", before: null };

function task(board: FakeBoard, id: TaskId) {
  const found = board.task(id);
  if (!found) {
    throw new Error("there is no such task");
  }
  return found;
}

it("a move that the server knows is undone there, by its own event", async () => {
  const board = teams();
  const { undo } = moveUndoably(board, task(board, 2), FINISHED);
  board.fates.set("change-1", { state: "done", seq: 5 });
  board.fates.set("change-2", { state: "done", seq: 6 });
  await undo();
  expect(board.calls.at(-1)).toBe("undo 5");
});

it("a move that still waits is moved back to where it was, and forth again", async () => {
  const board = teams();
  const { undo, redo } = moveUndoably(board, task(board, 2), FINISHED);
  await undo();
  expect(board.calls.at(-1)).toBe('moveTask 2 {"status":"todo","before":3}');
  expect(board.column("todo")).toEqual([1, 2, 3]);
  await redo();
  expect(board.column("finished")).toEqual([2]);
});

it("a move that changed nothing, because another user had already moved it there, is not undone", async () => {
  const board = teams();
  const { undo } = moveUndoably(board, task(board, 2), FINISHED);
  board.fates.set("change-1", { state: "done", seq: null });
  await expect(undo()).rejects.toMatchObject({ why: "nothing" });
  expect(board.column("finished")).toEqual([2]);
});

it("a move that was refused, or sent elsewhere, is moved back only from where it went", async () => {
  const board = teams();
  const { undo } = moveUndoably(board, task(board, 2), FINISHED);
  board.fates.set("change-1", { state: "unknown" });
  board.change(2, { status: "in_progress" });
  await expect(undo()).rejects.toMatchObject({ why: "unknown" });
});

it("quick-win mode, which has no undo, moves back and makes a deleted task again", async () => {
  const board = quickWin();
  const moved = moveUndoably(board, task(board, 1), FINISHED);
  board.fates.set("change-1", { state: "done", seq: 5 });
  await moved.undo();
  expect(board.column("todo")).toEqual([1, 2, 3]);
  const deleted = deleteUndoably(board, task(board, 2));
  await deleted.undo();
  const again = { title: "Task 2", description: "x", assigned_to: "ada", status: "todo" };
  expect(board.calls.at(-1)).toBe(`addTask ${JSON.stringify(again)} 3`);
});

it("quick-win mode moves nothing back that was moved since, wherever it is now", async () => {
  const board = quickWin();
  const { undo } = moveUndoably(board, task(board, 1), FINISHED);
  board.fates.set("change-1", { state: "done", seq: 5 });
  board.tell({ activity: [aTaskEvent(6, "Move", task(board, 1))] });
  await expect(undo()).rejects.toMatchObject({ why: "changed" });
});

it("a deletion is undone at once, whether the server has received it or not", () => {
  const board = teams();
  void deleteUndoably(board, task(board, 2)).undo();
  expect(board.calls.at(-1)).toBe('undoDelete "change-1" 2 3');
  expect(board.column("todo")).toEqual([1, 2, 3]);
});

it("a deletion of which the server made nothing is not undone", () => {
  const board = teams();
  const { undo } = deleteUndoably(board, task(board, 2));
  board.fates.set("change-1", { state: "done", seq: null });
  expect(() => undo()).toThrow(expect.objectContaining({ why: "nothing" }));
  expect(board.calls).toEqual(["deleteTask 2"]);
});

it("a comment that was deleted comes back by the server's undo, once that has received it", async () => {
  const board = teams();
  const { undo, redo } = deleteCommentUndoably(board, 1, 4);
  await expect(undo()).rejects.toMatchObject({ why: "waits" });
  board.fates.set("change-1", { state: "done", seq: 5 });
  await undo();
  await redo();
  expect(board.calls).toEqual(["deleteComment 1 4", "undo 5", "undo 6"]);
});

it("a comment that another user had already deleted is not restored", async () => {
  const board = teams();
  const { undo } = deleteCommentUndoably(board, 1, 4);
  board.fates.set("change-1", { state: "done", seq: null });
  await expect(undo()).rejects.toMatchObject({ why: "nothing" });
});

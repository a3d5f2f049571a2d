/** Guards the way back from a move or a deletion. */

import type { TaskId } from "../../state/types";
import { aTask } from "../../testing/boards";
import { FakeBoard } from "../../testing/fake-board";
import { remember, undoDelete, undoMove } from "./undo-change";

/** A board whose newest own event of any task can be set. */
class Acknowledging extends FakeBoard {
  event: number | null = 4;
  override lastOwnEvent = (): number | null => this.event;
}

const tasks = [1, 2, 3].map((id) =>
  aTask({ id, title: `Task ${id}`, description: "x", assigned_to: "ada" }),
);
const teams = () => new Acknowledging(tasks);
const quickWin = () => new Acknowledging(tasks, { mode: "quick-win", id: 7 });

function before(board: FakeBoard, id: TaskId) {
  const task = board.task(id);
  if (!task) {
    throw new Error("there is no such task");
  }
  return remember(board, task);
}

it("a move that the server knows is undone there", async () => {
  const board = teams();
  const known = before(board, 2);
  board.moveTask(2, { status: "finished", before: null });
  board.event = 5;
  await undoMove(board, known);
  expect(board.calls.at(-1)).toBe("undo 5");
});

it("a move that still waits is moved back to where it was", async () => {
  const board = teams();
  const known = before(board, 2);
  board.moveTask(2, { status: "finished", before: null });
  await undoMove(board, known);
  expect(board.calls.at(-1)).toBe('moveTask 2 {"status":"todo","before":3}');
  expect(board.column("todo")).toEqual([1, 2, 3]);
});

it("quick-win mode, which has no undo, moves back and makes a deleted task anew", async () => {
  const board = quickWin();
  const moved = before(board, 1);
  board.moveTask(1, { status: "finished", before: null });
  board.event = 5;
  await undoMove(board, moved);
  expect(board.column("todo")).toEqual([1, 2, 3]);
  const deleted = before(board, 2);
  board.deleteTask(2);
  await undoDelete(board, deleted);
  const again = { title: "Task 2", description: "x", assigned_to: "ada", status: "todo" };
  expect(board.calls.at(-1)).toBe(`addTask ${JSON.stringify(again)} 3`);
});

it("a deletion is undone as soon as the server has heard of it", async () => {
  const board = teams();
  const known = before(board, 2);
  board.deleteTask(2);
  const undone = undoDelete(board, known);
  await Promise.resolve();
  expect(board.calls).not.toContain("undo 9");
  board.event = 9;
  board.tell({ waiting: 0 });
  await undone;
  expect(board.calls.at(-1)).toBe("undo 9");
});

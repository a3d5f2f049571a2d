/** Guards what Ctrl+Z says where there is nothing that it could undo. */

import { FURTHEST } from "../../sync";
import { aTask, aTaskEvent } from "../../testing/boards";
import { FakeBoard } from "../../testing/fake-board";
import { changeBehind } from "./undo-events";
import { whyNot } from "./use-undo";

const stretch = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => aTaskEvent(from + index, "Update", aTask({ id: 1 })));

function why(activity: ReturnType<typeof stretch>, mode: "teams" | "quick-win" = "teams") {
  const board = new FakeBoard([], { mode, id: 7 });
  board.tell({ activity });
  return whyNot(board, "undo");
}

it("says that there is nothing only where all was seen, and that it is too far back where not", () => {
  expect(why([])).toBe("nothingToUndo");
  expect(why(stretch(1, FURTHEST))).toBe("nothingToUndo");
  expect(why(stretch(2, FURTHEST))).toBe("undoTooFar");
  expect(why(stretch(2, FURTHEST), "quick-win")).toBe("nothingToUndo");
});

it("says that it is not known where the server gave no answer about what is older", () => {
  expect(why(stretch(60, 50))).toBe("undoUnknown");
});

it("names the change itself, however often it was undone and redone", () => {
  const undo = (seq: number, undoes: number) => ({
    ...aTaskEvent(seq, "Update", aTask({ id: 1 })),
    undoes,
  });
  const activity = [...stretch(7, 1), undo(8, 7), undo(9, 8), undo(10, 9)];
  expect([7, 8, 9, 10].map((seq) => changeBehind(activity, seq)?.seq)).toEqual([7, 7, 7, 7]);
  expect(changeBehind(activity.slice(1), 9)?.seq).toBe(8);
});

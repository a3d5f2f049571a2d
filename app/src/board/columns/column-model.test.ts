/** Guards what a column shows, and that it is rendered again only when that changes. */

import { array, assert as check, constantFrom, nat, property, record } from "fast-check";
import { ColumnModel } from "./column-model";
import { aTask } from "../../testing/boards";
import { FakeBoard } from "../../testing/fake-board";

const HEIGHT = 50;

it("a change that leaves every card where it is does not render the column again", () => {
  const board = new FakeBoard([1, 2, 3].map((id) => aTask({ id, title: `Task ${id}` })));
  const model = new ColumnModel(board, "todo", () => HEIGHT, null);
  const before = model.view();
  board.change(2, { title: "Renamed" });
  expect(model.view()).toBe(before);
  board.tell({ waiting: 3 });
  expect(model.view()).toBe(before);
  board.moveTask(1, { status: "finished", before: null });
  expect(model.view()).not.toBe(before);
  expect(model.view().layout.ids).toEqual([2, 3]);
});

it("a card that grew moves those below it", () => {
  const board = new FakeBoard([1, 2].map((id) => aTask({ id, title: `Task ${id}` })));
  const height = ({ labels }: { labels: readonly string[] }) => HEIGHT + 20 * labels.length;
  const model = new ColumnModel(board, "todo", height, null);
  expect(model.view().layout.tops).toEqual([0, 50, 100]);
  board.change(1, { labels: ["travel"] });
  expect(model.view().layout.tops).toEqual([0, 70, 120]);
});

it("whatever happens, it shows the column's tasks that pass, in their order", () => {
  const step = record({
    kind: constantFrom("move", "change", "delete", "add"),
    task: nat(9),
    before: nat(9),
    status: constantFrom("todo", "in_progress"),
  });
  check(
    property(array(step, { maxLength: 30 }), (steps) => {
      const tasks = Array.from({ length: 8 }, (_, id) => aTask({ id, title: `Task ${id}` }));
      const board = new FakeBoard(tasks);
      const passes = ({ title }: { title: string }) => !title.includes("3");
      const model = new ColumnModel(board, "todo", () => HEIGHT, passes);
      for (const { kind, task, before, status } of steps) {
        if (kind === "move") {
          board.moveTask(task, { status, before });
        } else if (kind === "change") {
          board.change(task, { title: `Task ${before}` });
        } else if (kind === "delete") {
          board.deleteTask(task);
        } else {
          board.addTask({ title: `Task ${task}`, status });
        }
        const { layout, total } = model.view();
        const all = board.column("todo");
        expect(total).toBe(all.length);
        expect(layout.ids).toEqual(
          all.filter((id) => {
            const found = board.task(id);
            return found !== undefined && passes(found);
          }),
        );
      }
    }),
  );
});

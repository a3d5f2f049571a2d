/** Guards undoing changes of a column: nobody else's work is lost. */

import { FakeBoard } from "../../testing/fake-board";
import { catalogues } from "../../utilities/texts";
import type { Column } from "../../sync";
import { ColumnChanges, placed } from "./column-changes";

const COLUMNS: readonly Column[] = [
  { key: "todo", name: "To do", wip_limit: null },
  { key: "a", name: "A", wip_limit: null },
  { key: "b", name: "B", wip_limit: null },
];

function stage() {
  const board = new FakeBoard();
  const columns = () => board.head().columns;
  const theyMake = (changed: readonly Column[]) =>
    board.tell({ head: { ...board.head(), columns: [...changed] } });
  theyMake(COLUMNS);
  const keys = () => columns().map(({ key }) => key);
  return { changes: new ColumnChanges(board, catalogues.en.board), columns, keys, theyMake };
}

it("a move is undone and redone, whatever is behind it by then", () => {
  const { changes, columns, keys, theyMake } = stage();
  const ways = changes.move("a", 2);
  expect(keys()).toEqual(["todo", "b", "a"]);
  theyMake([...columns(), { key: "c", name: "C", wip_limit: null }]);
  void ways?.undo();
  expect(keys()).toEqual(["todo", "a", "b", "c"]);
  void ways?.redo();
  expect(keys()).toEqual(["todo", "b", "a", "c"]);
});

it("what another user has moved since stays where they put it", () => {
  const { changes, columns, keys, theyMake } = stage();
  const ways = changes.move("a", 2);
  theyMake(placed(columns(), 2, 0));
  expect(() => ways?.undo()).toThrow("columns");
  expect(keys()).toEqual(["a", "todo", "b"]);
});

it("a column that is still there is not added once more, and one that was renamed not deleted again", () => {
  const { changes, keys, theyMake } = stage();
  const ways = changes.remove("b");
  theyMake(COLUMNS);
  expect(() => ways?.undo()).toThrow("nothing");
  expect(keys()).toEqual(["todo", "a", "b"]);
  theyMake(COLUMNS.slice(0, 2));
  void ways?.undo();
  expect(keys()).toEqual(["todo", "a", "b"]);
  theyMake([...COLUMNS.slice(0, 2), { key: "b", name: "Theirs", wip_limit: null }]);
  expect(() => ways?.redo()).toThrow("columns");
  expect(keys()).toEqual(["todo", "a", "b"]);
});

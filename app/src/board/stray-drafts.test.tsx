/** Guards that what was being typed can be reached where it can be written no more. */

import { act, fireEvent, screen } from "@testing-library/react-native";
import { renderOnStage } from "./board-testing";
import { draftName, drafts } from "../state/drafts";
import { aTask } from "../testing/boards";
import { FakeBoard } from "../testing/fake-board";
import { renderScreen } from "../testing/render";
import { NotShown } from "./board-screen";
import { StrayDrafts } from "./trouble/stray-drafts";

it("what was being typed to a task or for a column that is gone is shown on its board", () => {
  const board = new FakeBoard([aTask({ id: 1, title: "Pack" })]);
  const { address } = board;
  const write = (task: number | null, field: string, value: string) =>
    act(() => drafts.set(draftName({ address, task, field }, null), value, ""));
  write(1, "comment", "Half a word");
  write(null, "new/todo", "Half a task");
  write(null, "name", "Half a name");
  renderOnStage(<StrayDrafts board={board} />);
  expect(screen.queryByText("What you were writing")).toBeNull();
  act(() => board.deleteTask(1));
  expect(screen.getByText("Half a word")).toBeOnTheScreen();
  act(() => board.tell({ head: { ...board.state.head, columns: [] } }));
  expect(screen.getByText("Title of the new task")).toBeOnTheScreen();
  expect(screen.getByText("Half a task")).toBeOnTheScreen();
  expect(screen.queryByText("Half a name")).toBeNull();
  for (const button of screen.getAllByRole("button", { name: "Discard draft" })) {
    fireEvent.press(button);
  }
  expect(screen.queryByText("What you were writing")).toBeNull();
  write(null, "name", "");
});

let next = 400;
/** A board of this user's, with everything that can be written on the board itself, and to one task. */
function written() {
  const address = { mode: "teams", id: next++ } as const;
  const board = new FakeBoard([aTask({ id: 1, title: "Pack" })], address);
  const write = (task: number | null, field: string, value: string) =>
    act(() => drafts.set(draftName({ address, task, field }, null), value, ""));
  write(null, "name", "Half a name");
  write(null, "description", "Half a description");
  write(null, "new/todo", "Half a task");
  write(null, "column/todo", "Half a rename");
  write(null, "column-new", "Half a column");
  write(null, "columns", JSON.stringify([{ key: "a", id: "a", name: "Half a list", limit: "" }]));
  write(null, "invite", "gra");
  write(1, "comment", "Half a word");
  const shown = () => screen.queryAllByText(/^(Half|gra)/u).map(({ props }) => props["children"]);
  const tell = (changes: Parameters<FakeBoard["tell"]>[0]) => act(() => board.tell(changes));
  const head = (more: object) => tell({ head: { ...board.state.head, ...more } });
  return { board, shown, tell, head };
}

const OWNERS = ["Half a rename", "Half a column", "Half a list", "gra"];
const EDITORS = ["Half a name", "Half a description", "Half a task"];

it("what was being typed on the board is shown to who may not save it any more, until they may again", () => {
  const { board, shown, head } = written();
  renderOnStage(<StrayDrafts board={board} />);
  expect(shown()).toEqual([]);
  head({ role: "editor" });
  expect(shown()).toEqual(OWNERS);
  head({ role: "viewer" });
  expect(new Set(shown())).toEqual(new Set([...OWNERS, ...EDITORS]));
  for (const label of ["Board name", "Board description", "Name of the column", "Columns"]) {
    expect(screen.getByText(label)).toBeOnTheScreen();
  }
  head({ role: "owner" });
  expect(shown()).toEqual([]);
});

it("what was made of both sides of a conflict about the board is shown when another tab settles it", () => {
  const { board, shown, tell } = written();
  const name = draftName({ address: board.address, task: null, field: "conflict/t/name" }, null);
  const fields = [{ field: "name", base: "Trip", mine: "A", theirs: "B" }];
  const kind = { kind: "conflict", fields } as const;
  tell({ troubles: [{ id: "t", task: null, subject: "Trip", at: 0, kind }] });
  act(() => drafts.set(name, "Half a name of both", ""));
  renderOnStage(<StrayDrafts board={board} />);
  expect(shown()).toEqual([]);
  tell({ troubles: [] });
  expect(shown()).toEqual(["Half a name of both"]);
});

it("the name being typed for a column is shown when another user deletes the column", () => {
  const { board, shown, head } = written();
  renderOnStage(<StrayDrafts board={board} />);
  head({ columns: board.state.head.columns.filter(({ key }) => key !== "todo") });
  expect(shown()).toEqual(["Half a task", "Half a rename"]);
});

it("of a board that is gone everything that was being typed is shown", () => {
  const { board, shown, tell } = written();
  const status = { status: "gone", reason: "removed" } as const;
  renderScreen("Board", <NotShown board={board} status={status} />);
  tell({ status });
  expect(new Set(shown())).toEqual(new Set([...OWNERS, ...EDITORS, "Half a word"]));
});

/** Guards that what was being typed can be reached when its task or its column is gone. */

import { act, fireEvent, screen } from "@testing-library/react-native";
import { renderOnStage } from "../../components/board/board-testing";
import { draftName, drafts } from "../../state/drafts";
import { aTask } from "../../testing/boards";
import { FakeBoard } from "../../testing/fake-board";
import { StrayDrafts } from "./stray-drafts";

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

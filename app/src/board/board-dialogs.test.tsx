/** Guards what the dialogs of an open board ask and say. */

import { act, fireEvent, screen, waitFor } from "@testing-library/react-native";
import { useState } from "react";
import { BoardProvider } from "./board-context";
import { boardParts, renderOnBoard, renderOnStage } from "./board-testing";
import { useToasts } from "../state/toasts";
import { aTask } from "../testing/boards";
import { fakeApi } from "../testing/fake-api";
import { FakeBoard } from "../testing/fake-board";
import { BoardDialogs } from "./board-dialogs";

const mockSaved: string[] = [];
jest.mock("../utilities/files", () => ({
  saveFile: (name: string) => Promise.resolve(mockSaved.push(name)),
}));

const said = () => useToasts.getState().toasts.map(({ text }) => text);

it.each([
  ["move", { mayEdit: false, mayOwn: false }, "Move “Pack”"],
  ["columns", { mayOwn: false }, "Columns"],
  ["delete", { mayOwn: false }, "Delete this board?"],
] as const)(
  "the dialog “%s” closes when its user may not do that any more",
  (show, rights, title) => {
    const board = new FakeBoard([aTask({ id: 1, title: "Pack" })]);
    const closed = jest.fn();
    let demote = () => undefined as void;
    function Stage() {
      const [given, setGiven] = useState({});
      demote = () => setGiven(rights);
      return (
        <BoardProvider value={boardParts(board, given)}>
          <BoardDialogs state={show === "move" ? { show, id: 1 } : { show }} onClose={closed} />
        </BoardProvider>
      );
    }
    renderOnStage(<Stage />);
    expect(screen.getByRole("heading", { name: title })).toBeOnTheScreen();
    expect(closed).not.toHaveBeenCalled();
    act(demote);
    expect(screen.queryByRole("heading", { name: title })).toBeNull();
    expect(closed).toHaveBeenCalledTimes(1);
  },
);

it("an export that would lack changes says so before and after, and can be waited for", async () => {
  fakeApi({ "GET /api/boards/7/export": { body: {} } });
  const board = new FakeBoard([aTask({ id: 1, title: "Pack" })]);
  const kind = { kind: "deleted", mine: { title: "Now" } } as const;
  board.tell({ waiting: 2, troubles: [{ id: "t", task: 1, subject: "Pack", at: 0, kind }] });
  renderOnBoard(
    boardParts(board),
    <BoardDialogs state={{ show: "export" }} onClose={() => undefined} />,
  );
  expect(
    screen.getByText(/^2 of your changes are not sent yet .* 1 change needs/u),
  ).toBeOnTheScreen();
  fireEvent.press(screen.getByRole("button", { name: "Export without" }));
  await waitFor(() => expect(mockSaved).toEqual(["Trip.json"]));
  await waitFor(() =>
    expect(said()).toEqual([
      "3 of your changes were not sent when the file was made and are missing from it.",
    ]),
  );
  act(() => board.tell({ waiting: 0, troubles: [] }));
  expect(screen.getByText("All your changes are sent now.")).toBeOnTheScreen();
  fireEvent.press(screen.getByRole("button", { name: "Export" }));
  await waitFor(() =>
    expect(said()).toContain("The export holds the tasks and comments, not the history."),
  );
});

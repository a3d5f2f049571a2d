/** What is shown where a board cannot be. */

import { act, screen } from "@testing-library/react-native";
import type { Command } from "../sync";
import { FakeBoard } from "../testing/fake-board";
import { renderScreen } from "../testing/render";
import { NotShown } from "./board-screen";

const queued: readonly Command[] = [
  {
    at: 1,
    sent: false,
    epoch: null,
    kind: "change",
    id: "a",
    subject: "Pack",
    task: 1,
    base: { title: "Pack" },
    values: { title: "Pack now" },
  },
];

it.each(["removed", "deleted", "not-found"] as const)(
  "a team's board that is gone (%s) says what it never took",
  (reason) => {
    const board = new FakeBoard([], { mode: "teams", id: 7 });
    const status = { status: "gone", reason } as const;
    board.tell({ status, queued });
    renderScreen("Board", <NotShown board={board} status={status} />);
    expect(
      screen.getByRole("heading", { name: "1 of your changes could not be sent" }),
    ).toBeOnTheScreen();
    expect(screen.getByText("Title: Pack now")).toBeOnTheScreen();
    expect(screen.getByRole("button", { name: "Copy them" })).toBeOnTheScreen();
    expect(screen.getByRole("button", { name: "Discard them" })).toBeOnTheScreen();
  },
);

it("an owner of a deleted board is shown where it is, everybody else whom to ask", () => {
  const board = new FakeBoard([], { mode: "teams", id: 7 });
  const show = (reason: "deleted" | "removed", role: "owner" | "editor") => {
    board.tell({ head: { ...board.state.head, role } });
    renderScreen("Board", <NotShown board={board} status={{ status: "gone", reason }} />);
    const asks = screen.queryByText(/Ask one of its owners/u) !== null;
    expect(screen.queryByText(/in the trash of your boards/u) === null).toBe(asks);
    screen.unmount();
    return asks;
  };
  expect(show("deleted", "owner")).toBe(false);
  expect(show("deleted", "editor")).toBe(true);
  expect(show("removed", "owner")).toBe(true);
  renderScreen(
    "Board",
    <NotShown board={board} status={{ status: "gone", reason: "not-found" }} />,
  );
  expect(screen.getByText(/^If it is yours, look for it in the trash/u)).toBeOnTheScreen();
});

it("a team's board that is gone is looked for now and then, for as long as that is on the screen", () => {
  jest.useFakeTimers();
  const board = new FakeBoard([], { mode: "teams", id: 7 });
  const { unmount } = renderScreen(
    "Board",
    <NotShown board={board} status={{ status: "gone", reason: "removed" }} />,
  );
  act(() => jest.advanceTimersByTime(31_000));
  expect(board.calls).toEqual(["reconnect", "reconnect"]);
  unmount();
  act(() => jest.advanceTimersByTime(31_000));
  expect(board.calls).toHaveLength(2);
  jest.useRealTimers();
});

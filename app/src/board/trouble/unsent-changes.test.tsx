/** Guards that nobody's changes vanish with the board that they were for. */

import { fireEvent, screen, waitFor } from "@testing-library/react-native";
import type { Command } from "../../sync";
import { useToasts } from "../../state/toasts";
import { aTask } from "../../testing/boards";
import { FakeBoard } from "../../testing/fake-board";
import * as clipboard from "../../utilities/clipboard";
import { renderOnStage } from "../board-testing";
import { UnsentChanges } from "./unsent-changes";

const begun = { at: 1, sent: false, epoch: null };
const queued: readonly Command[] = [
  {
    ...begun,
    kind: "change",
    id: "a",
    subject: "Pack",
    task: 1,
    base: { title: "Pack" },
    values: { title: "Pack now", description: "All of it" },
  },
  { ...begun, kind: "comment-add", id: "b", subject: "Sleep", task: 2, body: "How long?" },
  { ...begun, kind: "delete", id: "c", subject: "Eat", task: 3, base: null },
];

const gone = () => {
  const board = new FakeBoard([aTask({ id: 1, title: "Pack" })], { mode: "quick-win", id: 7 });
  board.tell({ status: { status: "gone", reason: "not-found" }, queued });
  renderOnStage(<UnsentChanges board={board} />);
  return board;
};

it("says how many changes could not be sent, and what was written in each", () => {
  gone();
  expect(
    screen.getByRole("heading", { name: "3 of your changes could not be sent" }),
  ).toBeOnTheScreen();
  expect(screen.getByText("Changed “Pack”")).toBeOnTheScreen();
  expect(screen.getByText("Title: Pack now")).toBeOnTheScreen();
  expect(screen.getByText("Description: All of it")).toBeOnTheScreen();
  expect(screen.getByText("Comment: How long?")).toBeOnTheScreen();
  expect(screen.getByText("Deleted “Eat”")).toBeOnTheScreen();
});

it("copies all of it to the clipboard, and says if there is none", async () => {
  gone();
  const copyText = jest.spyOn(clipboard, "copyText").mockResolvedValue(true);
  fireEvent.press(screen.getByRole("button", { name: "Copy them" }));
  expect(copyText).toHaveBeenCalledWith(
    [
      "Changed “Pack”\nTitle: Pack now\nDescription: All of it",
      "Comment on “Sleep”\nComment: How long?",
      "Deleted “Eat”",
    ].join("\n\n"),
  );
  const told = () => useToasts.getState().toasts.map(({ text }) => text);
  await waitFor(() => expect(told()).toContain("Copied."));
  copyText.mockResolvedValue(false);
  fireEvent.press(screen.getByRole("button", { name: "Copy them" }));
  await waitFor(() => expect(told().at(-1)).toMatch(/select the text/u));
});

it("shows nothing if nothing is pending, and discards only on request", () => {
  const board = gone();
  fireEvent.press(screen.getByRole("button", { name: "Discard them" }));
  expect(board.calls).toContain("abandon");
  expect(screen.queryByRole("heading")).toBeNull();
});

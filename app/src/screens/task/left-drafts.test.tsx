/** Guards that what is being typed outlives the task, and the right to change it. */

import { act, fireEvent, screen } from "@testing-library/react-native";
import { renderOnStage } from "../../board/board-testing";
import { aTask } from "../../testing/boards";
import { FakeBoard } from "../../testing/fake-board";
import { draftName, drafts } from "../../state/drafts";
import type { BoardComment, Trouble } from "../../sync";
import { TaskScreen } from "./task-screen";

let mockBoard: FakeBoard;
const mockCopied: string[] = [];

jest.mock("@react-navigation/native", () => ({
  ...jest.requireActual<object>("@react-navigation/native"),
  useIsFocused: () => true,
}));
jest.mock("../../state/hooks", () => ({
  ...jest.requireActual<object>("../../state/hooks"),
  useOpenBoard: () => mockBoard,
}));
let mockComments: BoardComment[] = [];
jest.mock("../../state/task-queries", () => ({
  ...jest.requireActual<object>("../../state/task-queries"),
  useComments: () => ({ comments: mockComments, fromDevice: false, isPending: false, error: null }),
}));
jest.mock("../../utilities/clipboard", () => ({
  copyText: (text: string) => Promise.resolve(mockCopied.push(text) > 0),
}));

let next = 300;
/** Opens a task and types into its description and a comment. */
function write() {
  const address = { mode: "teams", id: next++ } as const;
  mockBoard = new FakeBoard([aTask({ id: 1, title: "Pack", description: "Old" })], address);
  const role = (name: "editor" | "viewer") =>
    mockBoard.tell({ head: { ...mockBoard.state.head, role: name } });
  role("editor");
  renderOnStage(<TaskScreen address={address} task={1} />);
  fireEvent.press(screen.getByRole("button", { name: "Edit description" }));
  fireEvent.changeText(screen.getByLabelText("Description"), "Half a thought");
  fireEvent.changeText(screen.getByLabelText("Write a comment"), "Half a word");
  return { role };
}

/** Everything that was typed can be read, copied and discarded. */
async function expectLeft() {
  expect(screen.getByText("Half a thought")).toBeOnTheScreen();
  expect(screen.getByText("Half a word")).toBeOnTheScreen();
  await act(async () => void fireEvent.press(screen.getByRole("button", { name: "Copy it" })));
  expect(mockCopied.pop()).toBe("Description\nHalf a thought\n\nComment\nHalf a word");
  fireEvent.press(screen.getByRole("button", { name: "Discard draft" }));
  expect(screen.queryByText("Half a thought")).toBeNull();
}

it("what was being typed is shown when another user deletes the task", async () => {
  write();
  act(() => mockBoard.deleteTask(1));
  expect(screen.getByText("This task is no longer on the board.")).toBeOnTheScreen();
  await expectLeft();
});

it("what was being typed is shown to a user who becomes a viewer, and is there again for an editor", async () => {
  const { role } = write();
  act(() => role("viewer"));
  expect(screen.queryByLabelText("Description")).toBeNull();
  expect(screen.getByText("Half a thought")).toBeOnTheScreen();
  act(() => role("editor"));
  expect(screen.getByLabelText("Description")).toHaveDisplayValue("Half a thought");
  act(() => role("viewer"));
  await expectLeft();
});

it("what was being typed is shown to who is taken off the board", async () => {
  write();
  act(() => mockBoard.tell({ status: { status: "gone", reason: "removed" } }));
  await expectLeft();
});

it("what was made of both sides of a conflict is shown when another tab settles it, or it becomes another", () => {
  const address = { mode: "teams", id: next++ } as const;
  mockBoard = new FakeBoard([aTask({ id: 1, title: "Pack", description: "Old" })], address);
  const conflict = (id: string, theirs: string): Trouble => ({
    id,
    task: 1,
    subject: "Pack",
    at: 0,
    kind: { kind: "conflict", fields: [{ field: "description", base: "Old", mine: "A", theirs }] },
  });
  mockBoard.tell({ troubles: [conflict("t", "B")] });
  renderOnStage(<TaskScreen address={address} task={1} />);
  fireEvent.press(screen.getByRole("button", { name: "Look at them" }));
  fireEvent.press(screen.getByRole("radio", { name: "Combine" }));
  fireEvent.changeText(screen.getByLabelText("Description, combined"), "Half a thought");
  expect(screen.queryByText("What you were writing")).toBeNull();
  act(() => mockBoard.tell({ troubles: [conflict("u", "C")] }));
  expect(screen.getByRole("radio", { name: "Combine" })).not.toBeChecked();
  expect(screen.getAllByText("Half a thought")).not.toHaveLength(0);
  act(() => mockBoard.tell({ troubles: [] }));
  expect(screen.getByText("Half a thought")).toBeOnTheScreen();
  fireEvent.press(screen.getByRole("button", { name: "Discard draft" }));
  expect(screen.queryByText("What you were writing")).toBeNull();
});

it("what was being typed into a field or a comment is shown when another user deletes it", () => {
  const address = { mode: "teams", id: next++ } as const;
  const task = aTask({ id: 1, title: "Pack", fields: { estimate: 3 } });
  const comment = { id: 5, body: "Old", version: 1, created_by: "ada", waiting: false };
  const times = { created_at: task.created_at, updated_at: task.created_at };
  mockComments = [{ ...comment, ...times, board_id: address.id, task_id: 1 }];
  mockBoard = new FakeBoard([task], address);
  const write = (field: string, value: string) =>
    act(() => drafts.set(draftName({ address, task: 1, field }, null), value, "was"));
  write("field/estimate", "5");
  write("comment/5", "Half a reply");
  renderOnStage(<TaskScreen address={address} task={1} />);
  expect(screen.queryByText("What you were writing")).toBeNull();
  mockComments = [];
  act(() => mockBoard.change(1, { fields: {} }));
  expect(screen.getByText("Half a reply")).toBeOnTheScreen();
  expect(screen.getByText("estimate")).toBeOnTheScreen();
  for (const button of screen.getAllByRole("button", { name: "Discard draft" })) {
    fireEvent.press(button);
  }
  expect(screen.queryByText("What you were writing")).toBeNull();
});

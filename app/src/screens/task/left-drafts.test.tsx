/** Guards that what is being typed outlives the task, and the right to change it. */

import { act, fireEvent, screen } from "@testing-library/react-native";
import { renderOnStage } from "../../components/board/board-testing";
import { aTask } from "../../testing/boards";
import { FakeBoard } from "../../testing/fake-board";
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
jest.mock("../../state/task-queries", () => ({
  ...jest.requireActual<object>("../../state/task-queries"),
  useComments: () => ({ comments: [], fromDevice: false, isPending: false, error: null }),
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

it("what was being typed is shown when somebody deletes the task", async () => {
  write();
  act(() => mockBoard.deleteTask(1));
  expect(screen.getByText("This task is not on the board any more.")).toBeOnTheScreen();
  await expectLeft();
});

it("what was being typed is shown to who is made a viewer meanwhile, and is there again for an editor", async () => {
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

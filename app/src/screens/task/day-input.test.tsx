/** Guards that a due date goes only when somebody takes it away. */

import { act, screen } from "@testing-library/react-native";
import { renderOnStage } from "../../components/board/board-testing";
import { useTask } from "../../state/hooks";
import { aTask } from "../../testing/boards";
import { FakeBoard } from "../../testing/fake-board";
import { DueField } from "./due-field";

jest.mock("./day-input", () => jest.requireActual<object>("./day-input.web"));

function Follow({ board }: { board: FakeBoard }) {
  const task = useTask(board, 1);
  return task ? <DueField board={board} task={task} mayEdit /> : null;
}

/** Leaves the browser's field as the browser tells it. */
function leave(value: string, badInput: boolean) {
  const input = screen.UNSAFE_getByType("input" as never);
  const onBlur: unknown = input.props["onBlur"];
  if (typeof onBlur !== "function") throw new Error("the field does not tell that it is left");
  act(() => void onBlur({ currentTarget: { value, validity: { badInput } } }));
}

/** Picks or types in it, as the browser tells each change. */
function change(value: string, badInput = false) {
  const input = screen.UNSAFE_getByType("input" as never);
  const onChange: unknown = input.props["onChange"];
  if (typeof onChange !== "function") throw new Error("the field does not tell of changes");
  act(() => void onChange({ target: { value, validity: { badInput } } }));
}

const boardWith = (due_at: string | null) =>
  new FakeBoard([aTask({ id: 1, title: "Pack", due_at })]);

it("a day that the browser makes nothing of leaves the due date, and is told", () => {
  const board = boardWith("2026-11-26T23:59:59Z");
  renderOnStage(<Follow board={board} />);
  leave("", true);
  expect(board.calls).toEqual([]);
  expect(screen.getByText(/^This is no day of the calendar/)).toBeOnTheScreen();
});

it("a field that is emptied takes the due date away, and a day that is put right is kept", () => {
  const board = boardWith("2026-11-26T12:00:00Z");
  renderOnStage(<Follow board={board} />);
  leave("", true);
  leave("2026-12-24", false);
  expect(board.calls).toHaveLength(1);
  expect(board.calls[0]).toContain('changeTask 1 {"due_at":"2026-12-2');
  expect(screen.queryByText(/^This is no day of the calendar/)).toBeNull();
  leave("", false);
  expect(board.calls[1]).toBe('changeTask 1 {"due_at":null}');
});

it("a due date that ends within a day here is told with its moment", () => {
  const noon = new Date(2036, 10, 27, 13, 44).toISOString();
  renderOnStage(<Follow board={boardWith(noon)} />);
  expect(screen.getByText(/^Due .*, exactly .*13:44|^Due .*, exactly .*01:44/)).toBeOnTheScreen();
});

it("a day that is picked is saved at once, a year that is being typed is not, nor half a day", () => {
  const board = boardWith(null);
  renderOnStage(<Follow board={board} />);
  for (const year of ["0002", "0020", "0202"]) change(`${year}-12-24`);
  change("", true);
  expect(board.calls).toEqual([]);
  change("2026-12-24");
  expect(board.calls).toHaveLength(1);
  expect(board.calls[0]).toContain('changeTask 1 {"due_at":"2026-12-2');
  leave("2026-12-24", false);
  expect(board.calls).toHaveLength(1);
  change("");
  expect(board.calls[1]).toBe('changeTask 1 {"due_at":null}');
});

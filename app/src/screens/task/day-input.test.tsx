/** Guards that a due date goes only when somebody takes it away. */

import { act, fireEvent, screen } from "@testing-library/react-native";
import { renderOnStage } from "../../board/board-testing";
import { useTask } from "../../state/hooks";
import { aTask } from "../../testing/boards";
import { FakeBoard } from "../../testing/fake-board";
import { DueField, StartField } from "./day-field";

jest.mock("../../components/day-input", () =>
  jest.requireActual<object>("../../components/day-input.web"),
);

function Follow({ board }: { board: FakeBoard }) {
  const task = useTask(board, 1);
  return task ? <DueField board={board} task={task} mayEdit /> : null;
}

const input = () => screen.UNSAFE_getByType("input" as never);

/** Leaves the browser's field with the browser's events. */
function leave(value: string, badInput: boolean) {
  const onBlur: unknown = input().props["onBlur"];
  if (typeof onBlur !== "function") throw new Error("the field does not tell that it is left");
  act(() => void onBlur({ currentTarget: { value, validity: { badInput } } }));
}

/** Presses a key in it. */
function press(key: string) {
  const onKeyDown: unknown = input().props["onKeyDown"];
  if (typeof onKeyDown !== "function") throw new Error("the field does not tell of keys");
  const event = { key, nativeEvent: { key }, preventDefault: () => undefined };
  act(() => void onKeyDown({ ...event, currentTarget: { value: "", validity: {} } }));
}

/** Picks or types in it, with the browser's event for each change. */
function change(value: string, badInput = false) {
  const onChange: unknown = input().props["onChange"];
  if (typeof onChange !== "function") throw new Error("the field does not tell of changes");
  act(() => void onChange({ target: { value, validity: { badInput } } }));
}

const boardWith = (due_at: string | null) =>
  new FakeBoard([aTask({ id: 1, title: "Pack", due_at })]);

it("a day that the browser cannot parse leaves the due date unchanged, and is reported", () => {
  const board = boardWith("2026-11-26T23:59:59Z");
  renderOnStage(<Follow board={board} />);
  leave("", true);
  expect(board.calls).toEqual([]);
  expect(screen.getByText(/^This day does not exist/)).toBeOnTheScreen();
});

it("a field that is emptied takes the due date away, and a day that is put right is kept", () => {
  const board = boardWith("2026-11-26T12:00:00Z");
  renderOnStage(<Follow board={board} />);
  leave("", true);
  leave("2026-12-24", false);
  expect(board.calls).toHaveLength(1);
  expect(board.calls[0]).toContain('changeTask 1 {"due_at":"2026-12-2');
  expect(screen.queryByText(/^This day does not exist/)).toBeNull();
  leave("", false);
  expect(board.calls[1]).toBe('changeTask 1 {"due_at":null}');
});

it("a due date that ends within a day here is shown with its time", () => {
  const noon = new Date(2036, 10, 27, 13, 44).toISOString();
  renderOnStage(<Follow board={boardWith(noon)} />);
  expect(screen.getByText(/^Due .*, exactly .*13:44|^Due .*, exactly .*01:44/)).toBeOnTheScreen();
});

it("a day that is picked is saved at once, one that is typed when the field is left, once", () => {
  const board = boardWith("2026-12-10T12:00:00Z");
  renderOnStage(<Follow board={board} />);
  press("0");
  // "01", "15" and "2027", as the browser reports each key.
  for (const day of ["2026-01-10", "2026-01-15", "0002-01-15", "0202-01-15"]) change(day);
  change("", true);
  change("2027-01-15");
  expect(board.calls).toEqual([]);
  leave("2027-01-15", false);
  leave("2027-01-15", false);
  expect(board.calls).toHaveLength(1);
  expect(board.calls[0]).toContain('changeTask 1 {"due_at":"2027-01-1');
  press(" ");
  change("2026-12-24");
  expect(board.calls[1]).toContain('changeTask 1 {"due_at":"2026-12-2');
  change("");
  expect(board.calls[2]).toBe('changeTask 1 {"due_at":null}');
});

const THEIRS = "2027-01-05T12:00:00Z";

it.each([null, "2026-12-10T12:00:00Z"])(
  "what is half typed over %s is not mixed with another's day, and both are shown",
  (due_at) => {
    const board = boardWith(due_at);
    renderOnStage(<Follow board={board} />);
    press("1");
    if (due_at !== null) change("", true);
    act(() => board.change(1, { due_at: THEIRS }));
    expect(input().props["value"]).toBe("");
    change("2026-12-24");
    expect(screen.queryByText("Somebody changed this while you were writing.")).toBeNull();
    leave("2026-12-24", false);
    expect(board.calls).toEqual([]);
    expect(screen.getByText("Somebody changed this while you were writing.")).toBeOnTheScreen();
    fireEvent.press(screen.getByRole("button", { name: "Keep mine" }));
    expect(board.calls).toHaveLength(1);
    expect(board.calls[0]).toContain('changeTask 1 {"due_at":"2026-12-2');
  },
);

it("another user's day can be taken instead of one's own, and appears at once where nobody types", () => {
  const board = boardWith(null);
  renderOnStage(<Follow board={board} />);
  press("1");
  change("2026-12-24");
  act(() => board.change(1, { due_at: THEIRS }));
  leave("2026-12-24", false);
  fireEvent.press(screen.getByRole("button", { name: "Take theirs" }));
  expect(input().props["value"]).toBe("2027-01-05");
  act(() => board.change(1, { due_at: "2027-02-06T12:00:00Z" }));
  expect(input().props["value"]).toBe("2027-02-06");
  expect(board.calls).toEqual([]);
});

it("a day that was typed and not saved is there again, to be saved or discarded", () => {
  const board = boardWith(null);
  renderOnStage(<Follow board={board} />);
  press("1");
  change("2026-12-24");
  screen.unmount();
  renderOnStage(<Follow board={board} />);
  expect(input().props["value"]).toBe("2026-12-24");
  expect(screen.getByText(/It is not saved yet/)).toBeOnTheScreen();
  fireEvent.press(screen.getByRole("button", { name: "Save" }));
  expect(board.calls).toHaveLength(1);
  expect(screen.queryByText(/It is not saved yet/)).toBeNull();
});

function FollowBoth({ board, mayEdit }: { board: FakeBoard; mayEdit: boolean }) {
  const task = useTask(board, 1);
  if (task === undefined) return null;
  return (
    <>
      <StartField board={board} task={task} mayEdit={mayEdit} />
      <DueField board={board} task={task} mayEdit={mayEdit} />
    </>
  );
}

/** Picks a day in the field of this place. */
function pick(nth: number, value: string) {
  const field = screen.UNSAFE_getAllByType("input" as never)[nth];
  const onBlur: unknown = field?.props["onBlur"];
  if (typeof onBlur !== "function") throw new Error("the field does not tell that it is left");
  act(() => void onBlur({ currentTarget: { value, validity: { badInput: false } } }));
}

it("API-START: work starts with the day that is picked, which must not be after the due date", () => {
  const due_at = new Date(2026, 11, 10, 23, 59, 59).toISOString();
  const board = new FakeBoard([aTask({ id: 1, title: "Pack", due_at })]);
  renderOnStage(<FollowBoth board={board} mayEdit />);
  pick(0, "2026-12-11");
  expect(screen.getByText("The start must not be after the due date.")).toBeOnTheScreen();
  expect(board.calls).toEqual([]);
  pick(0, "2026-12-10");
  const start_at = new Date(2026, 11, 10).toISOString();
  expect(board.calls).toEqual([`changeTask 1 {"start_at":"${start_at}"}`]);
  act(() => board.change(1, { start_at }));
  pick(1, "2026-12-09");
  expect(screen.getByText("The due date must not be before the start.")).toBeOnTheScreen();
  expect(board.calls).toHaveLength(1);
  fireEvent.press(screen.getByRole("button", { name: "Remove start date" }));
  expect(board.calls[1]).toBe('changeTask 1 {"start_at":null}');
});

it("a viewer reads the start, with its time where it is not the beginning of a day", () => {
  const start_at = new Date(2036, 10, 27, 13, 44).toISOString();
  renderOnStage(<FollowBoth board={new FakeBoard([aTask({ id: 1, start_at })])} mayEdit={false} />);
  expect(screen.getByText(/13:44|01:44/u)).toBeOnTheScreen();
});

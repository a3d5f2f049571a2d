/** Guards what a person sees and does in a column. */

import { act, fireEvent, screen } from "@testing-library/react-native";
import { Profiler } from "react";
import type { BoardParts } from "../board-context";
import { boardParts, renderOnBoard } from "../board-testing";
import { ColumnPanel } from "./column";
import { aTask } from "../../testing/boards";
import { FakeBoard } from "../../testing/fake-board";
import { draftName, drafts } from "../../state/drafts";
import { matcher, NO_FILTER } from "../filter/filters";

const COLUMNS = new FakeBoard().state.head.columns;
const [TODO, DOING] = COLUMNS;
const ORDER = COLUMNS.map(({ key }) => key);

function show(parts: BoardParts, column = TODO, adding = false) {
  if (!column) {
    throw new Error("there is no such column");
  }
  return renderOnBoard(
    parts,
    <ColumnPanel
      column={column}
      width={300}
      order={ORDER}
      adding={adding}
      onAdding={() => undefined}
    />,
  );
}

const three = () =>
  new FakeBoard([
    aTask({ id: 1, title: "Pack" }),
    aTask({ id: 2, title: "Sleep", status: "in_progress" }),
    aTask({ id: 3, title: "Eat", status: "in_progress" }),
  ]);

it("a column's label has its name and how many tasks it has", () => {
  show(boardParts(three()));
  expect(screen.getByRole("heading", { name: "To do" })).toBeOnTheScreen();
  expect(screen.getByLabelText("1 task")).toBeOnTheScreen();
});

it("a full column says so in words, and its limit beside its count", () => {
  show(boardParts(three()), DOING);
  expect(screen.getByLabelText("2 of at most 2 tasks")).toBeOnTheScreen();
  expect(screen.getByText("2/2")).toBeOnTheScreen();
  expect(screen.getByText("Full")).toBeOnTheScreen();
});

it("an empty column teaches what belongs here", () => {
  show(boardParts(new FakeBoard()));
  expect(screen.getByText("Nothing here yet")).toBeOnTheScreen();
  expect(screen.getByText(/Write down the first thing to do/)).toBeOnTheScreen();
});

it("a card's label has everything that its icons mean", () => {
  const card = aTask({
    id: 1,
    title: "Pack",
    labels: ["travel"],
    due_at: "2020-01-01T00:00:00.000Z",
    assigned_to: "grace",
    comment_count: 2,
    description: "x",
    waiting: true,
  });
  const board = new FakeBoard([card]);
  board.tell({ presence: [{ user: "grace", editing: 1 }] });
  show(boardParts(board));
  const hint = screen.getByRole("link", { name: "Pack" }).props.accessibilityHint;
  expect(hint).toMatch(
    /^Labels: travel\. Overdue by \d+ days\. Assigned to grace\. 2 comments\. Has a description\. Not sent yet\. grace is editing$/,
  );
  expect(screen.getByText("grace is editing")).toBeOnTheScreen();
});

it("a card says that something written to its task here is not saved, with a line of facts or without", () => {
  const board = new FakeBoard([
    aTask({ id: 1, title: "Pack" }),
    aTask({ id: 2, title: "Eat", description: "x" }),
  ]);
  show(boardParts(board));
  const hint = (title: string): unknown =>
    screen.getByRole("link", { name: title }).props.accessibilityHint;
  const write = (task: number, value: string) =>
    act(() =>
      drafts.set(draftName({ address: board.address, task, field: "comment" }, null), value, ""),
    );
  for (const task of [1, 2]) write(task, "Written");
  expect(hint("Pack")).toBe("Unsaved draft");
  expect(hint("Eat")).toBe("Has a description. Unsaved draft");
  expect(screen.getByText("Unsaved draft")).toBeOnTheScreen();
  for (const task of [1, 2]) write(task, "");
  expect(hint("Pack")).toBeUndefined();
});

it("what the own device has open is no news", () => {
  const board = new FakeBoard([aTask({ id: 1, title: "Pack" })]);
  board.tell({ presence: [{ user: "ada", editing: 1 }] });
  show(boardParts(board));
  expect(screen.getByRole("link", { name: "Pack" }).props.accessibilityHint).toBeUndefined();
});

it("Enter adds a task to the end of its column, and the form stays for the next", () => {
  const board = three();
  show(boardParts(board), TODO, true);
  const field = screen.getByLabelText("Title of the new task");
  fireEvent.changeText(field, "  Buy gas  ");
  fireEvent(field, "submitEditing");
  expect(board.calls).toEqual(['addTask {"title":"Buy gas","status":"todo"} null']);
  expect(screen.getByLabelText("Title of the new task").props.value).toBe("");
  expect(screen.getByRole("link", { name: "Buy gas" })).toBeOnTheScreen();
});

it("api: a title has at most 200 characters, which is said before it is sent", () => {
  const board = three();
  show(boardParts(board), TODO, true);
  const field = screen.getByLabelText("Title of the new task");
  fireEvent.changeText(field, "x".repeat(201));
  fireEvent(field, "submitEditing");
  expect(board.calls).toEqual([]);
  expect(screen.getByText("At most 200 characters; this has 201.")).toBeOnTheScreen();
  fireEvent.changeText(field, "");
});

it("the draft of a new task is kept when its form is closed", () => {
  const parts = boardParts(three());
  const { unmount } = show(parts, TODO, true);
  fireEvent.changeText(screen.getByLabelText("Title of the new task"), "Half a th");
  unmount();
  const closed = show(parts, TODO);
  expect(screen.getByText("Add task · Unsaved draft")).toBeOnTheScreen();
  closed.unmount();
  show(parts, TODO, true);
  const field = screen.getByLabelText("Title of the new task");
  expect(field.props.value).toBe("Half a th");
  fireEvent.changeText(field, "");
});

it("viewers see no controls that they cannot use", () => {
  show(boardParts(three(), { mayEdit: false, mayArrange: false }));
  expect(screen.queryByRole("button", { name: /Add task/ })).toBeNull();
  expect(screen.queryByRole("button", { name: /Actions for/ })).toBeNull();
  expect(screen.getByRole("link", { name: "Pack" })).toBeOnTheScreen();
});

it("of 5,000 tasks only those near the window are drawn", () => {
  const tasks = Array.from({ length: 5000 }, (_, index) =>
    aTask({ id: index + 1, title: `Task ${index + 1}` }),
  );
  show(boardParts(new FakeBoard(tasks), { mayEdit: false }));
  const drawn = screen.getAllByRole("link").length;
  expect(drawn).toBeGreaterThan(5);
  expect(drawn).toBeLessThan(60);
  expect(screen.getByLabelText("5000 tasks")).toBeOnTheScreen();
});

it("a filter hides what it does not let through, and the count says how many of how many show", () => {
  const passes = matcher({ ...NO_FILTER, text: "eat" }, 0);
  show(boardParts(three(), { passes }), DOING);
  expect(screen.getByRole("link", { name: "Eat" })).toBeOnTheScreen();
  expect(screen.queryByRole("button", { name: "Sleep" })).toBeNull();
  expect(screen.getByText("1 of 2")).toBeOnTheScreen();
  expect(screen.getByLabelText("1 of 2 tasks")).toBeOnTheScreen();
});

it("a change by another user is drawn where it happened, and nowhere else", () => {
  const board = three();
  const drawn: string[] = [];
  const columns = board.state.head.columns.map((column) => (
    <Profiler key={column.key} id={column.key} onRender={(id) => drawn.push(id)}>
      <ColumnPanel
        column={column}
        width={300}
        order={ORDER}
        adding={false}
        onAdding={() => undefined}
      />
    </Profiler>
  ));
  renderOnBoard(boardParts(board), <>{columns}</>);
  drawn.length = 0;
  act(() => board.change(2, { title: "Sleep well" }));
  expect(screen.getByRole("link", { name: "Sleep well" })).toBeOnTheScreen();
  expect(new Set(drawn)).toEqual(new Set(["in_progress"]));
});

it("while a card is carried only the columns it touches are rendered again", () => {
  const board = three();
  const parts = boardParts(board);
  const keys = board.state.head.columns.map(({ key }) => key);
  parts.drag.setOrder(keys);
  const drawn: string[] = [];
  const columns = board.state.head.columns.map((column) => (
    <Profiler key={column.key} id={column.key} onRender={(id) => drawn.push(id)}>
      <ColumnPanel
        column={column}
        width={300}
        order={ORDER}
        adding={false}
        onAdding={() => undefined}
      />
    </Profiler>
  ));
  renderOnBoard(parts, <>{columns}</>);
  act(() => void parts.drag.pickUp(1, "todo"));
  drawn.length = 0;
  act(() => parts.drag.step("right"));
  expect(parts.drag.held()?.over.status).toBe("in_progress");
  expect(new Set(drawn)).toEqual(new Set(["todo", "in_progress"]));
  drawn.length = 0;
  act(() => parts.drag.step("down"));
  expect(new Set(drawn)).toEqual(new Set(["in_progress"]));
});

/** Guards what a person sees and does in a task. */

import { act, fireEvent, screen } from "@testing-library/react-native";
import { renderOnStage } from "../../board/board-testing";
import { aTask } from "../../testing/boards";
import { FakeBoard } from "../../testing/fake-board";
import { DescriptionField } from "./description-field";
import { FieldsField } from "./fields-field";
import { LabelsField } from "./labels-field";
import { TaskDetails } from "./task-details";
import { TitleField } from "./title-field";
import { useTask } from "../../state/hooks";
import type { TaskPartProps } from "./task-part";

jest.mock("@react-navigation/native", () => ({
  ...jest.requireActual<object>("@react-navigation/native"),
  useIsFocused: () => true,
}));

// Keys reach the fields as in a browser.
jest.mock("../../utilities/web", () => ({
  ...jest.requireActual<object>("../../utilities/web"),
  onWeb: (props: object) => props,
}));

const press = (name: string) => fireEvent.press(screen.getByRole("button", { name }));
const write = (label: string, text: string) =>
  fireEvent.changeText(screen.getByLabelText(label), text);

const enter = (label: string) => fireEvent(screen.getByLabelText(label), "submitEditing");

/** A part of a task that follows its board. */
function Follow({
  board,
  part: Part,
  mayEdit = true,
}: {
  board: FakeBoard;
  part: (props: TaskPartProps) => React.ReactNode;
  mayEdit?: boolean;
}) {
  const task = useTask(board, 1);
  return task ? <Part board={board} task={task} mayEdit={mayEdit} /> : null;
}

let next = 100;
/** Drafts are kept by board: each test has its own. */
const boardWith = (given: Partial<Parameters<typeof aTask>[0]> = {}) =>
  new FakeBoard([aTask({ id: 1, title: "Pack", ...given })], { mode: "teams", id: next++ });

it("a title is changed in place", () => {
  const board = boardWith();
  renderOnStage(<Follow board={board} part={TitleField} />);
  press("Edit title");
  write("Title", " Pack now ");
  press("Save");
  expect(board.calls).toEqual(['changeTask 1 {"title":"Pack now"}']);
  expect(screen.getByRole("heading", { name: "Pack now" })).toBeOnTheScreen();
});

it("a task needs a title, and it has at most 200 characters", () => {
  const board = boardWith();
  renderOnStage(<Follow board={board} part={TitleField} />);
  press("Edit title");
  write("Title", " ");
  expect(screen.getByText("A task needs a title.")).toBeOnTheScreen();
  write("Title", "x".repeat(201));
  expect(screen.getByText("At most 200 characters; this has 201.")).toBeOnTheScreen();
  press("Save");
  expect(board.calls).toEqual([]);
});

it("a draft survives a change by another user, which is shown beside it with a choice", () => {
  const board = boardWith();
  renderOnStage(<Follow board={board} part={TitleField} />);
  press("Edit title");
  write("Title", "Pack now");
  act(() => board.change(1, { title: "Pack later" }));
  expect(screen.getByLabelText("Title").props.value).toBe("Pack now");
  expect(screen.getByText("Pack later")).toBeOnTheScreen();
  press("Save");
  expect(board.calls).toEqual([]);
  press("Keep mine");
  press("Save");
  expect(board.calls).toEqual(['changeTask 1 {"title":"Pack now"}']);
});

it("who takes theirs has what they wrote", () => {
  const board = boardWith();
  renderOnStage(<Follow board={board} part={TitleField} />);
  press("Edit title");
  write("Title", "Pack now");
  act(() => board.change(1, { title: "Pack later" }));
  press("Take theirs");
  expect(screen.getByRole("heading", { name: "Pack later" })).toBeOnTheScreen();
  expect(board.calls).toEqual([]);
});

it("a draft is there again when the task is opened again", () => {
  const board = boardWith({ description: "Old" });
  const first = renderOnStage(<Follow board={board} part={DescriptionField} />);
  press("Edit description");
  write("Description", "Half a th");
  first.unmount();
  renderOnStage(<Follow board={board} part={DescriptionField} />);
  expect(screen.getByLabelText("Description").props.value).toBe("Half a th");
  press("Discard draft");
  expect(screen.getByText("Old")).toBeOnTheScreen();
});

it("Escape closes an editor and keeps its draft, which the field reports", () => {
  const board = boardWith({ description: "Old" });
  renderOnStage(
    <>
      <Follow board={board} part={TitleField} />
      <Follow board={board} part={DescriptionField} />
    </>,
  );
  for (const [button, field] of [
    ["Edit title", "Title"],
    ["Edit description", "Description"],
  ] as const) {
    press(button);
    write(field, "Half a th");
    const escape = { key: "Escape", preventDefault: () => undefined };
    fireEvent(screen.getByLabelText(field), "keyDownCapture", escape);
    expect(screen.queryByLabelText(field)).toBeNull();
    expect(screen.getByText("Draft")).toBeOnTheScreen();
    press(button);
    expect(screen.getByLabelText(field)).toHaveDisplayValue("Half a th");
    expect(screen.queryByText("Draft")).toBeNull();
    press("Discard draft");
    expect(screen.queryByText("Draft")).toBeNull();
  }
  expect(screen.getByText("Old")).toBeOnTheScreen();
  expect(board.calls).toEqual([]);
});

it("a description is shown as Markdown, also before it is saved", () => {
  const board = boardWith();
  renderOnStage(<Follow board={board} part={DescriptionField} />);
  press("Add a description");
  write("Description", "See [the list](https://example.org) <b>now</b>");
  fireEvent.press(screen.getByRole("radio", { name: "Preview" }));
  expect(screen.getByRole("link")).toHaveTextContent("the list");
  expect(screen.getByText(/<b>now<\/b>/)).toBeOnTheScreen();
  fireEvent.press(screen.getByRole("radio", { name: "Write" }));
  press("Discard draft");
});

it("a description is saved and discarded from its preview, which says why it cannot be saved", () => {
  const board = boardWith();
  renderOnStage(<Follow board={board} part={DescriptionField} />);
  for (const done of ["Discard draft", "Save"]) {
    press("Add a description");
    fireEvent.press(screen.getByRole("radio", { name: "Write" }));
    write("Description", "x".repeat(10_001));
    fireEvent.press(screen.getByRole("radio", { name: "Preview" }));
    expect(screen.getByText("At most 10000 characters; this has 10001.")).toBeOnTheScreen();
    fireEvent.press(screen.getByRole("radio", { name: "Write" }));
    write("Description", "Seen");
    fireEvent.press(screen.getByRole("radio", { name: "Preview" }));
    press(done);
  }
  expect(board.calls).toEqual(['changeTask 1 {"description":"Seen"}']);
});

it("labels are added and taken off", () => {
  const board = boardWith({ labels: ["travel"] });
  renderOnStage(<Follow board={board} part={LabelsField} />);
  write("New label", "travel");
  expect(screen.getByText("The task already has this label.")).toBeOnTheScreen();
  write("New label", "urgent");
  enter("New label");
  press("Remove travel");
  expect(board.calls).toEqual([
    'changeTask 1 {"labels":["travel","urgent"]}',
    'changeTask 1 {"labels":["urgent"]}',
  ]);
});

it("the board's labels are suggested while one is typed: arrows, Enter, Escape, or a press", () => {
  const board = boardWith({ labels: ["travel"] });
  board.addTask({ title: "Other", status: "todo", labels: ["travel", "train", "strange"] });
  renderOnStage(<Follow board={board} part={LabelsField} />);
  const field = () => screen.getByLabelText("New label");
  const key = (name: string) =>
    fireEvent(field(), "keyDownCapture", { key: name, preventDefault: () => undefined });
  const options = () =>
    screen.queryAllByRole("option").map(({ props }) => String(props.accessibilityLabel));
  write("New label", "Tra");
  expect(options()).toEqual(["train", "strange", "Add “Tra”"]);
  expect(field().props).toMatchObject({ role: "combobox", "aria-expanded": true });
  key("ArrowDown");
  const [first] = screen.getAllByRole("option");
  expect(first).toBeSelected();
  expect(field().props["aria-activedescendant"]).toBe(first?.props.nativeID);
  key("Escape");
  expect(options()).toEqual([]);
  expect(field()).toHaveDisplayValue("Tra");
  key("ArrowUp");
  key("ArrowUp");
  key("Enter");
  write("New label", "tra");
  fireEvent.press(screen.getByRole("option", { name: "Add “tra”" }));
  expect(board.calls.slice(1)).toEqual([
    'changeTask 1 {"labels":["travel","strange"]}',
    'changeTask 1 {"labels":["travel","strange","tra"]}',
  ]);
});

it("API-TICK: a box of a task list is ticked by its line, and only by users who may", () => {
  const board = boardWith({ description: "Steps\n- [ ] one\n- [x] two" });
  const first = renderOnStage(<Follow board={board} part={DescriptionField} />);
  expect(screen.getByRole("checkbox", { name: "two" })).toBeChecked();
  fireEvent.press(screen.getByRole("checkbox", { name: "one" }));
  expect(board.calls).toEqual([
    `tick 1 ${JSON.stringify({ line: "- [ ] one", nth: 0, done: true })}`,
  ]);
  expect(screen.getByRole("checkbox", { name: "one" })).toBeChecked();
  first.unmount();
  renderOnStage(<Follow board={board} part={DescriptionField} mayEdit={false} />);
  expect(screen.queryByRole("checkbox")).toBeNull();
});

it("what both changed can be combined into one draft", () => {
  const board = boardWith({ description: "one\ntwo" });
  renderOnStage(<Follow board={board} part={DescriptionField} />);
  press("Edit description");
  write("Description", "ONE\ntwo");
  act(() => board.change(1, { description: "one\ntwo\nthree" }));
  press("Combine");
  press("Save");
  expect(board.calls).toEqual([
    `changeTask 1 ${JSON.stringify({ description: "ONE\ntwo\nthree" })}`,
  ]);
});

it("the lines of a free field survive a change", () => {
  const board = boardWith({ fields: { address: "Main Street 1\nSpringfield" } });
  renderOnStage(<Follow board={board} part={FieldsField} />);
  press("Value of address");
  const field = screen.getByLabelText("Value of address");
  expect(field.props["multiline"]).toBe(true);
  expect(field).toHaveDisplayValue("Main Street 1\nSpringfield");
  write("Value of address", "Main Street 2\nSpringfield");
  press("Save");
  expect(board.calls).toEqual([
    'changeTask 1 {"fields":{"address":"Main Street 2\\nSpringfield"}}',
  ]);
});

it("free fields keep the kind of their value, and null removes", () => {
  const board = boardWith({ fields: { estimate: 3 } });
  renderOnStage(<Follow board={board} part={FieldsField} />);
  write("Field name", "paid");
  write("Value", "true");
  press("Add field");
  press("Remove field estimate");
  expect(board.calls).toEqual([
    'changeTask 1 {"fields":{"paid":true}}',
    'changeTask 1 {"fields":{"estimate":null}}',
  ]);
});

it("a label and a free field that are half typed are there again when the task is opened again", () => {
  const board = boardWith({ fields: { estimate: 3 } });
  const parts = (
    <>
      <Follow board={board} part={LabelsField} />
      <Follow board={board} part={FieldsField} />
    </>
  );
  const typed = { "New label": "urg", "Field name": "pa", Value: "tr", "Value of estimate": "34" };
  const first = renderOnStage(parts);
  press("Value of estimate");
  Object.entries(typed).forEach(([label, text]) => write(label, text));
  first.unmount();
  renderOnStage(parts);
  for (const [label, text] of Object.entries(typed)) {
    expect(screen.getByLabelText(label)).toHaveDisplayValue(text);
  }
  enter("New label");
  press("Add field");
  press("Save");
  expect(board.calls).toEqual([
    'changeTask 1 {"labels":["urg"]}',
    'changeTask 1 {"fields":{"pa":"tr"}}',
    'changeTask 1 {"fields":{"estimate":34}}',
  ]);
  for (const label of ["New label", "Field name", "Value"]) {
    expect(screen.getByLabelText(label)).toHaveDisplayValue("");
  }
});

it("a label that is too long is not cut off, but reported", () => {
  const board = boardWith();
  renderOnStage(<Follow board={board} part={LabelsField} />);
  write("New label", "x".repeat(65));
  enter("New label");
  expect(screen.getByText("At most 64 characters; this has 65.")).toBeOnTheScreen();
  expect(board.calls).toEqual([]);
  write("New label", "");
});

it("viewers read, and see no controls that they cannot use", () => {
  const board = boardWith({ labels: ["travel"], description: "Text" });
  renderOnStage(
    <>
      {[TitleField, DescriptionField, LabelsField, FieldsField].map((part) => (
        <Follow key={part.name} board={board} part={part} mayEdit={false} />
      ))}
    </>,
  );
  expect(screen.getByText("Text")).toBeOnTheScreen();
  expect(screen.queryAllByRole("button")).toEqual([]);
});

it("quick-win mode has only the fields of that mode", () => {
  const task = aTask({ id: 1, title: "Pack" });
  const board = new FakeBoard([task], { mode: "quick-win", id: next++ });
  board.tell({ head: { ...board.state.head, role: null } });
  renderOnStage(<TaskDetails board={board} task={task} me={null} />);
  expect(screen.getByRole("combobox", { name: "Status" })).toBeOnTheScreen();
  expect(screen.getByText("Assignee")).toBeOnTheScreen();
  for (const name of ["Labels", "More fields", "Comments"]) {
    expect(screen.queryByRole("heading", { name })).toBeNull();
  }
  expect(screen.queryByText("Due date")).toBeNull();
});

it("without accounts a task is given to anybody by name", () => {
  const task = aTask({ id: 1, title: "Pack" });
  const board = new FakeBoard([task], { mode: "quick-win", id: next++ });
  renderOnStage(<TaskDetails board={board} task={task} me={null} />);
  press("Change assignee");
  write("Assignee", "grace");
  press("Save");
  expect(board.calls).toEqual(['changeTask 1 {"assigned_to":"grace"}']);
});

it("it shows who else has the task open", () => {
  const task = aTask({ id: 1, title: "Pack" });
  const board = new FakeBoard([task], { mode: "quick-win", id: next++ });
  board.tell({ presence: [{ user: "grace", editing: 1 }] });
  renderOnStage(<TaskDetails board={board} task={task} me={null} />);
  expect(screen.getByText("Somebody is editing this")).toBeOnTheScreen();
});

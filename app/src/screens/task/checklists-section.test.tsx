/** Guards what a person sees and does in a task's checklists, on a whole session in faked time. */

import { act, fireEvent, screen, within } from "@testing-library/react-native";
import { Button, type MenuItem } from "../../components";
import { Toasts } from "../../components/toasts";
import { TroubleBanner } from "../../board/trouble/trouble-banner";
import { boardCache } from "../../state/board-cache";
import { useTask } from "../../state/hooks";
import { useSession } from "../../state/session";
import { useToasts } from "../../state/toasts";
import type { BoardSession } from "../../sync";
import {
  client,
  linesOf,
  offline,
  online,
  pass,
  stopClients,
  threeTasks,
} from "../../testing/clients";
import { fakeApi, user } from "../../testing/fake-api";
import { renderPart } from "../../testing/render";
import { ChecklistsSection } from "./checklists-section";

let mockFocused = 0;

// Only a browser has a keyboard that is somewhere.
jest.mock("./focused-items", () => ({
  FocusedItems: class {
    register = () => undefined;
    isIn = (item: number) => item === mockFocused;
    focus = (item: number) => {
      mockFocused = item;
    };
  },
}));
jest.mock("../../utilities/web", () => ({
  ...jest.requireActual<object>("../../utilities/web"),
  onWeb: (props: object) => props,
  useKeyDown: (onKeyDown: unknown) => ({ onKeyDown }),
}));
// Nothing is measured here, so no menu finds its place: all that it offers is shown.
jest.mock("../../components/menu", () => ({
  ...jest.requireActual<object>("../../components/menu"),
  Menu: mockMenu,
}));

function mockMenu({ label, items }: { label: string; items: readonly MenuItem[] }) {
  return items.map(({ key, label: what, disabled, onPress }) => (
    <Button key={key} label={`${what}: ${label}`} disabled={disabled} onPress={onPress} />
  ));
}

beforeEach(async () => {
  jest.useFakeTimers();
  await boardCache.forgetAll("");
  useSession.setState({ status: "known", user: user("ada") });
  useToasts.setState({ toasts: [] });
  mockFocused = 0;
});

afterEach(() => {
  stopClients();
  jest.useRealTimers();
});

function Follow({ board, mayEdit }: { board: BoardSession; mayEdit: boolean }) {
  const task = useTask(board, 1);
  return task ? <ChecklistsSection board={board} task={task} mayEdit={mayEdit} /> : null;
}

const settle = (time = 1_000) => act(() => pass(time));

/** @param lists each a title and then the items */
async function open(lists: readonly (readonly string[])[], mayEdit = true) {
  const server = threeTasks();
  for (const [title = "", ...items] of lists) {
    const { value } = server.addPart(1, null, { title }, "ada");
    items.forEach((text) => server.addPart(1, value.id, { text }, "ada"));
  }
  fakeApi({
    "GET /api/boards/7/tasks/1/checklists": () => ({
      body: { seq: server.head.seq, items: server.listsOf(1) },
    }),
  });
  const ada = client(server, "ada");
  renderPart(
    <>
      <TroubleBanner board={ada.session} />
      <Follow board={ada.session} mayEdit={mayEdit} />
      <Toasts />
    </>,
  );
  await settle();
  return { server, ada, saved: () => linesOf(server.listsOf(1)) };
}

const button = (name: string) => screen.getByRole("button", { name });
const press = (name: string) => fireEvent.press(button(name));
const box = (name: string) => screen.getByRole("checkbox", { name });
const list = (title: string) => screen.getByLabelText(`Checklist ${title}`);
const boxes = () =>
  screen.queryAllByRole("checkbox").map((one) => one.props["accessibilityLabel"] as string);
const type = (label: string, text: string) => {
  fireEvent.changeText(screen.getByLabelText(label), text);
  fireEvent(screen.getByLabelText(label), "submitEditing");
};
const key = (name: string, pressed: string, altKey = false) => {
  const rest = { shiftKey: false, ctrlKey: false, metaKey: false, preventDefault: () => undefined };
  fireEvent(box(name), "keyDown", { key: pressed, altKey, ...rest });
};

/** The bar says it to those who do not see it. */
const HIDDEN = { includeHiddenElements: true };
const BAGS = ["Bags", "Tent", "Stove", "Map"];
const FOOD = ["Food", "Rice"];

test("API-CHECKLIST: a task without any offers to add one, which says that it is empty and takes one item after the other", async () => {
  const { saved } = await open([]);
  press("Add a checklist");
  type("Title of the checklist", " ");
  expect(saved()).toEqual([]);
  type("Title of the checklist", "Bags");
  expect(within(list("Bags")).getByText("Nothing on this list yet.")).toBeOnTheScreen();
  expect(within(list("Bags")).getByText("not sent yet")).toBeOnTheScreen();
  await settle();
  expect(within(list("Bags")).queryByText("not sent yet")).toBeNull();
  press("Add an item");
  type("New item of Bags", "Tent");
  expect(boxes()).toEqual(["Tent"]);
  // The line stays for the next one. What is typed is saved as it is, whatever it begins with.
  type("New item of Bags", "2024. A year");
  type("New item of Bags", "- 5 degrees");
  await settle();
  expect(saved()).toEqual([["Bags", "Tent", "2024. A year", "- 5 degrees"]]);
  expect(within(list("Bags")).getByText("0/3", HIDDEN)).toBeOnTheScreen();
  fireEvent(screen.getByLabelText("New item of Bags"), "keyDownCapture", {
    key: "Escape",
    preventDefault: () => undefined,
  });
  expect(screen.queryByLabelText("New item of Bags")).toBeNull();
});

test("API-CHECKLIST: what is being typed stays where others fill the list, and says why it is not added", async () => {
  const { server, saved } = await open([
    ["Bags", ...Array.from({ length: 199 }, (_, n) => `Bag ${n}`)],
  ]);
  press("Add an item");
  fireEvent.changeText(screen.getByLabelText("New item of Bags"), "Tent");
  act(() => void server.addPart(1, 1, { text: "The last" }, "grace"));
  await settle();
  const line = screen.getByLabelText("New item of Bags");
  expect(line.props["value"]).toBe("Tent");
  expect(screen.getByText("A checklist has at most 200 items.")).toBeOnTheScreen();
  fireEvent(line, "submitEditing");
  await settle();
  expect(screen.getByLabelText("New item of Bags").props["value"]).toBe("Tent");
  expect(saved()[0]).toHaveLength(201);
});

test("API-CHECKLIST: a viewer reads checklists and changes nothing; without any there is no heading", async () => {
  const { server } = await open([BAGS], false);
  expect(screen.getByText("Tent")).toBeOnTheScreen();
  expect(screen.queryAllByRole("button")).toEqual([]);
  expect(screen.queryAllByRole("checkbox")).toEqual([]);
  expect(screen.getAllByLabelText("Not done")).toHaveLength(3);
  act(() => void server.deletePart("checklist", 1, "grace"));
  await settle();
  expect(screen.queryByText("Checklists")).toBeNull();
});

test("API-CHECKLIST: ticks are counted and shown at once, and done items can be hidden", async () => {
  const { server, saved } = await open([BAGS]);
  fireEvent.press(box("Stove"));
  expect(box("Stove")).toBeChecked();
  expect(within(list("Bags")).getByText("1/3", HIDDEN)).toBeOnTheScreen();
  await settle();
  act(() => void server.changePart("checklist_item", 1, { done: true }, undefined, "grace"));
  await settle();
  expect(within(list("Bags")).getByText("2/3", HIDDEN)).toBeOnTheScreen();
  press("Hide done items");
  expect(boxes()).toEqual(["Map"]);
  press("Show 2 done items");
  fireEvent.press(box("Stove"));
  await settle();
  expect(saved()).toEqual([["Bags", "[Tent]", "Stove", "Map"]]);
});

test("API-CHECKLIST: an item and a checklist are renamed in their place, not to nothing", async () => {
  const { saved } = await open([BAGS]);
  press("Edit: Actions for the item Tent");
  fireEvent.changeText(screen.getByLabelText("Item"), "");
  expect(screen.getByText("An item needs some text.")).toBeOnTheScreen();
  type("Item", "Big tent");
  press("Rename: Actions for the checklist Bags");
  type("Title of the checklist", "Rucksacks");
  await settle();
  expect(saved()).toEqual([["Rucksacks", "Big tent", "Stove", "Map"]]);
  expect(list("Rucksacks")).toBeOnTheScreen();
});

test("API-CHECKLIST: arrow keys go through items, with Alt they move them, also into the next checklist", async () => {
  const { saved } = await open([BAGS, FOOD]);
  mockFocused = 3;
  key("Map", "ArrowUp");
  expect(mockFocused).toBe(2);
  key("Stove", "ArrowUp", true);
  expect(boxes()).toEqual(["Stove", "Tent", "Map", "Rice"]);
  expect(screen.getByText("“Stove” moved")).toBeOnTheScreen();
  mockFocused = 3;
  key("Map", "ArrowDown", true);
  await settle();
  expect(saved()).toEqual([
    ["Bags", "Stove", "Tent"],
    ["Food", "Map", "Rice"],
  ]);
  mockFocused = 4;
  // It is the last of all.
  key("Rice", "ArrowDown", true);
  key("Rice", "ArrowDown");
  expect(mockFocused).toBe(4);
  // A key in what is beside the box is not for it.
  key("Tent", "ArrowUp", true);
  await settle();
  expect(saved()[0]).toEqual(["Bags", "Stove", "Tent"]);
  mockFocused = 2;
  key("Stove", "Enter");
  type("New item of Bags", "Gas");
  await settle();
  expect(saved()[0]).toEqual(["Bags", "Stove", "Gas", "Tent"]);
});

test("API-CHECKLIST: menus move items and checklists as far as they go", async () => {
  const { saved } = await open([BAGS, FOOD]);
  expect(button("Move up: Actions for the item Tent")).toBeDisabled();
  expect(button("Move down: Actions for the item Rice")).toBeDisabled();
  press("Move to Food: Actions for the item Tent");
  expect(button("Move up: Actions for the checklist Bags")).toBeDisabled();
  press("Move down: Actions for the checklist Bags");
  await settle();
  expect(saved()).toEqual([
    ["Food", "Rice", "Tent"],
    ["Bags", "Stove", "Map"],
  ]);
});

test("API-CHECKLIST: somebody does an item, until a day", async () => {
  const { server } = await open([BAGS]);
  press("Assignee and due date…: Actions for the item Tent");
  fireEvent.press(screen.getByRole("combobox", { name: "Assignee" }));
  fireEvent.press(screen.getByRole("radio", { name: "ada" }));
  fireEvent.changeText(screen.getByLabelText("Due date"), "2026-02-30");
  press("Save");
  expect(server.items.get(1)?.due_at).toBeNull();
  fireEvent.changeText(screen.getByLabelText("Due date"), "2026-02-27");
  press("Save");
  await settle();
  expect(server.items.get(1)).toMatchObject({ assigned_to: "ada" });
  expect(new Date(server.items.get(1)?.due_at ?? "").getDate()).toBe(27);
});

test("API-CONVERT: an item becomes a card, which a press takes back", async () => {
  const { server, saved } = await open([BAGS]);
  press("Convert to a card: Actions for the item Tent");
  expect(boxes()).toEqual(["Stove", "Map"]);
  await settle();
  expect([...server.tasks.values()].at(-1)?.title).toBe("Tent");
  expect(screen.getByText("“Tent” is a card now")).toBeOnTheScreen();
  press("Undo");
  await settle();
  expect(saved()).toEqual([BAGS]);
  expect(boxes()).toEqual(["Tent", "Stove", "Map"]);
  expect(server.tasks.size).toBe(3);
});

test("API-UNDO: a deleted item and a deleted checklist come back", async () => {
  const { saved } = await open([BAGS, FOOD]);
  press("Delete item: Actions for the item Stove");
  // The keyboard goes on with what is next.
  expect(mockFocused).toBe(3);
  await settle();
  expect(saved()[0]).toEqual(["Bags", "Tent", "Map"]);
  press("Undo");
  await settle();
  press("Delete checklist: Actions for the checklist Bags");
  await settle();
  expect(saved()).toEqual([FOOD]);
  press("Undo");
  await settle();
  expect(saved()).toEqual([BAGS, FOOD]);
  expect(boxes()).toEqual(["Tent", "Stove", "Map", "Rice"]);
});

test("API-CHECKLIST: a refused change is taken back where it is shown, and asked about", async () => {
  const { server, saved } = await open([BAGS]);
  server.forbidden = true;
  fireEvent.press(box("Tent"));
  expect(box("Tent")).toBeChecked();
  await settle();
  expect(box("Tent")).not.toBeChecked();
  expect(saved()).toEqual([BAGS]);
  expect(button("Look at them")).toBeOnTheScreen();
});

test("API-CHECKLIST: without a network what was added and moved is shown as waiting, and sent later", async () => {
  const { ada, saved } = await open([BAGS, FOOD]);
  offline(ada);
  press("Move to Food: Actions for the item Map");
  fireEvent.press(box("Rice"));
  await settle();
  expect(boxes()).toEqual(["Tent", "Stove", "Rice", "Map"]);
  expect(screen.getAllByText("not sent yet")).toHaveLength(2);
  expect(saved()).toEqual([BAGS, FOOD]);
  await act(() => online(ada));
  await settle(20_000);
  expect(saved()).toEqual([
    ["Bags", "Tent", "Stove"],
    ["Food", "[Rice]", "Map"],
  ]);
  expect(screen.queryAllByText("not sent yet")).toEqual([]);
});

test("API-UNDO: a move that waits is taken back and made again before it is sent, and one that was sent on the server", async () => {
  const { server, ada, saved } = await open([BAGS, FOOD]);
  offline(ada);
  press("Move to Food: Actions for the item Tent");
  await settle(5_000);
  press("Undo");
  await settle();
  expect(boxes()).toEqual(["Tent", "Stove", "Map", "Rice"]);
  press("Redo");
  await settle();
  expect(boxes()).toEqual(["Stove", "Map", "Rice", "Tent"]);
  press("Undo");
  await act(() => online(ada));
  await settle(20_000);
  expect(saved()).toEqual([BAGS, FOOD]);
  expect(boxes()).toEqual(["Tent", "Stove", "Map", "Rice"]);
  press("Move down: Actions for the item Tent");
  await settle();
  press("Undo");
  await settle();
  expect(saved()).toEqual([BAGS, FOOD]);
  expect(server.log.filter((line) => line.startsWith("UNDO"))).toHaveLength(1);
});

/** Guards what people see of the past: changes in detail, what happened meanwhile, and the timeline. */

import { act, fireEvent, screen, waitFor } from "@testing-library/react-native";
import { renderOnStage } from "../board-testing";
import { fieldChanges } from "../trouble/field-changes";
import type { Absence } from "../../state/last-visit";
import { useSession } from "../../state/session";
import type { BoardEvent, BoardTask } from "../../sync";
import { aHead, aSnapshot, aTask, aTaskEvent, MOMENT } from "../../testing/boards";
import { fakeApi, problem, user, type FakeRoutes } from "../../testing/fake-api";
import { FakeBoard } from "../../testing/fake-board";
import { useToasts } from "../../state/toasts";
import { settings } from "../../utilities/request";
import { ChangeDetails } from "./change-details";
import { Meanwhile } from "./meanwhile";
import { nothingYet, readOn } from "./meanwhile-fold";
import { MeanwhilePanel } from "./meanwhile-panel";
import { momentsIn } from "./moment-words";
import { restoreTask } from "./restore";
import { Timeline } from "./timeline";
import { piecesOf } from "./word-diff";

jest.mock("@react-navigation/native", () => ({
  ...jest.requireActual<object>("@react-navigation/native"),
  useIsFocused: () => true,
}));

const press = (name: string | RegExp) => fireEvent.press(screen.getByRole("button", { name }));
const changed = (
  seq: number,
  task: BoardTask,
  changes: Record<string, unknown[]>,
  username = "grace",
): BoardEvent => ({ ...aTaskEvent(seq, "Update", task, username), changes });

beforeEach(() => {
  useSession.setState({ status: "known", user: user("ada") });
  useToasts.setState({ toasts: [] });
});

describe("what a change did", () => {
  const task = aTask({ id: 1, title: "Pack", description: "one three", labels: ["b"] });
  const show = (event: BoardEvent, mayEdit = true) => {
    const board = new FakeBoard([task]);
    renderOnStage(<ChangeDetails board={board} task={task} event={event} mayEdit={mayEdit} />);
    return board;
  };

  it("each field is shown as it was and as it became", () => {
    show(changed(4, task, { title: ["Sleep", "Pack"], labels: [["a"], ["b"]] }));
    expect(screen.getByText("Sleep")).toBeOnTheScreen();
    expect(screen.getByText("a")).toBeOnTheScreen();
    expect(screen.getByText("b")).toBeOnTheScreen();
  });

  it("one field is restored by an ordinary change, with a way back and forth", () => {
    const board = show(changed(4, task, { title: ["Sleep", "Pack"] }));
    press("Restore Title: Sleep");
    expect(board.calls).toEqual(['changeTask 1 {"title":"Sleep"}']);
    const [toast] = useToasts.getState().toasts;
    expect(toast?.text).toBe("Title of “Pack” restored");
    act(() => toast?.action?.onPress());
    expect(board.calls.at(-1)).toBe('changeTask 1 {"title":"Pack"}');
  });

  it("what another user changed after the restore stays as it is", async () => {
    const board = show(changed(4, task, { title: ["Sleep", "Pack"] }));
    press("Restore Title: Sleep");
    board.change(1, { title: "By grace" });
    const [toast] = useToasts.getState().toasts;
    await act(async () => toast?.action?.onPress());
    expect(board.task(1)?.title).toBe("By grace");
    expect(useToasts.getState().toasts.at(-1)?.text).toBe(
      "Somebody changed this card after you did.",
    );
  });

  it("API-PATCH: one change restores the whole task as it was then, and removes what it has now", () => {
    const then = { ...task, title: "Sleep", labels: [], status: "finished", fields: { size: 3 } };
    const board = show(changed(4, then, {}));
    press("Restore the whole task as it was then");
    expect(board.calls).toEqual([
      'changeTask 1 {"title":"Sleep","labels":[],"fields":{"size":3}} {"status":"finished","before":null}',
    ]);
    // And so is the way back.
    const [toast] = useToasts.getState().toasts;
    act(() => toast?.action?.onPress());
    expect(board.calls.slice(1)).toEqual([
      'changeTask 1 {"title":"Pack","labels":["b"],"fields":{"size":null}} {"status":"todo","before":null}',
    ]);
    expect(board.task(1)).toMatchObject({ title: "Pack", status: "todo" });
  });

  it("a viewer sees what changed, and is offered nothing", () => {
    show(changed(4, task, { title: ["Sleep", "Pack"] }), false);
    expect(screen.getByText("Sleep")).toBeOnTheScreen();
    expect(screen.queryByRole("button")).toBeNull();
  });

  it("what is so already, a column and a member that the board lacks by now are no part of it", () => {
    const board = new FakeBoard([task]);
    expect(restoreTask(board, task, task)).toBeNull();
    expect(restoreTask(board, task, { ...task, status: "gone", assigned_to: "gone" })).toBeNull();
  });

  it("custom fields are listed one by one, and a position within a column not at all", () => {
    const changes = {
      position: ["V", "k"],
      fields: [
        { a: 1, b: 2 },
        { a: 1, c: 3 },
      ],
    };
    expect(fieldChanges(changes)).toEqual([
      { field: "fields/b", old: 2, now: null },
      { field: "fields/c", old: null, now: 3 },
    ]);
    expect(fieldChanges({ "fields.a": [1, 2] })).toEqual([{ field: "fields/a", old: 1, now: 2 }]);
  });

  it("a text is compared word by word, and what stayed is shortened", () => {
    expect(piecesOf("one two three", "one 2 three")).toEqual([
      { text: "one ", how: "kept" },
      { text: "two", how: "removed" },
      { text: "2", how: "added" },
      { text: " three", how: "kept" },
    ]);
    const [kept] = piecesOf(`${"long ".repeat(100)}end`, `${"long ".repeat(100)}END`);
    expect(kept?.text.length).toBeLessThan(80);
    expect(piecesOf("", "new")).toEqual([{ text: "new", how: "added" }]);
  });
});

describe("what changed meanwhile", () => {
  const absence: Absence = { seq: 10, since: Date.parse(MOMENT), head: 14 };
  const [one, two] = [aTask({ id: 1, title: "One" }), aTask({ id: 2, title: "Two" })];
  const activity = [
    changed(11, one, { title: ["Eins", "One"] }),
    changed(12, two, { labels: [[], ["x"]] }),
    changed(13, one, { title: ["Two", "One"] }, "ada"),
    changed(14, one, { labels: [[], ["y"]] }),
    changed(15, two, { title: ["Zwei", "Two"] }),
  ];

  /** A server with these events, which returns this many at a time. */
  const serving = (events: readonly BoardEvent[], page = 1_000, more: FakeRoutes = {}) =>
    fakeApi({
      "GET /api/boards/7/events": ({ path }) => {
        const after = Number(new URLSearchParams(path.split("?")[1]).get("after"));
        const left = events.filter(({ seq }) => seq > after);
        const items = left.slice(0, page);
        const next_after = left.length > page ? (items.at(-1)?.seq ?? null) : null;
        return { body: { items, next_after } };
      },
      ...more,
    });
  const read = async (of: Absence, me: string | null) => {
    let found = nothingYet(of);
    while (!found.whole) found = await readOn({ mode: "teams", id: 7 }, found, of, me);
    return found;
  };
  const earlyDays = [changed(9, two, {}), changed(10, two, {})];

  it.each([1, 2, 1_000])(
    "others' changes of that time are told card by card, the card that changed last first, read %i at a time",
    async (page) => {
      serving([...earlyDays, ...activity], page);
      const { count, cards, earlier } = await read(absence, "ada");
      expect(cards.map(({ task, events }) => [task, events.map(({ seq }) => seq)])).toEqual([
        [1, [14, 11]],
        [2, [12]],
      ]);
      expect([count, earlier]).toEqual([3, 0]);
      expect((await read(absence, null)).count).toBe(4);
    },
  );

  it("a card that changed only before a thousand other changes is named as well", async () => {
    const old = changed(11, one, { title: ["Eins", "One"] });
    const others = Array.from({ length: 1_200 }, (_, at) =>
      changed(12 + at, aTask({ id: 3 + (at % 60) }), { labels: [[], [String(at)]] }),
    );
    serving([old, ...others], 500);
    const away = { ...absence, head: 1_211 };
    const { count, cards } = await read(away, "ada");
    expect([count, cards.length]).toEqual([1_201, 61]);
    expect(cards.at(-1)).toMatchObject({ task: 1, title: "One", events: [old] });
    const props = { board: board(), me: "ada", absence: away };
    renderOnStage(<MeanwhilePanel {...props} onClose={jest.fn()} onDismiss={jest.fn()} />);
    expect(
      await screen.findAllByText("and 15 changes before these", {}, { timeout: 5_000 }),
    ).toHaveLength(50);
    press("Show 11 cards more");
    expect(screen.getByRole("link", { name: "One" })).toBeOnTheScreen();
  });

  it("API-MOVE: a card that only made room for another did not change", async () => {
    const made = [
      { ...changed(11, one, { position: ["a", "b"] }), action: "Move" },
      { ...aTaskEvent(12, "Add", two), action: "Add" },
    ] as readonly BoardEvent[];
    for (const page of [1, 2]) {
      serving(made, page);
      const { cards } = await read({ ...absence, head: 12 }, "ada");
      expect(cards.map(({ task }) => task)).toEqual([2]);
    }
  });

  it("what could not be read is said, and read on where it failed", async () => {
    let network = true;
    const { asked } = serving(activity, 2, {});
    const answer = settings.fetch;
    settings.fetch = (input, init) =>
      network || !input.includes("after=12")
        ? answer(input, init)
        : Promise.resolve(new Response("{}", { status: 500 }));
    network = false;
    const props = { board: board(), me: "ada", absence, onClose: jest.fn(), onDismiss: jest.fn() };
    renderOnStage(<MeanwhilePanel {...props} />);
    expect(await screen.findByText("Not all of it could be read.")).toBeOnTheScreen();
    expect(screen.getByRole("link", { name: "One" })).toBeOnTheScreen();
    network = true;
    press("Try again");
    expect(await screen.findByText("grace labelled this y")).toBeOnTheScreen();
    expect(screen.queryByText("Not all of it could be read.")).toBeNull();
    expect(asked.filter(({ path }) => path.includes("after=10"))).toHaveLength(1);
  });

  it("API-QUICK-WIN: what is not kept any more is counted", async () => {
    fakeApi({
      "GET /api/quick-win/boards/7/events": problem(410, "events-gone", "Gone."),
      "GET /api/quick-win/boards/7": { body: { events: activity.slice(1) } },
    });
    const address = { mode: "quick-win", id: 7 } as const;
    const found = await readOn(address, nothingYet(absence), absence, null);
    expect(found).toMatchObject({ count: 3, earlier: 1, whole: true });
  });

  const board = () => new FakeBoard([one]);

  it("a banner says how much, and goes when it is dismissed", async () => {
    serving(activity);
    const onDismiss = jest.fn();
    const props = { board: board(), me: "ada", absence, onShow: jest.fn(), onDismiss };
    renderOnStage(<Meanwhile {...props} />);
    expect(await screen.findByText(/^3 changes since .*, on 2 cards$/u)).toBeOnTheScreen();
    press("Dismiss");
    expect(onDismiss).toHaveBeenCalledTimes(1);
  });

  it("where only one's own changes came, nothing is said", async () => {
    serving(activity);
    const onDismiss = jest.fn();
    const own = { ...absence, seq: 12, head: 13 };
    const props = { board: board(), me: "ada", absence: own, onShow: jest.fn(), onDismiss };
    renderOnStage(<Meanwhile {...props} />);
    await waitFor(() => expect(onDismiss).toHaveBeenCalledTimes(1));
    expect(screen.queryByRole("status")).toBeNull();
  });

  it("the panel leads to the cards, and names those that are gone", async () => {
    serving(activity);
    const props = { board: board(), me: "ada", absence, onClose: jest.fn(), onDismiss: jest.fn() };
    renderOnStage(<MeanwhilePanel {...props} />);
    expect(await screen.findByRole("link", { name: "One" })).toBeOnTheScreen();
    expect(screen.getByText(/^Two \(no longer on the board\)$/u)).toBeOnTheScreen();
    expect(screen.getByText("grace labelled this y")).toBeOnTheScreen();
  });
});

describe("the timeline", () => {
  const { waiting: _waiting, ...plain } = aTask({ id: 1, title: "One" });
  const tasks = [
    { ...plain, title: "One" },
    { ...plain, title: "Uno" },
  ];
  const events = [
    aTaskEvent(1, "Add", aTask({ id: 1, title: "One" })),
    changed(2, aTask({ id: 1, title: "Uno" }), { title: ["One", "Uno"] }),
  ];
  const deletion = aTaskEvent(3, "Delete", aTask({ id: 1, title: "Uno" }));
  const document = { ...aHead(), ...aSnapshot([]), head: undefined, tasks: [] };
  const show = (network = () => true, seq = 2, parts: readonly BoardEvent[] = []) => {
    const live = new FakeBoard([aTask({ id: 1, title: tasks[1]?.title })]);
    live.tell({ head: aHead({ seq }) });
    const { asked } = fakeApi({
      "GET /api/boards/7": () => (network() ? { body: document } : { status: 500, body: {} }),
      "GET /api/boards/7/events": { body: { items: events, next_after: null } },
      "GET /api/boards/7/tasks/1/events": {
        body: { items: [...events, ...parts, deletion], next_cursor: null },
      },
    });
    renderOnStage(<Timeline live={live} at={null} task={null} />);
    return { live, asked };
  };
  const slider = () => screen.getByRole("slider", { name: "Moment" });
  const back = () =>
    fireEvent(slider(), "accessibilityAction", { nativeEvent: { actionName: "decrement" } });

  it("the board is as it was at the moment that the slider says", async () => {
    const { asked } = show();
    expect(await screen.findByRole("link", { name: "Uno" })).toBeOnTheScreen();
    expect(slider().props["aria-valuetext"] ?? slider().props.accessibilityValue?.text).toMatch(
      /grace renamed “One” to “Uno” \(2 of 2\)$/u,
    );
    back();
    expect(await screen.findByRole("link", { name: "One" })).toBeOnTheScreen();
    press("One change back");
    expect(await screen.findByText(/The board was made \(0 of 2\)$/u)).toBeOnTheScreen();
    expect(screen.queryByRole("link", { name: "One" })).toBeNull();
    expect(asked.filter(({ path }) => path.includes("at=")).length).toBe(1);
  });

  it("what happens in the meantime is counted, and moves nothing", async () => {
    const { live } = show();
    await screen.findByRole("link", { name: "Uno" });
    act(() => live.tell({ head: aHead({ seq: 5 }) }));
    expect(screen.getByText("3 changes since you opened the timeline")).toBeOnTheScreen();
    expect(slider().props["aria-valuemax"] ?? slider().props.accessibilityValue?.max).toBe(2);
  });

  it("a card opens as it was, and its task is restored from there", async () => {
    const { live } = show();
    await screen.findByRole("link", { name: "Uno" });
    back();
    fireEvent.press(await screen.findByRole("link", { name: "One" }));
    expect(screen.getByRole("heading", { name: "One, as it was" })).toBeOnTheScreen();
    press("Restore the whole task as it was then");
    expect(live.calls).toEqual(['changeTask 1 {"title":"One"}']);
  });

  it("API-CHECKLIST: a card that opens as it was has the checklists that it had", async () => {
    const { task: _task, ...common } = aTaskEvent(1, "Add", aTask({ id: 1 }));
    const counts = { comment_count: 0, item_count: 1, done_count: 0 };
    const { updated_at } = plain;
    const task_patch = { id: 1, ...counts, version: 2, updated_at };
    const ids = { board_id: 7, task_id: 1, position: "a", version: 1 };
    const checklist = { id: 1, title: "Bags", ...ids, items: [] };
    const empty = { done: false, assigned_to: null, due_at: null };
    const tent = { id: 1, checklist_id: 1, text: "Tent", ...ids, ...empty };
    const item = (seq: number, action: "Add" | "Update", done: boolean): BoardEvent => ({
      ...common,
      seq,
      action,
      task_patch,
      entity: "checklist_item",
      checklist_item: { ...tent, done },
    });
    show(() => true, 2, [
      { ...common, seq: 0, task_patch, entity: "checklist", checklist },
      item(1, "Add", false),
      item(2, "Update", true),
      item(3, "Update", false),
    ]);
    fireEvent.press(await screen.findByRole("link", { name: "Uno" }));
    expect(await screen.findByText("Bags")).toBeOnTheScreen();
    expect(screen.getByText("Tent")).toBeOnTheScreen();
    expect(screen.getByLabelText("Done")).toBeOnTheScreen();
    press("Close");
    back();
    fireEvent.press(await screen.findByRole("link", { name: "One" }));
    expect(await screen.findByLabelText("Not done")).toBeOnTheScreen();
    expect(screen.queryByLabelText("Done")).toBeNull();
  });

  it("a task that was deleted since is brought back by taking that back", async () => {
    const { live } = show();
    await screen.findByRole("link", { name: "Uno" });
    act(() => live.deleteTask(1));
    back();
    fireEvent.press(await screen.findByRole("link", { name: "One" }));
    fireEvent.press(await screen.findByRole("button", { name: "Bring it back" }));
    expect(live.calls.at(-1)).toBe("undo 3");
  });

  it("a moment that cannot be read says so, and is read when it is tried again", async () => {
    let network = false;
    show(() => network);
    expect(
      await screen.findByText("This moment could not be read.", {}, { timeout: 15_000 }),
    ).toBeOnTheScreen();
    network = true;
    press("Try again");
    expect(await screen.findByRole("link", { name: "Uno" })).toBeOnTheScreen();
  });

  it("a board on which nothing happened has no moments yet", async () => {
    show(() => true, 0);
    expect(await screen.findByText("Nothing has happened on this board yet.")).toBeOnTheScreen();
  });
});

it("a time in the last days is shown by its weekday, an older one by its date", () => {
  const say = momentsIn("en-GB", "UTC");
  const now = Date.parse("2026-11-27T12:00:00.000Z");
  expect(say("2026-11-24T14:05:00.000Z", now)).toBe("Tue 14:05");
  expect(say("2026-11-10T14:05:00.000Z", now)).toBe("10 Nov 2026, 14:05");
});

/** One person's tabs on one board: what one of them sends, all of them show and follow. */

import { device, offline, online, pass, stopClients, threeTasks } from "../../testing/clients";

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  stopClients();
  jest.useRealTimers();
});

/** No event comes for an hour. */
const HOUR = 3_600_000;

const titlesIn = ({ session }: ReturnType<ReturnType<typeof device>>, column: string) =>
  session.tasksIn(column).map(({ title }) => title);

test("what one tab sent is shown by all of them until its event comes, and never disappears in between", async () => {
  const server = threeTasks();
  const openTab = device(server, "ada");
  const [here, there] = [openTab(), openTab()];
  await pass(10_000);
  [here, there].forEach(({ relay }) => (relay.delay = HOUR));
  const seen = new Set<string>();
  there.session.subscribe(() => {
    const { session } = there;
    seen.add(
      JSON.stringify([session.head()?.name, titlesIn(there, "todo"), titlesIn(there, "finished")]),
    );
  });
  here.session.addTask({ title: "Four", status: "todo" });
  await pass(1_000);
  here.session.changeTask(1, { title: "Uno" });
  await pass(1_000);
  here.session.moveTask(2, { status: "finished", before: null });
  await pass(1_000);
  here.session.deleteTask(3);
  await pass(1_000);
  here.session.changeBoard({ name: "Renamed" });
  await pass(1_000);
  expect([...seen].map((text): unknown => JSON.parse(text))).toEqual([
    ["Launch", ["One", "Two", "Three", "Four"], []],
    ["Launch", ["Uno", "Two", "Three", "Four"], []],
    ["Launch", ["Uno", "Three", "Four"], ["Two"]],
    ["Launch", ["Uno", "Four"], ["Two"]],
    ["Renamed", ["Uno", "Four"], ["Two"]],
  ]);
  expect(there.session.tasks().filter(({ waiting }) => waiting)).toEqual([]);
  const moved = server.events.find(({ action }) => action === "Move");
  void here.session.undo(moved?.seq ?? 0);
  await pass(1_000);
  expect(titlesIn(there, "todo")).toEqual(["Uno", "Two", "Four"]);

  const later = openTab();
  offline(later);
  await pass(100);
  expect(titlesIn(later, "todo")).toEqual(["Uno", "Two", "Four"]);
  for (const tab of [there, later]) {
    await online(tab);
    tab.relay.deliver({ type: "reset", board: 7, reason: "too-far" });
    await pass(20_000);
    expect(tab.session.column("todo")).toEqual(server.column("todo"));
  }
});

test("a task that one tab sent has its id in all of them, and in those that come later", async () => {
  const server = threeTasks();
  const openTab = device(server, "ada");
  const [here, there] = [openTab(), openTab()];
  await pass(10_000);
  [here, there].forEach(offline);
  const id = here.session.addTask({ title: "Four", status: "todo" });
  await pass(10);
  const heard = jest.fn();
  there.session.subscribe(heard, `task/${id}`);
  await online(here);
  expect([there.session.taskIdOf(id), there.names]).toEqual([4, [[id, 4]]]);
  expect(there.session.task(id)).toMatchObject({ id: 4, title: "Four" });
  expect(heard).toHaveBeenCalled();
  await online(there);
  await pass(60_000);

  const later = openTab();
  offline(later);
  await pass(100);
  expect([later.session.taskIdOf(id), later.names]).toEqual([4, [[id, 4]]]);
  expect(later.session.task(id)?.title).toBe("Four");
});

test("what a tab writes to a task that another tab has just sent reaches it, though it does not know yet", async () => {
  const server = threeTasks();
  const openTab = device(server, "ada");
  const [here, there] = [openTab(), openTab()];
  await pass();
  [here, there].forEach(offline);
  const id = here.session.addTask({ title: "Four", status: "todo" });
  await pass(10);
  const told = jest.spyOn(there.store, "announce").mockImplementation(() => undefined);
  await online(here);
  there.session.changeTask(id, { description: "By the other tab" });
  there.session.addComment(id, "Seen.");
  there.session.moveTask(1, { status: "todo", before: id });
  await pass(10);
  told.mockRestore();
  await online(there);
  await pass(20_000);
  expect(server.tasks.get(4)).toMatchObject({ title: "Four", description: "By the other tab" });
  expect([...server.comments.values()]).toMatchObject([{ task_id: 4, body: "Seen." }]);
  expect(server.column("todo")).toEqual([2, 3, 1, 4]);
  for (const { session } of [here, there]) {
    expect([session.waiting(), session.troubles()]).toEqual([0, []]);
    expect(session.column("todo")).toEqual(server.column("todo"));
  }
});

test("tasks that two tabs add in one moment are two tasks, each with what was written to it", async () => {
  const server = threeTasks();
  const openTab = device(server, "ada");
  const [here, there] = [openTab(), openTab()];
  await pass();
  [here, there].forEach(offline);
  const [first, second] = [here, there].map(({ session }, index) =>
    session.addTask({ title: `New ${index}`, status: "todo" }),
  );
  await pass(10);
  here.session.addComment(first ?? 0, "To 0");
  there.session.addComment(second ?? 0, "To 1");
  await pass(10);
  for (const tab of [here, there]) {
    expect(titlesIn(tab, "todo").sort()).toEqual(["New 0", "New 1", "One", "Three", "Two"]);
  }
  await online(here);
  await online(there);
  await pass(30_000);
  for (const tab of [here, there]) {
    expect(titlesIn(tab, "todo").sort()).toEqual(["New 0", "New 1", "One", "Three", "Two"]);
    expect([tab.session.waiting(), tab.session.troubles()]).toEqual([0, []]);
  }
  const said = [...server.comments.values()].map(({ task_id, body }) => [
    server.tasks.get(task_id)?.title,
    body,
  ]);
  expect(said.sort()).toEqual([
    ["New 0", "To 0"],
    ["New 1", "To 1"],
  ]);
});

test("a change to a deleted task is one problem, however many tabs learn of it at once", async () => {
  const server = threeTasks();
  const openTab = device(server, "ada");
  const [here, there] = [openTab(), openTab()];
  await pass();
  [here, there].forEach(({ service }) => (service.delay = HOUR));
  here.session.changeTask(1, { title: "Uno" });
  here.session.addComment(1, "Kept.");
  await pass(100);
  server.delete(1, "grace");
  await pass();
  for (const { session } of [here, there]) {
    expect(session.waiting()).toBe(0);
    expect(session.troubles()).toMatchObject([
      { task: 1, kind: { kind: "deleted", mine: { title: "Uno", comment: "Kept." } } },
    ]);
  }
  there.session.discard(there.session.troubles()[0]?.id ?? "");
  await pass(100);
  expect(here.session.troubles()).toEqual([]);
});

test("a tab that knows less of what was written to a deleted task writes over nothing", async () => {
  const server = threeTasks();
  const openTab = device(server, "ada");
  const [here, there] = [openTab(), openTab()];
  await pass();
  [here, there].forEach(({ service }) => (service.delay = HOUR));
  here.session.changeTask(1, { title: "Uno" });
  await pass(100);
  const told = jest.spyOn(there.store, "announce").mockImplementation(() => undefined);
  here.session.changeTask(1, { title: "Uno, and more" });
  await pass(100);
  server.delete(1, "grace");
  await pass();
  told.mockRestore();
  there.session.reconnect();
  await pass();
  for (const { session } of [here, there]) {
    expect(session.troubles().map(({ kind }) => kind)).toContainEqual({
      kind: "deleted",
      mine: { title: "Uno, and more" },
    });
  }
});

test("a queue of an earlier version, which counted downwards from -1, is shown and sent", async () => {
  const server = threeTasks();
  const openTab = device(server, "ada");
  const closed = openTab();
  await pass(10_000);
  offline(closed);
  const queued = { at: 1, sent: false, epoch: null, subject: "Four" };
  const details = { title: "Four", status: "todo" };
  const commands = [
    { ...queued, kind: "add", id: "a", task: -1, details, before: null },
    { ...queued, at: 2, kind: "comment-add", id: "b", task: -1, body: "Seen." },
  ];
  closed.session.stop();
  for (const command of commands) {
    const key = `queue/ada/teams/7/command/${String(command.at).padStart(15, "0")}-${command.id}`;
    await closed.store.set(key, JSON.stringify(command));
  }
  const [here, there] = [openTab(), openTab()];
  [here, there].forEach(offline);
  await pass(100);
  expect(here.session.task(-1)?.title).toBe("Four");
  const added = here.session.addTask({ title: "Five", status: "todo" }, -1);
  await pass(10);
  expect(there.session.column("todo")).toEqual([1, 2, 3, added, -1]);
  await online(here);
  await online(there);
  await pass(20_000);
  expect([...server.comments.values()]).toMatchObject([{ task_id: 4, body: "Seen." }]);
  for (const tab of [here, there]) {
    expect(titlesIn(tab, "todo")).toEqual(["One", "Two", "Three", "Five", "Four"]);
  }
});

describe("what was answered", () => {
  const kept = (entries: ReadonlyMap<string, string>) =>
    [...entries.keys()].filter((key) => key.startsWith("answer/"));

  test("leaves the device some time after its event, and with a board that is gone", async () => {
    const server = threeTasks();
    const openTab = device(server, "ada");
    const { session, store, relay } = openTab();
    await pass();
    session.changeTask(1, { title: "Uno" });
    await pass();
    expect(kept(store.entries)).toHaveLength(1);
    await pass(10_000);
    session.changeTask(2, { title: "Dos" });
    await pass();
    expect(kept(store.entries)).toEqual(["answer/ada/teams/7/task/2"]);
    relay.deliver({ type: "unsubscribed", board: 7, reason: "removed" });
    await pass();
    expect(kept(store.entries)).toEqual([]);
  });

  test("that took a deletion back agree on it, also where the one that did is closed", async () => {
    const server = threeTasks();
    const openTab = device(server, "ada");
    const [one, two] = [openTab(), openTab()];
    await pass();
    [one, two].forEach(offline);
    const was = one.session.task(1);
    const change = one.session.deleteTask(1) ?? "";
    await pass(100);
    expect(two.session.column("todo")).toEqual([2, 3]);
    if (was !== undefined) two.session.undoDelete(change, was, 2);
    await pass(100);
    expect([one, two].map(({ session }) => session.column("todo"))).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);
    two.session.stop();
    await online(one);
    await pass(60_000);
    expect(server.log.filter((line) => /DELETE|UNDO/u.test(line))).toEqual([]);
    expect([one.session.column("todo"), one.session.waiting()]).toEqual([[1, 2, 3], 0]);
  });

  test("about a board that had this address before says nothing about this one", async () => {
    const old = threeTasks();
    const openTab = device(old, "guest", "quick-win");
    const before = openTab();
    await pass(10_000);
    before.relay.delay = HOUR;
    before.session.changeTask(1, { title: "Uno" });
    const id = before.session.addTask({ title: "Four", status: "todo" });
    await pass();
    expect(kept(before.store.entries)).toHaveLength(2);
    before.session.stop();
    // The copy of the board would say of which one it is.
    before.store.entries.delete("board/guest/teams/7");
    old.tasks.clear();
    old.events.length = 0;
    old.head = { ...old.head, epoch: "another", seq: 0 };
    const after = openTab();
    await pass(20_000);
    expect([after.session.tasks(), after.names]).toEqual([[], []]);
    expect(after.session.taskIdOf(id)).toBe(id);
  });
});

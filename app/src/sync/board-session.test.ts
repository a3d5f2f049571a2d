/** Whole sessions against a server and a network that misbehave, in faked time. */

import { client, offline, online, pass, stopClients, threeTasks } from "../testing/clients";
import { MemoryStore } from "../utilities/storage";
import type { Exclusively } from "./ports";
import { unsentChanges } from "./changes/unsent";

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  stopClients();
  jest.useRealTimers();
});

test("a change is seen at once, is waiting until it is answered, and never flickers until its event", async () => {
  const server = threeTasks();
  const { session, relay } = client(server, "ada");
  await pass();
  relay.delay = 500;
  const titles: (string | undefined)[] = [];
  session.subscribe(() => titles.push(session.task(1)?.title));
  session.changeTask(1, { title: "Uno" });
  expect(session.task(1)).toMatchObject({ title: "Uno", waiting: true });
  expect(session.waiting()).toBe(1);
  await pass(100);
  expect(session.task(1)).toMatchObject({ title: "Uno", waiting: false });
  await pass();
  expect(session.task(1)).toMatchObject({ title: "Uno", version: 2 });
  expect(new Set(titles)).toEqual(new Set(["Uno"]));
});

test("a new task is in its place at once, gets its id from the server, and is never shown twice", async () => {
  const server = threeTasks();
  const { session, service, relay } = client(server, "ada");
  await pass();
  // The event overtakes the answer.
  service.delay = 300;
  relay.delay = 1;
  const lengths = new Set<number>();
  session.subscribe(() => lengths.add(session.tasks().length));
  const id = session.addTask({ title: " New ", status: "todo" }, 2);
  expect(session.column("todo")).toEqual([1, id, 2, 3]);
  session.changeTask(id, { labels: ["x"] });
  session.moveTask(id, { status: "finished", before: null });
  session.moveTask(id, { status: "todo", before: 3 });
  await pass(5_000);
  expect(lengths).toEqual(new Set([4]));
  expect(session.taskIdOf(id)).toBe(4);
  expect(session.column("todo")).toEqual([1, 2, 4, 3]);
  expect(session.task(id)).toMatchObject({ id: 4, title: "New", labels: ["x"], waiting: false });
});

test("a new task whose event comes before its answer stays the same card, with what was done to it since", async () => {
  const server = threeTasks();
  const { session, service, relay } = client(server, "ada");
  await pass();
  service.delay = 300;
  relay.delay = 1;
  const id = session.addTask({ title: "New", status: "todo" }, 2);
  session.changeTask(id, { labels: ["x"] });
  const cards = new Set<number>();
  const shown = new Set<unknown>();
  session.subscribe(() => {
    session.column("todo").forEach((each) => cards.add(session.firstIdOf(each)));
    shown.add(session.task(id)?.labels.join());
  });
  await pass(400);
  expect(session.column("todo")).toEqual([1, 4, 2, 3]);
  expect(session.taskIdOf(id)).toBe(4);
  session.moveTask(id, { status: "finished", before: null });
  expect(session.task(id)).toMatchObject({ id: 4, status: "finished", labels: ["x"] });
  await pass(5_000);
  expect(session.column("finished")).toEqual([4]);
  expect(session.task(4)).toMatchObject({ labels: ["x"], waiting: false });
  expect(cards).toEqual(new Set([1, 2, 3, id]));
  expect(shown).toEqual(new Set(["x"]));
});

test("an event of another device that looks like a new task's is distinguished by the response", async () => {
  const server = threeTasks();
  const { session, service, relay } = client(server, "ada");
  const elsewhere = client(server, "ada");
  await pass();
  service.delay = 300;
  relay.delay = 1;
  const id = session.addTask({ title: "New", status: "todo" });
  await pass(10);
  const other = elsewhere.session.addTask({ title: "New", status: "todo" });
  session.changeTask(id, { labels: ["mine"] });
  await pass(50);
  expect(session.taskIdOf(id)).toBe(4);
  await pass(5_000);
  expect(elsewhere.session.taskIdOf(other)).toBe(4);
  expect(session.taskIdOf(id)).toBe(5);
  expect(session.column("todo")).toEqual([1, 2, 3, 4, 5]);
  expect([4, 5].map((each) => session.firstIdOf(each))).toEqual([4, id]);
  expect([4, 5].map((each) => session.task(each)?.labels)).toEqual([[], ["mine"]]);
});

test("what is done offline waits, survives a reload, and is sent in order when the network is back", async () => {
  const server = threeTasks();
  const first = client(server, "ada");
  await pass(10_000);
  offline(first);
  const id = first.session.addTask({ title: "Offline", status: "in_progress" });
  first.session.changeTask(1, { title: "Uno" });
  first.session.moveTask(1, { status: "in_progress", before: id });
  first.session.addComment(2, "Seen.");
  first.session.deleteTask(3);
  await pass(60_000);
  expect(first.session.waiting()).toBe(5);
  first.session.stop();

  const second = client(server, "ada", first.store);
  offline(second);
  await pass(100);
  expect(second.session.status()).toEqual({ status: "ready", from: "device" });
  expect(second.session.column("in_progress")).toEqual([1, id]);
  expect(second.session.task(2)?.comment_count).toBe(1);
  expect(second.session.task(3)).toBeUndefined();
  await online(second);
  await pass(20_000);
  expect(second.session.waiting()).toBe(0);
  expect(second.session.troubles()).toEqual([]);
  expect(server.column("in_progress")).toEqual([1, 4]);
  expect(server.tasks.get(1)?.title).toBe("Uno");
  expect(server.tasks.has(3)).toBe(false);
  expect([...server.comments.values()].map(({ body }) => body)).toEqual(["Seen."]);
  expect(second.session.connection()).toEqual({ state: "live" });
  expect([...second.store.entries.keys()].filter((key) => key.startsWith("queue/"))).toEqual([]);
});

test("API-PATCH: what is changed and moved at once is one event, in its place at once, also after a reload offline", async () => {
  const server = threeTasks();
  const first = client(server, "ada");
  await pass(10_000);
  offline(first);
  const id = first.session.addTask({ title: "Offline", status: "finished" });
  first.session.changeTask(1, { title: "Uno" }, { status: "finished", before: id });
  first.session.changeTask(1, { labels: ["x"] });
  await pass();
  first.session.stop();

  const second = client(server, "ada", first.store);
  offline(second);
  await pass(100);
  expect(second.session.column("finished")).toEqual([1, id]);
  await online(second);
  await pass(20_000);
  expect([second.session.waiting(), second.session.troubles()]).toEqual([0, []]);
  expect(server.column("finished")).toEqual([1, 4]);
  expect(server.tasks.get(1)).toMatchObject({ title: "Uno", labels: ["x"], version: 2 });
  // And back again.
  const back = { title: "One", labels: [] };
  second.session.changeTask(1, back, { status: "todo", before: 2 });
  expect(second.session.column("todo")).toEqual([1, 2, 3]);
  await pass(5_000);
  expect(server.column("todo")).toEqual([1, 2, 3]);
  expect(server.tasks.get(1)).toMatchObject({ ...back, version: 3 });
});

test("a change with a move asks if another user moved the task, and takes another column if one is full", async () => {
  const server = threeTasks();
  const ada = client(server, "ada");
  await pass();
  offline(ada);
  ada.session.changeTask(1, { title: "Uno" }, { status: "finished", before: null });
  ada.session.changeTask(2, { title: "Dos" }, { status: "in_progress", before: null });
  server.change(1, { status: "in_progress", before: null }, "grace");
  const limited = ({ key }: { key: string }) => (key === "in_progress" ? 1 : null);
  const columns = server.head.columns.map((each) => ({ ...each, wip_limit: limited(each) }));
  server.head = { ...server.head, columns };
  await online(ada);
  await pass(20_000);
  const [moved, full] = ada.session.troubles();
  const field = { field: "status", base: "todo", mine: "finished", theirs: "in_progress" };
  expect(moved?.kind).toEqual({ kind: "conflict", fields: [field] });
  expect(full?.kind).toMatchObject({ kind: "refused", type: "/problems/wip-limit" });
  expect(server.tasks.get(1)?.title).toBe("Uno");
  ada.session.resolve(moved?.id ?? "", ["status"]);
  ada.session.retry(full?.id ?? "", { status: "finished", before: null });
  await pass(5_000);
  expect(server.tasks.get(1)).toMatchObject({ title: "Uno", status: "finished" });
  expect(server.tasks.get(2)).toMatchObject({ title: "Dos", status: "finished" });
  expect(ada.session.troubles()).toEqual([]);
});

test("what was answered while the relay is unavailable is still shown after a reload without a network", async () => {
  const server = threeTasks();
  const first = client(server, "ada");
  await pass(10_000);
  first.relay.delay = 3_600_000;
  first.session.changeTask(1, { title: "Uno" });
  first.session.moveTask(2, { status: "finished", before: null });
  first.session.deleteTask(3);
  const id = first.session.addTask({ title: "New", status: "todo" });
  await pass(5_000);
  expect([first.session.waiting(), server.tasks.has(3)]).toEqual([0, false]);
  const added = first.session.taskIdOf(id);
  first.session.stop();

  const second = client(server, "ada", first.store);
  offline(second);
  await pass(100);
  expect(second.session.status()).toEqual({ status: "ready", from: "device" });
  expect(second.session.task(1)).toMatchObject({ title: "Uno", version: 2 });
  expect([second.session.column("todo"), second.session.column("finished")]).toEqual([
    [1, added],
    [2],
  ]);
  await online(second);
  await pass(20_000);
  expect(second.session.column("todo")).toEqual(server.column("todo"));
  expect(second.session.tasks().map(({ version }) => version)).toEqual(
    second.session.tasks().map(({ id: task }) => server.tasks.get(task)?.version),
  );
});

test("api: a POST whose answer was lost is sent again with the same key and makes nothing twice", async () => {
  const server = threeTasks();
  const { session, service } = client(server, "ada");
  await pass();
  let tries = 0;
  service.weather = () => ((tries += 1) < 3 ? "answer-lost" : "fine");
  session.addTask({ title: "Once", status: "todo" });
  session.addComment(1, "Once.");
  await pass(30_000);
  expect([server.tasks.size, server.comments.size, session.waiting()]).toEqual([4, 1, 0]);
});

test("api: a POST is sent again with the same body, wherever its neighbour is now: another body would be rejected", async () => {
  const server = threeTasks();
  const { session, service } = client(server, "ada");
  await pass();
  let tries = 0;
  service.weather = () => ((tries += 1) === 1 ? "answer-lost" : "fine");
  session.addTask({ title: "Once", status: "todo" }, 2);
  await pass(10);
  server.change(2, { status: "finished", before: null }, "grace");
  await pass(30_000);
  expect([server.tasks.size, session.waiting(), session.troubles()]).toEqual([4, 0, []]);
});

test("a task whose neighbour is gone from the column is at its end", async () => {
  const server = threeTasks();
  const here = client(server, "ada");
  await pass();
  offline(here);
  here.session.addTask({ title: "New", status: "todo" }, 2);
  server.change(2, { status: "finished", before: null }, "grace");
  online(here);
  await pass(30_000);
  expect(
    here.session
      .column("todo")
      .map((id) => here.session.task(id)?.title)
      .at(-1),
  ).toBe("New");
  expect(here.session.troubles()).toEqual([]);
});

test("an answer that changed nothing does not bring back a task whose deletion has come before it", async () => {
  const server = threeTasks();
  const { session, service } = client(server, "ada");
  await pass();
  service.delay = 20;
  session.moveTask(3, { status: "todo", before: null });
  await pass(25);
  expect(server.log.at(-1)).toContain("PATCH 3");
  server.delete(3, "grace");
  await pass();
  expect(session.column("todo")).toEqual([1, 2]);
});

test("RT-CURSOR: a `reset` fetches the board, and own changes still lie over it", async () => {
  const server = threeTasks();
  const ada = client(server, "ada");
  await pass();
  ada.service.weather = () => "request-lost";
  ada.session.changeTask(1, { title: "Uno" });
  server.delete(2, "grace");
  ada.service.weather = () => "fine";
  ada.service.delay = 400;
  ada.relay.deliver({ type: "reset", board: 7, reason: "too-far" });
  await pass(500);
  expect(ada.session.task(1)?.title).toBe("Uno");
  await pass(20_000);
  expect(ada.session.column("todo")).toEqual([1, 3]);
  expect(server.tasks.get(1)?.title).toBe("Uno");
  expect(ada.session.connection()).toEqual({ state: "live" });
});

test("a task that was added while the board was being read is not taken for a deleted one", async () => {
  const server = threeTasks();
  const { session, service, relay } = client(server, "ada");
  await pass();
  service.delay = 400;
  relay.deliver({ type: "reset", board: 7, reason: "too-far" });
  await pass(500);
  relay.delay = 3_600_000;
  service.delay = 5;
  const id = session.addTask({ title: "Four", status: "todo" });
  await pass(100);
  expect(session.taskIdOf(id)).toBe(4);
  service.weather = () => "request-lost";
  session.changeTask(id, { description: "More" });
  await pass(1_000);
  expect([session.troubles(), session.waiting()]).toEqual([[], 1]);
  expect(session.task(id)).toMatchObject({ title: "Four", description: "More" });
});

test("RT-CURSOR: a board that is gone says why, keeps the queue, and leaves no copy", async () => {
  const server = threeTasks();
  const ada = client(server, "ada");
  await pass(10_000);
  offline(ada);
  ada.session.changeTask(1, { title: "Uno" });
  await pass(100);
  ada.service.weather = () => "fine";
  ada.relay.connect();
  ada.relay.deliver({ type: "unsubscribed", board: 7, reason: "removed" });
  await pass(100);
  expect(ada.session.status()).toEqual({ status: "gone", reason: "removed" });
  expect(ada.session.waiting() + ada.session.troubles().length).toBeLessThanOrEqual(1);
  expect([...ada.store.entries.keys()].some((key) => key.startsWith("board/"))).toBe(false);
});

describe("a board that was gone and is back", () => {
  const gone = async () => {
    const server = threeTasks();
    const ada = client(server, "ada");
    await pass(10_000);
    server.gone = true;
    ada.relay.deliver({ type: "unsubscribed", board: 7, reason: "removed" });
    await pass();
    return { server, ada };
  };

  test("is shown and followed on when it is looked for again; as long as it is gone, why stays said", async () => {
    const { server, ada } = await gone();
    const { session } = ada;
    session.reconnect();
    await pass();
    expect(session.status()).toEqual({ status: "gone", reason: "removed" });
    server.gone = false;
    session.reconnect();
    await pass();
    expect(session.status()).toEqual({ status: "ready", from: "server" });
    server.change(1, { title: "Uno" }, "grace");
    await pass();
    expect([session.task(1)?.title, session.connection().state]).toEqual(["Uno", "live"]);
    await pass(10_000);
    expect([...ada.store.entries.keys()].some((key) => key.startsWith("board/"))).toBe(true);
  });

  test("is started again when it is opened: earlier errors no longer count", async () => {
    const { server, ada } = await gone();
    server.gone = false;
    ada.session.opened();
    expect(ada.session.status()).toEqual({ status: "loading" });
    await pass();
    expect(ada.session.status()).toEqual({ status: "ready", from: "server" });
  });

  test("is not taken for back by an answer from before it was gone", async () => {
    const server = threeTasks();
    const before = client(server, "ada");
    await pass(10_000);
    before.session.stop();
    const { session, relay, service } = client(server, "ada", before.store);
    relay.cut();
    service.delay = 500;
    await pass(2_900);
    // The board was read by now; its answer is on its way.
    server.gone = true;
    relay.connect();
    relay.deliver({ type: "unsubscribed", board: 7, reason: "deleted" });
    await pass(20_000);
    expect(session.status()).toEqual({ status: "gone", reason: "deleted" });
  });
});

describe("while the relay is unavailable and the server is not", () => {
  test("api: 412 is rebased on the task as it is read, and what was read is shown", async () => {
    const server = threeTasks();
    const { session, relay } = client(server, "ada");
    await pass();
    relay.cut();
    server.change(1, { description: "By grace" }, "grace");
    session.changeTask(1, { title: "Uno" });
    await pass(200);
    expect([session.waiting(), server.tasks.get(1)?.title]).toEqual([0, "Uno"]);
    expect(session.task(1)).toMatchObject({ title: "Uno", description: "By grace" });
  });

  test("api: 404 of a task is trouble with the task, and with nothing else", async () => {
    const server = threeTasks();
    const { session, relay } = client(server, "ada");
    await pass();
    relay.cut();
    server.delete(1, "grace");
    server.delete(2, "grace");
    session.changeTask(1, { title: "Uno" });
    session.deleteTask(2);
    session.changeTask(3, { title: "Tres" });
    await pass(1_000);
    expect(session.troubles()).toMatchObject([{ task: 1, kind: { kind: "deleted" } }]);
    expect([session.waiting(), server.tasks.get(3)?.title]).toEqual([0, "Tres"]);
  });

  test("api: 404 of the board ends it, and nothing queued is lost", async () => {
    const server = threeTasks();
    const { session, relay } = client(server, "ada");
    await pass();
    relay.cut();
    server.gone = true;
    session.changeTask(1, { title: "Uno" });
    await pass(1_000);
    expect(session.status()).toEqual({ status: "gone", reason: "not-found" });
    expect(session.waiting()).toBe(1);
  });
});

test("nothing is sent while nobody is allowed to; it continues when somebody is again", async () => {
  const server = threeTasks();
  let allowed = true;
  const { session } = client(server, "ada", undefined, undefined, () => allowed);
  await pass();
  allowed = false;
  session.changeTask(1, { title: "Uno" });
  await pass(60_000);
  expect([session.waiting(), server.tasks.get(1)?.title]).toEqual([1, "One"]);
  allowed = true;
  session.reconnect();
  await pass();
  expect([session.waiting(), server.tasks.get(1)?.title]).toEqual([0, "Uno"]);
});

test("quick-win: a restarted host's other board of the same address gets nothing that was meant for the old one", async () => {
  const old = threeTasks();
  const store = new MemoryStore();
  const before = client(old, "guest", store, undefined, undefined, "quick-win");
  await pass(10_000);
  offline(before);
  before.session.changeTask(1, { title: "Uno" });
  before.session.addTask({ title: "New", status: "todo" });
  await pass(100);
  before.session.stop();

  const server = threeTasks();
  server.head = { ...server.head, epoch: "another" };
  const { session, relay } = client(server, "guest", store, undefined, undefined, "quick-win");
  relay.state = "offline";
  await pass(20_000);
  expect([server.tasks.get(1)?.title, server.tasks.size]).toEqual(["One", 3]);
  expect(session.waiting()).toBe(0);
  expect(session.troubles()).toMatchObject([
    { kind: { kind: "deleted", mine: { title: "Uno" } } },
    { kind: { kind: "refused", mine: { title: "New" } } },
  ]);
});

test("two tabs share one queue: one sends, both see it, nothing is sent twice", async () => {
  const server = threeTasks();
  const store = new MemoryStore();
  let chain: Promise<void> = Promise.resolve();
  const lock: Exclusively = (work) => (chain = chain.then(work));
  const one = client(server, "ada", store, lock);
  const other = client(server, "ada", store, lock);
  await pass();
  offline(one);
  offline(other);
  one.session.addTask({ title: "Four", status: "todo" });
  await pass(10);
  store.announce("queue/ada/teams/7/command/x");
  await pass(10);
  expect(other.session.column("todo")).toHaveLength(4);
  expect(other.session.waiting()).toBe(1);
  await online(one);
  await online(other);
  store.announce("queue/ada/teams/7/command/x");
  await pass(30_000);
  expect(server.column("todo")).toHaveLength(4);
  expect(server.log.filter((line) => line === "POST Four")).toHaveLength(1);
  expect([one.session.waiting(), other.session.waiting()]).toEqual([0, 0]);
});

test("every reader returns the same object until its contents have changed", async () => {
  const server = threeTasks();
  const { session } = client(server, "ada");
  await pass();
  session.moveTask(2, { status: "finished", before: null });
  session.changeTask(1, { title: "Uno" });
  const read = () => [
    session.status(),
    session.connection(),
    session.head(),
    session.members(),
    session.column("todo"),
    session.column("in_progress"),
    session.task(1),
    session.task(3),
    session.tasks(),
    session.activity(),
    session.presence(),
    session.troubles(),
  ];
  const before = read();
  read().forEach((value, index) => expect(value).toBe(before[index]));
  const [todo, third] = [session.column("todo"), session.task(3)];
  session.changeTask(1, { description: "More" });
  expect(session.column("todo")).toBe(todo);
  expect(session.task(3)).toBe(third);
  expect(session.tasks()).not.toBe(before[8]);
});

test("what happens to the board itself leaves the list of its tasks the same", async () => {
  const server = threeTasks();
  const { session } = client(server, "ada");
  await pass();
  const tasks = session.tasks();
  server.changeHead({ name: "Take-off" }, "grace");
  await pass();
  expect(session.head()?.name).toBe("Take-off");
  expect(session.tasks()).toBe(tasks);
});

test("teams: a user who was removed, or whose board was deleted, while offline keeps what was never sent, even after a reload", async () => {
  const server = threeTasks();
  const store = new MemoryStore();
  const before = client(server, "ada", store);
  await pass(10_000);
  offline(before);
  before.session.changeTask(1, { title: "Uno" });
  before.session.addTask({ title: "Four", status: "todo" });
  // Others are told why; whoever was away learns of a 404 only.
  server.gone = true;
  await online(before);
  await pass(20_000);
  const unsent = [
    { kind: "change", subject: "One", values: { title: "Uno" } },
    { kind: "add", subject: "Four", values: { title: "Four" } },
  ];
  for (const reload of [false, true]) {
    const { session } = reload ? client(server, "ada", store) : before;
    await pass(20_000);
    expect(session.status()).toEqual({ status: "gone", reason: "not-found" });
    expect(unsentChanges(session)).toMatchObject(unsent);
    session.stop();
  }
});

test("quick-win: a board that is gone keeps what was never sent until it is discarded", async () => {
  const server = threeTasks();
  const store = new MemoryStore();
  const quickWin = () => client(server, "guest", store, undefined, undefined, "quick-win");
  const before = quickWin();
  await pass(10_000);
  offline(before);
  before.session.changeTask(1, { title: "Uno" });
  before.session.addComment(2, "Seen.");
  server.gone = true;
  await online(before);
  await pass(20_000);
  before.session.stop();
  expect(before.session.status()).toEqual({ status: "gone", reason: "not-found" });

  const { session } = quickWin();
  await pass(20_000);
  expect(session.status()).toEqual({ status: "gone", reason: "not-found" });
  expect(unsentChanges(session)).toMatchObject([
    { kind: "change", subject: "One", values: { title: "Uno" } },
    { kind: "comment-add", subject: "Two", values: { body: "Seen." } },
  ]);
  session.abandon();
  await pass();
  expect(unsentChanges(session)).toEqual([]);
  expect([...store.entries.keys()].filter((key) => key.startsWith("queue/"))).toEqual([]);
});

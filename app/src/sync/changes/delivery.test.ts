/** What sessions make of what others did meanwhile, and of a server that says no, in faked time. */

import { elapsed } from "../../utilities/elapsed";
import { RequestError } from "../../utilities/request";
import type { FakeServer } from "../../testing/fake-server";
import type { Column } from "../types";
import { client, offline, online, pass, stopClients, threeTasks } from "../../testing/clients";

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  stopClients();
  jest.useRealTimers();
});

test("api: 412 whose values already equal ours is done: the answer was lost, not the change", async () => {
  const server = threeTasks();
  const { session, service } = client(server, "ada");
  await pass();
  let tries = 0;
  service.weather = () => ((tries += 1) === 1 ? "answer-lost" : "fine");
  session.changeTask(1, { title: "Uno" });
  await pass(10_000);
  expect([session.waiting(), session.troubles().length]).toEqual([0, 0]);
  expect(server.tasks.get(1)).toMatchObject({ title: "Uno", version: 2 });
});

test("api: 412 on fields that nobody else touched is sent again with the new version", async () => {
  const server = threeTasks();
  const ada = client(server, "ada");
  await pass();
  offline(ada);
  ada.session.changeTask(1, { title: "Uno", fields: { estimate: 3 } });
  server.change(1, { description: "By grace", fields: { colour: "red" } }, "grace");
  await online(ada);
  await pass(20_000);
  expect(server.tasks.get(1)).toMatchObject({
    title: "Uno",
    description: "By grace",
    fields: { estimate: 3, colour: "red" },
  });
  expect(ada.session.troubles()).toEqual([]);
});

describe("both changed the same field", () => {
  async function conflict() {
    const server = threeTasks();
    const ada = client(server, "ada");
    await pass();
    offline(ada);
    ada.session.changeTask(1, { title: "Mine", description: "Mine, too" });
    ada.session.moveTask(1, { status: "finished", before: null });
    ada.session.changeTask(1, { title: "Mine at last" });
    ada.session.changeTask(2, { title: "Dos" });
    server.change(1, { title: "Theirs" }, "grace");
    await online(ada);
    await pass(20_000);
    return { server, ada };
  }

  test("it is shown with all three values, everything else continues, theirs is in view", async () => {
    const { server, ada } = await conflict();
    expect(ada.session.troubles()).toMatchObject([
      {
        task: 1,
        subject: "One",
        kind: {
          kind: "conflict",
          fields: [{ field: "title", base: "One", mine: "Mine at last", theirs: "Theirs" }],
        },
      },
    ]);
    expect(ada.session.waiting()).toBe(0);
    expect(ada.session.task(1)).toMatchObject({
      title: "Theirs",
      description: "Mine, too",
      status: "finished",
    });
    expect(server.tasks.get(2)?.title).toBe("Dos");
  });

  test("keeping mine sends it over theirs; keeping nothing leaves theirs", async () => {
    for (const [keep, title] of [
      [["title"], "Mine at last"],
      [[], "Theirs"],
    ] as const) {
      const { server, ada } = await conflict();
      ada.session.resolve(ada.session.troubles()[0]?.id ?? "", keep);
      await pass(5_000);
      expect(ada.session.troubles()).toEqual([]);
      expect([server.tasks.get(1)?.title, ada.session.task(1)?.title]).toEqual([title, title]);
    }
  });

  test("a conflict survives a reload", async () => {
    const { server, ada } = await conflict();
    ada.session.stop();
    const again = client(server, "ada", ada.store);
    await pass();
    expect(again.session.troubles()).toEqual(ada.session.troubles());
  });
});

test("a move conflicts only if another user moved the task to a third column", async () => {
  for (const [theirs, conflicts] of [
    ["in_progress", 1],
    ["finished", 0],
    ["todo", 0],
  ] as const) {
    const server = threeTasks();
    const ada = client(server, "ada");
    await pass();
    offline(ada);
    ada.session.moveTask(1, { status: "finished", before: null });
    server.change(1, { status: theirs, before: null }, "grace");
    await online(ada);
    await pass(20_000);
    expect(ada.session.troubles()).toHaveLength(conflicts);
    expect(server.tasks.get(1)?.status).toBe(conflicts === 1 ? theirs : "finished");
  }
});

test("a card dropped into one column that another user moved to another during the drag is asked about", async () => {
  const server = threeTasks();
  const ada = client(server, "ada");
  await pass();
  server.change(1, { status: "in_progress", before: null }, "grace");
  await pass();
  ada.session.moveTask(1, { status: "finished", before: null }, "todo");
  await pass();
  expect(ada.session.troubles()).toMatchObject([
    {
      kind: {
        fields: [{ field: "status", base: "todo", mine: "finished", theirs: "in_progress" }],
      },
    },
  ]);
  expect(server.tasks.get(1)?.status).toBe("in_progress");
});

test("a task deleted in the meantime: what was written is kept and can be created again", async () => {
  const server = threeTasks();
  const said = server.comment(1, "First", "ada").value;
  const ada = client(server, "ada");
  await pass();
  offline(ada);
  ada.session.changeTask(1, { description: "Long thoughts" });
  ada.session.changeComment(1, said.id, "First, and long", said);
  ada.session.addComment(1, "And more");
  ada.session.addComment(1, "And at last");
  server.delete(1, "grace");
  await online(ada);
  const [trouble] = ada.session.troubles();
  expect(trouble).toMatchObject({
    task: 1,
    subject: "One",
    kind: {
      kind: "deleted",
      mine: { description: "Long thoughts", comment: "First, and long\n\nAnd more\n\nAnd at last" },
    },
  });
  expect([ada.session.waiting(), ada.session.column("todo")]).toEqual([0, [2, 3]]);
  ada.session.retry(trouble?.id ?? "");
  await pass(5_000);
  expect(server.tasks.get(4)).toMatchObject({ title: "One", description: "Long thoughts" });
  expect(ada.session.column("todo")).toEqual([2, 3, 4]);
  server.comments.delete(said.id);
  expect([...server.comments.values()].map(({ task_id, body }) => [task_id, body])).toEqual([
    [4, "First, and long"],
    [4, "And more"],
    [4, "And at last"],
  ]);
});

test("a task that is created again has no assignee if the assignee has left", async () => {
  const server = threeTasks();
  server.change(1, { assigned_to: "heidi" }, "grace");
  server.change(2, { assigned_to: "ada" }, "grace");
  const ada = client(server, "ada");
  await pass();
  offline(ada);
  for (const task of [1, 2]) ada.session.changeTask(task, { title: "Kept" });
  for (const task of [1, 2]) server.delete(task, "grace");
  await online(ada);
  for (const { id } of ada.session.troubles()) ada.session.retry(id);
  await pass(5_000);
  expect([4, 5].map((id) => server.tasks.get(id)?.assigned_to)).toEqual([null, "ada"]);
});

test("the merge of a conflict about a task that was deleted in the meantime can be created again", async () => {
  const server = threeTasks();
  const ada = client(server, "ada");
  await pass();
  offline(ada);
  ada.session.changeTask(1, { description: "Mine" });
  server.change(1, { description: "Theirs" }, "grace");
  await online(ada);
  await pass(20_000);
  server.delete(1, "grace");
  await pass(1_000);
  ada.session.resolve(ada.session.troubles()[0]?.id ?? "", ["description"], {
    description: "Of both",
  });
  await pass(5_000);
  const [trouble] = ada.session.troubles();
  expect(trouble?.kind).toEqual({ kind: "deleted", mine: { description: "Of both" } });
  ada.session.retry(trouble?.id ?? "");
  await pass(5_000);
  expect(server.tasks.get(4)).toMatchObject({ title: "One", description: "Of both" });
  expect(ada.session.troubles()).toEqual([]);
});

test("a change of a comment is kept where the undo of the task's deletion is refused", async () => {
  const server = threeTasks();
  const said = server.comment(1, "First", "ada").value;
  const ada = client(server, "ada");
  await pass();
  const was = ada.session.task(1);
  const deletion = ada.session.deleteTask(1) ?? "";
  await pass(1_000);
  offline(ada);
  if (was !== undefined) ada.session.undoDelete(deletion, was, null);
  ada.session.changeComment(1, said.id, "First, and", said);
  ada.session.changeComment(1, said.id, "First, and long", { ...said, body: "First, and" });
  ada.session.addComment(1, "And more");
  ada.session.changeTask(1, { title: "Uno" });
  const columns = server.head.columns.map((column) => ({ ...column, wip_limit: 2 }));
  server.changeHead({ columns }, "grace");
  await online(ada);
  await pass(5_000);
  // Nothing of where it may go instead: only into its column the server brings it back.
  expect(ada.session.troubles()[0]?.kind).toMatchObject({
    kind: "refused",
    mine: { title: "Uno", comment: "First, and long\n\nAnd more" },
  });
  expect(ada.session.troubles()[0]?.kind).not.toHaveProperty("mine.status");
  // With room for it, the task comes back as the server had it, and what was written since with it.
  server.delete(2, "grace");
  ada.session.retry(ada.session.troubles()[0]?.id ?? "");
  await pass(5_000);
  expect([ada.session.troubles(), ada.session.waiting()]).toEqual([[], 0]);
  expect([...server.tasks.keys()].sort()).toEqual([1, 3]);
  expect(server.tasks.get(1)?.title).toBe("Uno");
  expect([...server.comments.values()].map(({ id, body }) => [id, body])).toEqual([
    [said.id, "First, and long"],
    [expect.any(Number), "And more"],
  ]);
});

test("api: 409 wip-limit is rolled back, shown in the server's words, and can go to another column", async () => {
  const server = threeTasks();
  server.changeHead(
    { columns: server.head.columns.map((column) => ({ ...column, wip_limit: 3 })) },
    "ada",
  );
  const { session } = client(server, "ada");
  await pass();
  const id = session.addTask({ title: "Four", status: "todo" });
  session.changeTask(id, { labels: ["x"] });
  session.addComment(id, "Said before it was there");
  expect(session.column("todo")).toEqual([1, 2, 3, id]);
  await pass();
  expect(session.column("todo")).toEqual([1, 2, 3]);
  const [trouble] = session.troubles();
  expect(trouble).toMatchObject({
    task: id,
    subject: "Four",
    kind: {
      kind: "refused",
      type: "/problems/wip-limit",
      reason: { detail: "Refused: wip-limit." },
    },
  });
  session.retry(trouble?.id ?? "", { status: "finished", before: null });
  await pass();
  expect(server.tasks.get(4)).toMatchObject({ status: "finished", labels: ["x"] });
  expect([...server.comments.values()]).toMatchObject([
    { task_id: 4, body: "Said before it was there" },
  ]);
  expect(session.troubles()).toEqual([]);
});

test("api: 403 is kept until it is discarded, and those behind it are sent", async () => {
  const server = threeTasks();
  const { session } = client(server, "ada");
  await pass();
  server.forbidden = true;
  session.changeTask(1, { title: "Uno" });
  session.addComment(2, "Allowed");
  await pass();
  expect(session.troubles()).toMatchObject([{ kind: { type: "/problems/forbidden" } }]);
  expect([session.task(1)?.title, server.comments.size]).toEqual(["One", 1]);
  session.discard(session.troubles()[0]?.id ?? "");
  expect(session.troubles()).toEqual([]);
});

test.each<[string, (server: FakeServer) => void]>([
  ["changed", (server) => server.change(1, { title: "Still needed" }, "grace")],
  ["gave a field of its own", (server) => server.change(1, { fields: { Size: "L" } }, "grace")],
  ["commented on", (server) => server.comment(1, "Still needed", "grace")],
  [
    "commented on, another comment being gone,",
    (server) => {
      server.deleteComment(1, "grace");
      server.comment(1, "Still needed", "grace");
    },
  ],
  ["changed a comment on", (server) => server.changeComment(1, "Still needed", 1, "grace")],
])("a task that somebody %s after we deleted it is not deleted without asking", async (_, act) => {
  const server = threeTasks();
  server.comment(1, "Is it needed?", "grace");
  const ada = client(server, "ada");
  await pass();
  offline(ada);
  ada.session.addComment(1, "Not needed");
  ada.session.deleteTask(1);
  act(server);
  const now = server.tasks.get(1);
  await online(ada);
  await pass(20_000);
  expect(server.tasks.has(1)).toBe(true);
  expect(ada.session.task(1)).toMatchObject({ title: now?.title, fields: now?.fields });
  ada.session.retry(ada.session.troubles()[0]?.id ?? "");
  await pass();
  expect(server.tasks.has(1)).toBe(false);
});

test("own comments and others' moves do not keep a task from being deleted", async () => {
  const server = threeTasks();
  server.comment(1, "Never mind", "grace");
  const ada = client(server, "ada");
  await pass();
  offline(ada);
  ada.session.addComment(1, "Not needed");
  ada.session.deleteTask(1);
  server.deleteComment(1, "grace");
  server.change(1, { status: "finished" }, "grace");
  await online(ada);
  await pass(20_000);
  expect([server.tasks.has(1), ada.session.troubles()]).toEqual([false, []]);
});

describe("comments", () => {
  /** Ada's comment, which she changed elsewhere to what `elsewhere` says. */
  async function changedComment(elsewhere: string) {
    const server = threeTasks();
    const base = server.comment(1, "One", "ada").value;
    const { session } = client(server, "ada");
    await pass();
    if (elsewhere !== base.body) {
      server.changeComment(base.id, elsewhere, base.version);
    }
    session.changeComment(1, base.id, "Mine", base);
    await pass(1_000);
    return { server, session, base };
  }

  test("a change of an own comment is sent with its version", async () => {
    const { server, session } = await changedComment("One");
    expect([server.comments.get(1)?.body, session.waiting()]).toEqual(["Mine", 0]);
  });

  test("a comment changed elsewhere is a conflict; keeping mine sends it", async () => {
    const { server, session } = await changedComment("Elsewhere");
    expect(session.troubles()).toMatchObject([
      { kind: { fields: [{ field: "body", base: "One", mine: "Mine", theirs: "Elsewhere" }] } },
    ]);
    session.resolve(session.troubles()[0]?.id ?? "", ["body"]);
    await pass(1_000);
    expect([server.comments.get(1)?.body, session.troubles()]).toEqual(["Mine", []]);
  });

  test("a deletion knows its event by the answer, without live events", async () => {
    const { server, session, base } = await changedComment("One");
    const change = session.deleteComment(1, base.id) ?? "";
    expect(session.fateOf(change)).toEqual({ state: "waiting" });
    await pass(1_000);
    expect(server.comments.has(base.id)).toBe(false);
    expect(session.fateOf(change)).toMatchObject({ state: "done", seq: expect.any(Number) });
  });

  test("deleting a deleted one succeeds; changing a deleted one is reported", async () => {
    const { server, session, base } = await changedComment("One");
    server.deleteComment(base.id);
    session.changeComment(1, base.id, "Again");
    session.deleteComment(1, base.id);
    await pass(1_000);
    expect(session.waiting()).toBe(0);
    expect(session.troubles()).toMatchObject([{ kind: { kind: "refused" } }]);
  });

  test("what one that is gone was changed to is written as a new one by trying again", async () => {
    const { server, session, base } = await changedComment("One");
    const version = server.comments.get(base.id)?.version ?? 0;
    server.deleteComment(base.id);
    session.changeComment(1, base.id, "Long thoughts", { body: "Mine", version });
    await pass(1_000);
    const [trouble] = session.troubles();
    expect(trouble).toMatchObject({ kind: { kind: "refused", reason: { code: "comment-gone" } } });
    session.retry(trouble?.id ?? "");
    await pass(1_000);
    const bodies = [...server.comments.values()].map(({ body }) => body);
    expect([bodies, session.troubles()]).toEqual([["Long thoughts"], []]);
  });
});

test("a board's name and columns are merged by field with what others changed", async () => {
  const server = threeTasks();
  const { session, relay } = client(server, "ada");
  await pass();
  relay.cut();
  server.changeHead({ description: "By grace" }, "grace");
  session.changeBoard({ name: " Take-off " });
  expect(session.head()?.name).toBe("Take-off");
  await pass(1_000);
  expect(server.head).toMatchObject({ name: "Take-off", description: "By grace" });
  server.changeHead({ name: "Landing" }, "grace");
  session.changeBoard({ name: "Orbit" });
  await pass(1_000);
  expect(session.troubles()).toMatchObject([
    { task: null, kind: { fields: [{ mine: "Orbit", theirs: "Landing" }] } },
  ]);
});

test("columns that another user renamed while they were renamed here are a conflict, not overwritten", async () => {
  const server = threeTasks();
  const { session } = client(server, "ada");
  await pass();
  const begunOn = session.head() ?? undefined;
  const theirs = server.head.columns.map((column) => ({ ...column, name: `New ${column.name}` }));
  server.changeHead({ columns: theirs }, "grace");
  await pass();
  const mine = begunOn?.columns.map((column) => ({ ...column, name: `My ${column.name}` })) ?? [];
  session.changeBoard({ columns: mine }, begunOn);
  await pass(1_000);
  expect(session.troubles()).toMatchObject([{ task: null, kind: { fields: [{ theirs }] } }]);
  expect(server.head.columns).toEqual(theirs);
});

describe("RT8: a server that accepts nothing is reported, though the relay is healthy", () => {
  test.each([
    ["request-lost", null],
    ["unavailable", 503],
    ["fault", 500],
  ] as const)(
    "%s: after some tries, with the next one; it goes on by itself",
    async (weather, status) => {
      const server = threeTasks();
      const { session, service } = client(server, "ada");
      await pass();
      service.weather = () => weather;
      session.changeTask(1, { title: "Uno" });
      await pass(60_000);
      expect(session.connection()).toEqual({ state: "live" });
      expect([session.waiting(), session.troubles()]).toEqual([1, []]);
      expect(session.stall()?.status).toBe(status);
      expect(session.stall()?.retryAt ?? elapsed()).toBeGreaterThanOrEqual(elapsed());
      service.weather = () => "fine";
      await pass(20_000);
      expect([session.waiting(), session.stall()]).toEqual([0, null]);
      expect(server.tasks.get(1)?.title).toBe("Uno");
    },
  );

  test("API-429: with Retry-After is tried again then and not before, and nothing is lost", async () => {
    const server = threeTasks();
    const { session, service } = client(server, "ada");
    await pass();
    const tries: number[] = [];
    service.weather = () => (tries.push(Date.now()) === 1 ? "rate-limited" : "fine");
    session.changeTask(1, { title: "Uno" });
    session.changeTask(2, { title: "Dos" });
    await pass(60_000);
    expect([session.waiting(), session.troubles()]).toEqual([0, []]);
    expect([server.tasks.get(1)?.title, server.tasks.get(2)?.title]).toEqual(["Uno", "Dos"]);
    expect((tries[1] ?? 0) - (tries[0] ?? 0)).toBeGreaterThanOrEqual(40_000);
  });

  test("one lost try is no news", async () => {
    const { session, service } = client(threeTasks(), "ada");
    await pass();
    const told: unknown[] = [];
    session.subscribe(() => told.push(session.stall()));
    let tries = 0;
    service.weather = () => ((tries += 1) === 1 ? "request-lost" : "fine");
    session.changeTask(1, { title: "Uno" });
    await pass(20_000);
    expect(session.waiting()).toBe(0);
    expect(told.every((stall) => stall === null)).toBe(true);
  });

  test("one change that the server fails at each time becomes a trouble, and those behind it are sent", async () => {
    const server = threeTasks();
    const { session, service } = client(server, "ada");
    await pass();
    let isBroken = true;
    const { changeTask } = service;
    service.changeTask = (id, patch, version) =>
      id === 1 && isBroken
        ? Promise.reject(new RequestError(500, { detail: "A fault of the server." }))
        : changeTask.call(service, id, patch, version);
    session.changeTask(1, { title: "Uno" });
    session.changeTask(2, { title: "Dos" });
    await pass(1_000);
    expect([session.waiting(), session.troubles()]).toEqual([2, []]);
    await pass(60_000);
    expect(server.tasks.get(2)?.title).toBe("Dos");
    expect([session.waiting(), session.stall()]).toEqual([0, null]);
    const [trouble] = session.troubles();
    expect(trouble).toMatchObject({
      subject: "One",
      kind: { kind: "refused", mine: { title: "Uno" } },
    });
    isBroken = false;
    session.retry(trouble?.id ?? "");
    await pass();
    expect(server.tasks.get(1)?.title).toBe("Uno");
  });
});

describe("the columns of a board", () => {
  async function both(mine: (columns: readonly Column[]) => readonly Column[]) {
    const server = threeTasks();
    const ada = client(server, "ada");
    await pass();
    offline(ada);
    const begunOn = ada.session.head() ?? server.head;
    const { columns } = begunOn;
    const review = { key: "review", name: "Review", wip_limit: null };
    const [first = review, ...rest] = columns;
    server.changeHead({ columns: [{ ...first, wip_limit: 9 }, ...rest, review] }, "grace");
    server.change(3, { status: "review" }, "grace");
    ada.session.changeBoard({ columns: [...mine(columns)] }, begunOn);
    await online(ada);
    await pass(20_000);
    return { server, ada, first, rest, review };
  }

  test("changes by two users to different columns are merged: nobody is asked, nothing is dropped", async () => {
    const { server, ada, first, rest, review } = await both(([todo, ...others]) =>
      todo === undefined ? others : [{ ...todo, name: "Ideas" }, ...others],
    );
    const merged = [{ ...first, name: "Ideas", wip_limit: 9 }, ...rest, review];
    expect(server.head.columns).toEqual(merged);
    expect(ada.session.troubles()).toEqual([]);
    expect(ada.session.head()?.columns).toEqual(merged);
    expect(ada.session.column("review")).toEqual([3]);
  });

  test("where they clash the rest is sent, and keeping mine drops no column of theirs", async () => {
    const { server, ada, first, rest, review } = await both(([todo, doing, ...others]) =>
      todo === undefined || doing === undefined
        ? others
        : [{ ...todo, wip_limit: 2 }, { ...doing, name: "Doing" }, ...others],
    );
    const [, ...last] = rest;
    const [doing = review] = rest;
    const theirs = [{ ...first, wip_limit: 9 }, { ...doing, name: "Doing" }, ...last, review];
    expect(server.head.columns).toEqual(theirs);
    const [trouble] = ada.session.troubles();
    expect(trouble?.kind).toMatchObject({
      kind: "conflict",
      fields: [{ field: "columns", theirs }],
    });
    ada.session.resolve(trouble?.id ?? "", ["columns"]);
    await pass();
    expect(server.head.columns).toEqual([{ ...first, wip_limit: 2 }, ...theirs.slice(1)]);
    expect([ada.session.waiting(), ada.session.troubles()]).toEqual([0, []]);
  });

  test("two changes of them, one begun before the other was made, are both kept", async () => {
    const server = threeTasks();
    const ada = client(server, "ada");
    await pass();
    offline(ada);
    const begunOn = ada.session.head() ?? server.head;
    const renamed = (which: number) =>
      begunOn.columns.map((column, index) =>
        index === which ? { ...column, name: "New" } : column,
      );
    ada.session.changeBoard({ columns: renamed(0) }, begunOn);
    ada.session.changeBoard({ columns: renamed(1) }, begunOn);
    expect(ada.session.head()?.columns.map(({ name }) => name === "New")).toEqual([
      true,
      true,
      false,
    ]);
    await online(ada);
    await pass(20_000);
    expect(server.head.columns.map(({ name }) => name === "New")).toEqual([true, true, false]);
    expect(ada.session.troubles()).toEqual([]);
  });
});

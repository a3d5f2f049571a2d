/** Guards that every moment of the past is the board as it was. */

import { assert, asyncProperty, array, constantFrom, integer, record } from "fast-check";
import type { QuickWinEvent } from "../generated/api";
import { aHead, aTask, EPOCH, MOMENT } from "../testing/boards";
import { FakeServer } from "../testing/fake-server";
import { Past, type PastSource } from "./past";
import { PastBoard } from "./past-board";
import { beforeAll as beforeEvents } from "./past-sources";
import type { Snapshot } from "../sync";

/** What is seen of a board: its columns in order, with every task in full. */
function seen({ head, tasks }: Snapshot): unknown {
  const inOrder = [...tasks].sort((a, b) => (a.position < b.position ? -1 : 1) || a.id - b.id);
  return head.columns.map(({ key }) => [key, inOrder.filter(({ status }) => status === key)]);
}

/** A server that remembers how its board was after each event. */
function remembering() {
  const server = new FakeServer();
  const was = new Map([[0, server.snapshot()]]);
  const did = (work: () => unknown) => {
    work();
    was.set(server.head.seq, server.snapshot());
  };
  const reads: string[] = [];
  const source = (step: number): PastSource => ({
    range: { first: 0, last: server.head.seq },
    step,
    read: (from, to) => {
      reads.push(`${from}-${to}`);
      const start = was.get(from);
      const events = server.events.filter(({ seq }) => seq > from && seq <= to);
      return start === undefined
        ? Promise.reject(new Error("no such moment"))
        : Promise.resolve({ start, events });
    },
    seqAt: () => Promise.resolve(null),
  });
  return { server, was, did, reads, source };
}

const steps = array(
  record({
    what: constantFrom("add", "move", "rename", "delete"),
    which: integer({ min: 0, max: 9 }),
    column: constantFrom("todo", "in_progress", "finished"),
  }),
  { minLength: 1, maxLength: 30 },
);

it("API-AT: any moment, asked for in any order, is the board as the server had it then", () =>
  assert(
    asyncProperty(
      steps,
      integer({ min: 1, max: 7 }),
      array(integer({ min: 0, max: 30 }), { maxLength: 20 }),
      async (todo, step, asked) => {
        const { server, was, did, source } = remembering();
        for (const { what, which, column } of todo) {
          const ids = [...server.tasks.keys()];
          const id = ids[which % Math.max(1, ids.length)];
          did(() => {
            if (what === "add" || id === undefined)
              server.add({ title: "T", status: column }, "ada");
            else if (what === "move") server.change(id, { status: column, before: null }, "ada");
            else if (what === "rename") server.change(id, { title: `T${which}` }, "ada");
            else server.delete(id, "ada");
          });
        }
        const past = new Past(source(step));
        const { last } = past.range;
        for (const seq of asked.filter((each) => each <= last)) {
          const { board, event } = await past.moment(seq);
          expect(seen(board.snapshot())).toEqual(seen(was.get(seq) ?? server.snapshot()));
          expect(event?.seq ?? 0).toBe(seq);
        }
      },
    ),
  ));

it("stepping and playing ask the server once a stretch", async () => {
  const { server, did, reads, source } = remembering();
  for (let count = 0; count < 7; count += 1) did(() => server.add({ title: "T" }, "ada"));
  const past = new Past(source(3));
  expect(past.has(5)).toBe(false);
  for (const seq of [7, 6, 5, 4, 5, 6]) await past.moment(seq);
  expect(reads).toEqual(["6-7", "3-6"]);
  expect([past.has(5), past.has(3)]).toEqual([true, false]);
});

it("what could not be read is read when it is asked for again", async () => {
  const { server, did, source } = remembering();
  did(() => server.add({ title: "One" }, "ada"));
  let network = false;
  const good = source(3);
  const past = new Past({
    ...good,
    read: (from, to) => (network ? good.read(from, to) : Promise.reject(new Error("offline"))),
  });
  await expect(past.moment(1)).rejects.toThrow("offline");
  expect(past.has(1)).toBe(false);
  network = true;
  expect((await past.moment(1)).board.size).toBe(1);
});

it("API-AT: if only times are given, each state is read separately, the first one too", async () => {
  const { server, was, did } = remembering();
  did(() => server.add({ title: "One" }, "ada"));
  did(() => server.add({ title: "Two" }, "ada"));
  const read = (seq: number) => {
    const start = was.get(seq);
    return start === undefined
      ? Promise.reject(new Error("no such moment"))
      : Promise.resolve({ start, events: [] });
  };
  const range = { first: 0, last: 2 };
  const past = new Past({ range, step: 0, read, seqAt: () => Promise.resolve(null) });
  const sizes = [];
  for (const seq of [2, 1, 0]) sizes.push((await past.moment(seq)).board.size);
  expect(sizes).toEqual([2, 1, 0]);
});

it.each([
  [null, 3],
  [2, 3],
  [5, 5],
  [12, 9],
])("API-AT: a time leads to a moment that there is (%s → %s)", async (found, expected) => {
  const { source } = remembering();
  const past = new Past({
    ...source(10),
    range: { first: 3, last: 9 },
    seqAt: () => Promise.resolve(found),
  });
  expect(await past.seqAt(MOMENT)).toBe(expected);
});

it("a past state of a quick-win board, which stores none, is found by undoing its events", () => {
  const common = { board_id: 7, actor: { id: null, username: "" }, timestamp: MOMENT };
  const task = (id: number, title: string, status: "todo" | "finished") => ({
    id,
    title,
    description: "",
    status,
    assigned_to: null,
    version: 1,
    created_at: MOMENT,
    updated_at: MOMENT,
  });
  const board = { id: 7, epoch: EPOCH, name: "New", seq: 9, version: 2 };
  const events = [
    { seq: 6, action: "Add", entity: "task", task: task(2, "Two", "todo") },
    { seq: 7, action: "Delete", entity: "task", task: task(3, "Three", "todo") },
    {
      seq: 8,
      action: "Move",
      entity: "task",
      task: task(1, "One", "finished"),
      changes: { status: ["todo", "finished"] },
    },
    { seq: 9, action: "Update", entity: "board", board, changes: { name: ["Old", "New"] } },
  ].map((event) => ({ ...common, ...event })) as unknown as readonly QuickWinEvent[];
  const now = {
    head: aHead({ seq: 9, name: "New" }),
    tasks: [aTask({ id: 1, title: "One", status: "finished" }), aTask({ id: 2, title: "Two" })],
    members: [],
  };
  const then = beforeEvents(now, events);
  expect([then.head.seq, then.head.name]).toEqual([5, "Old"]);
  expect(then.tasks.map(({ id, title, status }) => [id, title, status])).toEqual([
    [1, "One", "todo"],
    [3, "Three", "todo"],
  ]);
  expect(beforeEvents(now, []).head.seq).toBe(9);
});

it("a past board is read-only, and says when it shows another time", async () => {
  const { server, did, source } = remembering();
  did(() => server.add({ title: "One", status: "todo" }, "ada"));
  did(() => server.change(1, { title: "Uno" }, "ada"));
  const past = new Past(source(10));
  const board = new PastBoard({ mode: "teams", id: 7 }, await past.moment(1));
  const told = jest.fn();
  board.subscribe(told, "column/todo");
  expect(board.head()?.role).toBe("viewer");
  expect(board.tasksIn("todo").map(({ title }) => title)).toEqual(["One"]);
  board.show(await past.moment(2));
  expect(told).toHaveBeenCalledTimes(1);
  expect(board.tasksIn("todo").map(({ title }) => title)).toEqual(["Uno"]);
  expect(() => board.changeTask()).toThrow("what is past is not changed");
});

/** Hooks over an open board: what renders again, and when. */

import { act, renderHook } from "@testing-library/react-native";
import { client, pass, stopClients, threeTasks } from "../testing/clients";
import { FakeServer } from "../testing/fake-server";
import type { BoardSession } from "../sync";
import { useColumn, useConnection, usePresence, useTask, useTroubles, useWaiting } from "./hooks";

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  stopClients();
  jest.useRealTimers();
});

const passing = (milliseconds?: number) => act(() => pass(milliseconds));

/** How often the session was asked for a task, a column, or who is here, since `reset`. */
function countReads(session: BoardSession) {
  const asked = [
    jest.spyOn(session, "task"),
    jest.spyOn(session, "tasksIn"),
    jest.spyOn(session, "presence"),
  ];
  return {
    reset: () => asked.forEach((spy) => spy.mockClear()),
    reads: () => asked.flatMap((spy) => spy.mock.calls.map(([of]) => of ?? "presence")),
  };
}

test("after an event of one task only its card and its column are read again", async () => {
  const server = threeTasks();
  const { session } = client(server, "ada");
  await passing();
  [1, 2, 3].forEach((id) => renderHook(() => useTask(session, id)));
  ["todo", "in_progress", "finished"].forEach((key) =>
    renderHook(() => useColumn(session, key, () => session.tasksIn(key))),
  );
  renderHook(() => usePresence(session));
  const { reset, reads } = countReads(session);
  const after = async (change: () => void) => {
    reset();
    act(change);
    await passing();
    return new Set(reads());
  };
  expect(await after(() => server.change(2, { title: "By grace" }, "grace"))).toEqual(
    new Set([2, "todo"]),
  );
  expect(
    await after(() => server.change(3, { status: "finished", before: null }, "grace")),
  ).toEqual(new Set([3, "todo", "finished"]));
  expect(await after(() => server.changeHead({ name: "Take-off" }, "grace"))).toEqual(new Set());
  // Own changes, with what their answers and events make of them.
  expect(await after(() => session.changeTask(1, { title: "Uno" }))).toEqual(new Set([1, "todo"]));
  expect(await after(() => server.delete(3, "grace"))).toEqual(new Set([3, "finished"]));
});

test("in a column of 5,000 tasks an event costs as many reads as in one of three", async () => {
  const server = new FakeServer();
  for (let id = 1; id <= 5_000; id += 1) {
    server.add({ title: `Task ${id}`, status: "todo" }, "ada");
  }
  const { session } = client(server, "ada");
  await passing();
  for (let id = 1; id <= 60; id += 1) {
    renderHook(() => useTask(session, id));
  }
  renderHook(() => useColumn(session, "finished", () => session.tasksIn("finished")));
  const { reset, reads } = countReads(session);
  reset();
  server.change(7, { title: "By grace" }, "grace");
  await passing();
  expect(new Set(reads())).toEqual(new Set([7]));
  // Once to see that it changed, once to draw it, once to see that it stayed.
  expect(reads().length).toBeLessThanOrEqual(4);
});

test("a task that the server has named is followed under the id that it began with", async () => {
  const server = threeTasks();
  const { session } = client(server, "ada");
  await passing();
  const id = session.addTask({ title: "New", status: "todo" });
  const { result } = renderHook(() => useTask(session, id));
  expect(result.current).toMatchObject({ id, waiting: true });
  await passing();
  expect(result.current).toMatchObject({ id: 4, waiting: false });
  server.change(4, { title: "By grace" }, "grace");
  await passing();
  expect(result.current?.title).toBe("By grace");
});

test("a card is rendered again for its own changes only, a column for its own order only", async () => {
  const server = threeTasks();
  const { session } = client(server, "ada");
  await passing();
  const draws = { first: 0, second: 0, todo: 0 };
  renderHook(() => {
    draws.first += 1;
    return useTask(session, 1);
  });
  renderHook(() => {
    draws.second += 1;
    return useTask(session, 2);
  });
  renderHook(() => {
    draws.todo += 1;
    return useColumn(session, "todo", () => session.column("todo"));
  });
  server.change(1, { title: "By grace" }, "grace");
  await passing();
  expect(draws).toEqual({ first: 2, second: 1, todo: 1 });
  server.change(3, { status: "finished" }, "grace");
  await passing();
  expect(draws).toEqual({ first: 2, second: 1, todo: 2 });
});

test("a change is drawn in the same turn in which it is made", async () => {
  const server = threeTasks();
  const { session } = client(server, "ada");
  await passing();
  const { result } = renderHook(() => ({
    title: useTask(session, 1)?.title,
    todo: useColumn(session, "todo", () => session.column("todo")),
    waiting: useWaiting(session),
    connection: useConnection(session),
    troubles: useTroubles(session),
  }));
  act(() => session.changeTask(1, { title: "Uno" }));
  act(() => session.moveTask(2, { status: "finished", before: null }));
  expect(result.current).toEqual({
    title: "Uno",
    todo: [1, 3],
    waiting: 2,
    connection: { state: "live" },
    troubles: [],
  });
  await passing();
  expect(result.current.waiting).toBe(0);
});

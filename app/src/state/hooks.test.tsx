/** Hooks over an open board: what draws anew, and when. */

import { act, renderHook } from "@testing-library/react-native";
import { client, pass, stopClients, threeTasks } from "../testing/clients";
import { useColumn, useConnection, useTask, useTroubles, useWaiting } from "./hooks";

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  stopClients();
  jest.useRealTimers();
});

const passing = (milliseconds?: number) => act(() => pass(milliseconds));

test("a card is drawn anew for its own changes only, a column for its own order only", async () => {
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
    return useColumn(session, "todo");
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
    todo: useColumn(session, "todo"),
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

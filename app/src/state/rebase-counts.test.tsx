/** What a rebase of the queue costs: counts, against those that were accepted in rebase-counts.json. */

import { act, renderHook } from "@testing-library/react-native";
import { client, offline, online, pass, stopClients } from "../testing/clients";
import { FakeServer } from "../testing/fake-server";
import { useColumn, useTask } from "./hooks";
import accepted from "./rebase-counts.json";

/** How much more than accepted fails. */
const TOLERANCE = 1.05;

const TASKS = 60;

type Count = keyof typeof accepted;

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  stopClients();
  jest.useRealTimers();
});

test("20 changes made offline, rebased on 40 of others, cost no more renders, reads and requests than accepted", async () => {
  const server = new FakeServer();
  for (let id = 1; id <= TASKS; id += 1) {
    server.add({ title: `Task ${id}`, status: "todo" }, "ada");
  }
  const ada = client(server, "ada");
  await act(() => pass());
  const counts: Record<Count, number> = { renders: 0, reads: 0, requests: 0 };
  for (let id = 1; id <= TASKS; id += 1) {
    renderHook(() => {
      counts.renders += 1;
      return useTask(ada.session, id);
    });
  }
  for (const key of ["todo", "in_progress", "finished"]) {
    renderHook(() => {
      counts.renders += 1;
      return useColumn(ada.session, key, () => ada.session.tasksIn(key));
    });
  }
  offline(ada);
  // Half of them clash with nothing, half are of tasks that others change in another field.
  act(() => {
    for (let id = 1; id <= 20; id += 1) {
      ada.session.changeTask(id, { title: `Mine ${id}` });
    }
  });
  for (let id = 11; id <= 50; id += 1) {
    server.change(id, { description: "By grace" }, "grace");
  }
  await act(() => pass());
  const reads = [jest.spyOn(ada.session, "task"), jest.spyOn(ada.session, "tasksIn")];
  const asked = server.log.length;
  counts.renders = 0;
  await act(() => online(ada));
  await act(() => pass(60_000));
  counts.reads = reads.reduce((sum, spy) => sum + spy.mock.calls.length, 0);
  counts.requests = server.log.length - asked;

  expect([ada.session.waiting(), ada.session.troubles()]).toEqual([0, []]);
  expect(server.tasks.get(20)).toMatchObject({ title: "Mine 20", description: "By grace" });
  const most = Object.entries(accepted).map(([what, count]) => [
    what,
    Math.floor(count * TOLERANCE),
  ]);
  const now = most.map(([what, limit]) => [what, Math.max(Number(limit), counts[what as Count])]);
  expect(now).toEqual(most);
});

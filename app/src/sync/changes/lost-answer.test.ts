/** Guards that what was done, and whose answer was lost, is neither asked about nor redone. */

import { client, pass, stopClients, threeTasks } from "../../testing/clients";

beforeEach(() => jest.useFakeTimers());

afterEach(() => {
  stopClients();
  jest.useRealTimers();
});

/** A change is done without an answer, then somebody else's; then this device is opened again. */
async function lost(
  change: (session: ReturnType<typeof client>["session"]) => void,
  others: (server: ReturnType<typeof threeTasks>) => void,
) {
  const server = threeTasks();
  const before = client(server, "ada");
  await pass();
  before.relay.cut();
  before.service.weather = () => "answer-lost";
  change(before.session);
  await pass(50);
  before.session.stop();
  others(server);
  const { session } = client(server, "ada", before.store);
  await pass();
  expect([session.troubles(), session.waiting()]).toEqual([[], 0]);
  return server;
}

it("a change that another user has overwritten since is not in conflict with it", async () => {
  const server = await lost(
    (session) => session.changeTask(1, { title: "Uno" }),
    (there) => there.change(1, { title: "By grace" }, "grace"),
  );
  expect(server.tasks.get(1)?.title).toBe("By grace");
});

it("a change that another user has undone since is not made again", async () => {
  const server = await lost(
    (session) => session.changeTask(1, { title: "Uno", fields: { size: "L" } }),
    (there) => there.change(1, { title: "One" }, "grace"),
  );
  expect(server.tasks.get(1)).toMatchObject({ title: "One", fields: { size: "L" } });
});

it("a task that another user has moved on since stays there", async () => {
  const server = await lost(
    (session) => session.moveTask(1, { status: "in_progress", before: null }),
    (there) => there.change(1, { status: "finished" }, "grace"),
  );
  expect(server.tasks.get(1)?.status).toBe("finished");
});

it("a task that another user has restored since is not deleted again", async () => {
  const server = await lost(
    (session) => session.deleteTask(1),
    (there) => there.undo(there.head.seq, "grace"),
  );
  expect(server.tasks.get(1)?.title).toBe("One");
});

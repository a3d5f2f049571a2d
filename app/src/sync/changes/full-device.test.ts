/** A full device: nothing queued is lost while the page is open, and the user is told. */

import { client, offline, online, pass, stopClients, threeTasks } from "../../testing/clients";
import { MemoryStore, StorageFull } from "../../utilities/storage";

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  stopClients();
  jest.useRealTimers();
});

/** Has space for this many characters, like localStorage. */
class SmallStore extends MemoryStore {
  constructor(public room: number) {
    super();
  }

  override set(key: string, value: string): Promise<void> {
    const others = [...this.entries].filter(([other]) => other !== key);
    const used = others.reduce((sum, [name, text]) => sum + name.length + text.length, 0);
    return used + key.length + value.length > this.room
      ? Promise.reject(new StorageFull("full"))
      : super.set(key, value);
  }
}

const named = (store: MemoryStore, prefix: string) =>
  [...store.entries.keys()].filter((key) => key.startsWith(prefix));

test("a change that the device has no room for is still shown and sent, and said to be at risk", async () => {
  const server = threeTasks();
  const here = client(server, "ada", new SmallStore(0));
  await pass();
  offline(here);
  expect(here.session.isAtRisk()).toBe(false);
  here.session.changeTask(1, { title: "Uno" });
  here.session.addComment(2, "Seen.");
  await pass(60_000);
  expect(here.session.isAtRisk()).toBe(true);
  expect([here.session.waiting(), here.session.task(1)?.title]).toEqual([2, "Uno"]);
  await online(here);
  await pass(20_000);
  expect([server.tasks.get(1)?.title, server.comments.size]).toEqual(["Uno", 1]);
  expect([here.session.waiting(), here.session.isAtRisk()]).toEqual([0, false]);
});

test("what had no room is written as soon as there is some", async () => {
  const server = threeTasks();
  const store = new SmallStore(0);
  const here = client(server, "ada", store);
  await pass();
  offline(here);
  here.session.changeTask(1, { title: "Uno" });
  await pass(100);
  store.room = 100_000;
  here.session.changeTask(2, { title: "Dos" });
  await pass(100);
  expect(here.session.isAtRisk()).toBe(false);
  here.session.stop();
  const again = client(server, "ada", store);
  offline(again);
  await pass(100);
  expect(again.session.queued()).toMatchObject([{ task: 1 }, { task: 2 }]);
});

test("a cached board is removed to make space for a change: only the board is on the server", async () => {
  const server = threeTasks();
  const store = new SmallStore(100_000);
  const here = client(server, "ada", store);
  await pass(10_000);
  expect(named(store, "board/")).toHaveLength(1);
  offline(here);
  store.room = [...store.entries].reduce((sum, entry) => sum + entry.join("").length, 0) + 50;
  here.session.changeTask(1, { title: "Uno" });
  await pass(10);
  expect(here.session.isAtRisk()).toBe(false);
  expect([named(store, "board/").length, named(store, "queue/").length]).toEqual([0, 1]);
});

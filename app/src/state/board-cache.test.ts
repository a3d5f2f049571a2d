/** The device's copies of boards. */

import { MOMENT, aSnapshot, aTask } from "../testing/boards";
import { MemoryStore, StorageFull } from "../utilities/storage";
import { BoardCache } from "./board-cache";

/** A device with space for this many characters. */
class SmallStore extends MemoryStore {
  constructor(private readonly room: number) {
    super();
  }

  override set(key: string, value: string): Promise<void> {
    const others = [...this.entries].filter(([other]) => other !== key);
    const used = others.reduce((sum, [, text]) => sum + text.length, 0);
    return used + value.length > this.room
      ? Promise.reject(new StorageFull("full"))
      : super.set(key, value);
  }
}

const snapshot = (id: number) => aSnapshot([aTask({ id: 1 })], { id });
const boardsIn = (store: MemoryStore) =>
  [...store.entries.keys()].filter((key) => key.startsWith("board/")).sort();

test("a board comes back as it was", async () => {
  const { boards: cache } = new BoardCache(new MemoryStore());
  await cache.save("1/teams/7", snapshot(7));
  expect(await cache.load("1/teams/7")).toEqual(snapshot(7));
  expect(await cache.load("2/teams/7")).toBeNull();
});

test("what does not parse is no copy", async () => {
  const store = new MemoryStore();
  const cache = new BoardCache(store).boards;
  for (const text of ["{", "null", '{"head":1}']) {
    await store.set("board/a", text);
    expect(await cache.load("a")).toBeNull();
  }
});

test("the 20 boards used last are kept", async () => {
  const store = new MemoryStore();
  const cache = new BoardCache(store).boards;
  for (let id = 1; id <= 20; id += 1) {
    await cache.save(`1/teams/${id}`, snapshot(id));
  }
  await cache.save("1/teams/1", snapshot(1));
  await cache.save("1/teams/21", snapshot(21));
  expect(boardsIn(store)).toHaveLength(20);
  expect(await cache.load("1/teams/2")).toBeNull();
  expect(await cache.load("1/teams/1")).not.toBeNull();
});

test("a device without room gives up the oldest copies first, and at last keeps none", async () => {
  const one = JSON.stringify(snapshot(1)).length;
  const store = new SmallStore(one * 2.5);
  const cache = new BoardCache(store).boards;
  for (let id = 1; id <= 3; id += 1) {
    await cache.save(`1/teams/${id}`, snapshot(id));
  }
  expect(boardsIn(store)).toEqual(["board/1/teams/2", "board/1/teams/3"]);
  await new BoardCache(new SmallStore(10)).boards.save("1/teams/1", snapshot(1));
});

test("a logout leaves no copies behind", async () => {
  const store = new MemoryStore();
  const cache = new BoardCache(store);
  const said = { id: 1, body: "One", created_by: "grace", version: 1 };
  const comment = { ...said, board_id: 7, task_id: 1, created_at: MOMENT, updated_at: MOMENT };
  for (const user of [1, 2]) {
    await cache.boards.save(`${user}/teams/7`, snapshot(7));
    await cache.comments.save(`${user}/teams/7/1`, [comment]);
  }
  await cache.forgetAll("1/teams/");
  expect(boardsIn(store)).toEqual(["board/2/teams/7"]);
  expect(await cache.comments.load("1/teams/7/1")).toBeNull();
  expect(await cache.comments.load("2/teams/7/1")).toEqual([comment]);
});

test("a device without any room gives up one copy after the other, and then says so", async () => {
  const store = new MemoryStore();
  const cache = new BoardCache(store).boards;
  await cache.save("1/teams/7", aSnapshot([]));
  await cache.save("1/teams/8", aSnapshot([]));
  store.set = () => Promise.reject(new StorageFull("full"));
  expect(await cache.evictOldest()).toBe(true);
  expect([...store.entries.keys()]).toContain("board/1/teams/8");
  expect(await cache.evictOldest()).toBe(true);
  expect(await cache.evictOldest()).toBe(false);
});

test("of one task's comments the newest that fit are kept, and of all tasks the 100 seen last", async () => {
  const { comments } = new BoardCache(new MemoryStore());
  const long = (id: number) => ({
    id,
    board_id: 7,
    task_id: 1,
    body: "x".repeat(5_000),
    created_by: "grace",
    version: 1,
    created_at: MOMENT,
    updated_at: MOMENT,
  });
  await comments.save("1/teams/7/1", [1, 2, 3, 4, 5].map(long));
  expect((await comments.load("1/teams/7/1"))?.map(({ id }) => id)).toEqual([3, 4, 5]);
  for (let task = 2; task <= 101; task += 1) {
    await comments.save(`1/teams/7/${task}`, []);
  }
  expect(await comments.load("1/teams/7/1")).toBeNull();
  expect(await comments.load("1/teams/7/2")).toEqual([]);
});

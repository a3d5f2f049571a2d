/** Guards that what is kept of old answers goes, and never before whatever needs it. */

import { MemoryStore } from "../../utilities/storage";
import { sweepNames } from "./answer-store";

const DAY = 24 * 3_600_000;
const NOW = 1_000 * DAY;
const OLD = NOW - 31 * DAY;

async function device(entries: Readonly<Record<string, unknown>>): Promise<MemoryStore> {
  const store = new MemoryStore();
  for (const [key, value] of Object.entries(entries)) {
    await store.set(key, JSON.stringify(value));
  }
  return store;
}

const named = (from: number, at: number) => ({ command: "c", epoch: null, at, from, to: 4 });
const left = (store: MemoryStore) => store.keys("named/");

test("names go with age, of boards that are never opened again as well", async () => {
  const store = await device({
    "named/5/teams/7/-3000000001": named(-3_000_000_001, OLD),
    "named/anybody/quick-win/1/-3000000002": named(-3_000_000_002, OLD),
    "named/5/teams/7/-3000000003": named(-3_000_000_003, NOW - 29 * DAY),
    "named/5/teams/7/-3000000004": named(-3_000_000_004, NOW + DAY),
    "named/5/teams/7/-3000000005": named(-3_000_000_005, NOW + 3_000 * DAY),
    "named/5/teams/7/-3000000006": "no name",
    "answer/5/teams/7/head": named(-3_000_000_001, OLD),
  });
  await sweepNames(store, NOW);
  expect(await left(store)).toEqual(["named/5/teams/7/-3000000003", "named/5/teams/7/-3000000004"]);
  expect(await store.keys("answer/")).toHaveLength(1);
});

test("a name stays, however old, while something waits under the old one", async () => {
  const store = await device({
    "named/5/teams/7/-3000000001": named(-3_000_000_001, OLD),
    "named/5/teams/7/-3000000002": named(-3_000_000_002, OLD),
    "named/5/teams/7/-3000000003": named(-3_000_000_003, OLD),
    "named/5/teams/7/-3000000004": named(-3_000_000_004, OLD),
    "named/5/teams/7/-3000000005": named(-3_000_000_005, OLD),
    "queue/5/teams/7/command/000000000000001-a": { kind: "change", id: "a", task: -3_000_000_001 },
    "queue/5/teams/7/command/000000000000002-b": {
      kind: "move",
      id: "b",
      task: 9,
      place: { status: "todo", before: -3_000_000_002 },
    },
    "queue/5/teams/7/trouble/000000000000003-c": { trouble: { task: -3_000_000_003 } },
    "draft/tab/5/teams/7/-3000000004/comment": { value: "Half", base: "" },
  });
  await sweepNames(store, NOW);
  expect(await left(store)).toEqual([
    "named/5/teams/7/-3000000001",
    "named/5/teams/7/-3000000002",
    "named/5/teams/7/-3000000003",
    "named/5/teams/7/-3000000004",
  ]);
});

/** Guards that what is known of a board's events has no holes, however far back it reaches. */

import { aTask, aTaskEvent } from "../testing/boards";
import { ActivityLog } from "./activity-log";

const event = (seq: number) => aTaskEvent(seq, "Update", aTask({ id: 1 }));
const stretch = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => event(from + index));
/** A server whose log has `head` events. */
const server = (head: number) => (upTo: number, count: number) =>
  Promise.resolve(stretch(Math.max(1, upTo - count + 1), Math.min(upTo, head)));
const range = ({ events }: ActivityLog) => [events[0]?.seq, events.at(-1)?.seq, events.length];

it("who asks further back gets it page by page, up to a thousand events", async () => {
  const log = new ActivityLog();
  const read = server(5_000);
  await log.loadPast((count) => read(5_000, count));
  expect(range(log)).toEqual([4_951, 5_000, 50]);
  const pages: unknown[] = [];
  while (await log.loadOlder(5_000, read)) pages.push(range(log));
  expect(pages[0]).toEqual([4_751, 5_000, 250]);
  expect(pages.at(-1)).toEqual([4_001, 5_000, 1_000]);
  log.add(event(5_001));
  expect(range(log)).toEqual([4_002, 5_001, 1_000]);
});

it("before the first event there is nothing, and without an answer nothing is lost", async () => {
  const log = new ActivityLog();
  expect(await log.loadOlder(3, () => Promise.reject(new Error("offline")))).toBe(false);
  expect(await log.loadOlder(3, server(3))).toBe(true);
  expect(range(log)).toEqual([1, 3, 3]);
  expect(await log.loadOlder(3, server(3))).toBe(false);
});

it("what was missed while the board was read anew is read like the past", async () => {
  const log = new ActivityLog();
  await log.loadPast(() => Promise.resolve([]));
  stretch(1, 5).forEach((each) => log.add(each));
  log.renewed(5);
  expect(range(log)).toEqual([1, 5, 5]);
  log.renewed(9);
  await log.loadPast((count) => server(9)(9, count));
  log.add(event(10));
  expect(range(log)).toEqual([1, 10, 10]);
});

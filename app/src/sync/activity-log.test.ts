/** Guards that what is known of a board's events has no holes, however far back it reaches. */

import * as fc from "fast-check";
import { aTask, aTaskEvent } from "../testing/boards";
import { ActivityLog, FURTHEST } from "./activity-log";
import type { BoardEvent } from "./types";

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
  while (await log.loadOlder(() => 5_000, read)) pages.push(range(log));
  expect(pages[0]).toEqual([4_751, 5_000, 250]);
  expect(pages.at(-1)).toEqual([4_001, 5_000, 1_000]);
  log.add(event(5_001));
  expect(range(log)).toEqual([4_002, 5_001, 1_000]);
});

it("before the first event there is nothing, and without an answer nothing is lost", async () => {
  const log = new ActivityLog();
  expect(
    await log.loadOlder(
      () => 3,
      () => Promise.reject(new Error("offline")),
    ),
  ).toBe(false);
  expect(await log.loadOlder(() => 3, server(3))).toBe(true);
  expect(range(log)).toEqual([1, 3, 3]);
  expect(await log.loadOlder(() => 3, server(3))).toBe(false);
});

it("what was missed while the board was read again is read like the past", async () => {
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

type Step =
  | { readonly do: "happen"; readonly count: number }
  | { readonly do: "renew"; readonly missed: number }
  | { readonly do: "past" }
  | { readonly do: "older" }
  | { readonly do: "answer"; readonly which: number; readonly fails: boolean };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant("happen" as const), count: fc.constantFrom(1, 1, 3, 60, 150) }),
  fc.record({ do: fc.constant("renew" as const), missed: fc.constantFrom(0, 1, 70) }),
  fc.record({ do: fc.constant("past" as const) }),
  fc.record({ do: fc.constant("older" as const) }),
  fc.record({
    do: fc.constant("answer" as const),
    which: fc.nat(3),
    fails: fc.constantFrom(false, false, false, true),
  }),
);

it("whatever comes in while the past is being read, no event is missing or doubled", async () => {
  const steps = fc.array(step, { minLength: 10, maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(0, 30, 2_000), steps, async (begun, steps) => {
      const log = new ActivityLog();
      const asked: { answer: () => void; fail: () => void }[] = [];
      let head = begun;
      const read = (upTo: number, count: number) =>
        new Promise<BoardEvent[]>((resolve, reject) => {
          const answer = () => void server(head)(upTo, count).then(resolve);
          asked.push({ answer, fail: () => reject(new Error("offline")) });
        });
      const past = () => log.loadPast((count) => read(head, count));
      log.renewed(head);
      void past();
      for (const wanted of steps) {
        if (wanted.do === "happen") {
          stretch(head + 1, head + wanted.count).forEach((each) => log.add(each));
          head += wanted.count;
        } else if (wanted.do === "renew") {
          head += wanted.missed;
          log.renewed(head);
          void past();
        } else if (wanted.do === "past") {
          void past();
        } else if (wanted.do === "older") {
          void log.loadOlder(() => head, read);
        } else {
          const [ask] = asked.splice(wanted.which % Math.max(1, asked.length), 1);
          (wanted.fails ? ask?.fail : ask?.answer)?.();
          await new Promise(setImmediate);
        }
        const seqs = log.events.map(({ seq }) => seq);
        const oldest = seqs[0] ?? head + 1;
        expect(seqs).toEqual(Array.from({ length: head + 1 - oldest }, (_, at) => oldest + at));
        expect(seqs.length).toBeLessThanOrEqual(FURTHEST);
      }
    }),
    { numRuns: 300 },
  );
});

it("two concurrent requests for older entries both learn that there was more", async () => {
  const log = new ActivityLog();
  await log.loadPast((count) => server(900)(900, count));
  const ask = () => log.loadOlder(() => 900, server(900));
  expect(await Promise.all([ask(), ask()])).toEqual([true, true]);
  expect(range(log)).toEqual([651, 900, 250]);
});

/** The activity: a page, then the feed from there on; in faked time. */

import type { Activity, ActivityPage } from "../generated/api";
import { parseFrame, type RelayListener } from "../sync";
import { anActivity, anAdminUser } from "../testing/monitoring";
import { RequestError } from "../utilities/request";
import type { ActivityFilter, ActivityQuery } from "../utilities/request-admin";
import { ActivityFeed, MOST_ROWS, passes } from "./activity-feed";

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

class FakeRelay {
  state: "open" | "offline" = "open";
  readonly retryAt = null;
  readonly crowded = false;
  readonly sent: unknown[] = [];
  listener: RelayListener | null = null;

  join(listener: RelayListener): () => void {
    this.listener = listener;
    if (this.state === "open") listener.opened();
    return () => {
      this.listener = null;
    };
  }

  send(message: object): void {
    this.sent.push(message);
  }

  wake = () => undefined;

  says(frame: object): void {
    const parsed = parseFrame(JSON.stringify({ feed: "activity", ...frame }));
    if (parsed !== null) this.listener?.frame(parsed);
  }

  happens(activity: Activity, cursor: string): void {
    this.says({ type: "event", cursor, ...activity });
  }
}

function begin(pages: (query: ActivityQuery) => ActivityPage | Error, filter: ActivityFilter = {}) {
  const asked: ActivityQuery[] = [];
  const relay = new FakeRelay();
  const read = (query: ActivityQuery) => {
    asked.push(query);
    const answer = pages(query);
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  const feed = new ActivityFeed(filter, { read }, relay);
  const stop = feed.start();
  return { feed, relay, asked, stop, seqs: () => feed.view().rows.map(({ seq }) => seq) };
}

const page = (cursor: string, next_after: string | null, ...seqs: number[]): ActivityPage => ({
  items: seqs.map((seq) => anActivity(seq)),
  next_after,
  cursor,
});

test("RT-ACTIVITY: what happens after the page is asked for from where the page ended", async () => {
  const { feed, relay, seqs } = begin(() => page("c3", null, 3, 2, 1));
  await jest.advanceTimersByTimeAsync(0);
  expect(seqs()).toEqual([3, 2, 1]);
  expect(relay.sent).toEqual([{ type: "subscribe", feed: "activity", after: "c3" }]);
  relay.says({ type: "subscribed", cursor: "c3" });
  expect(feed.view().state).toBe("live");
  relay.happens(anActivity(4), "c4");
  relay.happens(anActivity(5), "c5");
  // Well within the second in which it is to be seen.
  await jest.advanceTimersByTimeAsync(200);
  expect(seqs()).toEqual([5, 4, 3, 2, 1]);
  relay.listener?.closed();
  expect(feed.view().state).toBe("offline");
  relay.listener?.opened();
  expect(relay.sent.at(-1)).toEqual({ type: "subscribe", feed: "activity", after: "c5" });
});

test("while it is paused rows stay where they are, and what came is counted", async () => {
  const { feed, relay, seqs } = begin(() => page("c1", null, 1));
  await jest.advanceTimersByTimeAsync(0);
  relay.says({ type: "subscribed", cursor: "c1" });
  feed.pause(true);
  relay.happens(anActivity(2), "c2");
  relay.happens(anActivity(3), "c3");
  await jest.advanceTimersByTimeAsync(200);
  expect([seqs(), feed.view().held]).toEqual([[1], 2]);
  feed.pause(false);
  expect([seqs(), feed.view().held]).toEqual([[3, 2, 1], 0]);
});

test("older pages come behind, over empty ones, until there are none", async () => {
  const pages: Record<string, ActivityPage> = {
    "": page("c9", "a", 9, 8),
    a: page("-", "b"),
    b: page("-", null, 7),
  };
  const { feed, asked, seqs } = begin(({ after = "" }) => pages[after] ?? page("-", null));
  await jest.advanceTimersByTimeAsync(0);
  expect(feed.view().more).toBe(true);
  await feed.readOlder();
  expect([seqs(), feed.view().more]).toEqual([[9, 8, 7], false]);
  expect(asked.map(({ after, order, limit }) => [after, order, limit])).toEqual([
    [undefined, "newest", 50],
    ["a", "newest", 50],
    ["b", "newest", 50],
  ]);
});

test("what an earlier subscription still says does not count", async () => {
  const { relay, seqs } = begin(() => page("c1", null, 1));
  relay.happens(anActivity(7), "c7");
  await jest.advanceTimersByTimeAsync(200);
  expect(seqs()).toEqual([1]);
  expect(relay.sent).toEqual([{ type: "subscribe", feed: "activity", after: "c1" }]);
});

test("rows beyond the most are let go, and are there again when they are asked for", async () => {
  const { feed, relay, seqs } = begin(() => page("c1", null, 1));
  await jest.advanceTimersByTimeAsync(0);
  relay.says({ type: "subscribed", cursor: "c1" });
  for (let seq = 2; seq <= MOST_ROWS + 2; seq += 1) {
    relay.happens(anActivity(seq), `c${seq}`);
    if (seq === MOST_ROWS) await jest.advanceTimersByTimeAsync(200);
  }
  await jest.advanceTimersByTimeAsync(200);
  expect([seqs().length, seqs()[0], feed.view().more]).toEqual([MOST_ROWS, MOST_ROWS + 2, true]);
  await feed.readOlder();
  expect(seqs()).toEqual([1]);
});

test("reading older entries keeps what was read, and continues from there, whatever happens in the meantime", async () => {
  const PAGE = 50;
  const oldest = 9_000;
  let next = 10_001;
  const pages = ({ after, limit = PAGE }: ActivityQuery) => {
    const from = after === undefined ? next - 1 : Number(after);
    const seqs = Array.from({ length: limit }, (_, index) => from - index);
    return page("c", String(from - limit), ...seqs);
  };
  const { feed, relay, seqs } = begin(pages);
  await jest.advanceTimersByTimeAsync(0);
  relay.says({ type: "subscribed", cursor: "c" });
  const happens = async (count: number) => {
    for (const end = next + count; next < end; next += 1)
      relay.happens(anActivity(next), `c${next}`);
    await jest.advanceTimersByTimeAsync(200);
  };
  const isWhole = () => seqs().every((seq, index) => seq === (seqs()[0] ?? 0) - index);
  while ((seqs().at(-1) ?? 0) > oldest) {
    const before = seqs().at(-1) ?? 0;
    await happens(40);
    await feed.readOlder();
    expect(seqs().at(-1)).toBe(before - PAGE);
  }
  expect(isWhole()).toBe(true);
  // Without reading further the newest are shown, and only a limited number is kept.
  for (let times = 0; times < 20; times += 1) await happens(100);
  expect([isWhole(), feed.view().more, seqs()[0]]).toEqual([true, true, next - 1]);
  const kept = seqs().at(-1) ?? 0;
  await feed.readOlder();
  expect(isWhole()).toBe(true);
  expect(seqs().at(-1)).toBeLessThan(kept);
});

test("what happens while older ones are read leaves no hole", async () => {
  const asked: ((page: ActivityPage) => void)[] = [];
  const relay = new FakeRelay();
  const read = () => new Promise<ActivityPage>((resolve) => asked.push(resolve));
  const feed = new ActivityFeed({}, { read }, relay);
  feed.start();
  asked.shift()?.(page("c1", null, 1));
  await jest.advanceTimersByTimeAsync(0);
  relay.says({ type: "subscribed", cursor: "c1" });
  const happen = async (from: number, to: number) => {
    for (let seq = from; seq <= to; seq += 1) relay.happens(anActivity(seq), `c${seq}`);
    await jest.advanceTimersByTimeAsync(200);
  };
  await happen(2, 400);
  await happen(401, MOST_ROWS + 2);
  const older = feed.readOlder();
  await happen(MOST_ROWS + 3, MOST_ROWS + 10);
  asked.shift()?.(page("c", null, ...Array.from({ length: 502 }, (_, index) => 502 - index)));
  await older;
  const seqs = feed.view().rows.map(({ seq }) => seq);
  expect(seqs).toEqual(
    Array.from({ length: MOST_ROWS + 10 }, (_, index) => MOST_ROWS + 10 - index),
  );
});

test("more than are kept while it is paused are counted, and read again when it continues", async () => {
  let newest = 1;
  const { feed, relay, seqs } = begin(() => page(`c${newest}`, null, newest));
  await jest.advanceTimersByTimeAsync(0);
  relay.says({ type: "subscribed", cursor: "c1" });
  feed.pause(true);
  for (; newest <= MOST_ROWS + 100; newest += 1)
    relay.happens(anActivity(newest + 1), `c${newest}`);
  await jest.advanceTimersByTimeAsync(200);
  expect(feed.view().held).toBe(MOST_ROWS + 100);
  feed.pause(false);
  await jest.advanceTimersByTimeAsync(0);
  expect([seqs(), feed.view().held]).toEqual([[newest], 0]);
});

test("a page that was refused is not asked for again", async () => {
  const refusal = new RequestError(422, {});
  const { feed, asked } = begin(() => refusal);
  await jest.advanceTimersByTimeAsync(60_000);
  expect([asked.length, feed.view().error]).toEqual([1, refusal]);
});

test("a page that fails says why and is tried again", async () => {
  let fails = true;
  const { feed, seqs } = begin(() => (fails ? new Error("away") : page("c1", null, 1)));
  await jest.advanceTimersByTimeAsync(0);
  expect(feed.view()).toMatchObject({ loading: false, error: new Error("away") });
  fails = false;
  await jest.advanceTimersByTimeAsync(60_000);
  expect([seqs(), feed.view().error]).toEqual([[1], null]);
});

test("RT-ACTIVITY: after a reset the pages are read again; a former admin is told so", async () => {
  let cursor = "c1";
  const { feed, relay, asked } = begin(() => page(cursor, null, 1));
  await jest.advanceTimersByTimeAsync(0);
  relay.says({ type: "subscribed", cursor });
  cursor = "d1";
  relay.says({ type: "reset", reason: "epoch" });
  await jest.advanceTimersByTimeAsync(0);
  expect(asked).toHaveLength(2);
  expect(relay.sent.at(-1)).toMatchObject({ after: "d1" });
  relay.says({ type: "unsubscribed", reason: "removed" });
  expect(feed.view().state).toBe("removed");
});

test("RT-ACTIVITY: a user who is not an admin is rejected, and is told so", async () => {
  const { feed, relay } = begin(() => page("c1", null, 1));
  await jest.advanceTimersByTimeAsync(0);
  const refusal = { type: "error", code: "not-found", detail: "There is no such feed." };
  const frame = parseFrame(JSON.stringify(refusal));
  if (frame !== null) relay.listener?.frame(frame);
  expect(feed.view().state).toBe("removed");
});

test("leaving ends the feed, and nothing is shown any more", async () => {
  const { relay, stop, seqs } = begin(() => page("c1", null, 1));
  await jest.advanceTimersByTimeAsync(0);
  relay.says({ type: "subscribed", cursor: "c1" });
  relay.happens(anActivity(2), "c2");
  stop();
  await jest.advanceTimersByTimeAsync(1_000);
  expect(relay.sent.at(-1)).toEqual({ type: "unsubscribe", feed: "activity" });
  expect([relay.listener, seqs()]).toEqual([null, [1]]);
});

test("what happens is filtered here as the server filters its pages", () => {
  const added = anActivity(1, "Grace");
  const changed: Activity = {
    seq: 1,
    action: "Update",
    entity: "user",
    user: anAdminUser("bob"),
    changes: { disabled: [false, true] },
    actor: { id: 1, username: "ada" },
    timestamp: "2026-11-29T10:00:00.000Z",
  };
  const both = (filter: ActivityFilter) => [added, changed].map((each) => passes(each, filter));
  expect(both({})).toEqual([true, true]);
  expect(both({ user: "grace" })).toEqual([true, false]);
  expect(both({ board: "7" })).toEqual([true, false]);
  expect(both({ action: "Update" })).toEqual([false, true]);
  expect(both({ entity: "user" })).toEqual([false, true]);
  expect(both({ from: "2026-11-29T11:00:00+01:00" })).toEqual([false, true]);
  expect(both({ to: "2026-11-29T10:00:00.000Z" })).toEqual([true, false]);
});

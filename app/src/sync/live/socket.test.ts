/** The connection over a stand-in for WebSocket, in faked time. */

import type { RelayListener } from "../ports";
import { RelayConnection } from "./socket";
import { retryDelay } from "../../utilities/backoff";
import * as wake from "../../utilities/wake";
import type { Frame } from "./frames";

class FakeSocket {
  static readonly all: FakeSocket[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  onerror: (() => void) | null = null;
  readonly sent: unknown[] = [];
  closed = false;
  /** As WebSocket counts: 0 connecting, 1 open, 3 closed. */
  readyState = 0;

  constructor(readonly address: string) {
    FakeSocket.all.push(this);
  }

  send(text: string): void {
    if (this.readyState === 0) {
      throw new DOMException("Still in CONNECTING state", "InvalidStateError");
    }
    this.sent.push(JSON.parse(text));
  }

  close(): void {
    this.closed = true;
  }

  says(frame: object): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }

  opens(): void {
    this.readyState = 1;
    this.onopen?.();
  }

  welcome(): void {
    this.opens();
    this.says({ type: "welcome", protocol: 1, heartbeat_ms: 1000, reconnect_jitter_ms: 4000 });
  }
}

const latest = () => {
  const socket = FakeSocket.all.at(-1);
  if (socket === undefined) {
    throw new Error("no socket was opened");
  }
  return socket;
};

function listener(): RelayListener & { opens: number; closes: number; frames: Frame[] } {
  const heard = {
    opens: 0,
    closes: 0,
    frames: [] as Frame[],
    opened: () => void (heard.opens += 1),
    closed: () => void (heard.closes += 1),
    frame: (frame: Frame) => void heard.frames.push(frame),
    stateChanged: () => undefined,
  };
  return heard;
}

let unauthorized = 0;
let relay: RelayConnection;
const pass = (milliseconds: number) => jest.advanceTimersByTimeAsync(milliseconds);

function connection(token: () => string | null = () => null): RelayConnection {
  return new RelayConnection({
    address: () => Promise.resolve("ws://relay/ws"),
    token,
    unauthorized: () => void (unauthorized += 1),
    device: wake,
    // A stand-in has the part of a WebSocket that is used.
    open: (address) => new FakeSocket(address) as unknown as WebSocket,
    random: () => 0.5,
  });
}

beforeEach(() => {
  jest.useFakeTimers();
  FakeSocket.all.length = 0;
  unauthorized = 0;
  relay = connection();
});

afterEach(() => jest.useRealTimers());

test("one socket serves all listeners, opens with the first and closes with the last", async () => {
  const [one, other] = [listener(), listener()];
  const leaveOne = relay.join(one);
  await pass(0);
  latest().welcome();
  const leaveOther = relay.join(other);
  expect([FakeSocket.all.length, one.opens, other.opens]).toEqual([1, 1, 1]);
  latest().says({ type: "heartbeat", heads: { 7: 3 } });
  expect([one.frames, other.frames]).toEqual([
    [{ type: "heartbeat", heads: { "7": 3 } }],
    [{ type: "heartbeat", heads: { "7": 3 } }],
  ]);
  leaveOne();
  expect(latest().closed).toBe(false);
  leaveOther();
  expect([latest().closed, relay.state]).toEqual([true, "idle"]);
});

test("RT-HANDSHAKE: a phone's first message is `auth`; a browser says nothing", async () => {
  const phone = connection(() => "t0ken");
  const leave = phone.join(listener());
  await pass(0);
  latest().opens();
  expect(latest().sent).toEqual([{ type: "auth", token: "t0ken" }]);
  leave();
  relay.join(listener());
  await pass(0);
  latest().welcome();
  expect(latest().sent).toEqual([]);
});

test("nothing is sent before the welcome", async () => {
  relay.join(listener());
  await pass(0);
  relay.send({ type: "ping" });
  latest().welcome();
  relay.send({ type: "subscribe", board: 7 });
  expect(latest().sent).toEqual([{ type: "subscribe", board: 7 }]);
});

test("a lost socket comes back by itself, later each time, and says when", async () => {
  const heard = listener();
  relay.join(heard);
  await pass(0);
  latest().welcome();
  const waits: number[] = [];
  for (let attempt = 0; attempt < 4; attempt += 1) {
    latest().onclose?.({ code: 1006 });
    waits.push((relay.retryAt ?? 0) - Date.now());
    expect(relay.state).toBe("offline");
    await pass(waits.at(-1) ?? 0);
    expect(FakeSocket.all).toHaveLength(attempt + 2);
  }
  expect(waits).toEqual([...waits].sort((a, b) => a - b));
  expect(new Set(waits).size).toBe(4);
  expect(heard.closes).toBe(1);
  latest().welcome();
  expect([heard.opens, relay.state]).toEqual([2, "open"]);
});

test("CLOSE-1012: spreads the return over the jitter that the relay asked for", async () => {
  relay.join(listener());
  await pass(0);
  latest().welcome();
  latest().onclose?.({ code: 1012 });
  expect((relay.retryAt ?? 0) - Date.now()).toBe(2_100);
});

test("CLOSE-4400: stops for good", async () => {
  relay.join(listener());
  await pass(0);
  latest().welcome();
  latest().onclose?.({ code: 4400 });
  relay.wake();
  await pass(60_000);
  expect([relay.state, FakeSocket.all.length]).toEqual(["stopped", 1]);
});

test("CLOSE-4409: says that there are too many connections until one is taken, or something else is wrong", async () => {
  relay.join(listener());
  await pass(0);
  for (const done of [() => latest().welcome(), () => latest().onclose?.({ code: 1006 })]) {
    latest().opens();
    latest().onclose?.({ code: 4409 });
    expect([relay.state, relay.crowded]).toEqual(["offline", true]);
    // There is time to close another tab; trying again is no news.
    const wait = (relay.retryAt ?? 0) - Date.now();
    expect(wait).toBeGreaterThan(10_000);
    await pass(wait);
    expect([relay.state, relay.crowded]).toEqual(["connecting", true]);
    done();
    expect(relay.crowded).toBe(false);
  }
});

test("CLOSE-4401: waits for a login, and connects when there is one", async () => {
  relay.join(listener());
  await pass(0);
  latest().onclose?.({ code: 4401 });
  await pass(60_000);
  expect([relay.state, relay.retryAt, unauthorized]).toEqual(["offline", null, 1]);
  expect(FakeSocket.all).toHaveLength(1);
  relay.wake();
  await pass(0);
  expect(FakeSocket.all).toHaveLength(2);
});

test("RT8: ten seconds after a heartbeat was due the connection counts as dead", async () => {
  relay.join(listener());
  await pass(0);
  latest().welcome();
  const first = latest();
  await pass(900);
  first.says({ type: "heartbeat", heads: {} });
  await pass(3_000);
  expect(first.sent).toEqual([{ type: "ping" }]);
  first.says({ type: "pong" });
  // The heartbeat of this relay is a second.
  await pass(10_900);
  expect(relay.state).toBe("open");
  await pass(100);
  expect([relay.state, first.closed]).toEqual(["offline", true]);
});

test("a socket that never gets a welcome is given up", async () => {
  relay.join(listener());
  await pass(0);
  latest().opens();
  await pass(10_000);
  expect([relay.state, latest().closed]).toEqual(["offline", true]);
});

test("what is not of the protocol is passed over", async () => {
  const heard = listener();
  relay.join(heard);
  await pass(0);
  latest().welcome();
  latest().onmessage?.({ data: "{" });
  latest().says({ type: "news" });
  latest().says({ type: "event", board: 7 });
  expect(heard.frames).toEqual([]);
});

test("the delay grows to a bound, and never is nothing", () => {
  expect(retryDelay(0, () => 0)).toBe(100);
  expect(retryDelay(3, () => 1)).toBe(2_500);
  expect(retryDelay(1000, () => 1)).toBe(15_100);
  expect(retryDelay(0, () => 1, 4_000)).toBe(4_100);
});

test("RT-TOKEN: before a token expires a newer one is sent over the open socket, the same one is not", async () => {
  let token = "old";
  const phone = connection(() => token);
  const heard = listener();
  phone.join(heard);
  await pass(0);
  latest().welcome();
  latest().says({ type: "token-expiring", at: "2026-01-01T00:00:00.000Z" });
  expect(latest().sent).toEqual([{ type: "auth", token: "old" }]);
  token = "new";
  latest().says({ type: "token-expiring", at: "2026-01-01T00:00:00.000Z" });
  latest().says({ type: "token-expiring", at: "2026-01-01T00:00:00.000Z" });
  expect(latest().sent).toEqual([
    { type: "auth", token: "old" },
    { type: "auth", token: "new" },
  ]);
  expect([phone.state, heard.closes]).toEqual(["open", 0]);
});

test("a page that comes back from the browser's memory with a closed socket connects at once", async () => {
  const heard = listener();
  relay.join(heard);
  await pass(0);
  latest().welcome();
  // No event reports it: the page was frozen when it happened.
  latest().readyState = 3;
  relay.wake();
  await pass(0);
  expect([FakeSocket.all.length, heard.closes, relay.state]).toEqual([2, 1, "connecting"]);
  latest().welcome();
  expect([heard.opens, relay.state]).toEqual([2, "open"]);
});

test("a socket that died while the device slept is noticed soon after it wakes", async () => {
  relay.join(listener());
  await pass(0);
  latest().welcome();
  // Timers are still in sleep; the clock does not.
  jest.setSystemTime(Date.now() + 3_600_000);
  relay.wake();
  expect(latest().sent).toEqual([{ type: "ping" }]);
  await pass(8_000);
  expect(relay.state).toBe("offline");
});

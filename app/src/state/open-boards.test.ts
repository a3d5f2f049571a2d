/** Which boards are open, for how long and for whom, against a stand-in for the server and the relay. */

import { type FakeAnswer, fakeApi, problem, user } from "../testing/fake-api";
import { EPOCH, MOMENT, aMember, aTask } from "../testing/boards";
import { settings } from "../utilities/request";
import { deviceStorage } from "../utilities/storage";
import { boardCache } from "./board-cache";
import { holdBoard, openBoard, relayOf, sendWaiting } from "./open-boards";
import { useSession } from "./session";
import type { BoardAddress } from "../sync";

const SERVER = "http://boards.example";
const SEVEN: BoardAddress = { mode: "teams", id: 7 };
const LINGER = 30_000;
const ada = { ...user("ada"), id: 1 };
const grace = { ...user("grace"), id: 2 };
const pass = (milliseconds = 1_000) => jest.advanceTimersByTimeAsync(milliseconds);

/** A relay that welcomes everybody and sends nothing more until asked to. */
class FakeSocket {
  static all: FakeSocket[] = [];
  /** As WebSocket counts: 0 connecting, 1 open. */
  readyState = 0;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  readonly sent: { readonly type: string; readonly board?: number }[] = [];
  closed = false;

  constructor(readonly address: string) {
    FakeSocket.all.push(this);
    setTimeout(() => {
      this.readyState = 1;
      this.onopen?.();
      this.onmessage?.({ data: JSON.stringify({ type: "welcome", heartbeat_ms: 600_000 }) });
    });
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
}

function wireBoard(id: number): FakeAnswer {
  const { waiting: _, ...task } = aTask({ id: 1, board_id: id });
  const told = { id, epoch: EPOCH, name: `Board ${id}`, description: "", role: "owner" };
  const columns = [{ key: "todo", name: "To do", wip_limit: null }];
  const times = { created_at: MOMENT, updated_at: MOMENT };
  const counts = { seq: 3, version: 1, archived: false };
  const inside = { tasks: [task], members: [aMember(1, "ada", "owner")] };
  return { body: { ...told, columns, ...times, ...counts, ...inside } };
}

/** What the server answers, by method and path; what is not here is 404. */
let answers: Record<string, FakeAnswer | null>;
let asked: { readonly method: string; readonly path: string }[];
const patches = () => asked.filter(({ method }) => method === "PATCH").map(({ path }) => path);
const held: (() => void)[] = [];
const hold = (address: BoardAddress) => {
  const release = holdBoard(address);
  held.push(release);
  return release;
};
const logIn = (who: typeof ada | null) =>
  useSession.setState({ user: who, status: who === null ? "guest" : "known" });

beforeEach(async () => {
  jest.useFakeTimers();
  Object.assign(globalThis, { WebSocket: FakeSocket });
  FakeSocket.all = [];
  settings.server = SERVER;
  answers = {
    [`GET ${SERVER}/config.json`]: { body: { relay_url: "" } },
    [`GET ${SERVER}/api/boards/7`]: wireBoard(7),
    [`GET ${SERVER}/api/boards/8`]: wireBoard(8),
    [`GET ${SERVER}/api/boards/7/events`]: { body: { items: [], next_after: null } },
    [`GET ${SERVER}/api/boards/8/events`]: { body: { items: [], next_after: null } },
  };
  ({ asked } = fakeApi(new Proxy({}, { get: (_, route: string) => () => answerOf(route) })));
  logIn(ada);
});

function answerOf(route: string): FakeAnswer | null {
  const { user } = useSession.getState();
  if (route in answers) return answers[route] ?? null;
  return route === `GET ${SERVER}/api/auth/me` && user !== null
    ? { body: user }
    : problem(404, "not-found", "Unknown.");
}

afterEach(async () => {
  held.splice(0).forEach((release) => release());
  for (const key of await deviceStorage.keys("")) {
    await deviceStorage.remove(key);
  }
  answers = {};
  await pass(3 * LINGER);
  logIn(null);
  await pass(3 * LINGER);
  jest.useRealTimers();
});

test("a board is one instance however many screens show it, and stays while one does", async () => {
  const first = hold(SEVEN);
  const second = hold(SEVEN);
  const board = openBoard(SEVEN);
  await pass();
  expect(board.status()).toEqual({ status: "ready", from: "server" });
  expect(openBoard(SEVEN)).toBe(board);
  expect(FakeSocket.all).toHaveLength(1);
  first();
  await pass(2 * LINGER);
  expect(openBoard(SEVEN)).toBe(board);
  second();
});

test("a board that nobody looks at is followed for a while, then closed", async () => {
  const release = hold(SEVEN);
  const board = openBoard(SEVEN);
  await pass();
  release();
  await pass(LINGER - 5_000);
  expect(openBoard(SEVEN)).toBe(board);
  await pass(10_000);
  expect(FakeSocket.all[0]?.sent.at(-1)).toEqual({ type: "unsubscribe", board: 7 });
  expect(FakeSocket.all[0]?.closed).toBe(true);
  expect(openBoard(SEVEN)).not.toBe(board);
});

test("coming back in time finds the board as it was", async () => {
  const release = hold(SEVEN);
  const board = openBoard(SEVEN);
  await pass();
  release();
  await pass(LINGER - 5_000);
  hold(SEVEN);
  await pass(2 * LINGER);
  expect(openBoard(SEVEN)).toBe(board);
});

test("a board that was gone is begun again when it is opened again, however soon, and whatever else shows it", async () => {
  hold(SEVEN);
  const there = answers[`GET ${SERVER}/api/boards/7`] ?? null;
  await pass();
  for (const isOpen of [true, false]) {
    delete answers[`GET ${SERVER}/api/boards/7`];
    FakeSocket.all[0]?.onmessage?.({
      data: JSON.stringify({ type: "unsubscribed", board: 7, reason: "removed" }),
    });
    expect(openBoard(SEVEN).status()).toEqual({ status: "gone", reason: "removed" });
    await pass();
    if (!isOpen) held.splice(0).forEach((release) => release());
    answers[`GET ${SERVER}/api/boards/7`] = there;
    hold(SEVEN);
    expect(openBoard(SEVEN).status()).toEqual({ status: "loading" });
    await pass();
    expect(openBoard(SEVEN).status()).toEqual({ status: "ready", from: "server" });
  }
});

test("a board with something to send stays open until it is sent", async () => {
  const release = hold(SEVEN);
  const board = openBoard(SEVEN);
  await pass();
  answers[`PATCH ${SERVER}/api/boards/7/tasks/1`] = null;
  board.changeTask(1, { title: "Uno" });
  release();
  await pass(4 * LINGER);
  expect(openBoard(SEVEN)).toBe(board);
  const { waiting: _, ...sent } = aTask({ id: 1, title: "Uno", version: 2 });
  answers[`PATCH ${SERVER}/api/boards/7/tasks/1`] = { body: sent };
  await pass(2 * LINGER);
  expect(board.waiting()).toBe(0);
  expect(openBoard(SEVEN)).not.toBe(board);
});

test("another user's board is another board; who logs out leaves no copy behind, but what waits", async () => {
  hold(SEVEN);
  const board = openBoard(SEVEN);
  await pass(5_000);
  expect(await boardCache.boards.load("1/teams/7")).not.toBeNull();
  answers[`PATCH ${SERVER}/api/boards/7/tasks/1`] = null;
  await deviceStorage.set("answer/1/teams/7/task/1", "{}");
  board.changeTask(1, { title: "Uno" });
  await pass();
  logIn(null);
  await pass();
  expect(await boardCache.boards.load("1/teams/7")).toBeNull();
  expect(await deviceStorage.keys("answer/")).toEqual([]);
  expect(await deviceStorage.keys("queue/1/teams/7/")).toHaveLength(1);

  const before = patches().length;
  logIn(grace);
  hold(SEVEN);
  const theirs = openBoard(SEVEN);
  await pass(5_000);
  expect(theirs).not.toBe(board);
  expect([theirs.waiting(), theirs.task(1)?.title]).toEqual([0, "Task 1"]);
  expect(patches()).toHaveLength(before);
});

test("what is answered after a logout leaves nothing of the board behind", async () => {
  hold(SEVEN);
  await pass(5_000);
  const fetch = settings.fetch;
  let answer = (): void => undefined;
  settings.fetch = async (input, init) => {
    if (init.method === "PATCH") await new Promise<void>((resolve) => (answer = resolve));
    return fetch(input, init);
  };
  const { waiting: _, ...sent } = aTask({ id: 1, title: "Uno", version: 2 });
  answers[`PATCH ${SERVER}/api/boards/7/tasks/1`] = { body: sent };
  openBoard(SEVEN).changeTask(1, { title: "Uno" });
  await pass();
  logIn(null);
  await pass();
  answer();
  await pass(2 * LINGER);
  expect(patches()).toHaveLength(1);
  expect(await boardCache.boards.load("1/teams/7")).toBeNull();
  expect(await deviceStorage.keys("answer/")).toEqual([]);
});

test("what waits is sent when its user is there again, though no screen shows the board", async () => {
  const release = hold(SEVEN);
  await pass();
  answers[`PATCH ${SERVER}/api/boards/7/tasks/1`] = null;
  openBoard(SEVEN).changeTask(1, { title: "Uno" });
  await pass();
  release();
  logIn(null);
  await pass(2 * LINGER);
  const { waiting: _, ...sent } = aTask({ id: 1, title: "Uno", version: 2 });
  answers[`PATCH ${SERVER}/api/boards/7/tasks/1`] = { body: sent };
  logIn(grace);
  await sendWaiting();
  await pass(5_000);
  expect(await deviceStorage.keys("queue/1/teams/7/")).toHaveLength(1);
  logIn(null);
  logIn(ada);
  await pass(5_000);
  expect(await deviceStorage.keys("queue/")).toEqual([]);
});

describe("in a browser, whose cookie may be another user's by now", () => {
  let days = 0;
  beforeEach(async () => {
    // What the server said in an earlier test is of an earlier day.
    days += 1;
    jest.setSystemTime(Date.now() + days * 24 * 3_600_000);
    hold(SEVEN);
    await pass(20_000);
  });

  test("what one user changed is never sent as another: the session is the other's from then on", async () => {
    answers[`GET ${SERVER}/api/auth/me`] = { body: grace };
    openBoard(SEVEN).changeTask(1, { title: "Uno" });
    await pass(60_000);
    expect(patches()).toEqual([]);
    expect(useSession.getState()).toMatchObject({ status: "known", user: grace });
    expect(await deviceStorage.keys("queue/1/teams/7/command/")).toHaveLength(1);
    const { waiting: _, ...sent } = aTask({ id: 1, title: "Uno", version: 2 });
    answers[`PATCH ${SERVER}/api/boards/7/tasks/1`] = { body: sent };
    answers[`GET ${SERVER}/api/auth/me`] = { body: ada };
    logIn(ada);
    await pass(60_000);
    expect(patches()).toHaveLength(1);
    expect(await deviceStorage.keys("queue/")).toEqual([]);
  });

  test("nothing is sent without a valid login; it continues with one", async () => {
    const { waiting: _, ...sent } = aTask({ id: 1, title: "Uno", version: 2 });
    answers[`PATCH ${SERVER}/api/boards/7/tasks/1`] = { body: sent };
    answers[`GET ${SERVER}/api/auth/me`] = problem(503, "unavailable", "PostgreSQL is away.");
    openBoard(SEVEN).changeTask(1, { title: "Uno" });
    await pass(60_000);
    expect([patches(), openBoard(SEVEN).waiting()]).toEqual([[], 1]);
    answers[`GET ${SERVER}/api/auth/me`] = { body: ada };
    await pass(60_000);
    expect([patches().length, openBoard(SEVEN).waiting()]).toEqual([1, 0]);
  });
});

test("boards of one mode share one socket, at the address that the server gives", async () => {
  answers[`GET ${SERVER}/config.json`] = { body: { relay_url: ":3001" } };
  hold(SEVEN);
  hold({ mode: "teams", id: 8 });
  await pass();
  expect(FakeSocket.all.map(({ address }) => address)).toEqual(["ws://boards.example:3001/ws"]);
  expect(relayOf("teams")).toBe(relayOf("teams"));
  const subscribed = FakeSocket.all[0]?.sent.filter(({ type }) => type === "subscribe");
  expect(subscribed?.map(({ board }) => board).sort()).toEqual([7, 8]);
});

describe("CLOSE-4401: what a user who has to log in sees", () => {
  const refuse = () => FakeSocket.all.at(-1)?.onclose?.({ code: 4401 });

  test("a login that the server does not know any more has expired", async () => {
    hold(SEVEN);
    await pass();
    // So it answers `?optional=true` where nobody is logged in.
    answers[`GET ${SERVER}/api/auth/me`] = { status: 204 };
    refuse();
    await pass(60_000);
    expect(useSession.getState().status).toBe("expired");
    expect(FakeSocket.all).toHaveLength(1);
  });

  test("a login that was renewed elsewhere counts: the relay is asked with the new one", async () => {
    hold(SEVEN);
    await pass();
    answers[`GET ${SERVER}/api/auth/me`] = { body: ada };
    refuse();
    await pass(5_000);
    expect(useSession.getState().status).toBe("known");
    expect(FakeSocket.all).toHaveLength(2);
  });

  test.each([
    ["answers 503", problem(503, "unavailable", "PostgreSQL is away.")],
    ["cannot be reached", null],
  ])("a refusal ends no login while the server %s: only its own 401 does", async (_, answer) => {
    hold(SEVEN);
    await pass();
    answers[`GET ${SERVER}/api/auth/me`] = answer;
    refuse();
    await pass(20_000);
    expect(useSession.getState()).toMatchObject({ status: "known", user: ada });
    expect(openBoard(SEVEN).status().status).toBe("ready");
    expect(FakeSocket.all).toHaveLength(2);
  });

  test("a relay that refuses what the server accepts is asked again, but not without a pause", async () => {
    hold(SEVEN);
    await pass();
    answers[`GET ${SERVER}/api/auth/me`] = { body: ada };
    for (let second = 0; second < 60; second += 1) {
      refuse();
      await pass(1_000);
    }
    expect(useSession.getState().status).toBe("known");
    expect(FakeSocket.all.length).toBeGreaterThan(2);
    // Once in three seconds at most.
    expect(FakeSocket.all.length).toBeLessThanOrEqual(21);
  });
});

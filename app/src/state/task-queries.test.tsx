/** What is said of tasks, with and without a network. */

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook, waitFor } from "@testing-library/react-native";
import type { ReactNode } from "react";
import type { Event } from "../generated/api";
import { MOMENT, aTask, aTaskEvent } from "../testing/boards";
import { type FakeRoutes, fakeApi, user } from "../testing/fake-api";
import { FakeBoard } from "../testing/fake-board";
import { boardCache } from "./board-cache";
import { useSession } from "./session";
import { useComments, useTaskHistory } from "./task-queries";
import type { Comment } from "../sync";

const COMMENTS = "GET /api/boards/7/tasks/1/comments";
const HISTORY = "GET /api/boards/7/tasks/1/events";
/** Reading is tried more than once. */
const PATIENT = { timeout: 15_000 };
const comment = (id: number, body: string): Comment => ({
  id,
  board_id: 7,
  task_id: 1,
  body,
  created_by: "grace",
  version: 1,
  created_at: MOMENT,
  updated_at: MOMENT,
});
const page = <T,>(...items: readonly T[]) => ({ body: { items, next_cursor: null } });
const event: Event = aTaskEvent(4, "Update", aTask({ id: 1 }));

beforeEach(async () => {
  await boardCache.forgetAll("");
  useSession.setState({ status: "known", user: user("ada") });
});

/** What a page shows that was just loaded: nothing is left of the one before but the device. */
function onNewPage<T>(board: FakeBoard, routes: FakeRoutes, hook: () => T) {
  const { asked } = fakeApi(routes);
  const queries = { retry: false, gcTime: Infinity, networkMode: "always" as const };
  const client = new QueryClient({ defaultOptions: { queries } });
  const wrapper = ({ children }: { readonly children: ReactNode }) => (
    <QueryClientProvider client={client}>{children}</QueryClientProvider>
  );
  return { ...renderHook(hook, { wrapper }), asked, board };
}

const aBoard = () => new FakeBoard([aTask({ id: 1, title: "Pack" })]);
const withComments = (board: FakeBoard, routes: FakeRoutes) =>
  onNewPage(board, routes, () => useComments(board, 1));
const withHistory = (board: FakeBoard, routes: FakeRoutes) =>
  onNewPage(board, routes, () => useTaskHistory(board, 1));
const settle = () => act(() => new Promise((resolve) => setTimeout(resolve, 20)));

async function seen(): Promise<void> {
  const first = withComments(aBoard(), { [COMMENTS]: page(comment(1, "One"), comment(2, "Two")) });
  await waitFor(() => expect(first.result.current.comments).toHaveLength(2));
  expect(first.result.current.fromDevice).toBe(false);
  await settle();
  first.unmount();
}

test("comments that were seen are shown without a network, and said to be from the device", async () => {
  await seen();
  const { result } = withComments(aBoard(), { [COMMENTS]: null });
  await waitFor(() =>
    expect(result.current.comments.map(({ body }) => body)).toEqual(["One", "Two"]),
  );
  expect(result.current).toMatchObject({ fromDevice: true, isPending: false });
});

test("the server's comments take the place of the device's", async () => {
  await seen();
  const { result } = withComments(aBoard(), { [COMMENTS]: page(comment(3, "Three")) });
  await waitFor(() => expect(result.current.comments.map(({ body }) => body)).toEqual(["Three"]));
  expect(result.current.fromDevice).toBe(false);
});

test("an own comment that waits is under those of the device, marked as waiting", async () => {
  await seen();
  const board = aBoard();
  const begun = { id: "a", at: 1, sent: false, epoch: null, subject: "Pack" };
  board.tell({ queued: [{ ...begun, kind: "comment-add", task: 1, body: "Offline" }] });
  const { result } = withComments(board, { [COMMENTS]: null });
  await waitFor(() => expect(result.current.comments).toHaveLength(3));
  expect(result.current.comments[2]).toMatchObject({ body: "Offline", waiting: true });
});

test("an own comment that was sent while no events come is read from the server", async () => {
  const board = aBoard();
  const begun = { id: "a", at: 1, sent: false, epoch: null, subject: "Pack" };
  board.tell({
    connection: { state: "offline", retryAt: null },
    queued: [{ ...begun, kind: "comment-add", task: 1, body: "Mine" }],
  });
  let all = [comment(1, "One")];
  const { result } = withComments(board, { [COMMENTS]: () => page(...all) });
  await waitFor(() => expect(result.current.comments).toHaveLength(2));
  all = [...all, comment(2, "Mine")];
  act(() => board.tell({ queued: [] }));
  await waitFor(() =>
    expect(result.current.comments).toMatchObject([{ id: 1 }, { id: 2, waiting: false }]),
  );
});

test("nobody sees what was cached for another user, nor after the board is removed", async () => {
  await seen();
  useSession.setState({ user: { ...user("ada"), id: 99 } });
  const other = withComments(aBoard(), { [COMMENTS]: null });
  await waitFor(() => expect(other.result.current.error).not.toBeNull(), PATIENT);
  await settle();
  expect(other.result.current).toMatchObject({ comments: [], fromDevice: false });
  other.unmount();

  useSession.setState({ user: user("ada") });
  await boardCache.forget(`${user("ada").id}/teams/7`);
  const gone = withComments(aBoard(), { [COMMENTS]: null });
  await waitFor(() => expect(gone.result.current.error).not.toBeNull(), PATIENT);
  expect(gone.result.current.comments).toEqual([]);
});

test("comments that could not be read are read as soon as the board is live again", async () => {
  const board = aBoard();
  board.tell({ connection: { state: "offline", retryAt: null } });
  let network = false;
  const { result } = withComments(board, {
    [COMMENTS]: () => (network ? page(comment(1, "One")) : null),
  });
  await waitFor(() => expect(result.current.error).not.toBeNull(), PATIENT);
  network = true;
  act(() => board.tell({ connection: { state: "live" } }));
  await waitFor(() => expect(result.current.comments).toHaveLength(1));
});

test("RT-CURSOR: after a `reset` comments are read again: events in between never came", async () => {
  const board = aBoard();
  let all = [comment(1, "One")];
  const { result } = withComments(board, { [COMMENTS]: () => page(...all) });
  await waitFor(() => expect(result.current.comments).toHaveLength(1));
  all = [...all, comment(2, "Two")];
  act(() => board.renew());
  await waitFor(() => expect(result.current.comments).toHaveLength(2));
});

test("a history that was seen is shown without a network, and said to be from the device", async () => {
  const first = withHistory(aBoard(), { [HISTORY]: page(event) });
  await waitFor(() => expect(first.result.current.events).toHaveLength(1));
  await settle();
  first.unmount();
  const { result } = withHistory(aBoard(), { [HISTORY]: null });
  await waitFor(() => expect(result.current.events).toMatchObject([{ seq: 4 }]));
  expect(result.current).toMatchObject({ fromDevice: true, isPending: false });
});

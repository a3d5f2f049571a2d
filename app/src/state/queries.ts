/** Server state beside the open board: lists of boards, members, comments, histories. */

import {
  type UseInfiniteQueryResult,
  type UseQueryResult,
  useInfiniteQuery,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useEffect, useMemo, useSyncExternalStore } from "react";
import type { BoardEntry, CommentPage, Event, QuickWinBoard } from "../generated/api";
import { boards, comments, members, quickWin, tasks } from "../utilities/request";
import type { OpenBoard } from "./board-session.interface";
import type { Command } from "./commands";
import { useSession } from "./session";
import type { BoardComment, BoardEvent, Comment, Member, Mode, TaskId } from "./types";

/** How often a list in view is read again, in milliseconds: nothing tells of others' boards. */
const LIST_INTERVAL = 15_000;

export type BoardFilter = "current" | "archived" | "deleted";

/** A board in a list, the same for both modes. */
export interface ListedBoard {
  readonly id: number;
  readonly name: string;
  readonly description: string;
  readonly updatedAt: string;
  readonly version: number;
  /** `null` in quick-win mode. */
  readonly entry: BoardEntry | null;
  /** How many tasks there are; `null` where the list does not tell. */
  readonly taskCount: number | null;
}

export const keys = {
  /** Of the user, so that nobody sees the lists of another. */
  boards: (mode: Mode, user: number | null, filter: BoardFilter) =>
    ["boards", mode, user, filter] as const,
  allBoards: ["boards"] as const,
  members: (board: number) => ["members", board] as const,
  comments: (board: number, task: TaskId) => ["comments", board, task] as const,
  history: (board: number, task: TaskId) => ["history", board, task] as const,
};

interface BoardsPage {
  readonly items: readonly ListedBoard[];
  readonly next_cursor: string | null;
}

/** Boards, newest activity first, a page at a time: `data.pages[].items`. */
export function useBoards(
  mode: Mode,
  filter: BoardFilter = "current",
): UseInfiniteQueryResult<{ pages: BoardsPage[] }> {
  const user = useSession(({ user }) => (mode === "teams" ? (user?.id ?? null) : null));
  return useInfiniteQuery({
    queryKey: keys.boards(mode, user, filter),
    initialPageParam: "",
    enabled: mode === "quick-win" || user !== null,
    getNextPageParam: (page: BoardsPage) => page.next_cursor,
    // What the device kept may be of another day: it is shown, and the server asked at once.
    refetchOnMount: "always",
    refetchInterval: LIST_INTERVAL,
    queryFn: ({ pageParam }) => readBoards(mode, filter, pageParam === "" ? undefined : pageParam),
  });
}

async function readBoards(mode: Mode, filter: BoardFilter, cursor?: string): Promise<BoardsPage> {
  if (mode === "quick-win") {
    const page = await quickWin.list({ cursor, limit: 200, events: 0 });
    return { items: page.boards.map(listedQuickWin), next_cursor: page.next_cursor };
  }
  const archived = filter === "archived" || undefined;
  const deleted = filter === "deleted" || undefined;
  const page = await boards.list({ cursor, limit: 200, archived, deleted });
  return { items: page.items.map(listed), next_cursor: page.next_cursor };
}

function listed(entry: BoardEntry): ListedBoard {
  const { id, name, description, version, updated_at: updatedAt } = entry;
  return { id, name, description, version, updatedAt, entry, taskCount: null };
}

function listedQuickWin(board: QuickWinBoard): ListedBoard {
  const { id, name, version, updated_at: updatedAt, tasks: all } = board;
  return { id, name, description: "", version, updatedAt, entry: null, taskCount: all.length };
}

/** Everybody who may see a board. Teams only. */
export function useMembers(board: number): UseQueryResult<readonly Member[]> {
  return useQuery({
    queryKey: keys.members(board),
    queryFn: () => allPages((cursor) => members.list(board, { cursor, limit: 200 })),
  });
}

async function allPages<T>(
  read: (cursor?: string) => Promise<{ items: readonly T[]; next_cursor: string | null }>,
): Promise<readonly T[]> {
  const all: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await read(cursor);
    all.push(...page.items);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return all;
}

/** What `useComments` gives: the query, and the comments with own changes laid over, oldest first. */
export interface LiveComments {
  readonly comments: readonly BoardComment[];
  readonly isPending: boolean;
  readonly error: Error | null;
}

/** The comments of a task, kept true by the board's events. Teams only. */
export function useComments(board: OpenBoard, task: TaskId): LiveComments {
  const client = useQueryClient();
  const id = board.taskIdOf(task);
  const address = board.address;
  const key = useMemo(() => keys.comments(address.id, id), [address.id, id]);
  const query = useQuery({
    queryKey: key,
    enabled: address.mode === "teams" && id > 0,
    queryFn: () =>
      allPages<Comment>((cursor): Promise<CommentPage> =>
        comments.list(address.id, id, { cursor, limit: 200 }),
      ),
  });
  useEffect(
    () =>
      board.onEvent((event) => {
        if (event.entity === "comment" && event.comment.task_id === id) {
          client.setQueryData<readonly Comment[]>(key, (known) => withEvent(known, event));
        }
      }),
    [board, client, key, id],
  );
  const queued = useSyncExternalStore(
    (listener) => board.subscribe(listener),
    () => board.queued(),
  );
  const confirmed = query.data;
  const me = useSession(({ user }) => user?.username ?? "");
  const shown = useMemo(
    () => layComments(confirmed ?? [], queued, id, address.id, me),
    [confirmed, queued, id, address.id, me],
  );
  return { comments: shown, isPending: query.isPending && id > 0, error: query.error };
}

type CommentEvent = Extract<BoardEvent, { entity: "comment" }>;

/** A comment event applied to a list; one older than what the list has changes nothing. */
export function withEvent(
  known: readonly Comment[] | undefined,
  event: CommentEvent,
): readonly Comment[] | undefined {
  if (known === undefined) {
    return undefined;
  }
  const others = known.filter(({ id }) => id !== event.comment.id);
  if (event.action === "Delete") {
    return others;
  }
  const before = known.find(({ id }) => id === event.comment.id);
  return before !== undefined && before.version >= event.comment.version
    ? known
    : [...others, event.comment].sort((a, b) => a.id - b.id);
}

/** Own queued comments laid over the server's. New ones have ids below 0. */
export function layComments(
  confirmed: readonly Comment[],
  queued: readonly Command[],
  task: TaskId,
  board: number,
  me: string,
): readonly BoardComment[] {
  let shown: BoardComment[] = confirmed.map((comment) => ({ ...comment, waiting: false }));
  queued.forEach((command, index) => {
    if (command.task !== task) {
      return;
    }
    switch (command.kind) {
      case "comment-add": {
        const moment = new Date(command.at).toISOString();
        shown.push({
          id: -1 - index,
          board_id: board,
          task_id: task,
          body: command.body,
          created_by: me,
          version: 0,
          created_at: moment,
          updated_at: moment,
          waiting: true,
        });
        break;
      }
      case "comment-change":
        shown = shown.map((comment) =>
          comment.id === command.comment
            ? { ...comment, body: command.body, waiting: true }
            : comment,
        );
        break;
      case "comment-delete":
        shown = shown.filter(({ id }) => id !== command.comment);
    }
  });
  return shown;
}

interface HistoryPage {
  readonly items: readonly Event[];
  readonly next_cursor: string | null;
}

/** A task's history, a page at a time; asked anew when the task changes. Teams only. */
export function useTaskHistory(
  board: OpenBoard,
  task: TaskId,
): UseInfiniteQueryResult<{ pages: HistoryPage[] }> {
  const client = useQueryClient();
  const id = board.taskIdOf(task);
  const { mode, id: boardId } = board.address;
  const key = useMemo(() => keys.history(boardId, id), [boardId, id]);
  useEffect(
    () =>
      board.onEvent((event) => {
        if ("task" in event && event.task.id === id) {
          void client.invalidateQueries({ queryKey: key });
        }
      }),
    [board, client, key, id],
  );
  return useInfiniteQuery({
    queryKey: key,
    initialPageParam: "",
    enabled: mode === "teams" && id > 0,
    getNextPageParam: (page: HistoryPage) => page.next_cursor,
    queryFn: ({ pageParam }): Promise<HistoryPage> =>
      tasks.history(boardId, id, { cursor: pageParam === "" ? undefined : pageParam, limit: 50 }),
  });
}

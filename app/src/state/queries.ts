/** Server state beside the open board: lists of boards, members. What is said of tasks: `task-queries.ts`. */

import {
  type UseInfiniteQueryResult,
  type UseQueryResult,
  useInfiniteQuery,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useEffect } from "react";
import type { BoardEntry, ListedMember, MemberEntry, QuickWinBoard } from "../generated/api";
import { boards, members, quickWin } from "../utilities/request";
import type { Mode, OpenBoard, TaskId } from "../sync";
import { learnNames } from "./names";
import { useSession } from "./session";
import { firstColumns } from "./first-columns";

/** How often a list in view is read again, in milliseconds: nothing reports others' boards. */
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
  /** Its columns, from left to right, and how many tasks each has. */
  readonly columns: readonly { readonly name: string; readonly tasks: number }[];
  /** The first few who are on it; nobody in quick-win mode. */
  readonly members: readonly ListedMember[];
  readonly memberCount: number;
}

/** Changes with what is listed of a board: a device may have kept lists of an earlier version. */
const SHAPE = 2;

export const keys = {
  /** Of the user, so that nobody sees the lists of another. */
  boards: (mode: Mode, user: number | null, filter: BoardFilter) =>
    ["boards", SHAPE, mode, user, filter] as const,
  allBoards: ["boards"] as const,
  allMine: ["mine"] as const,
  mine: (user: number | null, board: number) => ["mine", user, board] as const,
  members: (board: number) => ["members", board] as const,
  comments: (board: number, task: TaskId) => ["comments", board, task] as const,
  checklists: (board: number, task: TaskId) => ["checklists", board, task] as const,
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
  const page = await boards.list({ cursor, limit: 200, archived, deleted, summary: true });
  return { items: page.items.map(listed), next_cursor: page.next_cursor };
}

function listed(entry: BoardEntry): ListedBoard {
  const { id, name, description, version, updated_at: updatedAt, members = [] } = entry;
  const columns = entry.columns.map((column) => ({
    name: column.name,
    tasks: entry.task_counts?.[column.key] ?? 0,
  }));
  const memberCount = entry.member_count ?? members.length;
  return { id, name, description, version, updatedAt, entry, columns, members, memberCount };
}

function listedQuickWin(board: QuickWinBoard): ListedBoard {
  const { id, name, version, updated_at: updatedAt, tasks } = board;
  const columns = firstColumns().map((column) => ({
    name: column.name,
    tasks: tasks.filter(({ status }) => status === column.key).length,
  }));
  const nobody = { members: [], memberCount: 0 };
  return { id, name, description: "", version, updatedAt, entry: null, columns, ...nobody };
}

/**
 * Whether a team's board is among the own ones, archived ones too. What is not is not to be asked for: each
 * time it would be 404.
 *
 * @returns undefined: not known yet; where it cannot be known it is taken for one, which then says why not
 */
export function useIsMine(id: number, enabled: boolean): boolean | undefined {
  const user = useSession((session) => session.user?.id ?? null);
  const { data, error } = useQuery({
    queryKey: keys.mine(user, id),
    enabled,
    staleTime: LIST_INTERVAL,
    queryFn: async () => {
      for (const archived of [undefined, true]) {
        const all = await allPages((cursor) => boards.list({ cursor, limit: 200, archived }));
        if (all.some((board) => board.id === id)) return true;
      }
      return false;
    },
  });
  return error === null ? data : true;
}

/** What reads the members of a board. */
export const membersQuery = (board: number) => ({
  queryKey: keys.members(board),
  queryFn: () => allPages((cursor) => members.list(board, { cursor, limit: 200 })),
});

/** Everybody who may see a board, and from then on what they are called. Teams only. */
export function useMembers(board: number, enabled = true): UseQueryResult<readonly MemberEntry[]> {
  const query = useQuery({ ...membersQuery(board), enabled });
  const { data } = query;
  useEffect(() => learnNames(data ?? []), [data]);
  return query;
}

/** Learns what the members of an open board are called, and again when somebody comes. */
export function useBoardNames(board: OpenBoard): void {
  const { mode, id } = board.address;
  const client = useQueryClient();
  useMembers(id, mode === "teams");
  useEffect(
    () =>
      board.onEvent((event) => {
        if (event.entity === "member") {
          void client.invalidateQueries({ queryKey: keys.members(id) });
        }
      }),
    [board, client, id],
  );
}

/** All of a list that comes in pages. */
export async function allPages<T>(
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

/** What is said of a task and what happened to it: from the server, else as this device last saw it. */

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import type { CommentPage, Event } from "../generated/api";
import { comments, tasks } from "../utilities/request";
import { type DeviceCache, boardCache } from "./board-cache";
import {
  type BoardComment,
  type Comment,
  layComments,
  type OpenBoard,
  type TaskId,
  taskOf,
  withEvent,
} from "../sync";
import { useReading } from "./hooks";
import { allPages, keys } from "./queries";
import { useSession } from "./session";

/** The comments with own changes laid over, oldest first. */
export interface LiveComments {
  readonly comments: readonly BoardComment[];
  /** They are what this device last saw; the server has not answered. */
  readonly fromDevice: boolean;
  readonly isPending: boolean;
  readonly error: Error | null;
}

/** The comments of a task, kept true by the board's events. Teams only. */
export function useComments(board: OpenBoard, task: TaskId): LiveComments {
  const client = useQueryClient();
  const { address, id, enabled } = usePlace(board, task);
  const key = useMemo(() => keys.comments(address.id, id), [address.id, id]);
  const query = useQuery({
    queryKey: key,
    enabled,
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
  useReadAgain(board, key);
  useReadWhatWasSent(board, id, key);
  const kept = useKept(boardCache.comments, board, task, query.data);
  const queued = useReading(board, () => board.queued());
  const confirmed = query.data ?? kept;
  const me = useSession(({ user }) => user?.username ?? "");
  const shown = useMemo(
    () => layComments(confirmed ?? [], queued, id, address.id, me),
    [confirmed, queued, id, address.id, me],
  );
  return {
    comments: shown,
    fromDevice: query.data === undefined && kept !== undefined,
    isPending: enabled && query.isPending && kept === undefined,
    error: query.error,
  };
}

/** What happened to a task, newest first. */
export interface TaskHistory {
  readonly events: readonly Event[];
  /** They are what this device last saw; the server has not answered. */
  readonly fromDevice: boolean;
  readonly isPending: boolean;
  readonly isError: boolean;
}

/** A task's history, asked again when the task changes. Teams only. */
export function useTaskHistory(board: OpenBoard, task: TaskId): TaskHistory {
  const client = useQueryClient();
  const { address, id, enabled } = usePlace(board, task);
  const key = useMemo(() => keys.history(address.id, id), [address.id, id]);
  useEffect(
    () =>
      board.onEvent((event) => {
        if (taskOf(event) === id) {
          void client.invalidateQueries({ queryKey: key });
        }
      }),
    [board, client, key, id],
  );
  const query = useQuery({
    queryKey: key,
    enabled,
    // The server lists the oldest first: everything is read to begin with the newest.
    queryFn: () =>
      allPages<Event>((cursor) => tasks.history(address.id, id, { cursor, limit: 200 })),
  });
  useReadAgain(board, key);
  const read = useMemo(() => query.data && [...query.data].reverse(), [query.data]);
  const kept = useKept(boardCache.histories, board, task, read);
  return {
    events: read ?? kept ?? [],
    fromDevice: query.data === undefined && kept !== undefined,
    isPending: enabled && query.isPending && kept === undefined,
    isError: query.isError,
  };
}

/** Whose lists are read, and whether they can be. */
export function usePlace(board: OpenBoard, task: TaskId) {
  const id = board.taskIdOf(task);
  const { address } = board;
  return { address, id, enabled: address.mode === "teams" && id > 0 };
}

/**
 * Reads again what events cannot have reported: after the board was read again, and what could not be read
 * while there was no connection.
 */
export function useReadAgain(board: OpenBoard, key: readonly unknown[]): void {
  const client = useQueryClient();
  useEffect(() => {
    const read = () => void client.invalidateQueries({ queryKey: key });
    const endRenewed = board.onRenewed(read);
    let before = board.connection().state;
    const endFollowing = board.subscribe(() => {
      const now = board.connection().state;
      if (now === "live" && before !== "live" && client.getQueryState(key)?.status === "error") {
        read();
      }
      before = now;
    });
    return () => {
      endRenewed();
      endFollowing();
    };
  }, [board, client, key]);
}

/** Reads comments again when one's own was sent, by any tab, and no event will report it soon. */
function useReadWhatWasSent(board: OpenBoard, task: TaskId, key: readonly unknown[]): void {
  const client = useQueryClient();
  useEffect(() => {
    const waiting = () =>
      board
        .queued()
        .filter((command) => command.task === task && command.kind.startsWith("comment-"))
        .map(({ id }) => id);
    let before = waiting();
    return board.subscribe(() => {
      const now = waiting();
      const isSent = before.some((id) => !now.includes(id));
      before = now;
      if (isSent && board.connection().state !== "live") {
        void client.invalidateQueries({ queryKey: key });
      }
    });
  }, [board, client, task, key]);
}

/** What this device last saw of a list, and keeps of it from now on. */
export function useKept<T>(
  cache: DeviceCache<readonly T[]>,
  board: OpenBoard,
  task: TaskId,
  fresh: readonly T[] | undefined,
): readonly T[] | undefined {
  const user = useSession((session) => session.user?.id ?? null);
  const { address, id, enabled } = usePlace(board, task);
  const name = enabled && user !== null ? `${user}/teams/${address.id}/${id}` : null;
  const { data } = useQuery({
    queryKey: ["kept", cache.kind, name],
    enabled: name !== null,
    staleTime: Infinity,
    gcTime: 0,
    queryFn: () => (name === null ? null : cache.load(name)),
  });
  useEffect(() => {
    if (name !== null && fresh !== undefined) {
      void cache.save(name, fresh);
    }
  }, [cache, name, fresh]);
  return data ?? undefined;
}

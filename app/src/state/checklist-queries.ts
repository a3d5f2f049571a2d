/** A task's checklists: from the server, else as this device last saw them, with own changes over them. */

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { checklists } from "../utilities/request";
import { boardCache } from "./board-cache";
import {
  type BoardChecklist,
  isListEvent,
  type KnownChecklists,
  layChecklists,
  type OpenBoard,
  type TaskId,
  withListEvent,
} from "../sync";
import { useReading } from "./hooks";
import { keys } from "./queries";
import { useKept, usePlace, useReadAgain } from "./task-queries";

/** The checklists with own changes laid over, in their order. */
export interface LiveChecklists {
  readonly lists: readonly BoardChecklist[];
  /** They are what this device last saw; the server has not answered. */
  readonly fromDevice: boolean;
  readonly isPending: boolean;
  readonly error: Error | null;
}

/** The checklists of a task, kept true by the board's events. Teams only. */
export function useChecklists(board: OpenBoard, task: TaskId): LiveChecklists {
  const client = useQueryClient();
  const { address, id, enabled } = usePlace(board, task);
  const key = useMemo(() => keys.checklists(address.id, id), [address.id, id]);
  const query = useQuery({
    queryKey: key,
    enabled,
    queryFn: async () => {
      const read: KnownChecklists = await checklists.list(address.id, id);
      // What happened while the answer was on its way.
      return board
        .activity()
        .reduce(
          (known, event) => (isListEvent(event, id) ? withListEvent(known, event) : known),
          read,
        );
    },
  });
  useEffect(
    () =>
      board.onEvent((event) => {
        if (isListEvent(event, id)) {
          client.setQueryData<KnownChecklists>(
            key,
            (known) => known && withListEvent(known, event),
          );
        } else if (event.entity === "task" && event.action === "Add" && event.task.id === id) {
          // A task comes back with its checklists.
          void client.invalidateQueries({ queryKey: key });
        }
      }),
    [board, client, key, id],
  );
  useReadAgain(board, key);
  useReadWhatWasSent(board, id, key);
  const read = query.data?.items;
  const kept = useKept(boardCache.checklists, board, task, read);
  const pending = useReading(board, () => board.pendingLists());
  const confirmed = read ?? kept;
  const lists = useMemo(
    () => layChecklists(confirmed ?? [], pending, id, address.id),
    [confirmed, pending, id, address.id],
  );
  return {
    lists,
    fromDevice: read === undefined && kept !== undefined,
    isPending: enabled && query.isPending && kept === undefined,
    error: query.error,
  };
}

/** Reads the checklists again when one's own change was sent, and no event will report it soon. */
function useReadWhatWasSent(board: OpenBoard, task: TaskId, key: readonly unknown[]): void {
  const client = useQueryClient();
  useEffect(() => {
    const waiting = () =>
      board
        .queued()
        .filter((command) => command.task === task && command.kind.startsWith("list-"))
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

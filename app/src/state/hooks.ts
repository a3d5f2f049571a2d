/** What screens use of an open board: each hook draws anew only when its own part changed. */

import { useCallback, useEffect, useMemo, useSyncExternalStore } from "react";
import type { OpenBoard } from "./board-session.interface";
import { holdBoard, openBoard } from "./open-boards";
import { useSession } from "./session";
import type {
  BoardAddress,
  BoardEvent,
  BoardHead,
  BoardStatus,
  BoardTask,
  Connection,
  Member,
  Presence,
  TaskId,
  Trouble,
} from "./types";

/** The board at an address, held open while the component is there. */
export function useOpenBoard({ mode, id }: BoardAddress): OpenBoard {
  const user = useSession((session) => (mode === "teams" ? (session.user?.id ?? null) : null));
  const board = useMemo(() => {
    // Another user's board is another board, though its address is the same.
    void user;
    return openBoard({ mode, id });
  }, [mode, id, user]);
  useEffect(() => holdBoard({ mode, id }), [mode, id, user]);
  return board;
}

function useReading<T>(board: OpenBoard, read: () => T): T {
  const subscribe = useCallback((listener: () => void) => board.subscribe(listener), [board]);
  return useSyncExternalStore(subscribe, read, read);
}

export function useBoardStatus(board: OpenBoard): BoardStatus {
  return useReading(board, () => board.status());
}

export function useBoardHead(board: OpenBoard): BoardHead | null {
  return useReading(board, () => board.head());
}

export function useBoardMembers(board: OpenBoard): readonly Member[] {
  return useReading(board, () => board.members());
}

/** The ids of a column in the order shown. */
export function useColumn(board: OpenBoard, key: string): readonly TaskId[] {
  return useReading(board, () => board.column(key));
}

export function useTask(board: OpenBoard, id: TaskId): BoardTask | undefined {
  return useReading(board, () => board.task(id));
}

export function useTasks(board: OpenBoard): readonly BoardTask[] {
  return useReading(board, () => board.tasks());
}

export function useConnection(board: OpenBoard): Connection {
  return useReading(board, () => board.connection());
}

export function usePresence(board: OpenBoard): readonly Presence[] {
  return useReading(board, () => board.presence());
}

export function useTroubles(board: OpenBoard): readonly Trouble[] {
  return useReading(board, () => board.troubles());
}

/** How many own changes wait to be sent or acknowledged. */
export function useWaiting(board: OpenBoard): number {
  return useReading(board, () => board.waiting());
}

export function useActivity(board: OpenBoard): readonly BoardEvent[] {
  return useReading(board, () => board.activity());
}

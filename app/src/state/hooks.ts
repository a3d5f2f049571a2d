/** What screens use of an open board: each hook renders again only when its own part changed. */

import { useCallback, useEffect, useMemo, useSyncExternalStore } from "react";
import type {
  BoardAddress,
  BoardEvent,
  BoardHead,
  BoardPart,
  BoardStatus,
  BoardTask,
  Column,
  Connection,
  Member,
  OpenBoard,
  Presence,
  Stall,
  TaskId,
  Trouble,
} from "../sync";
import { holdBoard, openBoard } from "./open-boards";
import { useSession } from "./session";

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

/**
 * Follows a part of a board.
 *
 * @param read answers the same object until that part has changed
 * @param part what `read` reads; without it, it is asked again whatever changes
 */
export function useReading<T>(board: OpenBoard, read: () => T, part?: BoardPart): T {
  const subscribe = useCallback(
    (listener: () => void) => board.subscribe(listener, part),
    [board, part],
  );
  return useSyncExternalStore(subscribe, read, read);
}

export function useBoardStatus(board: OpenBoard): BoardStatus {
  return useReading(board, () => board.status());
}

/**
 * One field of a board's head: the head itself is another one after every event.
 *
 * @returns undefined while the board is not there
 */
export function useHeadField<Field extends keyof BoardHead>(
  board: OpenBoard,
  field: Field,
): BoardHead[Field] | undefined {
  return useReading(board, () => board.head()?.[field]);
}

const NO_COLUMNS: readonly Column[] = [];

/** The board's columns from left to right. */
export function useBoardColumns(board: OpenBoard): readonly Column[] {
  return useHeadField(board, "columns") ?? NO_COLUMNS;
}

export function useBoardMembers(board: OpenBoard): readonly Member[] {
  return useReading(board, () => board.members());
}

/** What `read` makes of a column's tasks, asked only when that column changed. */
export function useColumn<T>(board: OpenBoard, key: string, read: () => T): T {
  return useReading(board, read, `column/${key}`);
}

export function useTask(board: OpenBoard, id: TaskId): BoardTask | undefined {
  return useReading(board, () => board.task(id), `task/${id}`);
}

export function useTasks(board: OpenBoard): readonly BoardTask[] {
  return useReading(board, () => board.tasks());
}

export function useConnection(board: OpenBoard): Connection {
  return useReading(board, () => board.connection());
}

export function usePresence(board: OpenBoard): readonly Presence[] {
  return useReading(board, () => board.presence(), "presence");
}

export function useTroubles(board: OpenBoard): readonly Trouble[] {
  return useReading(board, () => board.troubles());
}

/** How many own changes wait to be sent or acknowledged. */
export function useWaiting(board: OpenBoard): number {
  return useReading(board, () => board.waiting());
}

/** Why what waits is not on its way, where the server is the reason. */
export function useStall(board: OpenBoard): Stall | null {
  return useReading(board, () => board.stall());
}

export function useActivity(board: OpenBoard): readonly BoardEvent[] {
  return useReading(board, () => board.activity());
}

/** Who else has a task open. */

import { useMemo } from "react";
import { create } from "zustand";
import type { OpenBoard, Presence, TaskId } from "../../sync";
import { usePresence } from "../../state/hooks";
import { useTexts } from "../../utilities/texts";

const NOBODY: readonly string[] = [];

/** The task that this device has open: without accounts nothing else distinguishes it from the others'. */
export const useOwnTask = create<{ readonly id: TaskId | null }>()(() => ({ id: null }));

/**
 * @param me the own name; null without accounts, where everybody is a guest
 * @param open whether this device has the task open itself
 * @param somebody what a guest is called
 */
export function othersEditing(
  presence: readonly Presence[],
  id: TaskId,
  me: string | null,
  open: boolean,
  somebody: string,
): readonly string[] {
  const editing = presence.filter((entry) => entry.editing === id);
  if (me === null) {
    return editing.length > (open ? 1 : 0) ? [somebody] : NOBODY;
  }
  const names = new Set(editing.map(({ user }) => user));
  names.delete(me);
  return names.size === 0 ? NOBODY : [...names];
}

/** The same array while it is the same people. */
export function useOthersEditing(
  board: OpenBoard,
  id: TaskId,
  me: string | null,
): readonly string[] {
  const presence = usePresence(board);
  const open = useOwnTask((own) => own.id === id);
  const { somebody } = useTexts().board;
  return useMemo(
    () => othersEditing(presence, id, me, open, somebody),
    [presence, id, me, open, somebody],
  );
}

/** What can be done to a board's members; the list is read anew after each. */

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { members } from "../utilities/request";
import { keys } from "./queries";
import type { Role } from "./types";

export interface MemberChange {
  readonly username: string;
  readonly role: Role;
}

/** Lets somebody in, or gives them another role. */
export function useSetMember(board: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ username, role }: MemberChange) => members.set(board, username, role),
    // One after the other: the last choice is what it comes to.
    scope: { id: `members of ${board}` },
    onSettled: () => client.invalidateQueries({ queryKey: keys.members(board) }),
  });
}

/** Takes somebody off the board; oneself: leaves it. */
export function useRemoveMember(board: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (username: string) => members.remove(board, username),
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: keys.members(board) }),
        client.invalidateQueries({ queryKey: keys.allBoards }),
      ]),
  });
}

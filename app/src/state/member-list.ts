/** What can be done to a board's members; the list is read again after each. */

import { useQueryClient } from "@tanstack/react-query";
import { RequestError, members } from "../utilities/request";
import { useChange, useRowChange } from "./change";
import { forgetBoard } from "./open-boards";
import { keys, membersQuery } from "./queries";
import type { Role } from "../sync";

export interface MemberChange {
  readonly username: string;
  readonly role: Role;
}

/** Whoever was to be let in is on the board already, perhaps as something else. */
export class MemberAlready extends Error {}

/** Nobody is called so: the board itself was there a moment ago. */
export class NoSuchUser extends Error {}

/**
 * Lets somebody in who is not on the board. The server would give a member another role instead, and the
 * list on the screen may be old: it is asked first.
 *
 * @throws MemberAlready | NoSuchUser nothing was changed
 */
export function useInvite(board: number) {
  const client = useQueryClient();
  return useChange({
    mutationFn: async ({ username, role }: MemberChange) => {
      const all = await client.fetchQuery({ ...membersQuery(board), staleTime: 0 });
      const name = username.toLowerCase();
      if (all.some((member) => member.username.toLowerCase() === name)) {
        throw new MemberAlready();
      }
      try {
        return await members.set(board, username, role);
      } catch (error) {
        throw error instanceof RequestError && error.status === 404 ? new NoSuchUser() : error;
      }
    },
    scope: scopeOf(board),
    onSettled: () => client.invalidateQueries({ queryKey: keys.members(board) }),
  });
}

/** Gives somebody another role. */
export function useSetMember(board: number) {
  const client = useQueryClient();
  return useRowChange({
    mutationFn: ({ username, role }: MemberChange) => members.set(board, username, role),
    scope: scopeOf(board),
    onSettled: () => client.invalidateQueries({ queryKey: keys.members(board) }),
  });
}

/** Takes somebody off the board; oneself: leaves it. @param me the name of who uses the app */
export function useRemoveMember(board: number, me: string | undefined) {
  const client = useQueryClient();
  return useRowChange({
    mutationFn: async (username: string) => {
      await members.remove(board, username);
      if (username === me) await forgetBoard({ mode: "teams", id: board });
    },
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: keys.members(board) }),
        client.invalidateQueries({ queryKey: keys.allBoards }),
      ]),
  });
}

/** One after the other: the last choice is what it comes to. */
const scopeOf = (board: number) => ({ id: `members of ${board}` });

/** What comes of the links that let somebody in. */

import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { AccountEnd, PasswordReset } from "../generated/api";
import { isInvalidLink, settings } from "../utilities/request";
import { access, invitations, type WantedInvitation } from "../utilities/request-access";
import { useChange, useOnce, useRowChange } from "./change";
import { forgetLink, type LinkKind, useLinks } from "./links";
import { forgetUser } from "./open-boards";
import { allPages, keys } from "./queries";
import { forgetLogin, expireWith, useSession } from "./session";
import { usePreferences } from "./preferences";

/** What an invitation says. */
export function usePreview(token: string | null) {
  return useQuery({
    queryKey: ["invitation", token],
    enabled: token !== null,
    staleTime: 60_000,
    gcTime: 0,
    queryFn: ({ signal }) => access.preview(token ?? "", signal),
  });
}

/** Joins the board of an invitation; the lists of boards are read again. */
export function useAccept() {
  const client = useQueryClient();
  return useChange({
    mutationFn: (token: string) => access.accept(token),
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: keys.allBoards }),
        client.invalidateQueries({ queryKey: keys.allMine }),
      ]),
  });
}

/** How often the links that count are read again, in milliseconds: nothing announces that one was used. */
const INVITATIONS_INTERVAL = 15_000;

const invitationsKey = (board: number | null) => ["invitations", board] as const;

/** The invitations to a board that count, or the admins' (null), newest first. */
export function useInvitations(board: number | null) {
  return useQuery({
    queryKey: invitationsKey(board),
    refetchInterval: INVITATIONS_INTERVAL,
    staleTime: 0,
    queryFn: () => allPages((cursor) => invitations.list(board, { cursor, limit: 200 })),
  });
}

export function useMakeInvitation(board: number | null) {
  const client = useQueryClient();
  return useChange({
    mutationFn: (body: WantedInvitation) => invitations.make(board, body),
    // The secret is on the screen and nowhere else.
    gcTime: 0,
    onSettled: () => client.invalidateQueries({ queryKey: invitationsKey(board) }),
  });
}

export function useRevokeInvitation(board: number | null) {
  const client = useQueryClient();
  return useRowChange({
    mutationFn: (id: number) => invitations.revoke(board, id),
    onSettled: () => client.invalidateQueries({ queryKey: invitationsKey(board) }),
  });
}

/** The address of a link as it is sent to somebody: no server gets what is after its `#`. */
export function linkAddress(kind: LinkKind, token: string): string {
  const server = settings.server === "" ? location.origin : settings.server;
  return `${server}/${kind}#${token}`;
}

export function useMakeResetLink() {
  return useChange({
    mutationFn: (username: string) => access.makeResetLink(username),
    gcTime: 0,
  });
}

/**
 * Sets the password that a link is to. Whoever is logged in here is that no more.
 *
 * @param onSet called even if the component is gone with the link
 */
export function useResetPassword(onSet: () => void) {
  return useOnce({
    mutationFn: async (body: PasswordReset) => {
      const { username } = await access.resetPassword(body);
      await forgetLogin();
      return username;
    },
    onSuccess: (username) => {
      forgetLink("reset");
      useLinks.setState({ resetOf: username });
      onSet();
    },
    onError: (error) => {
      if (isInvalidLink(error)) forgetLink("reset");
    },
  });
}

/** How often one's log-ins are read again while they are looked at, in milliseconds. */
const SESSIONS_INTERVAL = 30_000;

const sessionsKey = (user: number | undefined) => ["sessions", user] as const;

/** Where the user is logged in, newest first. */
export function useSessions() {
  const { status, user } = useSession();
  return useQuery({
    queryKey: sessionsKey(user?.id),
    enabled: status === "known",
    refetchInterval: SESSIONS_INTERVAL,
    staleTime: 0,
    queryFn: () => allPages((cursor) => access.sessions({ cursor, limit: 200 })),
  });
}

export function useEndSession() {
  const client = useQueryClient();
  return useRowChange({
    mutationFn: (id: number) => access.endSession(id),
    onSettled: () => client.invalidateQueries({ queryKey: ["sessions"] }),
  });
}

/** Reads all that is kept of the user. */
export function useOwnData() {
  return useChange({ mutationFn: () => access.ownData() });
}

/** @param onGone called even if the component is gone with the user */
export function useDeleteAccount(onGone: () => void) {
  const user = useSession((session) => session.user?.id);
  return useChange({
    mutationFn: async (body: AccountEnd) => {
      try {
        await access.deleteAccount(body);
      } catch (error) {
        expireWith(error);
        throw error;
      }
      if (user !== undefined) await forgetUser(user);
      await forgetLogin();
    },
    onSuccess: () => {
      usePreferences.getState().setMode(null);
      onGone();
    },
  });
}

/** The calls about who gets in: invitations, new passwords. They come with their screens, not with the app. */

import type { Role } from "../generated/api";
import { exchange } from "./http";
import { isRecord } from "./problem";
import { type PageQuery, RequestError } from "./request";

/** What an invitation says to whoever has its link. */
export interface InvitationPreview {
  /** null: it makes an account without a board. */
  readonly board_name: string | null;
  readonly role: Role | null;
  /** The display name of whoever made it. */
  readonly invited_by: string;
  readonly expires_at: string;
  /** Whether whoever has no account can get one with it. */
  readonly registers: boolean;
}

/** What came of it; null: the invitation was to no board. */
export interface Accepted {
  readonly board_id: number | null;
  readonly role: Role | null;
}

/** An invitation that counts, as whoever may revoke it sees it. */
export interface Invitation {
  readonly id: number;
  /** Only of a board's. */
  readonly role?: Role;
  /** How often it can be used; null: as often as wanted. */
  readonly uses: 1 | null;
  readonly used: number;
  /** A user name. */
  readonly created_by: string;
  readonly created_at: string;
  readonly expires_at: string;
}

export interface NewInvitation {
  /** Only of a board's. */
  readonly role?: Exclude<Role, "owner">;
  /** 1 to 30. */
  readonly expires_in_days: number;
  readonly uses: 1 | null;
}

interface InvitationPage {
  readonly items: readonly Invitation[];
  readonly next_cursor: string | null;
}

/** @param board null: the admins' */
const invitationsOf = (board: number | null) =>
  board === null ? "/api/admin/invitations" : `/api/boards/${board}/invitations`;

/** Of a board (owners) or of all admins (null; admins). */
export const invitations = {
  list: async (board: number | null, query: PageQuery) => {
    const call = { method: "GET", path: invitationsOf(board), query: { ...query } } as const;
    return (await exchange<InvitationPage>(call)).value;
  },
  /** No answer tells `token` a second time. */
  make: async (board: number | null, body: NewInvitation) => {
    const call = { method: "POST", path: invitationsOf(board), body } as const;
    return (await exchange<Invitation & { readonly token: string }>(call)).value;
  },
  revoke: async (board: number | null, id: number): Promise<void> => {
    await exchange({ method: "DELETE", path: `${invitationsOf(board)}/${id}` });
  },
};

/** A link to a new password, as whoever made it sees it once. */
export interface ResetLink {
  readonly username: string;
  readonly token: string;
  readonly expires_at: string;
}

/** A log-in of the user that still counts. */
export interface LoginSession {
  readonly id: number;
  /** What the browser said of itself when they logged in. */
  readonly user_agent: string | null;
  readonly created_at: string;
  readonly last_seen_at: string;
  readonly expires_at: string;
  /** It is the one that asks. */
  readonly current: boolean;
}

interface SessionPage {
  readonly items: readonly LoginSession[];
  readonly next_cursor: string | null;
}

/** What is kept of the user. */
export interface OwnData {
  readonly exported_at: string;
  /** There are more tasks or comments than it holds. */
  readonly cut: boolean;
}

/** A board that nobody else owns, though others are on it. */
export interface OwnedBoard {
  readonly id: number;
  readonly name: string;
  /** How many are on it. */
  readonly members: number;
}

/** How long a file of everything that is kept of somebody may take, in milliseconds. */
const LARGE = 60_000;

export const access = {
  /** @throws RequestError 404: the link does not count */
  preview: async (token: string, signal?: AbortSignal) => {
    const path = "/api/invitations/preview";
    const call = { method: "POST", path, body: { token }, credentials: true, signal } as const;
    return (await exchange<InvitationPreview>(call)).value;
  },
  /** Status 200: they were a member already. @throws RequestError 404: the link does not count */
  accept: (token: string) =>
    exchange<Accepted>({ method: "POST", path: "/api/invitations/accept", body: { token } }),
  /** For admins. No answer tells `token` a second time. */
  makeResetLink: async (username: string) => {
    const path = `/api/admin/users/${encodeURIComponent(username)}/reset-link`;
    return (await exchange<ResetLink>({ method: "POST", path })).value;
  },
  /** Ends every login of theirs. @throws RequestError 404: the link does not count */
  resetPassword: async (body: { readonly token: string; readonly password: string }) => {
    const path = "/api/auth/reset-password";
    const call = { method: "POST", path, body, credentials: true } as const;
    return (await exchange<{ readonly username: string }>(call)).value;
  },
  sessions: async (query: PageQuery) => {
    const call = { method: "GET", path: "/api/auth/sessions", query: { ...query } } as const;
    return (await exchange<SessionPage>(call)).value;
  },
  endSession: async (id: LoginSession["id"]): Promise<void> => {
    await exchange({ method: "DELETE", path: `/api/auth/sessions/${id}` });
  },
  ownData: async () =>
    (await exchange<OwnData>({ method: "GET", path: "/api/auth/export", timeout: LARGE })).value,
  /** @throws RequestError 401: that is not the password; 409: see `ownedBoards` */
  deleteAccount: async (body: {
    readonly password: string;
    readonly delete_boards: boolean;
  }): Promise<void> => {
    const path = "/api/auth/delete-account";
    // A wrong password is a 401, too, and no reason to log in anew.
    await exchange({ method: "POST", path, body, credentials: true });
  },
};

/** The boards that are in the way of deleting an account; undefined: something else was. */
export function ownedBoards(error: unknown): readonly OwnedBoard[] | undefined {
  if (!(error instanceof RequestError) || error.type !== "/problems/boards-owned") return undefined;
  const { boards } = error.problem;
  return Array.isArray(boards) ? boards.filter(isOwnedBoard) : [];
}

function isOwnedBoard(value: unknown): value is OwnedBoard {
  return (
    isRecord(value) &&
    typeof value["id"] === "number" &&
    typeof value["name"] === "string" &&
    typeof value["members"] === "number"
  );
}

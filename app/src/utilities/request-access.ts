/**
 * The calls about who gets in, and out for good: invitations, new passwords, log-ins, the end of an account.
 * They come with their screens, not with the app.
 */

import type {
  AccountEnd,
  AccountExport,
  BoardsOwnedProblem,
  Invitation,
  InvitationPreview,
  Joined,
  Login,
  MadeInvitation,
  NewInvitation,
  PasswordAndCode,
  PasswordReset,
  PasswordResetDone,
  RecoveryCodes,
  ResetLink,
  SecondStep,
  SessionPage,
  TotpEnrolment,
  TotpStatus,
} from "../generated/api";
import { exchange } from "./http";
import { isRecord } from "./problem";
import { type PageQuery, RequestError } from "./request";

/** An admin's invitation has no role: it is to no board. */
type Roleless<T extends { role: unknown }> = Omit<T, "role"> & Partial<Pick<T, "role">>;

export type ListedInvitation = Roleless<Invitation>;
export type WantedInvitation = Roleless<NewInvitation>;

interface InvitationPage {
  readonly items: readonly ListedInvitation[];
  readonly next_cursor: string | null;
}

/** A board that nobody else owns, though others are on it. */
export type OwnedBoard = BoardsOwnedProblem["boards"][number];

/** @param board null: the admins' */
const invitationsOf = (board: number | null) =>
  board === null ? "/api/admin/invitations" : `/api/boards/${board}/invitations`;

/** Of a board (owners) or of all admins (null; admins). */
export const invitations = {
  list: async (board: number | null, query: PageQuery) => {
    const call = { method: "GET", path: invitationsOf(board), query: { ...query } } as const;
    return (await exchange<InvitationPage>(call)).value;
  },
  /** No other answer contains `token`. */
  make: async (board: number | null, body: WantedInvitation) => {
    const call = { method: "POST", path: invitationsOf(board), body } as const;
    return (await exchange<Roleless<MadeInvitation>>(call)).value;
  },
  revoke: async (board: number | null, id: number): Promise<void> => {
    await exchange({ method: "DELETE", path: `${invitationsOf(board)}/${id}` });
  },
};

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
    exchange<Joined>({ method: "POST", path: "/api/invitations/accept", body: { token } }),
  /** For admins. No other answer contains `token`. */
  makeResetLink: async (username: string) => {
    const path = `/api/admin/users/${encodeURIComponent(username)}/reset-link`;
    return (await exchange<ResetLink>({ method: "POST", path })).value;
  },
  /** Ends every login of theirs. @throws RequestError 404: the link does not count */
  resetPassword: async (body: PasswordReset) => {
    const path = "/api/auth/reset-password";
    const call = { method: "POST", path, body, credentials: true } as const;
    return (await exchange<PasswordResetDone>(call)).value;
  },
  sessions: async (query: PageQuery) => {
    const call = { method: "GET", path: "/api/auth/sessions", query: { ...query } } as const;
    return (await exchange<SessionPage>(call)).value;
  },
  endSession: async (id: number): Promise<void> => {
    await exchange({ method: "DELETE", path: `/api/auth/sessions/${id}` });
  },
  ownData: async () =>
    (await exchange<AccountExport>({ method: "GET", path: "/api/auth/export", timeout: LARGE }))
      .value,
  /** @throws RequestError 401: that is not the password; 409: see `ownedBoards` */
  deleteAccount: async (body: AccountEnd): Promise<void> => {
    const path = "/api/auth/delete-account";
    // A wrong password is a 401, too, and no reason to log in again.
    await exchange({ method: "POST", path, body, credentials: true });
  },
};

/** The second factor. Its 401 are about what was typed. */
export const secondFactor = {
  /** @throws RequestError 401: see `isLoginExpired`, else the code does not count */
  takeStep: async (body: SecondStep) => {
    const path = "/api/auth/login/second-factor";
    return (await exchange<Login>({ method: "POST", path, body, credentials: true })).value;
  },
  read: async () => (await exchange<TotpStatus>({ method: "GET", path: "/api/auth/totp" })).value,
  /** No other answer contains the secret. */
  begin: async (password: string) => {
    const call = { method: "POST", path: "/api/auth/totp", body: { password } } as const;
    return (await exchange<TotpEnrolment>(call)).value;
  },
  /** No other answer contains the recovery codes. */
  confirm: async (code: string) => {
    const call = { method: "POST", path: "/api/auth/totp/confirm", body: { code } } as const;
    return (await exchange<RecoveryCodes>(call)).value;
  },
  /** @see confirm */
  replaceCodes: async (body: PasswordAndCode) => {
    const call = { method: "POST", path: "/api/auth/totp/recovery-codes", body } as const;
    return (await exchange<RecoveryCodes>(call)).value;
  },
  disable: async (body: PasswordAndCode): Promise<void> => {
    await exchange({ method: "POST", path: "/api/auth/totp/disable", body });
  },
};

/** The first step of a log-in is too long ago. */
export function isLoginExpired(error: unknown): boolean {
  return error instanceof RequestError && error.type === "/problems/login-expired";
}

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

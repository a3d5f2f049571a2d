/** The calls about who gets in: invitations, new passwords. They come with their screens, not with the app. */

import type { Role } from "../generated/api";
import { exchange } from "./http";

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
};

/** The calls about one's e-mail address, and the mail that leads to a new password. */

import type { Email, EmailEnd, ForgottenPassword, MailWish, NewEmail } from "../generated/api";
import { exchange } from "./http";
import { RequestError } from "./request";

export const email = {
  read: async () => (await exchange<Email>({ method: "GET", path: "/api/auth/email" })).value,
  /** @throws RequestError 422: that is no address, or not the password */
  set: async (body: NewEmail) =>
    (await exchange<Email>({ method: "POST", path: "/api/auth/email", body })).value,
  resend: async (body: MailWish) =>
    (await exchange<Email>({ method: "POST", path: "/api/auth/email/resend", body })).value,
  /** @throws RequestError 404: the link does not count; 409: see `isEmailTaken` */
  verify: async (token: string) => {
    const call = { method: "POST", path: "/api/auth/email/verify", body: { token } } as const;
    return (await exchange<Email>(call)).value;
  },
  remove: async (body: EmailEnd): Promise<void> => {
    await exchange({ method: "POST", path: "/api/auth/email/remove", body });
  },
  /** Nothing says whether there is such an account. */
  forgot: async (body: ForgottenPassword): Promise<void> => {
    const path = "/api/auth/forgot-password";
    await exchange({ method: "POST", path, body, credentials: true });
  },
};

/** Another account has the address that a link confirms. */
export function isEmailTaken(error: unknown): boolean {
  return error instanceof RequestError && error.type === "/problems/email-taken";
}

/** The session as screens use it: who is logged in, and logging in and out with their progress. */

import type { Credentials, Registration, User, UserPatch } from "../generated/api";
import { useKeyOf } from "../utilities/key-of";
import { useChange, useOnce } from "./change";
import { invitationOf, useLinks } from "./links";
import { usePreferences } from "./preferences";
import { changeUser, logIn, logOut, register, useSession } from "./session";

/** `null`: nobody is logged in (any more). `undefined`: not known yet. */
export function useMe(): User | null | undefined {
  const { status, user } = useSession();
  if (status === "unknown") return undefined;
  return status === "known" ? user : null;
}

/** Like `useMe`, but also a user who must log in again: their forms keep what is typed meanwhile. */
export function useOwner(): User | null {
  const { status, user } = useSession();
  return status === "known" || status === "expired" ? user : null;
}

/** Whether somebody without an account can get one: registration is open, or they came by an invitation. */
export function useMayRegister(): boolean {
  const open = useSession(({ registration }) => registration === "open");
  const invited = useLinks((links) => invitationOf(links) !== undefined);
  return open || invited;
}

export function entered(): void {
  usePreferences.getState().setMode("teams");
}

export function useLogIn() {
  return useOnce({
    mutationFn: (body: Credentials) => logIn(body),
    onSuccess: (step) => step === null && entered(),
  });
}

export function useRegister() {
  const keyOf = useKeyOf<Registration>();
  return useOnce({
    mutationFn: (body: Registration) => register(body, keyOf(body)),
    onSuccess: entered,
  });
}

export function useChangeMe() {
  return useChange({ mutationFn: (patch: UserPatch) => changeUser(patch) });
}

/**
 * Takes whether to log out everywhere.
 *
 * @param onLeft called even if the component is gone with the user
 */
export function useLogOut(onLeft: () => void) {
  return useOnce({
    mutationFn: (everywhere: boolean) => logOut(everywhere),
    onSuccess: () => {
      usePreferences.getState().setMode(null);
      onLeft();
    },
  });
}

/** Who is logged in, and the ways in and out, for screens. */

import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Credentials, Registration, User } from "../generated/api";
import { usePreferences } from "./preferences";
import { logIn, logOut, register, useSession } from "./session";

/** `null`: nobody is logged in (any more). `undefined`: not known yet. */
export function useMe(): User | null | undefined {
  return useSession(({ status, user }) => {
    switch (status) {
      case "known":
        return user;
      case "unknown":
        return undefined;
      default:
        return null;
    }
  });
}

function entered(): void {
  usePreferences.getState().setMode("teams");
}

export function useLogIn() {
  return useMutation({ mutationFn: (body: Credentials) => logIn(body), onSuccess: entered });
}

export function useRegister() {
  return useMutation({ mutationFn: (body: Registration) => register(body), onSuccess: entered });
}

export function useLogOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (everywhere: boolean) => logOut(everywhere),
    onSuccess: () => {
      client.clear();
      usePreferences.getState().setMode(null);
    },
  });
}

/** Who is logged in, and the ways in and out. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Credentials, Registration, User } from "../generated/api";
import { accounts, RequestError } from "../utilities/request";
import { usePreferences } from "./preferences";

export const ME = ["me"] as const;

/** `null`: nobody is logged in. `undefined`: not known (yet, or without a network). */
export function useMe(): User | null | undefined {
  const query = useQuery({
    queryKey: ME,
    staleTime: 60_000,
    queryFn: async () => {
      try {
        return await accounts.readMe();
      } catch (error) {
        if (error instanceof RequestError && error.status === 401) return null;
        throw error;
      }
    },
  });
  return query.data;
}

function useEntered() {
  const client = useQueryClient();
  return (user: User) => {
    client.setQueryData(ME, user);
    usePreferences.getState().setMode("teams");
  };
}

export function useLogIn() {
  const entered = useEntered();
  return useMutation({
    mutationFn: (body: Credentials) => accounts.logIn(body),
    onSuccess: ({ user }) => entered(user),
  });
}

export function useRegister() {
  const entered = useEntered();
  return useMutation({
    mutationFn: (body: Registration) => accounts.register(body),
    onSuccess: ({ user }) => entered(user),
  });
}

export function useLogOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (everywhere: boolean) => accounts.logOut(everywhere),
    onSuccess: () => {
      client.clear();
      client.setQueryData(ME, null);
      usePreferences.getState().setMode(null);
    },
  });
}

/** By what one can log in. */

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { signIn } from "../utilities/request-sign-in";
import { useChange, useRowChange } from "./change";
import { useSession } from "./session";

/** The providers that this server offers, and whether one can log in by a passkey. */
export function useProviders() {
  return useQuery({
    queryKey: ["providers"],
    staleTime: 60_000,
    queryFn: () => signIn.providers(),
  });
}

/** The user's identities at providers, and whether they have a password. */
export function useIdentities() {
  const { status, user } = useSession();
  return useQuery({
    queryKey: ["identities", user?.id],
    enabled: status === "known",
    staleTime: 0,
    queryFn: () => signIn.identities(),
  });
}

/** Leaves the page for the provider. */
export function useLinkIdentity() {
  return useChange({
    mutationFn: (provider: string) => signIn.link(provider),
    onSuccess: (address) => location.assign(address),
  });
}

export function useUnlinkIdentity() {
  const client = useQueryClient();
  return useRowChange({
    mutationFn: (id: number) => signIn.unlink(id),
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ["identities"] }),
        client.invalidateQueries({ queryKey: ["sessions"] }),
      ]),
  });
}

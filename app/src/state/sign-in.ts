/** By what one can log in. */

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { signIn } from "../utilities/request-sign-in";
import { useChange } from "./change";
import type { ProofForm } from "./passkeys";
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
export function useLinkIdentity(provider: string) {
  return useChange({
    mutationFn: async ({ password, code }: ProofForm) => {
      location.assign(await signIn.link(provider, { password, code }));
    },
  });
}

export function useUnlinkIdentity(id: number) {
  const client = useQueryClient();
  return useChange({
    mutationFn: ({ password, code }: ProofForm) => signIn.unlink(id, { password, code }),
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ["identities"] }),
        client.invalidateQueries({ queryKey: ["sessions"] }),
      ]),
  });
}

/** The calls about logging in by a provider. */

import type { Identities, LinkStart, OwnProof, ProviderList } from "../generated/api";
import { exchange } from "./http";

export const signIn = {
  providers: async () =>
    (await exchange<ProviderList>({ method: "GET", path: "/api/auth/providers" })).value,
  identities: async () =>
    (await exchange<Identities>({ method: "GET", path: "/api/auth/identities" })).value,
  /** Where the browser has to go. @throws RequestError 422: see `fieldErrors` */
  link: async (provider: string, body: OwnProof) => {
    const call = { method: "POST", path: `/api/auth/oidc/${provider}/link`, body } as const;
    return (await exchange<LinkStart>(call)).value.location;
  },
  /** @throws RequestError 409: it is the last way in; 422: see `fieldErrors` */
  unlink: async (id: number, body: OwnProof): Promise<void> => {
    await exchange({ method: "POST", path: `/api/auth/identities/${id}/remove`, body });
  },
};

/**
 * Where somebody goes to log in by a provider.
 *
 * @param next the page to continue with, a path of ours
 * @param again the provider shall ask who it is, even where it knows
 */
export function startAddress(provider: string, next: string, again = false): string {
  const query = `return=${encodeURIComponent(next)}${again ? "&again=true" : ""}`;
  return `/api/auth/oidc/${provider}/start?${query}`;
}

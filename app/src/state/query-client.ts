/** The client of all queries, and what of them this device keeps so that lists show without network. */

import { QueryClient, dehydrate, hydrate } from "@tanstack/react-query";
import { deviceStorage } from "../utilities/storage";
import { useSession } from "./session";

export const queryClient = new QueryClient({
  defaultOptions: {
    // `request.ts` retries reads itself; twice over would only keep people waiting.
    queries: {
      retry: false,
      refetchOnWindowFocus: true,
      networkMode: "always",
      staleTime: 10_000,
      gcTime: 24 * 3600 * 1000,
    },
    mutations: { networkMode: "always" },
  },
});

const KEY = "queries";
/** How long after the last change the device's copy is written, in milliseconds. */
const KEEP_AFTER = 1_000;
/** Queries whose key begins so are kept on the device. */
const KEPT = new Set<unknown>(["boards"]);

let timer: ReturnType<typeof setTimeout> | undefined;

/** Shows the lists of last time until the server answers, and keeps this time's. Called once. */
export async function keepQueries(): Promise<void> {
  try {
    const text = await deviceStorage.get(KEY);
    hydrate(queryClient, text === null ? undefined : JSON.parse(text));
    // However young the copy is: what happened since is on the server.
    await queryClient.invalidateQueries({ refetchType: "none" });
  } catch {
    await deviceStorage.remove(KEY);
  }
  useSession.subscribe(({ user }, before) => {
    // However they left, and whoever comes: nobody sees what was read as another.
    if (before.user !== null && user?.id !== before.user.id) queryClient.clear();
  });
  queryClient.getQueryCache().subscribe(({ type, query }) => {
    if ((type === "updated" || type === "removed") && KEPT.has(query.queryKey[0])) {
      timer ??= setTimeout(keepNow, KEEP_AFTER);
    }
  });
}

function keepNow(): void {
  timer = undefined;
  const state = dehydrate(queryClient, {
    shouldDehydrateQuery: ({ queryKey, state: { status } }) =>
      KEPT.has(queryKey[0]) && status === "success",
    shouldDehydrateMutation: () => false,
  });
  // A device that keeps nothing asks again next time: no reason to stop anybody.
  deviceStorage.set(KEY, JSON.stringify(state)).catch(() => undefined);
}

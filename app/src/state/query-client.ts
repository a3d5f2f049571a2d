/** The client of all queries, and what of them this device keeps so that lists show without network. */

import { QueryClient, type QueryState, dehydrate, hydrate } from "@tanstack/react-query";
import { deviceStorage } from "../utilities/storage";
import { onLoginAgain, useSession } from "./session";

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
const KEPT = new Set<unknown>(["boards", "members"]);

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
    // However they left: the next user never sees what was read as another.
    if (before.user !== null && user?.id !== before.user.id) {
      queryClient.clear();
      keepNow();
    }
  });
  // What is in view may have failed for want of a login, or be as old as that.
  onLoginAgain(() => void queryClient.invalidateQueries());
  queryClient.getQueryCache().subscribe(({ type, query }) => {
    if ((type === "updated" || type === "removed") && KEPT.has(query.queryKey[0])) {
      timer ??= setTimeout(keepNow, KEEP_AFTER);
    }
  });
}

function keepNow(): void {
  clearTimeout(timer);
  timer = undefined;
  const state = dehydrate(queryClient, {
    // What was read once is kept, also when the last attempt to read it again failed.
    shouldDehydrateQuery: ({ queryKey, state: { data } }) =>
      KEPT.has(queryKey[0]) && data !== undefined,
    shouldDehydrateMutation: () => false,
  });
  const queries = state.queries.map((query) => ({ ...query, state: withoutFailure(query.state) }));
  // A device that keeps nothing asks again next time: no reason to stop anybody.
  deviceStorage.set(KEY, JSON.stringify({ ...state, queries })).catch(() => undefined);
}

/** The data as it was when it was read: why it could not be read again is of this time, not of next. */
function withoutFailure(state: QueryState): QueryState {
  const nothing = { error: null, fetchFailureCount: 0, fetchFailureReason: null };
  return { ...state, ...nothing, status: "success", fetchStatus: "idle" };
}

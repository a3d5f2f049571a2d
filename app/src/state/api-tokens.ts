/** Tokens for programs: the user's own, or a board's. */

import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { NewApiToken } from "../generated/api";
import { apiTokens } from "../utilities/request-tokens";
import { useChange, useRowChange } from "./change";
import { allPages } from "./queries";
import { useSession } from "./session";

/** How often they are read again while they are looked at, in milliseconds: they are used meanwhile. */
const INTERVAL = 30_000;

const keyOf = (user: number | undefined, board: number | null) =>
  ["api-tokens", user, board] as const;

/** Those that count, newest first; of a board, or one's own (null). */
export function useApiTokens(board: number | null) {
  const { status, user } = useSession();
  return useQuery({
    queryKey: keyOf(user?.id, board),
    enabled: status === "known",
    refetchInterval: INTERVAL,
    staleTime: 0,
    queryFn: () => allPages((cursor) => apiTokens.list(board, { cursor, limit: 200 })),
  });
}

export function useMakeApiToken(board: number | null) {
  const client = useQueryClient();
  return useChange({
    mutationFn: (body: NewApiToken) => apiTokens.make(board, body),
    // The token is on the screen and nowhere else.
    gcTime: 0,
    onSettled: () => client.invalidateQueries({ queryKey: ["api-tokens"] }),
  });
}

export function useRevokeApiToken(board: number | null) {
  const client = useQueryClient();
  return useRowChange({
    mutationFn: (id: number) => apiTokens.revoke(board, id),
    onSettled: () => client.invalidateQueries({ queryKey: ["api-tokens"] }),
  });
}

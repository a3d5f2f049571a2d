/** Reads, page by page, what others did while somebody was away. */

import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import type { OpenBoard } from "../../sync";
import type { Absence } from "../../state/last-visit";
import { nothingYet, readOn, type Meanwhile } from "./meanwhile-fold";

export interface MeanwhileProps {
  readonly board: OpenBoard;
  /** The own name, whose changes are no news; null without accounts. */
  readonly me: string | null;
  readonly absence: Absence;
}

export interface MeanwhileReading {
  /** As far as it was read; null: nothing yet. */
  readonly found: Meanwhile | null;
  /** Why it goes no further. */
  readonly error: Error | null;
  /** Goes on from where it failed. */
  readonly retry: () => void;
}

/** Whoever else asks for the same shares what was read. */
export function useMeanwhile({ board, me, absence }: MeanwhileProps): MeanwhileReading {
  const { mode, id } = board.address;
  const { data, error, hasNextPage, isFetching, fetchNextPage } = useInfiniteQuery({
    queryKey: ["meanwhile", mode, id, me, absence.seq, absence.head],
    initialPageParam: nothingYet(absence),
    queryFn: ({ pageParam }) => readOn({ mode, id }, pageParam, absence, me),
    getNextPageParam: (read) => (read.whole ? null : read),
    // Each page includes the earlier ones.
    maxPages: 1,
    structuralSharing: false,
    staleTime: Infinity,
  });
  const goesOn = hasNextPage && !isFetching && error === null;
  useEffect(() => {
    if (goesOn) void fetchNextPage({ cancelRefetch: false });
    // A page may come before it was drawn that it was asked for.
  }, [goesOn, data, fetchNextPage]);
  const retry = () => void fetchNextPage({ cancelRefetch: false });
  return { found: data?.pages[0] ?? null, error, retry };
}

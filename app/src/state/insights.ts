/** How work flowed over a board, as the server reckons it. */

import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { analytics, type Range } from "../utilities/request-analytics";
import type { OpenBoard } from "../sync";

/** How long after an event the numbers are read again, in milliseconds: more may be on their way. */
const SOON = 2_000;

/** The numbers of a range, read again when something happens on the board. */
export function useAnalytics(board: OpenBoard, range: Range) {
  const client = useQueryClient();
  const { id } = board.address;
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const end = board.onEvent(() => {
      timer ??= setTimeout(() => {
        timer = undefined;
        void client.invalidateQueries({ queryKey: ["analytics", id] });
      }, SOON);
    });
    return () => {
      clearTimeout(timer);
      end();
    };
  }, [board, client, id]);
  return useQuery({
    queryKey: ["analytics", id, range],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => analytics.read(id, range, signal),
  });
}

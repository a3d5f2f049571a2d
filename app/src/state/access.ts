/** What comes of the links that let somebody in. */

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { access } from "../utilities/request-access";
import { useChange } from "./change";
import { keys } from "./queries";

/** What an invitation says. */
export function usePreview(token: string | null) {
  return useQuery({
    queryKey: ["invitation", token],
    enabled: token !== null,
    staleTime: 60_000,
    gcTime: 0,
    queryFn: ({ signal }) => access.preview(token ?? "", signal),
  });
}

/** Joins the board of an invitation; the lists of boards are read anew. */
export function useAccept() {
  const client = useQueryClient();
  return useChange({
    mutationFn: (token: string) => access.accept(token),
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: keys.allBoards }),
        client.invalidateQueries({ queryKey: keys.allMine }),
      ]),
  });
}

/** The calls about tokens for programs. They come with their screens, not with the app. */

import type { ApiTokenPage, MadeApiToken, NewApiToken } from "../generated/api";
import { exchange } from "./http";
import type { PageQuery } from "./request";

/** @param board null: the user's own */
const tokensOf = (board: number | null) =>
  board === null ? "/api/auth/tokens" : `/api/boards/${board}/tokens`;

/** Of a board (owners), or the user's own (null). */
export const apiTokens = {
  list: async (board: number | null, query: PageQuery) => {
    const call = { method: "GET", path: tokensOf(board), query: { ...query } } as const;
    return (await exchange<ApiTokenPage>(call)).value;
  },
  /** No other answer contains `token`. */
  make: async (board: number | null, body: NewApiToken) => {
    const call = { method: "POST", path: tokensOf(board), body } as const;
    return (await exchange<MadeApiToken>(call)).value;
  },
  revoke: async (board: number | null, id: number): Promise<void> => {
    await exchange({ method: "DELETE", path: `${tokensOf(board)}/${id}` });
  },
};

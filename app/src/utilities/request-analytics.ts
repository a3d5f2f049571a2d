/** The calls of Insights: they come with it, not with the app. */

import type { Analytics } from "../generated/api";
import { exchange } from "./http";

/** Days like `2026-11-29`, both included, in an IANA time zone. */
export interface Range {
  readonly from: string;
  readonly to: string;
  readonly tz: string;
}

/** How long what is reckoned of many days may take, in milliseconds. */
const LONG = 60_000;

const analyticsOf = (board: number) => `/api/boards/${board}/analytics`;

/** For every member of the board. */
export const analytics = {
  read: async (board: number, range: Range, signal?: AbortSignal) => {
    const path = analyticsOf(board);
    const call = { method: "GET", path, query: { ...range }, signal, timeout: LONG } as const;
    return (await exchange<Analytics>(call)).value;
  },
  /** CSV. `rows`: each day, or each finished task. */
  file: async (board: number, range: Range, rows: "days" | "finished") => {
    const query = { ...range, format: "csv", rows: rows === "days" ? undefined : rows };
    const call = { method: "GET", path: analyticsOf(board), query, timeout: LONG } as const;
    return (await exchange<string>({ ...call, text: true })).value;
  },
};

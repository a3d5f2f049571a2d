/** The calls of the admin area: they come with it, not with the app. */

import type {
  ActivityPage,
  AdminStats,
  AdminUser,
  AdminUserPage,
  AdminUserPatch,
} from "../generated/api";
import { exchange } from "./http";
import type { PageQuery } from "./request";

/** Which activity is listed; each given filter narrows it. */
export interface ActivityFilter {
  /** A user name: who did it. */
  readonly user?: string;
  /** A board's id. */
  readonly board?: string;
  readonly action?: string;
  readonly entity?: string;
  /** RFC 3339; included. */
  readonly from?: string;
  /** RFC 3339; excluded. */
  readonly to?: string;
}

export interface ActivityQuery extends ActivityFilter {
  readonly after?: string;
  readonly limit?: number;
  readonly order?: "oldest" | "newest";
}

export interface UserQuery extends PageQuery {
  readonly q?: string;
  readonly role?: "user" | "admin";
  readonly disabled?: boolean;
}

/** How long what may look at many events may take, in milliseconds. */
const LONG = 60_000;

/** Role admin; to others all of it is 404. */
export const admin = {
  activity: async (query: ActivityQuery, signal?: AbortSignal) => {
    const call = {
      method: "GET",
      path: "/api/admin/activity",
      query: { ...query },
      signal,
    } as const;
    return (await exchange<ActivityPage>(call)).value;
  },
  /** A page as CSV, and where the next one begins; null: it was the last. */
  activityFile: async (query: ActivityQuery) => {
    const path = "/api/admin/activity";
    const call = {
      method: "GET",
      path,
      query: { ...query, format: "csv" },
      timeout: LONG,
    } as const;
    const { value: text, nextAfter } = await exchange<string>({ ...call, text: true });
    return { text, nextAfter };
  },
  stats: async (signal?: AbortSignal) =>
    (await exchange<AdminStats>({ method: "GET", path: "/api/admin/stats", signal })).value,
  users: async (query: UserQuery) => {
    const call = { method: "GET", path: "/api/admin/users", query: { ...query } } as const;
    return (await exchange<AdminUserPage>(call)).value;
  },
  changeUser: async (username: string, body: AdminUserPatch) => {
    const path = `/api/admin/users/${encodeURIComponent(username)}`;
    return (await exchange<AdminUser>({ method: "PATCH", path, body })).value;
  },
};

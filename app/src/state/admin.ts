/** What admins see of the server: its numbers, its users, everything that happens. Only theirs load it. */

import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useSyncExternalStore } from "react";
import type { AdminUserPage, AdminUserPatch, AdminStats } from "../generated/api";
import { RequestError } from "../utilities/request";
import { admin, type ActivityFilter, type UserQuery } from "../utilities/request-admin";
import { ActivityFeed, type ActivityView } from "./activity-feed";
import { useRowChange } from "./change";
import { relayOf } from "./open-boards";

/** How often the numbers are read again while they are looked at, in milliseconds. */
const STATS_INTERVAL = 2_000;
/** How many readings a line of the dashboard has: five minutes. */
const MOST_READINGS = 150;
const USERS_INTERVAL = 15_000;

/** To somebody who is no longer an admin there is no such place, however often it is asked for. */
export function isClosed(error: unknown): boolean {
  return error instanceof RequestError && error.status === 404;
}

/** The latencies and lag of one reading. */
export interface Reading {
  /** Milliseconds since 1970, by the server. */
  readonly at: number;
  readonly stats: Pick<AdminStats, "latency" | "stream">;
}

export interface LiveStats {
  readonly stats: AdminStats;
  /** Since the dashboard was opened, oldest first. */
  readonly readings: readonly Reading[];
}

/** @param shown whether somebody looks: else nothing is asked */
export function useStats(shown: boolean) {
  const client = useQueryClient();
  const queryKey = ["admin", "stats"];
  return useQuery<LiveStats>({
    queryKey,
    enabled: shown,
    refetchInterval: ({ state }) => (isClosed(state.error) ? false : STATS_INTERVAL),
    staleTime: 0,
    gcTime: 60_000,
    queryFn: async ({ signal }) => {
      const stats = await admin.stats(signal);
      const before = client.getQueryData<LiveStats>(queryKey)?.readings ?? [];
      const { latency, stream } = stats;
      const reading = { at: Date.parse(stats.at), stats: { latency, stream } };
      return { stats, readings: [...before, reading].slice(-MOST_READINGS) };
    },
  });
}

/** Users as the filter has them, by id, a page at a time. */
export function useUsers(filter: Omit<UserQuery, "cursor" | "limit">) {
  return useInfiniteQuery({
    queryKey: ["admin", "users", filter],
    initialPageParam: "",
    getNextPageParam: (page: AdminUserPage) => page.next_cursor,
    refetchInterval: ({ state }) => (isClosed(state.error) ? false : USERS_INTERVAL),
    placeholderData: (before) => before,
    queryFn: ({ pageParam }) =>
      admin.users({ ...filter, limit: 50, cursor: pageParam === "" ? undefined : pageParam }),
  });
}

export interface UserChange {
  readonly username: string;
  readonly patch: AdminUserPatch;
}

export function useChangeUser() {
  const client = useQueryClient();
  return useRowChange({
    mutationFn: ({ username, patch }: UserChange) => admin.changeUser(username, patch),
    // One after the other: the last choice is what it comes to.
    scope: { id: "users" },
    onSettled: () => client.invalidateQueries({ queryKey: ["admin", "users"] }),
  });
}

/** Everything that happens, under a filter; another filter begins again. */
export function useActivityFeed(
  filter: ActivityFilter,
): ActivityView & Pick<ActivityFeed, "pause" | "readOlder" | "begin"> {
  const feed = useMemo(
    () => new ActivityFeed(filter, { read: admin.activity }, relayOf("teams")),
    [filter],
  );
  useEffect(() => feed.start(), [feed]);
  const view = useSyncExternalStore(feed.subscribe, feed.view, feed.view);
  const { pause, readOlder, begin } = feed;
  return { ...view, pause, readOlder, begin };
}

/** The most pages of a file: a hundred thousand rows. */
const MOST_PAGES = 100;

/** Everything under a filter as one CSV, oldest first; `whole`: all of it is in it. */
export async function activityFile(
  filter: ActivityFilter,
): Promise<{ readonly content: string; readonly whole: boolean }> {
  const parts: string[] = [];
  let after: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const { text, nextAfter } = await admin.activityFile({ ...filter, limit: 1_000, after });
    // Each page begins with the header line.
    parts.push(page === 0 ? text : text.slice(text.indexOf("\n") + 1));
    if (nextAfter === null) return { content: parts.join(""), whole: true };
    after = nextAfter;
  }
  return { content: parts.join(""), whole: false };
}

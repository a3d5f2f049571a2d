/** What the server sends to admins and members about the flow, for tests. */

import type { Activity, AdminStats, AdminUser, Analytics } from "../generated/api";
import { aTask, aTaskEvent, MOMENT } from "./boards";

export function anActivity(seq: number, username = "grace", title = `Task ${seq}`): Activity {
  return aTaskEvent(seq, "Add", aTask({ id: seq, title }), username);
}

export function anAdminUser(username: string, more: Partial<AdminUser> = {}): AdminUser {
  return {
    id: username.length,
    username,
    display_name: username,
    role: "user",
    disabled: false,
    created_at: MOMENT,
    last_seen_at: MOMENT,
    sessions: 1,
    ...more,
  };
}

/** An hour in which something happened every minute: 1 event in the first, 60 in the last. */
export function someStats(more: Partial<AdminStats> = {}): AdminStats {
  const start = Date.parse("2026-11-29T09:00:00.000Z");
  const latency = { events: 40, p50_ms: 4.5, p99_ms: 31 };
  return {
    at: "2026-11-29T10:00:00.000Z",
    stores: { postgresql: "ok", redis: "ok" },
    users: { total: 12, admins: 1, disabled: 2 },
    boards: { total: 5, archived: 1, deleted: 3 },
    tasks: { total: 40, by_column: [{ column: "todo", tasks: 40 }] },
    events: {
      per_minute: Array.from({ length: 60 }, (_, index) => ({
        minute: new Date(start + index * 60_000).toISOString(),
        events: index + 1,
      })),
      by_kind: { "Move:task": 1830 },
    },
    people: { active: 3, busiest: [{ username: "grace", events: 1830 }] },
    busiest_boards: [{ board_id: 7, name: "Launch", events: 1830 }],
    connections: 9,
    relays: [
      {
        relay: "relay-1",
        version: "0.1.0",
        started_at: MOMENT,
        reported_at: MOMENT,
        connections: 9,
        guests: 2,
        subscriptions: 11,
        boards: 4,
        feed_lag_ms: 3,
        publish_to_socket: latency,
        write_to_glass: latency,
      },
    ],
    latency: { publish_to_socket: latency, write_to_glass: { ...latency, p99_ms: 48 } },
    stream: { lag_entries: 2, pending_entries: 1 },
    cache: { hits: 975, misses: 25, hit_rate: 0.975 },
    deliveries: { deferred: 6 },
    ...more,
  };
}

/** Three days of the board that `aHead` is; one task was finished, one is in progress. */
export function someAnalytics(more: Partial<Analytics> = {}): Analytics {
  const hour = 3_600_000;
  return {
    from: "2026-11-23",
    to: "2026-11-25",
    time_zone: "Europe/Berlin",
    as_of: "2026-11-25T12:00:00.000Z",
    seq: 12,
    columns: [
      { key: "todo", name: "To do", stays: 2, mean_stay_ms: 6 * hour },
      { key: "in_progress", name: "In progress", stays: 1, mean_stay_ms: 24 * hour },
      { key: "finished", name: "Finished", stays: 0, mean_stay_ms: null },
      { key: "review", name: null, stays: 0, mean_stay_ms: null },
    ],
    days: [
      { date: "2026-11-23", added: 2, moved: 0, finished: 0, tasks: [2, 0, 0, 0] },
      { date: "2026-11-24", added: 1, moved: 2, finished: 0, tasks: [1, 2, 0, 0] },
      { date: "2026-11-25", added: 0, moved: 1, finished: 1, tasks: [1, 1, 1, 0] },
    ],
    weeks: [{ monday: "2026-11-23", days: 3, finished: 1 }],
    lead_time: { count: 1, p50_ms: 36 * hour, p85_ms: 36 * hour, p95_ms: 36 * hour },
    cycle_time: { count: 1, p50_ms: 24 * hour, p85_ms: 24 * hour, p95_ms: 24 * hour },
    finished: [
      {
        task_id: 1,
        finished_at: "2026-11-25T09:00:00.000Z",
        lead_ms: 36 * hour,
        cycle_ms: 24 * hour,
      },
    ],
    open: [
      { key: "todo", count: 0, tasks: [] },
      {
        key: "in_progress",
        count: 1,
        tasks: [
          {
            id: 2,
            title: "Paint",
            created_at: "2026-11-23T12:00:00.000Z",
            started_at: "2026-11-24T00:00:00.000Z",
            entered_at: "2026-11-25T00:00:00.000Z",
          },
        ],
      },
    ],
    ...more,
  };
}

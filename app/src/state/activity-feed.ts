/**
 * Everything that happens on the server, newest first: a page of the past, then the relay's feed from
 * where that page ended, so that nothing is missing and nothing doubled (API-ACTIVITY, RT-ACTIVITY).
 */

import type { Activity, ActivityPage } from "../generated/api";
import { activityFrame } from "../live/activity-frames";
import type { Relay } from "../live/board-feed";
import { retryDelay } from "../live/backoff";
import type { ActivityFilter, ActivityQuery } from "../utilities/request-admin";

export type { ActivityFilter };

export interface ActivityView {
  /** Newest first. */
  readonly rows: readonly Activity[];
  /** How many have come since it was paused. */
  readonly held: number;
  readonly paused: boolean;
  readonly loading: boolean;
  /** Older ones are being read. */
  readonly reading: boolean;
  /** There are older ones. */
  readonly more: boolean;
  /** Why there are no rows, or no older ones; they are tried again on demand. */
  readonly error: unknown;
  /** `live`: what happens is shown as it happens. `removed`: whoever looks is no admin any more. */
  readonly state: "connecting" | "live" | "offline" | "removed";
}

export interface ActivityPages {
  readonly read: (query: ActivityQuery, signal: AbortSignal) => Promise<ActivityPage>;
}

/** Rows that are kept; what scrolls away beyond is read again on demand. */
export const MOST_ROWS = 500;
const PAGE = 50;
/** Rows come together where many come at once, in milliseconds. */
const TOGETHER = 150;

const NOTHING: ActivityView = {
  rows: [],
  held: 0,
  paused: false,
  loading: true,
  reading: false,
  more: false,
  error: null,
  state: "connecting",
};

/** Names an entry: each is once in the log. */
export function nameOf(activity: Activity): string {
  const board = "board_id" in activity ? activity.board_id : "users";
  return `${board}/${activity.seq}`;
}

/** Whether the server would tell an entry under this filter. */
export function passes(activity: Activity, filter: ActivityFilter): boolean {
  const { user, board, action, entity, from, to } = filter;
  const at = Date.parse(activity.timestamp);
  return (
    (user === undefined || activity.actor.username.toLowerCase() === user.toLowerCase()) &&
    (board === undefined || ("board_id" in activity && String(activity.board_id) === board)) &&
    (action === undefined || activity.action === action) &&
    (entity === undefined || activity.entity === entity) &&
    (from === undefined || at >= Date.parse(from)) &&
    (to === undefined || at < Date.parse(to))
  );
}

export class ActivityFeed {
  private shown = NOTHING;
  private readonly listeners = new Set<() => void>();
  /** What came and is not shown yet, newest first. */
  private waiting: readonly Activity[] = [];
  /** Where the next older page begins. */
  private older: string | null = null;
  /** Where what happens next begins; null until the first page is there. */
  private cursor: string | null = null;
  /** The relay was asked to go on from the cursor: what it tells from then on counts. */
  private asked = false;
  private reading: AbortController | null = null;
  private leave: (() => void) | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private showing: ReturnType<typeof setTimeout> | undefined;
  private attempt = 0;

  constructor(
    private readonly filter: ActivityFilter,
    private readonly pages: ActivityPages,
    private readonly relay: Relay,
  ) {}

  readonly view = (): ActivityView => this.shown;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  start(): () => void {
    void this.begin();
    this.leave = this.relay.join({
      opened: () => this.follow(),
      closed: () => this.become({ state: this.shown.state === "removed" ? "removed" : "offline" }),
      frame: (frame) => this.heard(activityFrame(frame)),
      stateChanged: () => {
        if (this.relay.state === "offline" && this.shown.state === "connecting") {
          this.become({ state: "offline" });
        }
      },
    });
    return () => this.stop();
  }

  /** Reads the newest page anew, and goes on from there. */
  readonly begin = async (): Promise<void> => {
    this.reading?.abort();
    const controller = new AbortController();
    this.reading = controller;
    clearTimeout(this.timer);
    this.asked = false;
    this.become({ loading: this.shown.rows.length === 0, reading: false, error: null });
    try {
      const page = await this.page({}, controller.signal);
      if (controller.signal.aborted) return;
      this.waiting = [];
      this.cursor = page.cursor;
      this.older = page.next_after ?? null;
      this.attempt = 0;
      this.become({ rows: page.items, held: 0, loading: false, more: this.older !== null });
      this.follow();
    } catch (error) {
      if (controller.signal.aborted) return;
      this.become({ loading: false, error });
      this.timer = setTimeout(() => void this.begin(), retryDelay(this.attempt, Math.random));
      this.attempt += 1;
    }
  };

  readonly readOlder = async (): Promise<void> => {
    if (this.shown.reading) return;
    if (this.older === null) {
      // What was let go is read again from the newest on.
      await this.begin();
      return;
    }
    const controller = this.reading ?? new AbortController();
    this.become({ reading: true, error: null });
    try {
      const page = await this.page({ after: this.older }, controller.signal);
      if (controller.signal.aborted) return;
      this.older = page.next_after ?? null;
      const rows = [...this.shown.rows, ...this.unknown(page.items)];
      this.become({ rows, reading: false, more: this.older !== null });
    } catch (error) {
      if (!controller.signal.aborted) this.become({ reading: false, error });
    }
  };

  readonly pause = (paused: boolean): void => {
    this.become({ paused });
    this.show();
  };

  private stop(): void {
    clearTimeout(this.timer);
    clearTimeout(this.showing);
    this.reading?.abort();
    if (this.relay.state === "open") {
      this.relay.send({ type: "unsubscribe", feed: "activity" });
    }
    this.leave?.();
    this.leave = null;
  }

  /** Pages may be empty though there are more: the server looks at so many entries and no more. */
  private async page(query: ActivityQuery, signal: AbortSignal): Promise<ActivityPage> {
    let page = await this.ask(query, signal);
    const { cursor } = page;
    while (page.items.length === 0 && page.next_after != null && !signal.aborted) {
      page = await this.ask({ after: page.next_after }, signal);
    }
    return { ...page, cursor };
  }

  private ask(query: ActivityQuery, signal: AbortSignal): Promise<ActivityPage> {
    return this.pages.read({ ...this.filter, order: "newest", limit: PAGE, ...query }, signal);
  }

  private follow(): void {
    if (this.cursor !== null && this.relay.state === "open" && this.shown.state !== "removed") {
      this.asked = true;
      this.relay.send({ type: "subscribe", feed: "activity", after: this.cursor });
    }
  }

  private heard(frame: ReturnType<typeof activityFrame>): void {
    if (!this.asked) return;
    switch (frame?.said) {
      case "subscribed":
        this.become({ state: "live" });
        break;
      case "event":
        this.cursor = frame.cursor;
        this.take(frame.activity);
        break;
      case "reset":
        void this.begin();
        break;
      case "refused":
        if (this.shown.state !== "live") this.become({ state: "removed" });
        break;
      case "unsubscribed":
        if (frame.reason === "removed") this.become({ state: "removed" });
        break;
      default:
        break;
    }
  }

  private take(activity: Activity): void {
    if (!passes(activity, this.filter)) return;
    this.waiting = [activity, ...this.waiting].slice(0, MOST_ROWS);
    this.showing ??= setTimeout(() => this.show(), TOGETHER);
  }

  /** Shows what has come; while it is paused, only how much. */
  private show(): void {
    clearTimeout(this.showing);
    this.showing = undefined;
    if (this.shown.paused) {
      this.become({ held: this.waiting.length });
      return;
    }
    const rows = [...this.unknown(this.waiting), ...this.shown.rows];
    this.waiting = [];
    const gone = rows.splice(MOST_ROWS).length > 0;
    if (gone) this.older = null;
    this.become({ rows, held: 0, more: this.shown.more || gone });
  }

  /** Those that are not shown already. */
  private unknown(items: readonly Activity[]): readonly Activity[] {
    const names = new Set(this.shown.rows.map(nameOf));
    return items.filter((each) => !names.has(nameOf(each)));
  }

  private become(change: Partial<ActivityView>): void {
    this.shown = { ...this.shown, ...change };
    this.listeners.forEach((listener) => listener());
  }
}

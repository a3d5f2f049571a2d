/**
 * Everything that happens on the server, newest first: a page of the past, then the relay's feed from
 * where that page ended, so that nothing is missing and nothing doubled (API-ACTIVITY, RT-ACTIVITY).
 */

import type { Activity, ActivityPage } from "../generated/api";
import { activityFrame } from "./activity-frames";
import type { Relay } from "../sync";
import { retryDelay } from "../utilities/backoff";
import { RequestError } from "../utilities/request";
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
  /** `live`: what happens is shown as it happens. `removed`: the user is no longer an admin. */
  readonly state: "connecting" | "live" | "offline" | "removed";
}

export interface ActivityPages {
  readonly read: (query: ActivityQuery, signal: AbortSignal) => Promise<ActivityPage>;
}

/** Rows that are kept, besides those that were asked for; older ones are read again on demand. */
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

/** Whether the server would list an entry under this filter. */
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

/** The server would say the same again. */
function isRefused(error: unknown): boolean {
  return error instanceof RequestError && [400, 404, 422].includes(error.status);
}

export class ActivityFeed {
  private shown = NOTHING;
  private readonly listeners = new Set<() => void>();
  /** What came and is not shown yet, newest first. */
  private waiting: readonly Activity[] = [];
  /** How many came, those included that are not kept. */
  private came = 0;
  /** Where the next older page begins. */
  private older: string | null = null;
  /** The last row of each page that is shown, and where the page after it begins; the newest first. */
  private ends: readonly { readonly last: string; readonly next: string | null }[] = [];
  /** The most rows; reading older pages keeps what was read. */
  private most = MOST_ROWS;
  /** Where what happens next begins; null until the first page is there. */
  private cursor: string | null = null;
  /** The relay was asked to continue from the cursor: what it sends from then on counts. */
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
      frame: (frame) => this.handleFrame(activityFrame(frame)),
      stateChanged: () => {
        if (this.relay.state === "offline" && this.shown.state === "connecting") {
          this.become({ state: "offline" });
        }
      },
    });
    return () => this.stop();
  }

  /** Reads the newest page again, and continues from there. */
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
      this.came = 0;
      this.cursor = page.cursor;
      this.ends = [];
      this.most = MOST_ROWS;
      this.attempt = 0;
      this.ended(page.items, page);
      this.become({ held: 0, loading: false });
      this.follow();
    } catch (error) {
      if (controller.signal.aborted) return;
      this.become({ loading: false, error });
      if (isRefused(error)) return;
      this.timer = setTimeout(() => void this.begin(), retryDelay(this.attempt, Math.random));
      this.attempt += 1;
    }
  };

  readonly readOlder = async (): Promise<void> => {
    if (this.shown.reading) return;
    const controller = this.reading ?? new AbortController();
    this.become({ reading: true, error: null });
    try {
      const page = await this.behind(controller.signal);
      if (controller.signal.aborted) return;
      if (page === null) {
        await this.begin();
        return;
      }
      const rows = [...this.shown.rows, ...this.unknown(page.items)];
      this.most = rows.length + MOST_ROWS;
      this.ended(rows, page);
      this.become({ reading: false });
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

  /** Pages may be empty though there are more: the server examines a limited number of entries. */
  private async page(query: ActivityQuery, signal: AbortSignal): Promise<ActivityPage> {
    let page = await this.ask(query, signal);
    const { cursor } = page;
    while (page.items.length === 0 && page.next_after != null && !signal.aborted) {
      page = await this.ask({ after: page.next_after }, signal);
    }
    return { ...page, cursor };
  }

  /**
   * The page behind the last row. Where that row ended no page, because those below it were let go, it is
   * looked for from the newest on; null where it is not there any more.
   */
  private async behind(signal: AbortSignal): Promise<ActivityPage | null> {
    if (this.older !== null) return this.page({ after: this.older }, signal);
    const last = this.shown.rows.at(-1);
    let after: string | null | undefined;
    let items: readonly Activity[] = [];
    let found = false;
    for (let seen = 0; seen < this.most + MOST_ROWS && after !== null; seen += items.length) {
      const query = { limit: MOST_ROWS, ...(after !== undefined && { after }) };
      const page = await this.ask(query, signal);
      items = page.items;
      const place = items.findIndex((each) => last !== undefined && nameOf(each) === nameOf(last));
      found ||= place >= 0;
      const behind = page.items.slice(place + 1);
      if (found && (behind.length > 0 || page.next_after == null))
        return { ...page, items: behind };
      after = page.next_after ?? null;
    }
    return null;
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

  private handleFrame(frame: ReturnType<typeof activityFrame>): void {
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
    this.came += 1;
    this.showing ??= setTimeout(() => this.show(), TOGETHER);
  }

  /** Shows what has come; while it is paused, only how much. */
  private show(): void {
    clearTimeout(this.showing);
    this.showing = undefined;
    if (this.shown.paused) {
      this.become({ held: this.came });
      return;
    }
    if (this.came > this.waiting.length) {
      // Some are missing between what is shown and what was kept.
      void this.begin();
      return;
    }
    const rows = [...this.unknown(this.waiting), ...this.shown.rows];
    this.waiting = [];
    this.came = 0;
    this.become({ held: 0 });
    // What older ones are put behind stays until they are there.
    if (this.shown.reading || rows.length <= this.most) this.become({ rows });
    else this.shorten(rows);
  }

  /** A page has come, and these are the rows with it. */
  private ended(rows: readonly Activity[], page: ActivityPage): void {
    this.older = page.next_after ?? null;
    const last = rows.at(-1);
    if (last !== undefined) this.ends = [...this.ends, { last: nameOf(last), next: this.older }];
    this.become({ rows, more: this.older !== null });
  }

  /** Lets the oldest rows go, whole pages of them: where the one before ended, reading continues. */
  private shorten(rows: readonly Activity[]): void {
    const places = new Map(rows.slice(0, this.most).map((row, index) => [nameOf(row), index]));
    this.ends = this.ends.filter(({ last }) => places.has(last));
    const end = this.ends.at(-1);
    const kept = end === undefined ? this.most : (places.get(end.last) ?? 0) + 1;
    this.older = end?.next ?? null;
    this.become({ rows: rows.slice(0, kept), more: true });
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

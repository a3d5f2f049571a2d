/**
 * Keeps one board's cursor true: fetches the snapshot, follows the events by the client rule, and
 * says how far behind it is. What comes is handed on in order, each event once.
 */

import type { Relay, RelayListener } from "../ports";
import type { Snapshot } from "../replica";
import type { BoardEvent, Connection, Presence } from "../types";
import { NetworkError, RequestError } from "../../utilities/problem";
import { noteReceipt } from "../../utilities/trace";
import { retryDelay } from "../../utilities/backoff";
import {
  type Deed,
  type Follow,
  type Step,
  begin,
  behind,
  closed,
  opened,
  received,
  snapshot as renewed,
} from "./follow";
import type { Frame } from "./frames";

export interface FeedHost {
  snapshot(snapshot: Snapshot): void;
  event(event: BoardEvent): void;
  /** Everything up to the server's head has been applied. */
  caughtUp(): void;
  gone(reason: "deleted" | "removed" | "not-found"): void;
  presence(online: readonly Presence[]): void;
  /** A snapshot could not be had; it is tried again unless somebody must log in first. */
  failed(error: unknown): void;
  /** The result of `connection` may be different. */
  changed(): void;
}

/** How long the device's own copy waits for the relay before the server is asked, in milliseconds. */
const PATIENCE = 2_000;

export class BoardFeed {
  private follow: Follow | null = null;
  private leave: (() => void) | null = null;
  private ended = false;
  private attempt = 0;
  private fetching: AbortController | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private editing: number | null = null;
  private announced: Connection = { state: "connecting" };

  constructor(
    private readonly board: number,
    private readonly relay: Relay,
    private readonly read: (signal: AbortSignal) => Promise<Snapshot>,
    private readonly host: FeedHost,
  ) {}

  /** @param copy what this device kept of the board */
  start(copy: Snapshot | null): void {
    if (copy === null) {
      void this.fetch();
    } else {
      this.follow = begin(copy.head);
      // Without a relay the cursor leads nowhere; the server may be there anyway.
      this.timer = setTimeout(() => {
        if (this.follow?.phase === "offline") {
          void this.fetch();
        }
      }, PATIENCE);
    }
    this.leave = this.relay.join(this.listener);
  }

  stop(): void {
    this.ended = true;
    clearTimeout(this.timer);
    this.fetching?.abort();
    if (this.follow !== null && this.relay.state === "open") {
      this.relay.send({ type: "unsubscribe", board: this.board });
    }
    this.leave?.();
  }

  /** Tries to connect, and to fetch what is missing, now. */
  wake(): void {
    this.attempt = 0;
    this.relay.wake();
    if (this.fetching === null && (this.follow === null || this.follow.phase === "fetching")) {
      clearTimeout(this.timer);
      void this.fetch();
    }
  }

  /** The board was gone for this user and may be back: begin as if it had never been open. */
  restart(): void {
    this.follow = null;
    this.wake();
  }

  /** The cursor belongs to another board: fetch it again. */
  refetch(): void {
    if (!this.ended) {
      clearTimeout(this.timer);
      void this.fetch();
    }
  }

  announce(editing: number | null): void {
    if (this.editing !== editing) {
      this.editing = editing;
      this.notifyPresence();
    }
  }

  /** The same object until it says something else. */
  connection(): Connection {
    const now = this.connectionNow();
    if (!sameConnection(this.announced, now)) {
      this.announced = now;
    }
    return this.announced;
  }

  private connectionNow(): Connection {
    switch (this.relay.state) {
      case "stopped":
        return { state: "stopped" };
      case "offline":
        return { state: "offline", ...offlineOf(this.relay) };
      case "open": {
        const { follow } = this;
        const missing = follow === null ? 0 : behind(follow);
        return follow?.phase === "following" && missing === 0
          ? { state: "live" }
          : { state: "catching-up", behind: missing };
      }
      default:
        // Trying again is no news: until it has worked the board is as offline as before.
        return this.announced.state === "offline"
          ? { ...this.announced, retryAt: null }
          : { state: "connecting" };
    }
  }

  private readonly listener: RelayListener = {
    opened: () => this.take(this.follow === null ? null : opened(this.follow)),
    closed: () => {
      this.host.presence([]);
      this.take(this.follow === null ? null : closed(this.follow));
    },
    frame: (frame) => this.handleFrame(frame),
    stateChanged: () => this.host.changed(),
  };

  private handleFrame(frame: Frame): void {
    if (frame.type === "presence") {
      if (frame.board === this.board) {
        this.host.presence(frame.online);
      }
      return;
    }
    this.take(this.follow === null ? null : received(this.follow, frame));
    if (frame.type === "subscribed" && frame.board === this.board && this.editing !== null) {
      this.notifyPresence();
    }
  }

  private notifyPresence(): void {
    const state = this.editing === null ? {} : { editing: this.editing };
    this.relay.send({ type: "presence", board: this.board, state });
  }

  private take(step: Step | null): void {
    if (step === null || this.ended) {
      return;
    }
    const [next, deeds] = step;
    this.follow = next;
    deeds.forEach((deed) => this.perform(deed));
    if (next.phase === "following" && behind(next) === 0) {
      this.attempt = 0;
      this.host.caughtUp();
    }
    this.host.changed();
  }

  private perform(deed: Deed): void {
    switch (deed.do) {
      case "send":
        this.relay.send(deed.message);
        break;
      case "apply":
        this.host.event(deed.event);
        noteReceipt(deed.event);
        break;
      case "fetch":
        this.fetchAgain();
        break;
      case "gone":
        this.host.gone(deed.reason);
    }
  }

  /** A relay that asks for a new snapshot again and again is followed only with pauses. */
  private fetchAgain(): void {
    const delay = this.attempt === 0 ? 0 : retryDelay(this.attempt, Math.random);
    this.attempt += 1;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.fetch(), delay);
  }

  /** Until there is an answer: a snapshot, or that there is none for us. */
  private async fetch(): Promise<void> {
    if (this.fetching !== null) {
      return;
    }
    const fetching = new AbortController();
    this.fetching = fetching;
    try {
      const snapshot = await this.read(fetching.signal);
      this.fetching = null;
      if (!this.ended) {
        this.install(snapshot);
      }
    } catch (error) {
      this.fetching = null;
      if (!this.ended) {
        this.fetchFailed(error);
      }
    }
  }

  private install(snapshot: Snapshot): void {
    if (this.follow?.phase === "ended") {
      // It was read before the board was gone.
      return;
    }
    this.host.snapshot(snapshot);
    const open = this.relay.state === "open";
    const state = this.follow ?? begin(snapshot.head);
    this.take(renewed(state, snapshot.head, open));
    if (!open) {
      this.host.changed();
    }
  }

  private fetchFailed(error: unknown): void {
    if (error instanceof RequestError && error.status === 404) {
      this.host.gone("not-found");
      return;
    }
    this.host.failed(error);
    const hopeless =
      error instanceof RequestError && error.status < 500 && ![408, 429].includes(error.status);
    if (hopeless || !(error instanceof RequestError || error instanceof NetworkError)) {
      return;
    }
    const asked = error instanceof RequestError ? (error.retryAfter ?? 0) : 0;
    const delay = Math.max(asked, retryDelay(this.attempt, Math.random));
    this.attempt += 1;
    this.timer = setTimeout(() => void this.fetch(), delay);
  }
}

function offlineOf({ retryAt, crowded }: Relay) {
  return crowded ? { retryAt, crowded } : { retryAt };
}

function sameConnection(a: Connection, b: Connection): boolean {
  if (a.state === "catching-up" && b.state === "catching-up") {
    return a.behind === b.behind;
  }
  if (a.state === "offline" && b.state === "offline") {
    return a.retryAt === b.retryAt && a.crowded === b.crowded;
  }
  return a.state === b.state;
}

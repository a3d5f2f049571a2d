/**
 * Sends one board's queued changes in order, one at a time: waits where the network or the server is
 * away, and finds out what a refusal is about. How each is sent: `delivery.ts`.
 */

import { retryDelay } from "../../utilities/backoff";
import { elapsed } from "../../utilities/elapsed";
import { NetworkError, RequestError } from "../../utilities/problem";
import type { BoardFeed } from "../live/feed";
import type { BoardPorts } from "../ports";
import type { BoardQueue } from "./board-queue";
import type { Command } from "./commands";
import { Delivery } from "./delivery";
import type { Outcomes } from "./outcomes";
import type { ServerRefusal, Stall } from "../types";

/** One lost try is no news. */
const STALLED_AFTER = 2;
/** How often a change may end in a server error, while the server works otherwise, before it is reported. */
const MOST_FAULTS = 5;

export class SendLoop {
  private running = false;
  private stopped = false;
  private attempt = 0;
  /** How often the server failed at the change that is first in line. */
  private faults = { id: "", count: 0 };
  private stalledBy: Stall | null = null;
  private isStalled = false;
  private endPause: (() => void) | null = null;
  private readonly delivery: Delivery;

  /** @param board whether it is there; what to do if it is gone, and when `stall` changes */
  constructor(
    private readonly ports: BoardPorts,
    private readonly queue: BoardQueue,
    private readonly outcomes: Outcomes,
    private readonly feed: BoardFeed,
    private readonly board: {
      readonly isReady: () => boolean;
      readonly missing: () => void;
      readonly stalled: () => void;
    },
    private readonly random: () => number = Math.random,
  ) {
    this.delivery = new Delivery(ports.service, outcomes);
  }

  /** Why nothing is on its way, where something should be. */
  get stall(): Stall | null {
    return this.stalledBy;
  }

  /** There may be something to send, or the network may be back: look now. */
  wake(): void {
    this.attempt = 0;
    this.endPause?.();
    if (!this.running && !this.stopped && this.next() !== null) {
      this.running = true;
      void this.ports
        .exclusively(() => this.drain())
        .finally(() => {
          this.running = false;
          if (!this.stopped && this.next() !== null) {
            this.wake();
          }
        });
    }
  }

  stop(): void {
    this.stopped = true;
    this.endPause?.();
  }

  private async drain(): Promise<void> {
    await this.queue.load();
    while (!this.stopped) {
      this.queue.dropUndone();
      const command = this.next();
      if (command === null) {
        return;
      }
      try {
        await this.begin(command);
        await this.delivery.send(command);
        this.goesOn();
      } catch (error) {
        await this.failed(command, error);
      }
    }
  }

  private next(): Command | null {
    return this.board.isReady() && this.ports.maySend() ? this.queue.next : null;
  }

  /** From now on it may have happened, and the device knows. */
  private async begin(command: Command): Promise<void> {
    await this.ports.makeSure();
    await this.checkEpoch();
    await this.queue.attempting(command);
  }

  /**
   * A restarted host gives the same addresses to other boards. As long as the relay does not vouch for
   * this one, it is looked at before anything is sent to it.
   */
  private async checkEpoch(): Promise<void> {
    const { service } = this.ports;
    if (service.address.mode === "quick-win" && this.feed.connection().state !== "live") {
      const { epoch } = await service.readHead();
      if (epoch !== this.outcomes.epoch) {
        this.feed.refetch();
        throw new NetworkError(false);
      }
    }
  }

  private async failed(command: Command, error: unknown): Promise<void> {
    if (error instanceof RequestError && !isPassing(error)) {
      this.goesOn();
      await this.answeredNo(command, error);
      return;
    }
    if (await this.isItsFault(command, error)) {
      this.goesOn();
      return;
    }
    await this.pause(error);
  }

  private goesOn(): void {
    this.attempt = 0;
    if (this.isStalled) {
      this.isStalled = false;
      this.setStall(null);
    }
  }

  private setStall(stall: Stall | null): void {
    this.stalledBy = stall;
    this.board.stalled();
  }

  /** A change that the server fails at, again and again, must not keep those behind it for good. */
  private async isItsFault(command: Command, error: unknown): Promise<boolean> {
    if (!(error instanceof RequestError) || error.status !== FAULT) {
      return false;
    }
    const before = this.faults.id === command.id ? this.faults.count : 0;
    this.faults = { id: command.id, count: before + 1 };
    if (this.faults.count < MOST_FAULTS) {
      return false;
    }
    try {
      await this.ports.service.readHead();
    } catch {
      // The server fails at everything: no fault of this change.
      return false;
    }
    this.outcomes.refused(command, error.type, {
      code: "keeps-failing",
      ...saidIn(error),
    });
    return true;
  }

  private async pause(error: unknown): Promise<void> {
    const asked = error instanceof RequestError ? (error.retryAfter ?? 0) : 0;
    const delay = Math.max(asked, retryDelay(this.attempt, this.random));
    this.attempt += 1;
    this.isStalled ||= this.attempt >= STALLED_AFTER;
    const status = error instanceof RequestError ? error.status : null;
    if (this.isStalled) {
      this.setStall({ status, retryAt: elapsed() + delay });
    }
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, delay);
      this.endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.endPause = null;
    if (this.isStalled) {
      this.setStall({ status, retryAt: null });
    }
  }

  private async answeredNo(command: Command, error: RequestError): Promise<void> {
    // After a 401 `next` answers nothing until somebody is logged in; the command stays.
    if (error.status === 401) {
      return;
    }
    if (error.status === 404) {
      await this.missing(command, error);
      return;
    }
    this.outcomes.refused(command, error.type, { code: "server", ...saidIn(error) });
  }

  /** A 404 may be about the comment, the task or the board. */
  private async missing(command: Command, error: RequestError): Promise<void> {
    try {
      if (command.task !== null && command.task > 0) {
        await this.ports.service.readTask(command.task);
      } else {
        await this.ports.service.readHead();
      }
    } catch (reason) {
      if (!(reason instanceof RequestError) || reason.status !== 404) {
        return;
      }
      await this.missingBoardOr(command);
      return;
    }
    this.outcomes.refused(command, error.type, { code: "server", ...saidIn(error) });
  }

  private async missingBoardOr(command: Command): Promise<void> {
    try {
      await this.ports.service.readHead();
      this.outcomes.taskMissing(command);
    } catch (reason) {
      if (reason instanceof RequestError && reason.status === 404) {
        this.board.missing();
      }
    }
  }
}

/** An error of the server itself, not one that says that it is unavailable. */
const FAULT = 500;

/** Worth another try as it is. */
function isPassing(error: RequestError): boolean {
  return error.status >= 500 || error.status === 429 || error.status === 408;
}

/** The part of a refusal that is shown to people and stored for that. */
function saidIn({ status, detail, errors }: RequestError): ServerRefusal {
  return { status, detail, errors };
}

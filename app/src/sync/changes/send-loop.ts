/**
 * Sends one board's queued changes in order, one at a time: waits where the network or the server is
 * away, and finds out what a refusal is about. How each is sent: `delivery.ts`.
 */

import { retryDelay } from "../../utilities/backoff";
import { elapsed } from "../../utilities/elapsed";
import { RequestError } from "../../utilities/problem";
import type { BoardService } from "../../state/board-service";
import type { Command } from "./commands";
import { Delivery, type DeliveryHost } from "./delivery";
import type { ServerRefusal, Stall } from "../types";

/** The session as its sender sees it. */
export interface SenderHost extends DeliveryHost {
  /** Forgets what was taken back before it was sent. */
  dropTakenBack(): void;
  /** The next command to be sent; `null`: none, or not now. */
  next(): Command | null;
  /** Looks what other tabs have sent and added meanwhile. */
  refresh(): Promise<void>;
  /** An attempt is being made. Resolves when that is on record. */
  attempting(command: Command): Promise<void>;
  /** The server does not know the task (any more). */
  taskMissing(command: Command): void;
  /** The server does not know the board, or not for this user. */
  boardMissing(): void;
  /** Some tries came to nothing; `null`: it goes on. */
  stalled(stall: Stall | null): void;
}

/** One lost try is no news. */
const STALLED_AFTER = 2;
/** How often a change may end in a fault of the server, which is well otherwise, before it is told. */
const MOST_FAULTS = 5;

/** Runs `work` in at most one tab at a time. */
export type Exclusively = (work: () => Promise<void>) => Promise<void>;

export class Sender {
  private running = false;
  private stopped = false;
  private attempt = 0;
  /** How often the server failed at the change that is first in line. */
  private faults = { id: "", count: 0 };
  private isStalled = false;
  private endPause: (() => void) | null = null;
  private readonly delivery: Delivery;

  constructor(
    private readonly service: BoardService,
    private readonly host: SenderHost,
    private readonly exclusively: Exclusively,
    private readonly random: () => number = Math.random,
  ) {
    this.delivery = new Delivery(service, host);
  }

  /** There may be something to send, or the network may be back: look now. */
  wake(): void {
    this.attempt = 0;
    this.endPause?.();
    if (!this.running && !this.stopped && this.host.next() !== null) {
      this.running = true;
      void this.exclusively(() => this.drain()).finally(() => {
        this.running = false;
        if (!this.stopped && this.host.next() !== null) {
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
    await this.host.refresh();
    while (!this.stopped) {
      this.host.dropTakenBack();
      const command = this.host.next();
      if (command === null) {
        return;
      }
      try {
        await this.host.attempting(command);
        await this.delivery.send(command);
        this.goesOn();
      } catch (error) {
        await this.failed(command, error);
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
      this.host.stalled(null);
    }
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
      await this.service.readHead();
    } catch {
      // The server fails at everything: no fault of this change.
      return false;
    }
    this.host.refused(command, error.type, {
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
      this.host.stalled({ status, retryAt: elapsed() + delay });
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
      this.host.stalled({ status, retryAt: null });
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
    this.host.refused(command, error.type, { code: "server", ...saidIn(error) });
  }

  /** A 404 may be about the comment, the task or the board. */
  private async missing(command: Command, error: RequestError): Promise<void> {
    try {
      if (command.task !== null && command.task > 0) {
        await this.service.readTask(command.task);
      } else {
        await this.service.readHead();
      }
    } catch (reason) {
      if (!(reason instanceof RequestError) || reason.status !== 404) {
        return;
      }
      await this.missingBoardOr(command);
      return;
    }
    this.host.refused(command, error.type, { code: "server", ...saidIn(error) });
  }

  private async missingBoardOr(command: Command): Promise<void> {
    try {
      await this.service.readHead();
      this.host.taskMissing(command);
    } catch (reason) {
      if (reason instanceof RequestError && reason.status === 404) {
        this.host.boardMissing();
      }
    }
  }
}

/** A fault of the server itself, not one that says that it is away. */
const FAULT = 500;

/** Worth another try as it is. */
function isPassing(error: RequestError): boolean {
  return error.status >= 500 || error.status === 429 || error.status === 408;
}

/** As much of a refusal as is told to people, and kept for that. */
function saidIn({ status, detail, errors }: RequestError): ServerRefusal {
  return { status, detail, errors };
}

/**
 * Sends one board's queued changes in order, one at a time: rebases them on what arrived, waits where
 * the network or the server is away, and tells what came of each.
 */

import { retryDelay } from "../live/backoff";
import { NetworkError, RequestError, refusalWords } from "../utilities/request";
import { texts } from "../utilities/texts";
import type { Acknowledged, BoardService } from "./board-service";
import {
  type AddTask,
  type ChangeBoard,
  type ChangeComment,
  type ChangeTask,
  type Command,
  type DeleteTask,
  type MoveTask,
  type Values,
  boardPatchOf,
  boardValues,
  patchOf,
  same,
  taskValue,
} from "./commands";
import { type ConflictField, rebase } from "./rebase";
import type { BoardHead, BoardTask, TaskId } from "./types";

/** The session as its sender sees it. */
export interface SenderHost {
  /** The next command to be sent; `null`: none, or not now. */
  next(): Command | null;
  /** The task as it is on the server, as far as is known. */
  known(id: TaskId): BoardTask | undefined;
  knownHead(): BoardHead;
  /** Looks what other tabs have sent and added meanwhile. */
  refresh(): Promise<void>;
  /** An attempt is being made. Resolves when that is on record. */
  attempting(command: Command): Promise<void>;
  taskRead(task: BoardTask): void;
  headRead(head: BoardHead): void;
  done(command: Command, task: Acknowledged<BoardTask | null> | null): void;
  conflicted(command: Command, conflicts: readonly ConflictField[]): void;
  refused(command: Command, type: string, message: string): void;
  /** The server does not know the task (any more). */
  taskMissing(command: Command): void;
  /** The server does not know the board, or not for this user. */
  boardMissing(): void;
}

/** How often one attempt is rebased on what others did meanwhile before it waits a little. */
const MOST_REBASES = 8;

/** Runs `work` in at most one tab at a time. */
export type Exclusively = (work: () => Promise<void>) => Promise<void>;

export class Sender {
  private running = false;
  private stopped = false;
  private attempt = 0;
  private endPause: (() => void) | null = null;

  constructor(
    private readonly service: BoardService,
    private readonly host: SenderHost,
    private readonly exclusively: Exclusively,
    private readonly random: () => number = Math.random,
  ) {}

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
      const command = this.host.next();
      if (command === null) {
        return;
      }
      try {
        await this.host.attempting(command);
        await this.send(command);
        this.attempt = 0;
      } catch (error) {
        await this.failed(command, error);
      }
    }
  }

  private async failed(command: Command, error: unknown): Promise<void> {
    if (error instanceof RequestError && !isPassing(error)) {
      await this.answeredNo(command, error);
      return;
    }
    const asked = error instanceof RequestError ? (error.retryAfter ?? 0) : 0;
    const delay = Math.max(asked, retryDelay(this.attempt, this.random));
    this.attempt += 1;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, delay);
      this.endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.endPause = null;
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
    this.host.refused(command, error.type, refusalWords(error));
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
    this.host.refused(command, error.type, refusalWords(error));
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

  private async send(command: Command): Promise<void> {
    switch (command.kind) {
      case "add":
        return this.add(command);
      case "change":
        return this.change(command);
      case "move":
        return this.move(command);
      case "delete":
        return this.delete(command);
      case "comment-add":
        await this.service.addComment(command.task, command.body, command.id);
        return this.host.done(command, null);
      case "comment-change":
        return this.changeComment(command);
      case "comment-delete":
        return this.deleteComment(command);
      case "board-change":
        return this.changeBoard(command);
    }
  }

  private async add(command: AddTask): Promise<void> {
    const { details, before } = command;
    const body = {
      ...details,
      labels: details.labels === undefined ? undefined : [...details.labels],
      fields: details.fields === undefined ? undefined : { ...details.fields },
    };
    // The same body at each attempt, wherever the neighbour is by then: the key goes with it.
    const placed = before !== null && before > 0 ? { ...body, before } : body;
    try {
      this.host.done(command, await this.service.addTask(placed, command.id));
    } catch (error) {
      if (!isAboutPlace(error)) {
        throw error;
      }
      // Nothing was made, so nothing was kept under the key.
      this.host.done(command, await this.service.addTask(body, command.id));
    }
  }

  private async change(command: ChangeTask): Promise<void> {
    await this.onCurrent(command.task, async (task) => {
      const { send, conflicts } = rebase(command.base, command.values, (field) =>
        taskValue(task, field),
      );
      if (conflicts.length > 0) {
        this.host.conflicted(command, conflicts);
      } else if (isEmpty(send)) {
        this.host.done(command, null);
      } else {
        const answer = await this.service.changeTask(command.task, patchOf(send), task.version);
        this.host.done(command, answer);
      }
    });
  }

  /** Only the column can be in conflict: where in a column a task stands, the last one decides. */
  private async move(command: MoveTask): Promise<void> {
    const { place, from } = command;
    await this.onCurrent(command.task, async (task) => {
      if (task.status !== from && task.status !== place.status) {
        const field = { field: "status", base: from, mine: place.status, theirs: task.status };
        this.host.conflicted(command, [field]);
        return;
      }
      const unordered = this.service.address.mode === "quick-win";
      if (unordered && task.status === place.status) {
        this.host.done(command, null);
        return;
      }
      const patch = { status: place.status, before: this.placeBefore(place.before, place.status) };
      const answer = await this.service.changeTask(command.task, patch, task.version);
      this.host.done(command, answer);
    });
  }

  /** A task that somebody changed since is not deleted without asking. */
  private async delete(command: DeleteTask): Promise<void> {
    const { base } = command;
    try {
      await this.onCurrent(command.task, async (task) => {
        const changed =
          base !== null &&
          Object.entries(base).some(([field, value]) => !same(taskValue(task, field), value));
        if (changed) {
          const { changedMeanwhile } = texts().engine;
          this.host.refused(command, "/problems/precondition-failed", changedMeanwhile);
          return;
        }
        const version = base === null ? undefined : task.version;
        const { seq } = await this.service.deleteTask(command.task, version);
        this.host.done(command, { value: null, seq });
      });
    } catch (error) {
      if (!(error instanceof RequestError) || error.status !== 404) {
        throw error;
      }
      await this.service.readHead();
      this.host.done(command, null);
    }
  }

  private async changeComment(command: ChangeComment): Promise<void> {
    let { version } = command;
    for (let tries = 0; tries < MOST_REBASES; tries += 1) {
      if (version !== null) {
        try {
          const { task, comment, body } = command;
          await this.service.changeComment(task, comment, body, version);
          this.host.done(command, null);
          return;
        } catch (error) {
          if (!isOutdated(error)) {
            throw error;
          }
        }
      }
      const now = await this.service.readComment(command.task, command.comment);
      if (now === null) {
        this.host.refused(command, "/problems/not-found", texts().engine.commentGone);
        return;
      }
      if (now.body === command.body) {
        this.host.done(command, null);
        return;
      }
      if (command.base !== null && now.body !== command.base) {
        const { base, body } = command;
        this.host.conflicted(command, [{ field: "body", base, mine: body, theirs: now.body }]);
        return;
      }
      version = now.version;
    }
    throw new NetworkError(false);
  }

  private async deleteComment(command: Extract<Command, { kind: "comment-delete" }>) {
    try {
      await this.service.deleteComment(command.task, command.comment);
    } catch (error) {
      if (!(error instanceof RequestError) || error.status !== 404) {
        throw error;
      }
    }
    this.host.done(command, null);
  }

  private async changeBoard(command: ChangeBoard): Promise<void> {
    let head = this.host.knownHead();
    for (let tries = 0; tries < MOST_REBASES; tries += 1) {
      const now: Values = boardValues(head, Object.keys(command.values));
      const { send, conflicts } = rebase(command.base, command.values, (field) => now[field]);
      if (conflicts.length > 0) {
        this.host.conflicted(command, conflicts);
        return;
      }
      try {
        if (!isEmpty(send)) {
          const answer = await this.service.changeBoard(boardPatchOf(send), head.version);
          this.host.headRead(answer.value);
        }
        this.host.done(command, null);
        return;
      } catch (error) {
        if (!isOutdated(error)) {
          throw error;
        }
        head = await this.service.readHead();
        this.host.headRead(head);
      }
    }
    throw new NetworkError(false);
  }

  /** Works on the task as it is known, and after each 412 on the task as it is. */
  private async onCurrent(id: TaskId, work: (task: BoardTask) => Promise<void>): Promise<void> {
    let task = this.host.known(id) ?? (await this.read(id));
    for (let tries = 0; tries < MOST_REBASES; tries += 1) {
      try {
        await work(task);
        return;
      } catch (error) {
        if (!isOutdated(error)) {
          throw error;
        }
        task = await this.read(id);
      }
    }
    // Others change it faster than we can: later, then.
    throw new NetworkError(false);
  }

  private async read(id: TaskId): Promise<BoardTask> {
    const task = await this.service.readTask(id);
    this.host.taskRead(task);
    return task;
  }

  /** A neighbour that is gone from the column is no place: the end is. */
  private placeBefore(before: TaskId | null, status: string): TaskId | null {
    return before !== null && before > 0 && this.host.known(before)?.status === status
      ? before
      : null;
  }
}

/** Worth another try as it is. */
function isPassing(error: RequestError): boolean {
  return error.status >= 500 || error.status === 429 || error.status === 408;
}

function isOutdated(error: unknown): boolean {
  return error instanceof RequestError && error.status === 412;
}

/** The neighbour is not in the column any more. */
function isAboutPlace(error: unknown): boolean {
  return (
    error instanceof RequestError &&
    error.status === 422 &&
    error.errors.some(({ pointer }) => pointer === "/before")
  );
}

function isEmpty(values: Values): boolean {
  return Object.keys(values).length === 0;
}

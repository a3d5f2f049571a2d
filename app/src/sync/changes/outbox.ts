/**
 * What one board's sender works on: hands it the next command when something may be sent, and writes
 * what came of each into the view and the queue.
 */

import { NetworkError } from "../../utilities/problem";
import type { BoardQueue } from "./board-queue";
import type { Acknowledged, BoardService } from "../../state/board-service";
import type { BoardView } from "../view";
import type { Command } from "./commands";
import { newTask } from "../overlay";
import type { Snapshot } from "../replica";
import { type Exclusively, Sender, type SenderHost } from "./send-loop";
import type { BoardHead, BoardTask, Stall, TaskId } from "../types";

/** The session as its outbox sees it. */
export interface OutboxHost {
  /** The board is there, and somebody may send. */
  maySend(): boolean;
  /** Asks whether what is sent now is sent as this user. @throws where it is not, or nobody knows */
  makeSure(): Promise<void>;
  /** The live connection says that the board is the one that is shown. */
  isVouchedFor(): boolean;
  /** Another board has this address now. */
  isAnother(): void;
  /** The server does not know the board, or not for this user. */
  boardMissing(): void;
  /** A command is done, by event `seq`; `null`: all was so already. */
  acknowledged(command: string, seq: number | null): void;
  /** A change was answered, and is shown as answered until its event comes. */
  answered(): void;
  /** The server has given an id to a task that began in the queue. */
  named(from: TaskId, to: TaskId): void;
  /** `Outbox.stall` is another. */
  stalled(): void;
}

export class Outbox {
  private readonly sender: Sender;
  private stalledBy: Stall | null = null;

  constructor(
    private readonly service: BoardService,
    private readonly view: BoardView,
    private readonly queue: BoardQueue,
    private readonly host: OutboxHost,
    exclusively: Exclusively,
  ) {
    this.sender = new Sender(service, this.senderHost(), exclusively);
  }

  /** Why nothing is on its way, where something should be. */
  get stall(): Stall | null {
    return this.stalledBy;
  }

  /** There may be something to send, or the network may be back: look now. */
  wake(): void {
    this.sender.wake();
  }

  stop(): void {
    this.sender.stop();
  }

  /**
   * Tasks that are in no snapshot any more take their queued changes into troubles. So does everything
   * where a restarted host gave the address of a quick-win board to another one.
   */
  rescue(snapshot: Snapshot): void {
    const { epoch, seq } = snapshot.head;
    const there = new Set(snapshot.tasks.map(({ id }) => id));
    for (const command of this.queue.commands) {
      const elsewhere = command.epoch !== null && command.epoch !== epoch;
      const lost = this.service.address.mode === "quick-win" && elsewhere;
      const { task } = command;
      const gone = task !== null && !there.has(task) && !this.view.isAnsweredAfter(seq, task);
      const known = task !== null && (lost || gone) ? this.view.known(task) : undefined;
      if (known !== undefined) {
        this.queue.taskGone(known);
      } else if (lost) {
        this.queue.refused(command, "about:blank", { code: "board-anew" });
      }
    }
  }

  private senderHost(): SenderHost {
    return {
      dropTakenBack: () => this.queue.dropTakenBack(),
      next: () => (this.host.maySend() ? this.queue.next : null),
      refresh: () => this.queue.load(),
      isOurs: (event) => this.view.isOurs(event),
      known: (id) => this.view.known(id),
      knownHead: () => this.knownHead(),
      attempting: async (command) => {
        await this.host.makeSure();
        await this.checkEpoch();
        await this.queue.attempting(command);
      },
      taskRead: (task) => this.view.answered(task.id, { task, seq: null }),
      headRead: (head) => {
        this.view.headAnswered(head);
        this.queue.keepHead(head);
      },
      done: (command, answer) => this.done(command, answer),
      conflicted: (command, fields) => this.queue.conflicted(command, fields),
      refused: (command, type, reason) => this.queue.refused(command, type, reason),
      taskMissing: (command) => this.taskMissing(command),
      boardMissing: () => this.host.boardMissing(),
      stalled: (stall) => {
        this.stalledBy = stall;
        this.host.stalled();
      },
    };
  }

  /**
   * A restarted host gives the same addresses to other boards. As long as the relay does not vouch for
   * this one, it is looked at before anything is sent to it.
   */
  private async checkEpoch(): Promise<void> {
    if (this.service.address.mode === "quick-win" && !this.host.isVouchedFor()) {
      const { epoch } = await this.service.readHead();
      if (epoch !== this.view.epoch) {
        this.host.isAnother();
        throw new NetworkError(false);
      }
    }
  }

  private knownHead(): BoardHead {
    const head = this.view.confirmedHead();
    if (head === null) {
      throw new Error("nothing is sent before the board is there");
    }
    return head;
  }

  private done(command: Command, answer: Acknowledged<BoardTask | null | undefined> | null): void {
    const id = answer?.value?.id ?? command.task;
    this.host.acknowledged(command.id, answer?.seq ?? null);
    if (answer?.value !== undefined && id !== null) {
      const answered = { task: answer.value, seq: answer.seq };
      this.view.answered(id, answered);
      this.queue.keepAnswer(id, answered);
      if (command.kind === "add") {
        this.view.named(command.task, id);
        this.queue.keepName(command, id);
        this.host.named(command.task, id);
      }
    }
    this.host.answered();
    this.queue.done(command, answer?.value?.id);
  }

  private taskMissing(command: Command): void {
    const { task, subject, at } = command;
    const status = this.view.head()?.columns[0]?.key;
    if (task === null || status === undefined || command.kind === "delete-undo") {
      this.queue.refused(command, "/problems/not-found", { code: "task-gone" });
      return;
    }
    // Of one that went before the change was made little is known; enough to make it anew.
    const little = { details: { title: subject, status }, task, at };
    this.queue.taskGone(this.view.known(task) ?? newTask(little, this.service.address.id));
  }
}

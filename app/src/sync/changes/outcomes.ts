/**
 * What came of a change that was sent, written into the view and the queue, and into what the device keeps.
 */

import type { ActivityLog } from "../activity-log";
import type { BoardCopy } from "../board-copy";
import { newTask } from "../overlay";
import type { Acknowledged, BoardPorts } from "../ports";
import type { Snapshot } from "../replica";
import type { BoardEvent, BoardHead, BoardTask, Reason, TaskId } from "../types";
import type { BoardView } from "../view";
import type { BoardQueue } from "./board-queue";
import type { Command, ListCommand } from "./commands";
import type { ConflictField } from "./rebase";

export class Outcomes {
  constructor(
    private readonly ports: Pick<BoardPorts, "service" | "named">,
    private readonly view: BoardView,
    private readonly queue: BoardQueue,
    private readonly log: ActivityLog,
    private readonly copy: BoardCopy,
  ) {}

  /** Of the board that is shown; `null`: none is. */
  get epoch(): string | null {
    return this.view.epoch;
  }

  isOurs(event: BoardEvent): boolean {
    return this.view.isOurs(event);
  }

  /** The task as it is on the server, as far as is known. */
  known(id: TaskId): BoardTask | undefined {
    return this.view.known(id);
  }

  knownHead(): BoardHead {
    const head = this.view.confirmedHead();
    if (head === null) {
      throw new Error("nothing is sent before the board is there");
    }
    return head;
  }

  taskRead(task: BoardTask): void {
    this.view.answered(task.id, { task, seq: null });
  }

  headRead(head: BoardHead): void {
    this.view.headAnswered(head);
    this.queue.keepHead(head);
  }

  /** @param answer null: none that says anything; its value undefined: it is about no task */
  done(command: Command, answer: Acknowledged<BoardTask | null | undefined> | null): void {
    const id = answer?.value?.id ?? command.task;
    this.log.madeBy(command.id, answer?.seq ?? null);
    if (answer?.value !== undefined && id !== null) {
      const answered = { task: answer.value, seq: answer.seq };
      this.view.answered(id, answered);
      this.queue.keepAnswer(id, answered);
      if (command.kind === "add") {
        this.view.named(command.task, id);
        this.queue.keepName(command, id);
        this.ports.named(command.task, id);
      }
    }
    this.copy.changed();
    this.queue.done(command, answer?.value?.id);
  }

  /** @param named the id that the server gave to what was added */
  listDone(command: ListCommand, { seq }: Acknowledged<unknown>, named?: number): void {
    this.log.madeBy(command.id, seq);
    this.view.listAnswered(command, seq, named);
    if (command.kind === "list-add" && named !== undefined) {
      this.queue.keepPartName(command, named);
    }
    this.copy.changed();
    this.queue.done(command, named);
  }

  conflicted(command: Command, fields: readonly ConflictField[]): void {
    this.queue.conflicted(command, fields);
  }

  refused(command: Command, type: string, reason: Reason): void {
    this.queue.refused(command, type, reason);
  }

  /** The server does not know the task (any more). */
  taskMissing(command: Command): void {
    const { task, subject, at } = command;
    const status = this.view.head()?.columns[0]?.key;
    if (task === null || status === undefined || command.kind === "delete-undo") {
      this.queue.refused(command, "/problems/not-found", { code: "task-gone" });
      return;
    }
    // If the task was deleted before the change was made, little is known; enough to create it again.
    const little = { details: { title: subject, status }, task, at };
    this.queue.taskGone(this.view.known(task) ?? newTask(little, this.ports.service.address.id));
  }

  /**
   * Queued changes of tasks that are no longer in the snapshot become troubles. So do all changes if a
   * restarted host gave the address of a quick-win board to another one.
   */
  keepLost(snapshot: Snapshot): void {
    const { epoch, seq } = snapshot.head;
    const there = new Set(snapshot.tasks.map(({ id }) => id));
    for (const command of this.queue.commands) {
      const elsewhere = command.epoch !== null && command.epoch !== epoch;
      const lost = this.ports.service.address.mode === "quick-win" && elsewhere;
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
}

/**
 * One board's queue on this device: changes as screens make them become commands, are kept durably
 * before anything is sent, and are shown by the view. Knows no network.
 */

import type { BoardView } from "./board-view";
import {
  type Command,
  type Fresh,
  type Values,
  boardChangeValues,
  boardValues,
  contentsOf,
  same,
  taskValues,
  valuesOf,
} from "./commands";
import { EMPTY, type HeldTrouble, type Queue, acknowledged, enqueued, sending } from "./queue";
import type { QueueStore } from "./queue-store";
import type { ConflictField } from "./rebase";
import { again, conflicted, keeping, refused, settled, taskGone } from "./troubles";
import type {
  BoardChanges,
  BoardHead,
  BoardTask,
  Comment,
  NewTaskDetails,
  Place,
  TaskChanges,
  TaskId,
  Trouble,
} from "./types";

export interface BoardQueueOptions {
  readonly store: QueueStore;
  readonly now: () => number;
  readonly newId: () => string;
  /** What is shown may be different. */
  readonly changed: () => void;
  /** There is a new command, and it is kept. */
  readonly added: () => void;
}

export class BoardQueue {
  private shownTroubles: readonly Trouble[] = [];
  private atRisk = false;
  private lastAt = 0;
  private lowestId = 0;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly view: BoardView,
    private readonly options: BoardQueueOptions,
  ) {}

  get commands(): readonly Command[] {
    return this.view.queue.commands;
  }

  get troubles(): readonly Trouble[] {
    return this.shownTroubles;
  }

  /** Something that waits would not survive the page: the device has no room for it. */
  get isAtRisk(): boolean {
    return this.atRisk;
  }

  /** Everything that was changed is on the device, or has no room there. */
  get written(): Promise<void> {
    return this.writing;
  }

  /** Shows what the device has: also what another tab added, or sent meanwhile. */
  async load(): Promise<void> {
    let before: Queue;
    let queue: Queue;
    do {
      await this.writing;
      before = this.view.queue;
      queue = await this.options.store.load();
    } while (before !== this.view.queue);
    if (!same(before, queue)) {
      this.adopt(queue);
      this.options.changed();
    }
  }

  watch(listener: () => void): () => void {
    return this.options.store.watch(listener);
  }

  addTask(details: NewTaskDetails, before: TaskId | null): TaskId {
    const task = this.newTaskId();
    this.enqueue({
      ...this.begun(details.title),
      kind: "add",
      task,
      details: { ...details, title: details.title.trim() },
      before: before === null ? null : this.view.taskIdOf(before),
    });
    return task;
  }

  changeTask(id: TaskId, changes: TaskChanges): void {
    const task = this.view.task(id);
    if (task !== undefined) {
      const values = valuesOf(changes);
      const base = taskValues(task, Object.keys(values));
      this.enqueue({ ...this.begun(task.title), kind: "change", task: task.id, base, values });
    }
  }

  moveTask(id: TaskId, place: Place): string | null {
    const task = this.view.task(id);
    const before = place.before === null ? null : this.view.taskIdOf(place.before);
    if (task === undefined || before === task.id) {
      return null;
    }
    return this.enqueue({
      ...this.begun(task.title),
      kind: "move",
      task: task.id,
      from: task.status,
      place: { ...place, before },
    });
  }

  deleteTask(id: TaskId): string | null {
    const task = this.view.task(id);
    if (task === undefined) {
      return null;
    }
    const base = contentsOf(task);
    return this.enqueue({ ...this.begun(task.title), kind: "delete", task: task.id, base });
  }

  addComment(task: TaskId, body: string): void {
    this.enqueue({ ...this.begunFor(task), kind: "comment-add", body });
  }

  changeComment(
    task: TaskId,
    comment: number,
    body: string,
    base: Pick<Comment, "body" | "version"> | undefined,
  ): void {
    this.enqueue({
      ...this.begunFor(task),
      kind: "comment-change",
      comment,
      base: base?.body ?? null,
      version: base?.version ?? null,
      body,
    });
  }

  deleteComment(task: TaskId, comment: number): void {
    this.enqueue({ ...this.begunFor(task), kind: "comment-delete", comment });
  }

  changeBoard(changes: BoardChanges, begunOn?: BoardHead): void {
    const head = this.view.head();
    if (head !== null) {
      const values = boardChangeValues(changes);
      const base = boardValues(begunOn ?? head, Object.keys(values));
      this.enqueue({ ...this.begun(head.name), kind: "board-change", task: null, base, values });
    }
  }

  resolve(trouble: string, keepMine: readonly string[], combined: Values): void {
    const held = this.held(trouble);
    if (held !== undefined) {
      this.settle(trouble, keeping(held, keepMine, combined, this.fresh()));
    }
  }

  retry(trouble: string, place: Place | undefined): void {
    const held = this.held(trouble);
    if (held !== undefined) {
      const task = held.command.kind === "add" ? this.newTaskId() : null;
      const command = again(held, this.fresh(), task, place);
      this.settle(trouble, command);
      if (command.kind === "add") {
        const { subject, task: of } = command;
        (held.comments ?? []).forEach((body) =>
          this.enqueue({ ...this.begun(subject), kind: "comment-add", task: of, body }),
        );
      }
    }
  }

  discard(trouble: string): void {
    this.settle(trouble, null);
  }

  /** Forgets everything that waits or is in trouble. */
  abandon(): void {
    this.replace(EMPTY);
  }

  /** An attempt is being made. Resolves when that is on the device. */
  async attempting(command: Command): Promise<void> {
    this.replace(sending(this.view.queue, command.id));
    await this.writing;
  }

  /** @param added the id that the server gave to a new task */
  done(command: Command, added?: TaskId): void {
    this.replace(acknowledged(this.view.queue, command.id, added));
  }

  conflicted(command: Command, fields: readonly ConflictField[]): void {
    const { newId } = this.options;
    this.replace(conflicted(this.view.queue, command.id, fields, newId(), this.nextAt()));
  }

  refused(command: Command, type: string, message: string): void {
    const { newId } = this.options;
    const refusal = { type, message };
    this.replace(refused(this.view.queue, command.id, refusal, newId(), this.nextAt()));
  }

  taskGone(known: BoardTask): void {
    this.replace(taskGone(this.view.queue, known, this.options.newId(), this.nextAt()));
  }

  private held(trouble: string): HeldTrouble | undefined {
    return this.view.queue.troubles.find((held) => held.trouble.id === trouble);
  }

  private settle(trouble: string, command: Command | null): void {
    const rest = settled(this.view.queue, trouble);
    if (command === null) {
      this.replace(rest);
    } else {
      this.replace(enqueued(rest, command));
      void this.writing.then(this.options.added);
    }
  }

  /** Whether a command has still to be sent, or to be answered. */
  has(command: string): boolean {
    return this.commands.some(({ id }) => id === command);
  }

  /** @returns the command's id; `null` where it melted into another */
  private enqueue(command: Command): string | null {
    this.replace(enqueued(this.view.queue, command));
    void this.writing.then(this.options.added);
    return this.has(command.id) ? command.id : null;
  }

  /** Puts another queue in place, on the device first, and shows it. */
  private replace(queue: Queue): void {
    const before = this.view.queue;
    if (queue === before) {
      return;
    }
    // A device that keeps nothing still sends what it can while the page lives.
    const saved = this.options.store.save(before, queue).then(
      () => this.tellRisk(),
      () => this.tellRisk(),
    );
    this.writing = Promise.all([this.writing, saved]).then(() => undefined);
    this.adopt(queue);
    this.options.changed();
  }

  private tellRisk(): void {
    const { isWhole } = this.options.store;
    if (isWhole === this.atRisk) {
      this.atRisk = !isWhole;
      this.options.changed();
    }
  }

  private adopt(queue: Queue): void {
    const { troubles } = this.view.queue;
    this.view.setQueue(queue);
    if (queue.troubles !== troubles) {
      this.shownTroubles = queue.troubles.map(({ trouble }) => trouble);
    }
    const held = queue.troubles.map(({ command }) => command);
    for (const { at, task } of [...queue.commands, ...held]) {
      this.lastAt = Math.max(this.lastAt, at);
      this.lowestId = Math.min(this.lowestId, task ?? 0);
    }
  }

  private fresh(): Fresh {
    const { epoch } = this.view;
    return { id: this.options.newId(), at: this.nextAt(), sent: false, epoch };
  }

  private begun(subject: string) {
    return { ...this.fresh(), subject };
  }

  private begunFor(id: TaskId) {
    return { ...this.begun(this.view.task(id)?.title ?? ""), task: this.view.taskIdOf(id) };
  }

  private newTaskId(): TaskId {
    this.lowestId -= 1;
    return this.lowestId;
  }

  /** Grows with every command, so that they sort as they were made. */
  private nextAt(): number {
    this.lastAt = Math.max(this.options.now(), this.lastAt + 1);
    return this.lastAt;
  }
}

/**
 * One open board: the view that events keep true, the queue that sends own changes, and what screens
 * ask of both. One instance an address, shared by all screens.
 */

import { BoardFeed, type FeedHost, type Relay } from "../live/board-feed";
import type { BoardCache } from "./board-cache";
import type { Acknowledged, BoardService } from "./board-service";
import type { OpenBoard } from "./board-session.interface";
import { BoardView } from "./board-view";
import {
  type Command,
  boardChangeValues,
  boardValues,
  contentsOf,
  same,
  taskValues,
  valuesOf,
} from "./commands";
import { type HeldTrouble, type Queue, acknowledged, enqueued, sending } from "./queue";
import type { QueueStore } from "./queue-store";
import type { Snapshot } from "./replica";
import { type Exclusively, Sender, type SenderHost } from "./sender";
import { again, conflicted, keeping, refused, settled, taskGone } from "./troubles";
import type {
  BoardAddress,
  BoardChanges,
  BoardEvent,
  BoardHead,
  BoardStatus,
  BoardTask,
  Connection,
  Member,
  NewTaskDetails,
  Place,
  Presence,
  TaskChanges,
  TaskId,
  Trouble,
} from "./types";
import { toTask } from "./wire";

export interface BoardSessionOptions {
  readonly service: BoardService;
  readonly relay: Relay;
  readonly queueStore: QueueStore;
  readonly cache: BoardCache;
  /** Under which name this board's copy is kept: the user, the mode, the board. */
  readonly owner: string;
  /** `null` in quick-win mode. */
  readonly username: string | null;
  readonly exclusively: Exclusively;
  /** Whether changes may be sent now: in teams mode only while somebody is logged in. */
  readonly maySend: () => boolean;
  /** The server has given an id to a task that began in the queue. */
  readonly named: (from: TaskId, to: TaskId) => void;
  readonly now: () => number;
  readonly newId: () => string;
}

const ACTIVITY = 200;
/** How many events of the past the activity panel begins with. */
const PAST = 50;
/** How long after the last change the device's copy is written, in milliseconds. */
const CACHE_AFTER = 3_000;
/** Events are told to screens at most once a frame, in milliseconds. */
const FRAME = 16;

export class BoardSession implements OpenBoard {
  readonly address: BoardAddress;
  private readonly view: BoardView;
  private readonly feed: BoardFeed;
  private readonly sender: Sender;
  private readonly listeners = new Set<() => void>();
  private readonly eventListeners = new Set<(event: BoardEvent, own: boolean) => void>();
  private readonly ownSeqs = new Set<number>();
  private readonly lastOwn = new Map<TaskId, number>();
  private shownStatus: BoardStatus = { status: "loading" };
  private shownActivity: readonly BoardEvent[] = [];
  private pastAsked = false;
  private shownPresence: readonly Presence[] = [];
  private shownTroubles: readonly Trouble[] = [];
  private lastAt = 0;
  private lowestId = 0;
  private writing: Promise<void> = Promise.resolve();
  private notifyTimer: ReturnType<typeof setTimeout> | undefined;
  private cacheTimer: ReturnType<typeof setTimeout> | undefined;
  private endWatching: (() => void) | null = null;
  private ended = false;
  private loaded = false;

  constructor(private readonly options: BoardSessionOptions) {
    const { service, relay, username, exclusively } = options;
    this.address = service.address;
    this.view = new BoardView(username);
    const read = (signal: AbortSignal) => service.read(signal);
    this.feed = new BoardFeed(this.address.id, relay, read, this.feedHost());
    this.sender = new Sender(service, this.senderHost(), exclusively);
  }

  /** Shows what this device has, then what the server has. */
  async start(): Promise<void> {
    const { cache, owner, queueStore } = this.options;
    const [copy, queue] = await Promise.all([cache.load(owner), queueStore.load()]);
    if (this.ended) {
      return;
    }
    this.loaded = true;
    this.adopt(queue);
    if (copy !== null) {
      this.view.install(copy);
      this.shownStatus = { status: "ready", from: "device" };
    }
    this.endWatching = queueStore.watch(() => void this.reload().then(() => this.sender.wake()));
    this.feed.start(copy);
    this.notify();
    this.sender.wake();
  }

  /** @param keepCopy whether what is not yet written of the device's copy is written now */
  stop(keepCopy = true): void {
    this.ended = true;
    this.endWatching?.();
    this.feed.stop();
    this.sender.stop();
    clearTimeout(this.notifyTimer);
    if (keepCopy) {
      this.keepCopyNow();
    } else {
      clearTimeout(this.cacheTimer);
    }
  }

  /** Writes what is not yet written of the device's copy: there may be no later moment. */
  keepCopyNow(): void {
    if (this.cacheTimer !== undefined) {
      clearTimeout(this.cacheTimer);
      void this.writeCopy();
    }
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  status(): BoardStatus {
    return this.shownStatus;
  }

  connection(): Connection {
    return this.feed.connection();
  }

  head(): BoardHead | null {
    return this.view.head();
  }

  members(): readonly Member[] {
    return this.view.members();
  }

  column(key: string): readonly TaskId[] {
    return this.view.column(key);
  }

  task(id: TaskId): BoardTask | undefined {
    return this.view.task(id);
  }

  tasks(): readonly BoardTask[] {
    return this.view.tasks();
  }

  taskIdOf(id: TaskId): TaskId {
    return this.view.taskIdOf(id);
  }

  activity(): readonly BoardEvent[] {
    return this.shownActivity;
  }

  presence(): readonly Presence[] {
    return this.shownPresence;
  }

  waiting(): number {
    return this.view.queue.commands.length;
  }

  troubles(): readonly Trouble[] {
    return this.shownTroubles;
  }

  queued(): readonly Command[] {
    return this.view.queue.commands;
  }

  addTask(details: NewTaskDetails, before: TaskId | null = null): TaskId {
    this.lowestId -= 1;
    const task = this.lowestId;
    const place = before === null ? null : this.view.taskIdOf(before);
    this.enqueue({
      ...this.begun(details.title),
      kind: "add",
      task,
      details: { ...details, title: details.title.trim() },
      before: place,
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

  moveTask(id: TaskId, place: Place): void {
    const task = this.view.task(id);
    if (task !== undefined && place.before !== id) {
      const before = place.before === null ? null : this.view.taskIdOf(place.before);
      this.enqueue({
        ...this.begun(task.title),
        kind: "move",
        task: task.id,
        from: task.status,
        place: { ...place, before },
      });
    }
  }

  deleteTask(id: TaskId): void {
    const task = this.view.task(id);
    if (task !== undefined) {
      const base = contentsOf(task);
      this.enqueue({ ...this.begun(task.title), kind: "delete", task: task.id, base });
    }
  }

  addComment(task: TaskId, body: string): void {
    this.enqueue({ ...this.begunFor(task), kind: "comment-add", body });
  }

  changeComment(
    task: TaskId,
    comment: number,
    body: string,
    base?: { body: string; version: number },
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

  changeBoard(changes: BoardChanges): void {
    const head = this.view.head();
    if (head !== null) {
      const values = boardChangeValues(changes);
      const base = boardValues(head, Object.keys(values));
      this.enqueue({ ...this.begun(head.name), kind: "board-change", task: null, base, values });
    }
  }

  async undo(seq: number): Promise<void> {
    const answer = await this.options.service.undo(seq, this.options.newId());
    if (answer.seq !== null) {
      this.ownSeqs.add(answer.seq);
    }
  }

  lastOwnEvent(task: TaskId): number | null {
    return this.lastOwn.get(this.view.taskIdOf(task)) ?? null;
  }

  resolve(trouble: string, keepMine: readonly string[]): void {
    const held = this.held(trouble);
    if (held !== undefined) {
      const command = keeping(held, keepMine, this.options.newId(), this.nextAt());
      this.settle(trouble, command);
    }
  }

  retry(trouble: string, place?: Place): void {
    const held = this.held(trouble);
    if (held === undefined) {
      return;
    }
    let task: TaskId | null = null;
    if (held.command.kind === "add") {
      this.lowestId -= 1;
      task = this.lowestId;
    }
    this.settle(trouble, again(held, this.options.newId(), this.nextAt(), task, place));
  }

  discard(trouble: string): void {
    this.settle(trouble, null);
  }

  announce(editing: TaskId | null): void {
    this.feed.announce(editing !== null && editing > 0 ? editing : null);
  }

  onEvent(listener: (event: BoardEvent, own: boolean) => void): () => void {
    this.eventListeners.add(listener);
    return () => this.eventListeners.delete(listener);
  }

  reconnect(): void {
    if (this.shownStatus.status === "failed") {
      this.shownStatus = { status: "loading" };
    }
    this.feed.wake();
    this.sender.wake();
    this.notify();
  }

  private feedHost(): FeedHost {
    return {
      snapshot: (snapshot) => this.install(snapshot),
      event: (event) => this.happened(event),
      caughtUp: () => this.caughtUp(),
      gone: (reason) => this.gone(reason),
      presence: (online) => {
        this.shownPresence = online;
        this.notifySoon();
      },
      failed: (message) => {
        if (this.shownStatus.status === "loading") {
          this.shownStatus = { status: "failed", message };
        }
      },
      changed: () => {
        if (this.feed.connection().state === "live") {
          this.sender.wake();
        }
        this.notifySoon();
      },
    };
  }

  private install(snapshot: Snapshot): void {
    this.rescue(snapshot);
    this.view.install(snapshot);
    this.shownStatus = { status: "ready", from: "server" };
    this.keepCopy();
    this.askPast();
    this.notify();
    this.sender.wake();
  }

  /** Tasks that are in no snapshot any more take their queued changes into troubles. */
  private rescue(snapshot: Snapshot): void {
    const anew = this.view.epoch !== null && this.view.epoch !== snapshot.head.epoch;
    const lost = anew && this.address.mode === "quick-win";
    const there = new Set(lost ? [] : snapshot.tasks.map(({ id }) => id));
    let { queue } = this.view;
    for (const { task } of this.view.queue.commands) {
      const known = task !== null && !there.has(task) ? this.view.known(task) : undefined;
      if (known !== undefined) {
        queue = taskGone(queue, known, this.options.newId(), this.nextAt());
      }
    }
    this.replace(queue);
  }

  private happened(event: BoardEvent): void {
    const own = this.ownSeqs.has(event.seq) || this.view.isOnItsWay(event);
    if (event.entity === "task" && event.action === "Delete") {
      const task = toTask(event.task, this.address.id);
      this.replace(taskGone(this.view.queue, task, this.options.newId(), this.nextAt()));
    }
    this.view.apply(event);
    if (own && event.entity === "task") {
      this.lastOwn.set(event.task.id, event.seq);
    }
    this.shownActivity = [...this.shownActivity, event].slice(-ACTIVITY);
    [...this.eventListeners].forEach((listener) => listener(event, own));
    this.keepCopy();
    this.notifySoon();
  }

  private caughtUp(): void {
    if (this.shownStatus.status !== "gone" && !isFromServer(this.shownStatus)) {
      this.shownStatus = { status: "ready", from: "server" };
      this.askPast();
    }
  }

  private gone(reason: "deleted" | "removed" | "not-found"): void {
    this.shownStatus = { status: "gone", reason };
    clearTimeout(this.cacheTimer);
    this.cacheTimer = undefined;
    void this.options.cache.forget(this.options.owner);
    this.notify();
  }

  /** What happened before this board was opened, for the activity panel. */
  private askPast(): void {
    if (this.pastAsked) {
      return;
    }
    this.pastAsked = true;
    const { seq } = this.view;
    this.options.service
      .recent(seq, PAST)
      .then((past) => {
        const newest = this.shownActivity[0]?.seq ?? Infinity;
        const older = past.filter((event) => event.seq < newest);
        this.shownActivity = [...older, ...this.shownActivity].slice(-ACTIVITY);
        this.notifySoon();
      })
      .catch(() => {
        this.pastAsked = false;
      });
  }

  private senderHost(): SenderHost {
    return {
      next: () => this.nextCommand(),
      refresh: () => this.reload(),
      known: (id) => this.view.known(id),
      knownHead: () => {
        const head = this.view.confirmedHead();
        if (head === null) {
          throw new Error("nothing is sent before the board is there");
        }
        return head;
      },
      attempting: async (command) => {
        this.replace(sending(this.view.queue, command.id));
        await this.writing;
      },
      taskRead: (task) => this.view.answered(task.id, { task, seq: null }),
      headRead: (head) => this.view.headAnswered(head),
      done: (command, answer) => this.done(command, answer),
      conflicted: (command, fields) =>
        this.replace(
          conflicted(this.view.queue, command.id, fields, this.options.newId(), this.nextAt()),
        ),
      refused: (command, type, message) =>
        this.replace(
          refused(
            this.view.queue,
            command.id,
            { type, message },
            this.options.newId(),
            this.nextAt(),
          ),
        ),
      taskMissing: (command) => this.taskMissing(command),
      boardMissing: () => this.gone("not-found"),
    };
  }

  private nextCommand(): Command | null {
    const ready = this.shownStatus.status === "ready" && this.options.maySend() && !this.ended;
    return ready ? (this.view.queue.commands[0] ?? null) : null;
  }

  private done(command: Command, answer: Acknowledged<BoardTask | null> | null): void {
    const id = answer?.value?.id ?? command.task;
    if (answer !== null && id !== null) {
      if (answer.seq !== null) {
        this.ownSeqs.add(answer.seq);
        this.lastOwn.set(id, answer.seq);
      }
      this.view.answered(id, { task: answer.value, seq: answer.seq });
      if (command.kind === "add") {
        this.view.named(command.task, id);
        this.options.named(command.task, id);
      }
    }
    this.replace(acknowledged(this.view.queue, command.id, answer?.value?.id));
  }

  private taskMissing(command: Command): void {
    const known = command.task === null ? undefined : this.view.known(command.task);
    if (known === undefined) {
      const refusal = { type: "/problems/not-found", message: "There is no such task any more." };
      this.replace(
        refused(this.view.queue, command.id, refusal, this.options.newId(), this.nextAt()),
      );
    } else {
      this.replace(taskGone(this.view.queue, known, this.options.newId(), this.nextAt()));
    }
  }

  private held(trouble: string): HeldTrouble | undefined {
    return this.view.queue.troubles.find((held) => held.trouble.id === trouble);
  }

  private settle(trouble: string, command: Command | null): void {
    const rest = settled(this.view.queue, trouble);
    this.replace(command === null ? rest : enqueued(rest, command));
    this.sender.wake();
  }

  private enqueue(command: Command): void {
    this.replace(enqueued(this.view.queue, command));
    void this.writing.then(() => this.sender.wake());
  }

  /** Puts another queue in place, on the device first, and shows it. */
  private replace(queue: Queue): void {
    const before = this.view.queue;
    if (queue === before) {
      return;
    }
    const saved = this.options.queueStore.save(before, queue).catch(() => undefined);
    this.writing = Promise.all([this.writing, saved]).then(() => undefined);
    this.adopt(queue);
    this.notify();
  }

  private adopt(queue: Queue): void {
    const { troubles } = this.view.queue;
    this.view.setQueue(queue);
    if (queue.troubles !== troubles) {
      this.shownTroubles = queue.troubles.map(({ trouble }) => trouble);
    }
    for (const { at, task } of queue.commands) {
      this.lastAt = Math.max(this.lastAt, at);
      this.lowestId = Math.min(this.lowestId, task ?? 0);
    }
    for (const { command } of queue.troubles) {
      this.lowestId = Math.min(this.lowestId, command.task ?? 0);
    }
  }

  /** Another tab may have added to the queue, or sent from it. */
  private async reload(): Promise<void> {
    let before: Queue;
    let queue: Queue;
    do {
      await this.writing;
      before = this.view.queue;
      queue = await this.options.queueStore.load();
    } while (before !== this.view.queue);
    if (!this.ended && !same(before, queue)) {
      this.adopt(queue);
      this.notify();
    }
  }

  private begun(subject: string) {
    return { id: this.options.newId(), at: this.nextAt(), sent: false, subject };
  }

  private begunFor(id: TaskId) {
    const task = this.view.task(id);
    return { ...this.begun(task?.title ?? ""), task: this.view.taskIdOf(id) };
  }

  /** Grows with every command, so that they sort as they were made. */
  private nextAt(): number {
    this.lastAt = Math.max(this.options.now(), this.lastAt + 1);
    return this.lastAt;
  }

  private keepCopy(): void {
    this.cacheTimer ??= setTimeout(() => void this.writeCopy(), CACHE_AFTER);
  }

  private async writeCopy(): Promise<void> {
    this.cacheTimer = undefined;
    const snapshot = this.view.snapshot();
    if (snapshot !== null && this.shownStatus.status !== "gone") {
      await this.options.cache.save(this.options.owner, snapshot);
    }
  }

  private notify(): void {
    clearTimeout(this.notifyTimer);
    this.notifyTimer = undefined;
    [...this.listeners].forEach((listener) => listener());
  }

  private notifySoon(): void {
    this.notifyTimer ??= setTimeout(() => this.notify(), FRAME);
  }
}

function isFromServer(status: BoardStatus): boolean {
  return status.status === "ready" && status.from === "server";
}

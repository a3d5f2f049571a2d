/**
 * One open board: the view that events keep true, the queue that sends own changes, and what screens
 * ask of both. One instance an address, shared by all screens.
 */

import { BoardFeed, type FeedHost } from "./live/feed";
import { ActivityLog } from "./activity-log";
import { BoardCopy } from "./board-copy";
import { BoardQueue } from "./changes/board-queue";
import type { OpenBoard } from "./open-board";
import { BoardView } from "./view";
import type {
  Command,
  ListCommand,
  ListPart,
  PartPlace,
  TickLine,
  Values,
} from "./changes/commands";
import { type BoardPart, Notices } from "./notices";
import { Outcomes } from "./changes/outcomes";
import { SendLoop } from "./changes/send-loop";
import type { BoardPorts } from "./ports";
import type { Snapshot } from "./replica";
import type {
  BoardAddress,
  BoardChanges,
  BoardEvent,
  BoardHead,
  BoardStatus,
  BoardTask,
  ChecklistItem,
  Comment,
  Connection,
  Fate,
  Member,
  NewTaskDetails,
  Part,
  Place,
  Presence,
  Stall,
  TaskChanges,
  TaskId,
  Trouble,
} from "./types";
import { toTask } from "./wire";

export class BoardSession implements OpenBoard {
  readonly address: BoardAddress;
  private readonly view: BoardView;
  private readonly queue: BoardQueue;
  private readonly notices: Notices;
  private readonly feed: BoardFeed;
  private readonly outcomes: Outcomes;
  private readonly sending: SendLoop;
  private readonly copy: BoardCopy;
  private readonly eventListeners = new Set<(event: BoardEvent, own: boolean) => void>();
  private readonly renewalListeners = new Set<() => void>();
  private readonly log = new ActivityLog();
  private shownStatus: BoardStatus = { status: "loading" };
  private shownPresence: readonly Presence[] = [];
  private endWatching: (() => void) | null = null;
  private ended = false;

  constructor(private readonly ports: BoardPorts) {
    const { service, relay, username, copies } = ports;
    this.address = service.address;
    this.view = new BoardView(username);
    this.notices = new Notices(() => this.view.takeChanged());
    this.copy = new BoardCopy(copies, () =>
      this.shownStatus.status === "gone" ? null : this.view.kept(),
    );
    const changed = () => this.notices.now();
    this.queue = new BoardQueue(this.view, ports, changed, () => this.sending.wake());
    const read = (signal: AbortSignal) => service.read(signal);
    this.feed = new BoardFeed(this.address.id, relay, read, this.feedHost());
    this.outcomes = new Outcomes(ports, this.view, this.queue, this.log, this.copy);
    this.sending = new SendLoop(ports, this.queue, this.outcomes, this.feed, {
      isReady: () => this.shownStatus.status === "ready" && !this.ended,
      missing: () => this.gone("not-found"),
      stalled: () => this.notices.soon(),
    });
  }

  /** Shows what this device has, then what the server has. */
  async start(): Promise<void> {
    const [copy] = await Promise.all([this.copy.load(), this.queue.load()]);
    if (this.ended) {
      return;
    }
    if (copy !== null) {
      this.view.restore(copy);
      this.queue.learn();
      this.shownStatus = { status: "ready", from: "device" };
    }
    this.endWatching = this.queue.watch(() => {
      void this.queue.load().then(() => this.sending.wake());
    });
    this.feed.start(copy);
    this.notices.now();
    this.sending.wake();
  }

  /** @param keepCopy whether what is not yet written of the device's copy is written now */
  stop(keepCopy = true): void {
    this.ended = true;
    this.endWatching?.();
    this.feed.stop();
    this.sending.stop();
    this.notices.stop();
    if (keepCopy) {
      this.copy.keepNow();
    } else {
      this.queue.leave();
    }
    this.copy.stop();
  }

  /** Writes what is not yet written of the device's copy: there may be no later moment. */
  keepCopyNow(): void {
    this.copy.keepNow();
  }

  subscribe(listener: () => void, part?: BoardPart): () => void {
    return this.notices.subscribe(listener, part);
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

  tasksIn(key: string): readonly BoardTask[] {
    return this.view.tasksIn(key);
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

  firstIdOf(id: TaskId): TaskId {
    return this.view.firstIdOf(id);
  }

  activity(): readonly BoardEvent[] {
    return this.log.events;
  }

  async readOlder(): Promise<boolean> {
    const { service } = this.ports;
    const more = await this.log.loadOlder(
      () => this.view.seq,
      (seq, count) => service.recent(seq, count),
    );
    if (more) {
      this.notices.soon();
    }
    return more;
  }

  presence(): readonly Presence[] {
    return this.shownPresence;
  }

  waiting(): number {
    return this.queue.commands.length;
  }

  stall(): Stall | null {
    return this.sending.stall;
  }

  isAtRisk(): boolean {
    return this.queue.isAtRisk;
  }

  troubles(): readonly Trouble[] {
    return this.queue.troubles;
  }

  queued(): readonly Command[] {
    return this.queue.commands;
  }

  addTask(details: NewTaskDetails, before: TaskId | null = null): TaskId {
    return this.queue.addTask(details, before);
  }

  changeTask(id: TaskId, changes: TaskChanges, to?: Place): void {
    this.queue.changeTask(id, changes, to);
  }

  moveTask(id: TaskId, place: Place, begunIn?: string): string | null {
    return this.queue.moveTask(id, place, begunIn);
  }

  deleteTask(id: TaskId): string | null {
    return this.queue.deleteTask(id);
  }

  undoDelete(change: string, was: BoardTask, before: TaskId | null): void {
    const deletions = this.log.events.filter(
      (event) => event.entity === "task" && event.action === "Delete" && event.task.id === was.id,
    );
    const known = this.queue.has(change) ? undefined : deletions.at(-1)?.seq;
    this.queue.undoDelete(change, was, before, this.log.eventOf(change) ?? known ?? null);
  }

  addComment(task: TaskId, body: string): void {
    this.queue.addComment(task, body);
  }

  changeComment(
    task: TaskId,
    comment: number,
    body: string,
    base?: Pick<Comment, "body" | "version">,
  ): void {
    this.queue.changeComment(task, comment, body, base);
  }

  deleteComment(task: TaskId, comment: number): string | null {
    return this.queue.deleteComment(task, comment);
  }

  pendingLists(): readonly ListCommand[] {
    return this.view.pendingLists();
  }

  firstPartOf(of: ListPart, id: number): number {
    return this.view.firstPartOf(of, id);
  }

  addPart(task: TaskId, list: number | null, values: Values, before: number | null = null): number {
    return this.queue.addPart(task, list, values, before);
  }

  changePart(part: Part, values: Values, place?: PartPlace): string | null {
    return this.queue.changePart(part, values, place);
  }

  deletePart(part: Part): string | null {
    return this.queue.deletePart(part);
  }

  convertItem(item: ChecklistItem): string | null {
    return this.queue.convertItem(item);
  }

  tick(task: TaskId, line: Pick<TickLine, "line" | "nth" | "done">): string | null {
    return this.queue.tick(task, line);
  }

  changeBoard(changes: BoardChanges, begunOn?: BoardHead): void {
    this.queue.changeBoard(changes, begunOn);
  }

  async undo(seq: number): Promise<number | null> {
    const { value } = await this.ports.service.undo(seq, this.ports.newId());
    if (value === null) {
      return null;
    }
    this.log.markOwn(value.seq);
    this.view.eventAnswered(value);
    this.queue.keepEvent(value);
    this.copy.changed();
    this.notices.now();
    return value.seq;
  }

  newestOwn(): number {
    return this.log.newestOwn;
  }

  fateOf(change: string): Fate {
    if (this.queue.has(change)) {
      return { state: "waiting" };
    }
    const seq = this.log.eventOf(change);
    return seq === undefined ? { state: "unknown" } : { state: "done", seq };
  }

  resolve(trouble: string, keepMine: readonly string[], combined: Values = {}): void {
    this.queue.resolve(trouble, keepMine, combined);
  }

  retry(trouble: string, place?: Place): void {
    this.queue.retry(trouble, place);
  }

  discard(trouble: string): void {
    this.queue.discard(trouble);
  }

  abandon(): void {
    this.queue.abandon();
  }

  announce(editing: TaskId | null): void {
    this.feed.announce(editing !== null && editing > 0 ? editing : null);
  }

  onRenewed(listener: () => void): () => void {
    this.renewalListeners.add(listener);
    return () => this.renewalListeners.delete(listener);
  }

  onEvent(listener: (event: BoardEvent, own: boolean) => void): () => void {
    this.eventListeners.add(listener);
    return () => this.eventListeners.delete(listener);
  }

  /** Somebody opens the board: if it is gone, what was said of it counts no more. */
  opened(): void {
    if (this.shownStatus.status === "gone") {
      this.shownStatus = { status: "loading" };
      this.feed.restart();
      this.notices.now();
    }
  }

  reconnect(): void {
    if (this.shownStatus.status === "failed") {
      this.shownStatus = { status: "loading" };
    }
    if (this.shownStatus.status === "gone") {
      this.feed.restart();
    } else {
      this.feed.wake();
    }
    // This page was not notified of what other tabs did while it was frozen.
    void this.queue.load();
    this.sending.wake();
    this.notices.now();
  }

  private feedHost(): FeedHost {
    return {
      snapshot: (snapshot) => this.install(snapshot),
      event: (event) => this.happened(event),
      caughtUp: () => this.caughtUp(),
      gone: (reason) => this.gone(reason),
      presence: (online) => {
        this.shownPresence = online;
        this.view.presenceChanged();
        this.notices.soon();
      },
      failed: (error) => {
        if (this.shownStatus.status === "loading") {
          this.shownStatus = { status: "failed", error };
        }
      },
      changed: () => {
        if (this.feed.connection().state === "live") {
          this.sending.wake();
        }
        this.notices.soon();
      },
    };
  }

  private install(snapshot: Snapshot): void {
    this.outcomes.keepLost(snapshot);
    this.view.install(snapshot);
    this.queue.learn();
    this.log.renewed(snapshot.head.seq);
    this.shownStatus = { status: "ready", from: "server" };
    this.copy.changed();
    void this.askPast();
    [...this.renewalListeners].forEach((listener) => listener());
    this.notices.now();
    this.sending.wake();
  }

  private happened(event: BoardEvent): void {
    const maker = this.view.makerOf(event);
    const own = this.log.isOwn(event.seq) || maker !== undefined;
    if (maker !== undefined) {
      this.log.madeBy(maker.id, event.seq);
    }
    const isDeletion = event.entity === "task" && event.action === "Delete";
    // It may have been undone since.
    if (isDeletion && !this.view.isAnsweredAfter(event.seq, event.task.id)) {
      this.queue.taskGone(toTask(event.task, this.address.id));
    }
    const added = this.view.apply(event);
    if (added !== undefined && event.entity === "task") {
      this.ports.named(added.task, event.task.id);
    }
    this.log.add(event);
    [...this.eventListeners].forEach((listener) => listener(event, own));
    this.queue.recount(event);
    this.copy.changed();
    this.notices.soon();
  }

  private caughtUp(): void {
    if (this.shownStatus.status !== "gone" && !isFromServer(this.shownStatus)) {
      this.shownStatus = { status: "ready", from: "server" };
      void this.askPast();
    }
  }

  private gone(reason: "deleted" | "removed" | "not-found"): void {
    if (reason === "not-found" && this.shownStatus.status === "gone") {
      // It is still gone, and why is known better.
      return;
    }
    this.shownStatus = { status: "gone", reason };
    this.copy.forget();
    this.queue.forgetAnswers();
    this.notices.now();
  }

  private async askPast(): Promise<void> {
    const { seq } = this.view;
    if (await this.log.loadPast((count) => this.ports.service.recent(seq, count))) {
      this.notices.soon();
    }
  }
}

function isFromServer(status: BoardStatus): boolean {
  return status.status === "ready" && status.from === "server";
}

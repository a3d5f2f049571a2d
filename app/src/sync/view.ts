/**
 * What is shown of a board: the replica, the server's answers that no event confirmed yet, and the
 * queued changes, in this order. Knows no network and no storage.
 */

import type { Answers } from "./changes/answer-store";
import {
  type AddPart,
  type AddTask,
  type Command,
  type ListCommand,
  type ListPart,
  isListCommand,
} from "./changes/commands";
import type { Changed } from "./notices";
import { type AnsweredTask, NOTHING, type Projection, project, unconfirmed } from "./overlay";
import { EMPTY, type Queue, renamed } from "./changes/queue";
import { Replica, type Snapshot } from "./replica";
import { ShownColumns } from "./shown-columns";
import type { BoardEvent, BoardHead, BoardTask, Member, TaskId } from "./types";
import { toChange } from "./wire";

const NO_IDS: readonly TaskId[] = [];
const NO_MEMBERS: readonly Member[] = [];

/** What a device keeps of a board: events that have not come are no reason to forget what was answered. */
export interface KeptBoard extends Snapshot {
  readonly answers?: readonly (readonly [TaskId, AnsweredTask])[];
  readonly answeredHead?: BoardHead;
}

export class BoardView {
  private replica: Replica | null = null;
  private currentQueue: Queue = EMPTY;
  private answers: ReadonlyMap<TaskId, AnsweredTask> = new Map();
  private answeredHead: BoardHead | null = null;
  /** Changes of checklists that the server has answered, and the events that will confirm them. */
  private answeredLists: readonly { readonly command: ListCommand; readonly seq: number }[] = [];
  /** Under which id a checklist or an item was shown before the server named it. */
  private readonly oldParts = new Map<string, number>();
  private pending: readonly ListCommand[] | null = null;
  /** Adds whose event came before their answer, by command: the task that they made. */
  private readonly arrived = new Map<string, TaskId>();
  private readonly aliases = new Map<TaskId, TaskId>();
  /** Like `aliases`, for adds whose event came before their answer: the answer decides. */
  private readonly guesses = new Map<TaskId, TaskId>();
  /** Under which id a task was shown before the server named it. */
  private readonly oldIds = new Map<TaskId, TaskId>();
  private readonly shown = new ShownColumns();
  private projection: Projection = NOTHING;
  private stale = false;
  private allTasks: readonly BoardTask[] | null = [];

  /** @param username who we are; `null` in quick-win mode, where nobody is */
  constructor(private readonly username: string | null) {}

  get queue(): Queue {
    return this.currentQueue;
  }

  get seq(): number {
    return this.replica?.head.seq ?? 0;
  }

  /** The newest event that is known of: what was answered may not have come. */
  get newestSeq(): number {
    const answered = [...this.answers.values()].map(({ seq }) => seq ?? 0);
    return Math.max(this.seq, this.answeredHead?.seq ?? 0, ...answered);
  }

  get epoch(): string | null {
    return this.replica?.head.epoch ?? null;
  }

  /** What a device is to keep: see `restore`. */
  kept(): KeptBoard | null {
    const snapshot = this.replica?.snapshot() ?? null;
    if (snapshot === null) {
      return null;
    }
    const { answeredHead } = this;
    const answers = [...this.answers];
    return {
      ...snapshot,
      ...(answers.length > 0 && { answers }),
      ...(answeredHead !== null && { answeredHead }),
    };
  }

  head(): BoardHead | null {
    return this.current().head ?? this.confirmedHead();
  }

  members(): readonly Member[] {
    return this.replica?.members ?? NO_MEMBERS;
  }

  column(key: string): readonly TaskId[] {
    return this.current().columns.get(key) ?? this.replica?.column(key) ?? NO_IDS;
  }

  /** The tasks of a column in the order shown. */
  tasksIn(key: string): readonly BoardTask[] {
    this.current();
    return this.shown.list(key, () =>
      this.column(key).flatMap((id) => {
        const task = this.task(id);
        return task === undefined ? [] : [task];
      }),
    );
  }

  /** Which parts changed since this was last asked. */
  takeChanged(): Changed {
    this.current();
    return this.shown.take();
  }

  /** Own changes of checklists that no event has confirmed yet. */
  pendingLists(): readonly ListCommand[] {
    this.pending ??= [
      ...this.answeredLists.map(({ command }) => command),
      ...renamed(this.currentQueue, (id) => this.taskIdOf(id)).commands.filter(
        (command): command is ListCommand =>
          isListCommand(command) && !this.arrived.has(command.id),
      ),
    ];
    return this.pending;
  }

  /** Like `firstIdOf`, for a checklist or an item. */
  firstPartOf(of: ListPart, id: number): number {
    return this.oldParts.get(`${of}/${id}`) ?? id;
  }

  /** The server has named what began in the queue. */
  partNamed(of: ListPart, from: number, to: number): void {
    this.aliases.set(from, to);
    this.oldParts.set(`${of}/${to}`, from);
    this.touch();
  }

  /** A change of a checklist is answered: shown until its event comes. */
  listAnswered(command: ListCommand, seq: number | null, named?: number): void {
    if (command.kind === "list-add" && named !== undefined) {
      this.partNamed(command.of, command.part, named);
    }
    if (seq !== null && seq > this.seq) {
      const [renamedCommand] = renamed({ commands: [command], troubles: [] }, (id) =>
        this.taskIdOf(id),
      ).commands;
      if (renamedCommand !== undefined && isListCommand(renamedCommand)) {
        const known =
          renamedCommand.kind === "list-add" && named !== undefined
            ? { ...renamedCommand, part: named }
            : renamedCommand;
        this.answeredLists = [...this.answeredLists, { command: known, seq }];
      }
    }
    this.touch();
  }

  private confirmLists(): void {
    const { seq } = this;
    if (this.answeredLists.some((answered) => answered.seq <= seq)) {
      this.answeredLists = this.answeredLists.filter((answered) => answered.seq > seq);
      this.touch();
    }
  }

  presenceChanged(): void {
    this.shown.touchPresence();
  }

  task(id: TaskId): BoardTask | undefined {
    const real = this.taskIdOf(id);
    const laid = this.current().tasks.get(real);
    return laid === null ? undefined : (laid ?? this.replica?.task(real));
  }

  tasks(): readonly BoardTask[] {
    const { tasks } = this.current();
    if (this.allTasks === null) {
      const confirmed = this.replica === null ? [] : [...this.replica.tasks()];
      const others = tasks.size === 0 ? confirmed : confirmed.filter(({ id }) => !tasks.has(id));
      const laid = [...tasks.values()].filter((task) => task !== null);
      this.allTasks = [...others, ...laid];
    }
    return this.allTasks;
  }

  taskIdOf(id: TaskId): TaskId {
    return this.aliases.get(id) ?? this.guesses.get(id) ?? id;
  }

  /** Like `taskIdOf`, for what is sent: only as the server named it. */
  nameOf(id: TaskId): TaskId {
    return this.aliases.get(id) ?? id;
  }

  firstIdOf(id: TaskId): TaskId {
    return this.oldIds.get(id) ?? id;
  }

  /** The task as it is on the server, as far as this device knows: without what is queued. */
  known(id: TaskId): BoardTask | undefined {
    const answer = this.answers.get(id);
    return answer === undefined ? this.replica?.task(id) : (answer.task ?? undefined);
  }

  /** Like `known`, for the board itself. */
  confirmedHead(): BoardHead | null {
    const { answeredHead } = this;
    const head = this.replica?.head ?? null;
    return head !== null && answeredHead !== null && answeredHead.version > head.version
      ? { ...answeredHead, seq: head.seq, role: head.role }
      : head;
  }

  setQueue(queue: Queue): void {
    if (queue.commands !== this.currentQueue.commands) {
      for (const id of this.arrived.keys()) {
        if (!queue.commands.some((command) => command.id === id)) {
          this.arrived.delete(id);
        }
      }
      for (const task of this.guesses.keys()) {
        if (!queue.commands.some((command) => command.task === task)) {
          this.guesses.delete(task);
        }
      }
      this.touch();
    }
    this.currentQueue = queue;
  }

  /** A snapshot takes the place of what was there. */
  install(snapshot: Snapshot): void {
    const began = this.epoch !== null && this.epoch !== snapshot.head.epoch;
    this.replica = new Replica(snapshot, this.username);
    this.answers = began ? new Map() : unconfirmed(this.answers, this.replica);
    this.answeredHead = null;
    this.confirmLists();
    this.shown.touchEverything();
    this.touch();
  }

  /** What this device kept takes the place of what was there. */
  restore({ answers, answeredHead, ...snapshot }: KeptBoard): void {
    this.install({ ...snapshot, tasks: snapshot.tasks.map(withLaterFields) });
    for (const [id, answer] of answers ?? []) {
      this.answered(id, answer);
    }
    this.answeredHead = answeredHead ?? null;
  }

  /**
   * The next event, by the client rule.
   *
   * @returns the add that it is taken for, where its answer is still to come
   */
  apply(event: BoardEvent): AddTask | undefined {
    const { replica } = this;
    if (replica === null) {
      return undefined;
    }
    const added =
      event.entity === "task" && event.action === "Add" ? this.recognise(event) : undefined;
    this.recognisePart(event);
    const change = toChange(event);
    const id = change.task?.id ?? change.taskPatch?.id ?? change.removedTask;
    const before = id === undefined ? undefined : replica.task(id);
    replica.apply(change);
    this.confirmLists();
    this.answers = unconfirmed(this.answers, replica);
    if (id !== undefined) {
      this.touchTask(id, before?.status, change.task?.status);
      this.touch();
    } else if (this.currentQueue.commands.length > 0) {
      this.stale = true;
    }
    return added;
  }

  /**
   * The server answered a change of ours, or a read: shown until the replica has it.
   *
   * @returns whether it is news
   */
  answered(id: TaskId, answer: AnsweredTask): boolean {
    const { replica } = this;
    const known = this.known(id);
    const older =
      answer.task === null
        ? known === undefined
        : known !== undefined && known.version >= answer.task.version;
    if (older || replica === null || unconfirmed(new Map([[id, answer]]), replica).size === 0) {
      return false;
    }
    this.answers = new Map(this.answers).set(id, answer);
    this.touch();
    return true;
  }

  /** Whether an answer is newer about a task than the board as of event `seq`. */
  isAnsweredAfter(seq: number, id: TaskId): boolean {
    return (this.answers.get(id)?.seq ?? 0) > seq;
  }

  /** Whether the event of an answer is still to come. */
  awaits(id: TaskId): boolean {
    return this.answers.has(id);
  }

  /**
   * Takes up what other tabs were answered about this board.
   *
   * @param named a task that began in the queue has an id, which is new to this tab
   * @returns whether any of it is news
   */
  learn(all: Answers, named: (from: TaskId, to: TaskId) => void): boolean {
    if (this.replica === null) {
      return false;
    }
    const { epoch } = this;
    const ofThis = (answer: { readonly epoch: string | null }) => answer.epoch === epoch;
    const names = all.names.filter((name) => ofThis(name) && !this.aliases.has(name.from));
    for (const { command, from, to, of } of names) {
      this.arrived.set(command, to);
      if (of !== undefined) {
        this.partNamed(of, from, to);
        continue;
      }
      this.named(from, to);
      named(from, to);
    }
    const tasks = all.tasks
      .filter(ofThis)
      .filter(({ id, task, seq }) => this.answered(id, { task, seq }));
    const heads = all.heads.filter(ofThis).filter(({ head }) => this.isNewHead(head));
    heads.forEach(({ head }) => this.headAnswered(head));
    return names.length + tasks.length + heads.length > 0;
  }

  private isNewHead(head: BoardHead): boolean {
    return head.version > (this.confirmedHead()?.version ?? 0);
  }

  /** The server answered with an event of ours: what it did is shown until it comes. */
  eventAnswered(event: BoardEvent): void {
    const { seq, task, taskPatch, removedTask, head } = toChange(event);
    const patched = taskPatch === undefined ? undefined : this.known(taskPatch.id);
    if (task !== undefined) {
      this.answered(task.id, { task, seq });
    } else if (removedTask !== undefined) {
      this.answered(removedTask, { task: null, seq });
    } else if (patched !== undefined) {
      this.answered(patched.id, { task: { ...patched, ...taskPatch }, seq });
    } else if (head !== undefined && this.replica !== null) {
      this.headAnswered({ ...this.replica.head, ...head });
    }
  }

  headAnswered(head: BoardHead): void {
    this.answeredHead = head;
    this.stale = true;
  }

  /** The server has named a task that began in the queue. */
  named(from: TaskId, to: TaskId): void {
    const guess = this.guesses.get(from);
    if (guess !== undefined && guess !== to) {
      this.oldIds.delete(guess);
      this.touchTask(guess);
    }
    this.guesses.delete(from);
    this.aliases.set(from, to);
    this.oldIds.set(to, from);
    this.touchTask(to);
    this.touch();
  }

  /** Whether this user made it, on whatever device; in quick-win mode anybody. */
  isOurs(event: BoardEvent): boolean {
    return this.username === null || event.actor.username === this.username;
  }

  /** The change of ours, on its way, that made this event. */
  makerOf(event: BoardEvent): Command | undefined {
    if (!this.isOurs(event)) {
      return undefined;
    }
    const { commands } = this.currentQueue;
    return commands.find((command) => command.sent && this.wouldMake(command, event));
  }

  private wouldMake(command: Command, event: BoardEvent): boolean {
    if (event.entity === "board") {
      return command.kind === "board-change";
    }
    if (event.entity === "comment") {
      return command.kind.startsWith("comment-") && command.task === event.comment.task_id;
    }
    if (event.entity === "checklist" || event.entity === "checklist_item") {
      return isListCommand(command) && this.wouldMakePart(command, event);
    }
    if (event.entity !== "task") {
      return false;
    }
    if (command.kind === "tick") {
      return command.task === event.task.id && event.changes?.["description"] !== undefined;
    }
    const task = command.kind === "add" ? this.arrived.get(command.id) : command.task;
    const kinds: Readonly<Record<string, string>> = {
      add: "Add",
      change: "Update",
      move: "Move",
      delete: "Delete",
      "delete-undo": "Add",
    };
    return task === event.task.id && kinds[command.kind] === event.action;
  }

  private wouldMakePart(
    command: ListCommand,
    event: Extract<BoardEvent, { entity: ListPart }>,
  ): boolean {
    if (command.of !== event.entity) {
      return false;
    }
    if (command.kind === "list-add") {
      return event.action === "Add" && isNewPart(command, event);
    }
    const { id } = event.entity === "checklist" ? event.checklist : event.checklist_item;
    const deletes = command.kind !== "list-change";
    return command.part === id && deletes === (event.action === "Delete") && event.action !== "Add";
  }

  /** An add of a checklist or an item that is on its way is recognised like one of a task. */
  private recognisePart(event: BoardEvent): void {
    if (event.entity !== "checklist" && event.entity !== "checklist_item") {
      return;
    }
    const mine =
      event.action === "Add" && this.isOurs(event)
        ? this.currentQueue.commands.find(
            (command): command is AddPart =>
              command.kind === "list-add" &&
              command.sent &&
              !this.arrived.has(command.id) &&
              this.wouldMakePart(command, event),
          )
        : undefined;
    if (mine !== undefined) {
      const { id } = event.entity === "checklist" ? event.checklist : event.checklist_item;
      this.arrived.set(mine.id, id);
      this.partNamed(mine.of, mine.part, id);
    }
  }

  /**
   * Events do not carry idempotency keys, so an add that is on its way is recognised by who, what and
   * where; its answer, which names the id, has the last word.
   */
  private recognise(event: BoardEvent & { readonly entity: "task" }): AddTask | undefined {
    if (!this.isOurs(event)) {
      return undefined;
    }
    const { id, title, status } = event.task;
    const mine = this.currentQueue.commands.find(
      (command): command is AddTask =>
        command.kind === "add" &&
        command.sent &&
        !this.arrived.has(command.id) &&
        command.details.title.trim() === title &&
        command.details.status === status,
    );
    if (mine !== undefined) {
      this.arrived.set(mine.id, id);
      // What is open on the card, or holds it, goes on.
      this.guesses.set(mine.task, id);
      this.oldIds.set(id, mine.task);
    }
    return mine;
  }

  private touch(): void {
    this.stale = true;
    this.allTasks = null;
    this.pending = null;
  }

  private current(): Projection {
    if (this.stale && this.replica !== null) {
      this.stale = false;
      const { commands } =
        this.guesses.size === 0
          ? this.currentQueue
          : renamed(this.currentQueue, (id) => this.taskIdOf(id));
      const hidden = new Set(this.arrived.keys());
      const before = this.projection;
      const lists = this.answeredLists.map(({ command }) => command);
      this.projection = project(this.replica, this.answers, commands, hidden, before, lists);
      this.touchDifferences(before, this.projection);
    }
    return this.projection;
  }

  /** In proportion to what is laid over the board, not to the board. */
  private touchDifferences(before: Projection, after: Projection): void {
    for (const id of new Set([...before.tasks.keys(), ...after.tasks.keys()])) {
      const [old, now] = [before.tasks.get(id), after.tasks.get(id)];
      if (old !== now) {
        this.touchTask(id, old?.status, now?.status, this.replica?.task(id)?.status);
      }
    }
    for (const key of new Set([...before.columns.keys(), ...after.columns.keys()])) {
      if (before.columns.get(key) !== after.columns.get(key)) {
        this.shown.touchColumn(key);
      }
    }
  }

  private touchTask(id: TaskId, ...columns: readonly (string | undefined)[]): void {
    this.shown.touchTask(id, ...columns);
    const oldId = this.oldIds.get(id);
    if (oldId !== undefined) {
      this.shown.touchTask(oldId);
    }
  }
}

function isNewPart(
  { values, task, list }: AddPart,
  event: Extract<BoardEvent, { entity: ListPart }>,
): boolean {
  if (event.entity === "checklist") {
    return event.checklist.task_id === task && event.checklist.title === values["title"];
  }
  const item = event.checklist_item;
  return item.task_id === task && item.checklist_id === list && item.text === values["text"];
}

/** A task as an earlier version of the app may have kept it, with what it has been given since. */
function withLaterFields(task: BoardTask): BoardTask {
  return { ...LATER_FIELDS, ...task };
}

const LATER_FIELDS = { start_at: null, item_count: 0, done_count: 0 };

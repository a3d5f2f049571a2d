/** A board in memory for component tests: it does at once what the server would do. */

import {
  type BoardAddress,
  type BoardEvent,
  type BoardStatus,
  type BoardTask,
  type Command,
  type Connection,
  type Fate,
  type ListCommand,
  type Member,
  type NewTaskDetails,
  type OpenBoard,
  type Part,
  type Place,
  type Presence,
  ShownColumns,
  type Stall,
  type TaskChanges,
  type TaskId,
  type Trouble,
} from "../sync";
import { aHead, aTask } from "./boards";
import { withTick } from "../utilities/task-list";

/** Two tasks at most are in progress at a time. */
const LIMITED = aHead({
  name: "Trip",
  columns: aHead().columns.map((column) =>
    column.key === "in_progress" ? { ...column, wip_limit: 2 } : column,
  ),
});

export class FakeBoard implements OpenBoard {
  readonly address: BoardAddress;
  /** What was called, for tests: `moveTask 3 {"status":…}`. */
  readonly calls: string[] = [];
  /** What became of the changes `change-1`, `change-2`, … that were begun; of others: they wait. */
  readonly fates = new Map<string, Fate>();
  private begunCount = 0;
  private listeners = new Set<() => void>();
  private renewals = new Set<() => void>();
  private taskById = new Map<TaskId, BoardTask>();
  private names = new Map<TaskId, TaskId>();
  private columnIds = new Map<string, readonly TaskId[]>();
  private all: readonly BoardTask[] = [];
  private shown = new ShownColumns();
  private current = {
    status: { status: "ready", from: "server" } as BoardStatus,
    connection: { state: "live" } as Connection,
    head: LIMITED,
    members: [] as readonly Member[],
    presence: [] as readonly Presence[],
    troubles: [] as readonly Trouble[],
    activity: [] as readonly BoardEvent[],
    waiting: 0,
    atRisk: false,
    stall: null as Stall | null,
    queued: [] as readonly Command[],
    pendingLists: [] as readonly ListCommand[],
  };
  private next = 1000;

  constructor(tasks: readonly BoardTask[] = [], address: BoardAddress = { mode: "teams", id: 7 }) {
    this.address = address;
    tasks.forEach((task) => this.put(task));
  }

  /** Changes what the board has besides its tasks. */
  tell(changes: Partial<FakeBoard["state"]>): void {
    this.current = { ...this.current, ...changes };
    this.changed();
  }

  /** As if the board had been read again. */
  renew(): void {
    this.renewals.forEach((listener) => listener());
  }

  get state() {
    return this.current;
  }

  /** A change as if somebody else had made it. */
  change(id: TaskId, changes: Partial<BoardTask>): void {
    const task = this.taskById.get(id);
    if (task) {
      this.put({ ...task, ...changes });
      this.changed();
    }
  }

  /** As if the server had named a task. */
  named(from: TaskId, to: TaskId): void {
    const task = this.taskById.get(from);
    if (task) {
      const ids = this.column(task.status);
      const before = ids[ids.indexOf(from) + 1] ?? null;
      this.remove(from);
      this.taskById.delete(from);
      this.names.set(from, to);
      this.put({ ...task, id: to }, before);
      this.changed();
    }
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  status = () => this.current.status;
  connection = () => this.current.connection;
  head = () => this.current.head;
  members = () => this.current.members;
  column = (key: string) => this.columnIds.get(key) ?? NONE;
  tasksIn = (key: string) =>
    this.shown.list(key, () =>
      this.column(key).flatMap((id) => {
        const task = this.taskById.get(id);
        return task ? [task] : [];
      }),
    );
  task = (id: TaskId) => this.taskById.get(this.taskIdOf(id));
  tasks = () => this.all;
  taskIdOf = (id: TaskId) => this.names.get(id) ?? id;
  firstIdOf = (id: TaskId) => [...this.names].find(([, to]) => to === id)?.[0] ?? id;
  activity = () => this.current.activity;
  readOlder = () => Promise.resolve(false);
  presence = () => this.current.presence;
  waiting = () => this.current.waiting;
  stall = () => this.current.stall;
  isAtRisk = () => this.current.atRisk;
  troubles = () => this.current.troubles;
  queued = () => this.current.queued;

  addTask(details: NewTaskDetails, before: TaskId | null = null): TaskId {
    this.call("addTask", details, before);
    const id = this.next++;
    this.put(aTask({ ...details, fields: {}, id, title: details.title }));
    this.changed();
    return id;
  }

  changeTask(id: TaskId, changes: TaskChanges, to?: Place): void {
    this.call("changeTask", id, changes, to);
    const task = this.taskById.get(id);
    if (task) {
      const fields: Record<string, unknown> = { ...task.fields, ...changes.fields };
      for (const [name, value] of Object.entries(fields)) {
        if (value === null) {
          delete fields[name];
        }
      }
      if (to) this.remove(id);
      const status = to?.status ?? task.status;
      this.put({ ...task, ...changes, fields, status, version: task.version + 1 }, to?.before);
      this.changed();
    }
  }

  moveTask(id: TaskId, place: Place): string | null {
    this.call("moveTask", id, place);
    const task = this.taskById.get(id);
    if (task) {
      this.remove(id);
      this.put({ ...task, status: place.status }, place.before);
      this.changed();
    }
    return this.begun();
  }

  deleteTask(id: TaskId): string | null {
    this.call("deleteTask", id);
    this.remove(id);
    this.taskById.delete(id);
    this.changed();
    return this.begun();
  }

  undoDelete(change: string, was: BoardTask, before: TaskId | null): void {
    this.call("undoDelete", change, was.id, before);
    this.put(was, before);
    this.changed();
  }

  addComment = (task: TaskId, body: string) => this.call("addComment", task, body);
  changeComment = (task: TaskId, comment: number, body: string) =>
    this.call("changeComment", task, comment, body);
  deleteComment(task: TaskId, comment: number): string {
    this.call("deleteComment", task, comment);
    return this.begun();
  }
  pendingLists = () => this.current.pendingLists;
  firstPartOf = (_of: string, id: number) => id;
  addPart(...given: Parameters<OpenBoard["addPart"]>): number {
    this.call("addPart", ...given);
    return -1;
  }
  changePart(part: Part, ...given: readonly unknown[]): string {
    this.call("changePart", part.id, ...given);
    return this.begun();
  }
  deletePart(part: Part): string {
    this.call("deletePart", part.id);
    return this.begun();
  }
  convertItem(item: Part): string {
    this.call("convertItem", item.id);
    return this.begun();
  }
  tick(...given: Parameters<OpenBoard["tick"]>): string {
    this.call("tick", ...given);
    const [id, { line, nth, done }] = given;
    const description = withTick(this.task(id)?.description ?? "", line, nth, done);
    if (description !== null) this.change(id, { description });
    return this.begun();
  }
  changeBoard(...[changes]: Parameters<OpenBoard["changeBoard"]>): void {
    this.call("changeBoard", changes);
    const columns = changes.columns ? [...changes.columns] : this.current.head.columns;
    this.tell({ head: { ...this.current.head, ...changes, columns } });
  }

  undo(seq: number): Promise<number | null> {
    this.call("undo", seq);
    return Promise.resolve(seq + 1);
  }
  newestOwn = () => 0;
  fateOf = (change: string) => this.fates.get(change) ?? WAITING;
  resolve = (trouble: string, keepMine: readonly string[], combined: object = {}) =>
    this.call("resolve", trouble, keepMine, ...Object.entries(combined));
  retry = (trouble: string, place?: Place) => this.call("retry", trouble, place);
  abandon(): void {
    this.call("abandon");
    this.tell({ troubles: [], queued: [] });
  }
  discard = (trouble: string) => this.call("discard", trouble);
  announce = (editing: TaskId | null) => this.call("announce", editing);
  onEvent = () => () => undefined;
  onRenewed(listener: () => void): () => void {
    this.renewals.add(listener);
    return () => this.renewals.delete(listener);
  }
  reconnect = () => this.call("reconnect");

  private begun(): string {
    this.begunCount += 1;
    return `change-${this.begunCount}`;
  }

  private call(name: string, ...given: unknown[]): void {
    this.calls.push([name, ...given.flatMap((value) => JSON.stringify(value) ?? [])].join(" "));
  }

  private put(task: BoardTask, before: TaskId | null = null): void {
    const old = this.taskById.get(task.id);
    this.shown.touchTask(task.id, old?.status, task.status);
    this.taskById.set(task.id, task);
    const ids = this.columnIds.get(task.status) ?? NONE;
    if (old && old.status !== task.status) {
      this.remove(task.id, old.status);
    }
    if (!ids.includes(task.id)) {
      const at = before === null ? -1 : ids.indexOf(before);
      const place = at < 0 ? ids.length : at;
      this.columnIds.set(task.status, [...ids.slice(0, place), task.id, ...ids.slice(place)]);
    }
    this.all = [...this.taskById.values()];
  }

  private remove(id: TaskId, status = this.taskById.get(id)?.status ?? ""): void {
    this.shown.touchTask(id, status);
    this.columnIds.set(
      status,
      this.column(status).filter((other) => other !== id),
    );
    this.all = [...this.taskById.values()].filter((task) => task.id !== id);
  }

  private changed(): void {
    this.listeners.forEach((listener) => listener());
  }
}

const NONE: readonly TaskId[] = [];
const WAITING: Fate = { state: "waiting" };

/**
 * A board's server and relay in memory, as strict as the real ones where the engine depends on it:
 * versions, idempotency keys, WIP limits, one event a change. Its network can be made to misbehave.
 */

import { undoesOf } from "../board/activity/undo-events";
import type { BoardPatch, NewTask, TaskPatch } from "../generated/api";
import {
  type Acknowledged,
  type BoardAddress,
  type BoardEvent,
  type BoardHead,
  type BoardService,
  type BoardTask,
  type Checklist,
  type ChecklistItem,
  type Comment,
  type ContentField,
  type Frame,
  type ListPart,
  type Relay,
  type RelayListener,
  same,
  type Snapshot,
  type SocketState,
  type TickLine,
  toTask,
  UNWRITTEN,
  type WholeChecklist,
  withValues,
  written,
} from "../sync";
import { withTick } from "../utilities/task-list";
import { NetworkError, RequestError } from "../utilities/request";
import { MOMENT, aHead, aMember, aTask, aTaskEvent } from "./boards";

/** What becomes of a request: it arrives and is answered, or one of both goes missing. */
export type Weather =
  "fine" | "request-lost" | "answer-lost" | "unavailable" | "rate-limited" | "fault";

export class FakeServer {
  head: BoardHead = aHead();
  readonly tasks = new Map<number, BoardTask>();
  readonly comments = new Map<number, Comment>();
  readonly events: BoardEvent[] = [];
  readonly relays = new Set<FakeRelay>();
  /** What was asked, in order: `PATCH 3 v2 {"title":…}`. */
  readonly log: string[] = [];
  gone = false;
  forbidden = false;
  private readonly answers = new Map<string, { request: string; answer: Acknowledged<unknown> }>();
  private nextTask = 1;
  private nextComment = 1;
  readonly lists = new Map<number, Checklist>();
  readonly items = new Map<number, ChecklistItem>();
  private nextList = 1;
  private nextItem = 1;
  /** The items that went with a checklist, by the event that deleted it. */
  private readonly takenAlong = new Map<number, readonly ChecklistItem[]>();

  snapshot(): Snapshot {
    const tasks = [...this.tasks.values()];
    return { head: this.head, tasks, members: [aMember(1, "ada", "owner")] };
  }

  column(status: string): number[] {
    return [...this.tasks.values()]
      .filter((task) => task.status === status)
      .sort((a, b) => (a.position < b.position ? -1 : 1))
      .map(({ id }) => id);
  }

  add(body: NewTask, user: string): Acknowledged<BoardTask> {
    const status = body.status ?? "todo";
    this.checkLimit(status);
    const task = aTask({
      ...written(body),
      id: this.nextTask++,
      title: body.title.trim(),
      status,
      fields: body.fields ?? {},
      position: this.positionBefore(status, body.before ?? null, 0),
      created_by: user,
    });
    return this.commit("Add", task, user);
  }

  change(id: number, patch: TaskPatch, user: string, version?: number): Acknowledged<BoardTask> {
    const task = this.find(id, version);
    const { before, after: _after, status, fields, ...values } = patch;
    let changed = { ...withValues(task, freeValues(fields)), ...withoutNulls(values) };
    if (status !== undefined && status !== task.status) {
      this.checkLimit(status);
    }
    if (status !== undefined || before !== undefined) {
      const column = status ?? task.status;
      const stays = column === task.status && this.isBefore(column, id, before ?? null);
      const position = stays ? task.position : this.positionBefore(column, before ?? null, id);
      changed = { ...changed, status: column, position };
    }
    if (JSON.stringify(changed) === JSON.stringify(task)) {
      return { value: task, seq: null };
    }
    const moved = changed.position !== task.position || changed.status !== task.status;
    const action = moved ? "Move" : "Update";
    return this.commit(action, { ...changed, version: task.version + 1 }, user);
  }

  delete(id: number, user: string, version?: number, undoes?: number): Acknowledged<undefined> {
    const task = this.find(id, version);
    this.tasks.delete(id);
    const event = aTaskEvent(this.head.seq + 1, "Delete", task, user);
    const seq = this.tell(undoes === undefined ? event : { ...event, undoes });
    return { value: undefined, seq };
  }

  /** Undoes what an event did to a task, if nothing later that still counts touched the same fields. */
  undo(seq: number, user: string): Acknowledged<BoardEvent> {
    const event = this.events.find((each) => each.seq === seq);
    if (event?.entity === "checklist" || event?.entity === "checklist_item") {
      return this.undoPart(event, user);
    }
    if (event?.entity !== "task") {
      throw refusal(404, "not-found");
    }
    const { action, task } = event;
    const { id } = task;
    const about = this.events.filter((each) => each.entity === "task" && each.task.id === id);
    const states = about.map((each) => (each.entity === "task" ? toTask(each.task, 7) : undefined));
    const at = about.indexOf(event);
    const changed = states.map((state, index) => differences(states[index - 1], state));
    const touched = changed[at] ?? [];
    const taken = undoneBy(about);
    const later = about.flatMap((each, index) => {
      const counts = index > at && !taken.has(each.seq) && (undoesOf(each) ?? 0) <= seq;
      return counts ? (changed[index] ?? []) : [];
    });
    if (touched.some((field) => later.includes(field))) {
      throw refusal(409, "undo-conflict");
    }
    const now = this.tasks.get(id);
    if (action === "Add") {
      this.delete(id, user, undefined, seq);
    } else if (action === "Delete" || now === undefined) {
      this.checkLimit(task.status);
      // The deletion counted as a version, too.
      this.commit("Add", { ...toTask(task, 7), version: task.version + 2 }, user, seq);
    } else {
      const before = { ...states[at - 1] };
      const entries = Object.entries(before).filter(([field]) => touched.includes(field));
      const back = { ...now, ...Object.fromEntries(entries), version: now.version + 1 };
      if (back.status !== now.status) this.checkLimit(back.status);
      this.commit(action, back, user, seq);
    }
    return { value: this.events.at(-1) as BoardEvent, seq: this.head.seq };
  }

  /** Takes back what an event did to a checklist or an item, whatever happened since. */
  private undoPart(event: ListEvent, user: string): Acknowledged<BoardEvent> {
    const of = event.entity;
    const part = event.entity === "checklist" ? event.checklist : event.checklist_item;
    if (event.action === "Add") {
      this.deletePart(of, part.id, user);
    } else if (event.action === "Delete") {
      this.takenAlong.get(event.seq)?.forEach((item) => this.items.set(item.id, item));
      this.partsOf(of).set(part.id, { ...part, version: part.version + 2 });
      this.tellPart("Add", part, user);
    } else {
      const now = this.findPart(of, part.id);
      const old = Object.entries(event.changes ?? {}).map(([field, [was]]) => [field, was]);
      const back = { ...now, ...Object.fromEntries(old), version: now.version + 1 };
      this.partsOf(of).set(part.id, back);
      this.tellPart(event.action, back, user);
    }
    const told = { ...this.events.at(-1), undoes: event.seq } as BoardEvent;
    this.events[this.events.length - 1] = told;
    return { value: told, seq: told.seq };
  }

  comment(id: number, body: string, user: string): Acknowledged<Comment> {
    const task = this.find(id);
    const comment: Comment = {
      id: this.nextComment++,
      board_id: 7,
      task_id: id,
      body,
      created_by: user,
      version: 1,
      created_at: MOMENT,
      updated_at: MOMENT,
    };
    this.comments.set(comment.id, comment);
    const seq = this.tellComment("Add", comment, task, user);
    return { value: comment, seq };
  }

  changeComment(id: number, body: string, version: number, user = "ada"): Acknowledged<Comment> {
    const comment = this.comments.get(id);
    const task = this.tasks.get(comment?.task_id ?? 0);
    if (comment === undefined || task === undefined) {
      throw refusal(404, "not-found");
    }
    if (comment.version !== version) {
      throw refusal(412, "precondition-failed");
    }
    const changed = { ...comment, body, version: version + 1 };
    this.comments.set(id, changed);
    return { value: changed, seq: this.tellComment("Update", changed, task, user) };
  }

  deleteComment(id: number, user = "ada"): Acknowledged<undefined> {
    const comment = this.comments.get(id);
    const task = this.tasks.get(comment?.task_id ?? 0);
    if (comment === undefined || task === undefined) {
      throw refusal(404, "not-found");
    }
    this.comments.delete(id);
    return { value: undefined, seq: this.tellComment("Delete", comment, task, user) };
  }

  private tellComment(
    action: "Add" | "Update" | "Delete",
    comment: Comment,
    task: BoardTask,
    user: string,
  ): number {
    const { comment_count: count, version: before } = task;
    const by = { Add: 1, Update: 0, Delete: -1 }[action];
    const counted = { ...task, comment_count: count + by, version: before + Math.abs(by) };
    this.tasks.set(task.id, counted);
    const { task: _task, ...event } = aTaskEvent(this.head.seq + 1, action, counted, user);
    const { id, comment_count, item_count, done_count, version, updated_at } = counted;
    const task_patch = { id, comment_count, item_count, done_count, version, updated_at };
    return this.tell({ ...event, entity: "comment", comment, task_patch });
  }

  /** A task's checklists with their items, in their order. */
  listsOf(task: number): WholeChecklist[] {
    const lists = [...this.lists.values()].filter((list) => list.task_id === task).sort(inOrder);
    return lists.map((list) => ({
      ...list,
      items: [...this.items.values()].filter((item) => item.checklist_id === list.id).sort(inOrder),
    }));
  }

  addPart(
    task: number,
    list: number | null,
    body: Body,
    user: string,
  ): Acknowledged<Checklist | ChecklistItem> {
    this.find(task);
    const { before, ...values } = body;
    const common = { board_id: 7, task_id: task, version: 1 };
    if (list === null) {
      const id = this.nextList++;
      const position = this.partBefore(this.listsOf(task), before, 0);
      const made = { title: "", id, ...common, ...values, position };
      this.lists.set(id, made);
      return { value: made, seq: this.tellPart("Add", made, user) };
    }
    const items = this.listsOf(task).find((other) => other.id === list)?.items;
    if (items === undefined) {
      throw refusal(404, "not-found");
    }
    const position = this.partBefore(items, before, 0);
    const id = this.nextItem++;
    const empty = { text: "", done: false, assigned_to: null, due_at: null };
    const made = { ...empty, id, ...common, ...values, checklist_id: list, position };
    this.items.set(id, made);
    return { value: made, seq: this.tellPart("Add", made, user) };
  }

  changePart(of: ListPart, id: number, patch: Body, version: number | undefined, user: string) {
    const part = this.findPart(of, id);
    if (version !== undefined && version !== part.version) {
      throw refusal(412, "precondition-failed");
    }
    const { before, ...values } = patch;
    const changed = { ...part, ...values };
    if (before !== undefined) {
      const lists = this.listsOf(part.task_id);
      const into = "checklist_id" in changed ? changed.checklist_id : null;
      const all = into === null ? lists : lists.find((list) => list.id === into)?.items;
      if (all === undefined) {
        throw refusal(422, "validation", "/checklist_id");
      }
      const at = all.findIndex((other) => other.id === id);
      const stays = at >= 0 && (all[at + 1]?.id ?? null) === before;
      changed.position = stays ? part.position : this.partBefore(all, before, id);
    }
    if (same(changed, part)) {
      return { value: part, seq: null };
    }
    const now = { ...changed, version: part.version + 1 };
    this.partsOf(of).set(id, now);
    const action = now.position === part.position ? "Update" : "Move";
    const names = Object.keys(now).filter((name) => name !== "version");
    const [old, made]: Body[] = [{ ...part }, { ...now }];
    const changes = Object.fromEntries(
      names
        .filter((name) => !same(old?.[name], made?.[name]))
        .map((name) => [name, [old?.[name], made?.[name]]]),
    );
    return { value: now, seq: this.tellPart(action, now, user, changes) };
  }

  deletePart(of: ListPart, id: number, user: string) {
    const part = this.findPart(of, id);
    this.partsOf(of).delete(id);
    const items =
      of === "checklist" ? [...this.items.values()].filter((item) => item.checklist_id === id) : [];
    items.forEach((item) => this.items.delete(item.id));
    const seq = this.tellPart("Delete", part, user);
    this.takenAlong.set(seq, items);
    return { value: undefined, seq };
  }

  convertItem(id: number, user: string): Acknowledged<BoardTask> {
    const item = this.items.get(id);
    if (item === undefined) {
      throw refusal(404, "not-found");
    }
    this.deletePart("checklist_item", id, user);
    return this.add({ title: item.text, status: this.find(item.task_id).status }, user);
  }

  tick(id: number, line: Pick<TickLine, "line" | "nth" | "done">, user: string) {
    const description = withTick(this.find(id).description, line.line, line.nth, line.done);
    if (description === null) {
      throw refusal(409, "line-gone");
    }
    return this.change(id, { description }, user);
  }

  private findPart(of: ListPart, id: number): Checklist | ChecklistItem {
    const part = this.partsOf(of).get(id);
    if (part === undefined || this.gone || !this.tasks.has(part.task_id)) {
      throw refusal(404, "not-found");
    }
    return part;
  }

  private partsOf(of: ListPart): Map<number, Checklist | ChecklistItem> {
    return of === "checklist" ? this.lists : (this.items as Map<number, Checklist | ChecklistItem>);
  }

  private partBefore(all: readonly Placed[], before: unknown, moving: number): string {
    const others = all.filter(({ id }) => id !== moving);
    const at = before == null ? others.length : others.findIndex(({ id }) => id === before);
    if (at < 0) {
      throw refusal(422, "validation", "/before");
    }
    return between(others[at - 1]?.position, others[at]?.position);
  }

  private tellPart(
    action: BoardEvent["action"],
    part: Checklist | ChecklistItem,
    user: string,
    changes?: Record<string, unknown[]>,
  ): number {
    const task = this.find(part.task_id);
    const items = this.listsOf(task.id).flatMap((list) => list.items);
    const done = items.filter((item) => item.done).length;
    const isCounted = items.length !== task.item_count || done !== task.done_count;
    const counted = {
      ...task,
      item_count: items.length,
      done_count: done,
      version: task.version + Number(isCounted),
    };
    this.tasks.set(task.id, counted);
    const { task: _task, ...event } = aTaskEvent(this.head.seq + 1, action, counted, user);
    const { id, comment_count, item_count, done_count, version, updated_at } = counted;
    const task_patch = { id, comment_count, item_count, done_count, version, updated_at };
    const more = { ...event, ...(changes && { changes }), task_patch };
    return this.tell(
      "checklist_id" in part
        ? { ...more, entity: "checklist_item", checklist_item: part }
        : {
            ...more,
            entity: "checklist",
            checklist:
              action === "Add"
                ? {
                    ...part,
                    items: this.listsOf(task.id).find((l) => l.id === part.id)?.items ?? [],
                  }
                : part,
          },
    );
  }

  changeHead(patch: BoardPatch, user: string, version?: number): Acknowledged<BoardHead> {
    if (version !== undefined && version !== this.head.version) {
      throw refusal(412, "precondition-failed");
    }

    const keys = patch.columns?.map(({ key }) => key);
    if (
      keys !== undefined &&
      [...this.tasks.values()].some(({ status }) => !keys.includes(status))
    ) {
      throw refusal(409, "column-in-use");
    }
    const changes = withoutNull(patch);
    if (same({ ...this.head, ...changes }, { ...this.head })) {
      return { value: this.head, seq: null };
    }
    const { id, username } = { id: user === "ada" ? 1 : 2, username: user };
    const seq = this.head.seq + 1;
    this.head = { ...this.head, ...changes, version: this.head.version + 1 };
    const { role: _role, ...board } = { ...this.head, seq };
    this.tell({
      board_id: 7,
      seq,
      action: "Update",
      entity: "board",
      board,
      actor: { id, username },
      timestamp: MOMENT,
    });
    return { value: this.head, seq };
  }

  /** The same key gives the same answer, and does nothing. */
  once<T>(key: string, body: unknown, work: () => Acknowledged<T>): Acknowledged<T> {
    const request = JSON.stringify(body);
    const known = this.answers.get(key);
    if (known !== undefined && known.request !== request) {
      throw refusal(422, "idempotency-key-reused");
    }
    const answer = known?.answer ?? work();
    this.answers.set(key, { request, answer });
    return answer as Acknowledged<T>;
  }

  find(id: number, version?: number): BoardTask {
    const task = this.tasks.get(id);
    if (task === undefined || this.gone) {
      throw refusal(404, "not-found");
    }
    if (version !== undefined && version !== task.version) {
      throw refusal(412, "precondition-failed");
    }
    return task;
  }

  private commit(
    action: BoardEvent["action"],
    task: BoardTask,
    user: string,
    undoes?: number,
  ): Acknowledged<BoardTask> {
    const before = this.tasks.get(task.id);
    this.tasks.set(task.id, task);
    const told = aTaskEvent(this.head.seq + 1, action, task, user);
    const event = before === undefined ? told : { ...told, changes: changesOf(before, task) };
    const seq = this.tell(undoes === undefined ? event : { ...event, undoes });
    return { value: task, seq };
  }

  private tell(event: BoardEvent): number {
    this.head = { ...this.head, seq: event.seq, updated_at: event.timestamp };
    this.events.push(event);
    this.relays.forEach((relay) => relay.happened(event));
    return event.seq;
  }

  private checkLimit(status: string): void {
    const limit = this.head.columns.find(({ key }) => key === status)?.wip_limit ?? null;
    if (limit !== null && this.column(status).length >= limit) {
      throw refusal(409, "wip-limit", { column: status, wip_limit: limit });
    }
  }

  private isBefore(status: string, id: number, next: number | null): boolean {
    const column = this.column(status);
    return (column[column.indexOf(id) + 1] ?? null) === next;
  }

  private positionBefore(status: string, before: number | null, moving: number): string {
    const others = this.column(status).filter((id) => id !== moving);
    const at = before === null ? others.length : others.indexOf(before);
    if (at < 0) {
      throw refusal(422, "validation", "/before");
    }
    const low = this.tasks.get(others[at - 1] ?? 0)?.position;
    const high = this.tasks.get(others[at] ?? 0)?.position;
    return between(low, high);
  }
}

/** What a client of the server has: its requests, under a weather. */
export class FakeService implements BoardService {
  weather: () => Weather = () => "fine";
  /** How long a request takes, in milliseconds. */
  delay = 5;

  constructor(
    private readonly server: FakeServer,
    private readonly user: string,
    readonly address: BoardAddress,
  ) {}

  read = () => this.call("GET board", () => this.existing(() => this.server.snapshot()));
  recent = () => Promise.resolve([]);
  after = (seq: number) =>
    this.call("GET events", () => ({
      events: this.server.events.filter((event) => event.seq > seq),
      next: null,
    }));
  readHead = () => this.call("GET head", () => this.existing(() => this.server.head));
  readTask = (id: number) => this.call(`GET ${id}`, () => this.server.find(id));
  readComment = (_task: number, comment: number) =>
    this.call("GET comment", () => this.server.comments.get(comment) ?? null);
  addTask = (body: NewTask, key: string) =>
    this.call(`POST ${body.title}`, () =>
      this.allowed(() => this.server.once(key, body, () => this.server.add(body, this.user))),
    );
  changeTask = (id: number, patch: TaskPatch, version: number) =>
    this.call(`PATCH ${id} v${version} ${JSON.stringify(patch)}`, () =>
      this.allowed(() => this.server.change(id, patch, this.user, version)),
    );
  deleteTask = (id: number, version: number | undefined) =>
    this.call(`DELETE ${id}`, () => this.server.delete(id, this.user, version));
  addComment = (task: number, body: string, key: string) =>
    this.call(`POST comment ${task}`, () =>
      this.server.once(key, body, () => this.server.comment(task, body, this.user)),
    );
  changeComment = (_task: number, comment: number, body: string, version: number) =>
    this.call(`PATCH comment ${comment} v${version}`, () =>
      this.server.changeComment(comment, body, version),
    );
  deleteComment = (_task: number, comment: number) =>
    this.call(`DELETE comment ${comment}`, () => this.server.deleteComment(comment));
  addPart = (task: number, list: number | null, body: Body, key: string) =>
    this.call(`POST part ${task} ${JSON.stringify(body)}`, () =>
      this.allowed(() =>
        this.server.once(key, body, () => this.server.addPart(task, list, body, this.user)),
      ),
    );
  changePart = (_task: number, of: ListPart, id: number, patch: Body, version?: number) =>
    this.call(`PATCH ${of} ${id} v${version} ${JSON.stringify(patch)}`, () =>
      this.allowed(() => this.server.changePart(of, id, patch, version, this.user)),
    );
  deletePart = (_task: number, of: ListPart, id: number) =>
    this.call(`DELETE ${of} ${id}`, () => this.server.deletePart(of, id, this.user));
  readPart = (task: number, of: ListPart, id: number) =>
    this.call("GET part", () => {
      const lists = this.server.listsOf(this.server.find(task).id);
      const all = of === "checklist" ? lists : lists.flatMap(({ items }) => items);
      return all.find((part) => part.id === id) ?? null;
    });
  convertItem = (task: number, item: number, key: string) =>
    this.call(`POST convert ${item}`, () =>
      this.server.once(key, [task, item], () => this.server.convertItem(item, this.user)),
    );
  tick = (task: number, line: Pick<TickLine, "line" | "nth" | "done">, key: string) =>
    this.call(`POST tick ${task}`, () =>
      this.server.once(key, line, () => this.server.tick(task, line, this.user)),
    );
  changeBoard = (patch: BoardPatch, version: number) =>
    this.call(`PATCH board v${version}`, () => this.server.changeHead(patch, this.user, version));
  undo = (seq: number, key: string) =>
    this.call(`UNDO ${seq}`, () =>
      this.server.once(key, seq, () => this.server.undo(seq, this.user)),
    );

  private existing<T>(work: () => T): T {
    if (this.server.gone) {
      throw refusal(404, "not-found");
    }
    return work();
  }

  private allowed<T>(work: () => T): T {
    if (this.server.forbidden) {
      throw refusal(403, "forbidden");
    }
    return work();
  }

  private async call<T>(what: string, work: () => T): Promise<T> {
    await new Promise((resolve) => setTimeout(resolve, this.delay));
    const weather = this.weather();
    if (weather === "request-lost") {
      throw new NetworkError(false);
    }
    if (weather === "unavailable") {
      throw new RequestError(503, { type: "/problems/unavailable" }, 10);
    }
    if (weather === "rate-limited") {
      throw new RequestError(429, { type: "/problems/rate-limited" }, 40_000);
    }
    if (weather === "fault") {
      throw new RequestError(500, { type: "about:blank", detail: "A fault of the server." });
    }
    this.server.log.push(what);
    const value = work();
    await new Promise((resolve) => setTimeout(resolve, this.delay));
    if (weather === "answer-lost") {
      throw new NetworkError(true);
    }
    return value;
  }
}

/** One client's socket to the relay of that server. */
export class FakeRelay implements Relay {
  state: SocketState = "idle";
  retryAt: number | null = null;
  readonly crowded = false;
  /** How long a frame is on its way, in milliseconds. */
  delay = 3;
  private listener: RelayListener | null = null;
  private cursor: number | null = null;

  constructor(private readonly server: FakeServer) {
    server.relays.add(this);
  }

  join(listener: RelayListener): () => void {
    this.listener = listener;
    if (this.state === "idle") {
      this.connect();
    }
    return () => {
      this.listener = null;
    };
  }

  connect(): void {
    this.state = "open";
    this.listener?.stateChanged();
    this.listener?.opened();
  }

  cut(): void {
    this.state = "offline";
    this.cursor = null;
    this.listener?.stateChanged();
    this.listener?.closed();
  }

  wake(): void {
    if (this.state === "offline") {
      this.connect();
    }
  }

  send(message: Readonly<Record<string, unknown>>): void {
    if (message["type"] === "subscribe" && this.state === "open") {
      const { events, head } = this.server;
      const after = Number(message["after"]);
      this.deliver({ type: "subscribed", board: 7, seq: head.seq, epoch: head.epoch });
      this.cursor = head.seq;
      events.filter(({ seq }) => seq > after).forEach((event) => this.deliverEvent(event));
    }
  }

  happened(event: BoardEvent): void {
    if (this.cursor === event.seq - 1) {
      this.cursor = event.seq;
      this.deliverEvent(event);
    }
  }

  deliver(frame: Frame): void {
    setTimeout(() => {
      if (this.state === "open") {
        this.listener?.frame(frame);
      }
    }, this.delay);
  }

  private deliverEvent(event: BoardEvent): void {
    this.deliver({ type: "event", board: 7, event });
  }
}

/** @param pointer of the one field that is at fault */
export function refusal(
  status: number,
  type: string,
  more: string | Readonly<Record<string, unknown>> = {},
): RequestError {
  const detail = `Refused: ${type}.`;
  const members = typeof more === "string" ? { errors: [{ pointer: more, detail }] } : more;
  return new RequestError(status, { type: `/problems/${type}`, detail, ...members });
}

type ListEvent = Extract<BoardEvent, { entity: ListPart }>;
type Body = Readonly<Record<string, unknown>>;
type Placed = Pick<Checklist, "id" | "position">;

function inOrder(a: Placed, b: Placed): number {
  return a.position < b.position ? -1 : 1;
}

/** The middle of two numbers of 40 digits: enough for 130 moves into the same gap. */
function between(low: string | undefined, high: string | undefined): string {
  const middle = (BigInt(low ?? "0") + BigInt(high ?? "1".padEnd(41, "0"))) / BigInt(2);
  return middle.toString().padStart(41, "0");
}

/** What an undo undid that was not undone itself. */
function undoneBy(events: readonly BoardEvent[]): ReadonlySet<number> {
  const taken = new Set<number>();
  for (const event of [...events].reverse()) {
    const undoes = undoesOf(event);
    if (undoes !== undefined && !taken.has(event.seq)) taken.add(undoes);
  }
  return taken;
}

function differences(before: BoardTask | undefined, after: BoardTask | undefined): string[] {
  const old: Readonly<Record<string, unknown>> = { ...before };
  return Object.entries({ ...after })
    .filter(([field, value]) => field !== "version" && !same(old[field], value))
    .map(([field]) => field);
}

function changesOf(before: BoardTask, after: BoardTask): Record<string, unknown[]> {
  const [old, now]: Readonly<Record<string, unknown>>[] = [{ ...before }, { ...after }];
  return Object.fromEntries(
    differences(before, after).map((field) => [field, [old?.[field], now?.[field]]]),
  );
}

function freeValues(fields: TaskPatch["fields"]): Record<string, unknown> {
  const entries = Object.entries(fields ?? {});
  return Object.fromEntries(entries.map(([name, value]) => [`fields/${name}`, value]));
}

/** The values of a merge patch: what was removed is empty. */
function withoutNulls(values: Partial<Record<ContentField, unknown>>): Partial<BoardTask> {
  const entries = Object.entries(values).map(([field, value]) => [
    field,
    value ?? UNWRITTEN[field as ContentField],
  ]);
  return Object.fromEntries(entries) as Partial<BoardTask>;
}

function withoutNull({ description, ...patch }: BoardPatch): Partial<BoardHead> {
  return {
    ...patch,
    ...(description === undefined ? {} : { description: description ?? "" }),
    ...(patch.columns === undefined
      ? {}
      : {
          columns: patch.columns.map((column) => ({
            ...column,
            wip_limit: column.wip_limit ?? null,
          })),
        }),
  } as Partial<BoardHead>;
}

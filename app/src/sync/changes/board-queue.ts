/**
 * One board's queue on this device: changes as screens make them become commands, are kept durably
 * before anything is sent, and are shown by the view. Knows no network.
 */

import { isUniqueNumber, uniqueNumber } from "../../utilities/unique-id";
import type { BoardPorts } from "../ports";
import { AnswerStore, NO_ANSWERS } from "./answer-store";
import type { BoardView } from "../view";
import {
  type AddPart,
  type AddTask,
  type Command,
  type Fresh,
  type ListPart,
  type PartPlace,
  type TickLine,
  type Values,
  boardChangeValues,
  boardValues,
  contentsOf,
  same,
  taskValues,
  valuesOf,
} from "./commands";
import {
  EMPTY,
  type KeptTrouble,
  type Queue,
  acknowledged,
  enqueued,
  renamed,
  sending,
  undoneDeletions,
  withoutUndone,
} from "./queue";
import { QueueStore } from "./queue-store";
import type { AnsweredTask } from "../overlay";
import type { ConflictField } from "./rebase";
import { again, conflicted, keeping, refused, settled, taskGone } from "./troubles";
import type {
  BoardChanges,
  BoardEvent,
  BoardHead,
  BoardTask,
  ChecklistItem,
  Comment,
  NewTaskDetails,
  Part,
  Place,
  Reason,
  TaskChanges,
  TaskId,
  Trouble,
} from "../types";
import { recounted } from "../checklists";
import { taskOf } from "../wire";

/** How long a frozen tab may take to learn what was answered, once its event has come; in milliseconds. */
const ANSWERS_FOR = 10_000;

const NO_COUNTS = [0, 0] as const;
const only = (command: Command): Queue => ({ commands: [command], troubles: [] });

export class BoardQueue {
  private answers = NO_ANSWERS;
  private shownTroubles: readonly Trouble[] = [];
  private atRisk = false;
  private lastAt = 0;
  private writing: Promise<void> = Promise.resolve();

  private readonly store: QueueStore;
  /** Where tabs find the answers that other tabs got. */
  private readonly answerStore: AnswerStore;

  /**
   * @param changed what is shown may be different
   * @param added there is a new command, and it is kept
   */
  constructor(
    private readonly view: BoardView,
    private readonly ports: Pick<
      BoardPorts,
      "storage" | "owner" | "makeRoom" | "named" | "now" | "newId"
    >,
    private readonly changed: () => void,
    private readonly added: () => void,
  ) {
    const { storage, owner, makeRoom } = ports;
    this.store = new QueueStore(storage, owner, makeRoom);
    this.answerStore = new AnswerStore(storage, owner, makeRoom);
  }

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
      queue = await this.store.load();
      // After the queue: whatever has left it was answered before.
      this.answers = await this.answerStore.load();
    } while (before !== this.view.queue);
    const learned = this.learn(queue);
    if (learned || !same(before, this.view.queue)) {
      this.changed();
    }
  }

  /**
   * Takes over answers that other tabs got: when they are read, and when there is a board to show them on.
   *
   * @param queue what waits
   * @returns whether any of it is new
   */
  learn(queue = this.view.queue): boolean {
    const { named, now } = this.ports;
    const isNews = this.view.learn(this.answers, named);
    // Other tabs write changes of tasks whose new id they do not know.
    const current = renamed(queue, (id) => this.view.nameOf(id));
    if (!same(this.view.queue, current)) {
      this.adopt(current);
    }
    if (this.view.epoch !== null) {
      for (const { id, at } of this.answers.tasks) {
        if (now() - at > ANSWERS_FOR && !this.view.awaits(id)) {
          void this.answerStore.forgetTask(id);
        }
      }
    }
    return isNews;
  }

  /** Calls the listener when another tab changed something or got an answer. */
  watch(listener: () => void): () => void {
    const ends = [this.store.watch(listener), this.answerStore.watch(listener)];
    return () => ends.forEach((end) => end());
  }

  addTask(details: NewTaskDetails, before: TaskId | null): TaskId {
    const task = uniqueNumber();
    this.enqueue({
      ...this.begun(details.title),
      kind: "add",
      task,
      details: { ...details, title: details.title.trim() },
      before: before === null ? null : this.view.taskIdOf(before),
    });
    return task;
  }

  changeTask(id: TaskId, changes: TaskChanges, to?: Place): void {
    const task = this.view.task(id);
    if (task !== undefined) {
      const values = { ...valuesOf(changes), ...(to && { status: to.status }) };
      const base = taskValues(task, Object.keys(values));
      const before = to?.before == null ? null : this.view.taskIdOf(to.before);
      const place = to && { ...to, before };
      const change = { ...this.begun(task.title), kind: "change", task: task.id } as const;
      this.enqueue({ ...change, base, values, place });
    }
  }

  moveTask(id: TaskId, place: Place, begunIn?: string): string | null {
    const task = this.view.task(id);
    const before = place.before === null ? null : this.view.taskIdOf(place.before);
    if (task === undefined || before === task.id) {
      return null;
    }
    return this.enqueue({
      ...this.begun(task.title),
      kind: "move",
      task: task.id,
      from: begunIn ?? task.status,
      place: { ...place, before },
    });
  }

  /** @param event what deleted it, as far as is known */
  undoDelete(of: string, was: BoardTask, before: TaskId | null, event: number | null): void {
    if (undoneDeletions(this.commands).has(of)) {
      return;
    }
    const deletion = this.commands.find(({ id }) => id === of);
    this.enqueue({
      ...this.begun(was.title),
      ...(deletion?.seq !== undefined && { seq: deletion.seq }),
      kind: "delete-undo",
      task: this.view.taskIdOf(was.id),
      of,
      was,
      before: before === null ? null : this.view.taskIdOf(before),
      event,
    });
  }

  deleteTask(id: TaskId): string | null {
    const task = this.view.task(id);
    if (task === undefined) {
      return null;
    }
    const deletion = { ...this.begun(task.title), kind: "delete", task: task.id } as const;
    const seen = { version: task.version, seq: this.view.seq };
    return this.enqueue({ ...deletion, base: contentsOf(task), seen });
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

  deleteComment(task: TaskId, comment: number): string | null {
    return this.enqueue({ ...this.begunFor(task), kind: "comment-delete", comment });
  }

  addPart(task: TaskId, list: number | null, values: Values, before: number | null): number {
    const part = uniqueNumber();
    const counts = list === null ? NO_COUNTS : ([1, values["done"] === true ? 1 : 0] as const);
    this.enqueue({
      ...this.begunFor(task),
      kind: "list-add",
      of: list === null ? "checklist" : "checklist_item",
      part,
      list: list === null ? null : this.view.taskIdOf(list),
      values,
      before: before === null ? null : this.view.taskIdOf(before),
      counts,
    });
    return part;
  }

  changePart(part: Part, values: Values, place: PartPlace | undefined): string | null {
    const known: Values = { ...part };
    const base = Object.fromEntries(
      Object.keys(values).map((field) => [field, known[field] ?? null]),
    );
    const done = values["done"];
    const wasDone = "done" in part && part.done;
    const ticked = typeof done === "boolean" ? Number(done) - Number(wasDone) : 0;
    const id = (which: number | null) => (which === null ? null : this.view.taskIdOf(which));
    return this.enqueue({
      ...this.begunWith(part),
      kind: "list-change",
      base,
      values,
      version: part.version,
      place: place && { list: id(place.list), before: id(place.before) },
      counts: [0, ticked],
    });
  }

  deletePart(part: Part): string | null {
    const items = "items" in part ? part.items : [part];
    const done = items.filter((item) => item.done).length;
    const counts = [-items.length, -done] as const;
    return this.enqueue({ ...this.begunWith(part), kind: "list-delete", counts });
  }

  convertItem(item: ChecklistItem): string | null {
    const counts = [-1, item.done ? -1 : 0] as const;
    return this.enqueue({ ...this.begunWith(item), kind: "list-convert", counts });
  }

  tick(task: TaskId, line: Pick<TickLine, "line" | "nth" | "done">): string | null {
    return this.enqueue({ ...this.begunFor(task), kind: "tick", ...line });
  }

  private begunWith(part: Part) {
    const isItem = "checklist_id" in part;
    const of: ListPart = isItem ? "checklist_item" : "checklist";
    return {
      ...this.begunFor(part.task_id),
      of,
      part: this.view.taskIdOf(part.id),
      list: isItem ? this.view.taskIdOf(part.checklist_id) : null,
    };
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
    if (held?.undo !== undefined && place === undefined) {
      // The server brings the whole task back, with what others said about it.
      const [undo, ...rest] = held.undo.map((command) => ({ ...command, ...this.fresh() }));
      const seq = held.undo[0]?.seq;
      const first = undo && { ...undo, ...(seq !== undefined && { seq }) };
      this.settle(trouble, first ?? null);
      rest.forEach((command) => this.enqueue(command));
    } else if (held !== undefined) {
      const added = ["add", "list-change"].includes(held.command.kind);
      const task = added ? uniqueNumber() : null;
      const members = this.view.members();
      // Without accounts there are none, and anybody is assigned.
      const isMember = (name: string) =>
        members.length === 0 || members.some(({ username }) => username === name);
      const command = again(held, this.fresh(), task, place, isMember);
      this.settle(trouble, command);
      if (command.kind === "add") {
        const { subject, task: of } = command;
        (held.comments ?? []).forEach((body) =>
          this.enqueue({ ...this.begun(subject), kind: "comment-add", task: of, body }),
        );
        const items = held.items ?? [];
        const list =
          items.length === 0
            ? null
            : this.addPart(of, null, { title: subject.slice(0, 100) }, null);
        items.forEach((text) => this.addPart(of, list, { text, done: false }, null));
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

  /** What is to be sent first. */
  get next(): Command | null {
    const undone = undoneDeletions(this.commands);
    return this.commands.find(({ id }) => !undone.has(id)) ?? null;
  }

  /** Forgets what was undone before anybody began to send it. Only for the tab that may send. */
  dropUndone(): void {
    this.replace(withoutUndone(this.view.queue));
  }

  /** An attempt is being made. Resolves when that is on the device. */
  async attempting(command: Command): Promise<void> {
    this.replace(sending(this.view.queue, command.id, this.view.newestSeq));
    await this.writing;
  }

  /** @param added the id that the server gave to a new task */
  done(command: Command, added?: TaskId): void {
    this.replace(acknowledged(this.view.queue, command.id, added));
  }

  /** The user has left: of what the server still answers nothing is kept but that it is done. */
  leave(): void {
    this.answerStore.leave();
  }

  /** Before a command is done: other tabs show what the server answered to it. */
  keepAnswer(id: TaskId, { task, seq }: AnsweredTask): void {
    // A deletion without an event could not be told apart from one that was undone since.
    void (task === null && seq === null
      ? this.answerStore.forgetTask(id)
      : this.answerStore.keepTask({ ...this.answered(), id, task, seq }));
  }

  /** Before an add is done: other tabs follow its task. */
  keepName({ id: command, task: from }: AddTask, to: TaskId): void {
    if (isUniqueNumber(from)) {
      void this.answerStore.keepName({ ...this.answered(), command, from, to });
    }
  }

  keepPartName({ id: command, part: from, of }: AddPart, to: number): void {
    if (isUniqueNumber(from)) {
      void this.answerStore.keepName({ ...this.answered(), command, from, to, of });
    }
  }

  /** Like `keepAnswer`, where the answer was an event, which the view shows already. */
  keepEvent(event: BoardEvent): void {
    const id = taskOf(event);
    const head = this.view.confirmedHead();
    if (id !== null) {
      this.keepAnswer(id, { task: this.view.known(id) ?? null, seq: event.seq });
    } else if (head !== null) {
      this.keepHead(head);
    }
  }

  keepHead(head: BoardHead): void {
    void this.answerStore.keepHead({ ...this.answered(), head });
  }

  /** The board is none of ours any more: what was answered about it is not kept. */
  forgetAnswers(): void {
    this.answers = NO_ANSWERS;
    void this.answerStore.forget();
  }

  conflicted(command: Command, fields: readonly ConflictField[]): void {
    const { newId } = this.ports;
    this.replace(conflicted(this.view.queue, command.id, fields, newId(), this.nextAt()));
  }

  refused(command: Command, type: string, reason: Reason): void {
    const { newId } = this.ports;
    const refusal = { type, reason };
    this.replace(refused(this.view.queue, command.id, refusal, newId(), this.nextAt()));
  }

  taskGone(known: BoardTask): void {
    this.replace(taskGone(this.view.queue, known));
  }

  /** The server has another state of an item: what waits changes a task's numbers by more or less. */
  recount(event: BoardEvent): void {
    const { commands } = this.view.queue;
    const now = recounted(commands, event);
    if (now.some((command, index) => command !== commands[index])) {
      this.replace({ ...this.view.queue, commands: now });
    }
  }

  private held(trouble: string): KeptTrouble | undefined {
    return this.view.queue.troubles.find((held) => held.trouble.id === trouble);
  }

  private settle(trouble: string, held: Command | null): void {
    // What was added since it was refused has a name by now.
    const command = held && (renamed(only(held), (id) => this.view.nameOf(id)).commands[0] ?? held);
    const rest = settled(this.view.queue, trouble);
    if (command === null) {
      this.replace(rest);
    } else {
      this.replace(enqueued(rest, command));
      void this.writing.then(this.added);
    }
  }

  /** Whether a command has still to be sent, or to be answered. */
  has(command: string): boolean {
    return this.commands.some(({ id }) => id === command);
  }

  /** @returns the command's id; `null` if it was coalesced with another */
  private enqueue(command: Command): string | null {
    this.replace(enqueued(this.view.queue, command));
    void this.writing.then(this.added);
    return this.has(command.id) ? command.id : null;
  }

  /** Puts another queue in place, on the device first, and shows it. */
  private replace(queue: Queue): void {
    const before = this.view.queue;
    if (queue === before) {
      return;
    }
    // A device that keeps nothing still sends what it can while the page lives.
    const saved = this.store.save(before, queue).then(
      () => this.notifyRisk(),
      () => this.notifyRisk(),
    );
    this.writing = Promise.all([this.writing, saved]).then(() => undefined);
    this.adopt(queue);
    this.changed();
  }

  private notifyRisk(): void {
    const { isWhole } = this.store;
    if (isWhole === this.atRisk) {
      this.atRisk = !isWhole;
      this.changed();
    }
  }

  private adopt(queue: Queue): void {
    const { troubles } = this.view.queue;
    this.view.setQueue(queue);
    if (queue.troubles !== troubles) {
      this.shownTroubles = queue.troubles.map(({ trouble }) => trouble);
    }
    const held = queue.troubles.map(({ command }) => command);
    for (const { at } of [...queue.commands, ...held]) {
      this.lastAt = Math.max(this.lastAt, at);
    }
  }

  private fresh(): Fresh {
    const { epoch, seq } = this.view;
    return { id: this.ports.newId(), at: this.nextAt(), sent: false, epoch, seq };
  }

  private begun(subject: string) {
    return { ...this.fresh(), subject };
  }

  private begunFor(id: TaskId) {
    return { ...this.begun(this.view.task(id)?.title ?? ""), task: this.view.taskIdOf(id) };
  }

  private answered() {
    return { epoch: this.view.epoch, at: this.ports.now() };
  }

  /** Grows with every command, so that they sort as they were made. */
  private nextAt(): number {
    this.lastAt = Math.max(this.ports.now(), this.lastAt + 1);
    return this.lastAt;
  }
}

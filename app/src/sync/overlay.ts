/**
 * Own changes laid over the confirmed board: what was answered and has not come as an event yet, then
 * what is still queued. Pure; the work is in proportion to the changes and the columns they touch.
 */

import {
  type AddTask,
  type ChangeBoard,
  type Command,
  type ListCommand,
  type UndoDelete,
  type Values,
  boardValues,
  taskValues,
  withValues,
} from "./changes/commands";
import { type Replica, placeByNumber, placeIn } from "./replica";
import { undoneDeletions } from "./changes/queue";
import { withTick } from "../utilities/task-list";
import { laidOver } from "./changes/rebase";
import { written } from "./task-fields";
import type { BoardHead, BoardTask, Place, TaskId } from "./types";

/** What the server answered to a change of ours; kept until the replica has it from its event. */
export interface AnsweredTask {
  /** `null`: deleted. */
  readonly task: BoardTask | null;
  /** The event that will confirm it; `null` where the answer named none. */
  readonly seq: number | null;
}

export type Answers = ReadonlyMap<TaskId, AnsweredTask>;

/** Only what differs from the replica. */
export interface Projection {
  /** `null`: not shown. */
  readonly tasks: ReadonlyMap<TaskId, BoardTask | null>;
  readonly columns: ReadonlyMap<string, readonly TaskId[]>;
  readonly head: BoardHead | null;
}

export const NOTHING: Projection = { tasks: new Map(), columns: new Map(), head: null };

/** Answers that the replica does not have yet. */
export function unconfirmed(answers: Answers, replica: Replica): Answers {
  const kept = [...answers].filter(([id, { task, seq }]) => {
    const known = replica.task(id);
    if (seq !== null && seq <= replica.head.seq) {
      return false;
    }
    if (task === null) {
      return known !== undefined;
    }
    // Without an event of its own, an answer about a task that is not there is older than its deletion.
    return known === undefined ? seq !== null : known.version < task.version;
  });
  return kept.length === answers.size ? answers : new Map(kept);
}

/**
 * @param hidden commands that add tasks whose event came before their answer: not to be shown twice
 * @param previous whose objects are kept if they are equal, so that nothing is rendered again
 * @param answeredLists changes of checklists that the server has answered, whose events are to come
 */
export function project(
  replica: Replica,
  answers: Answers,
  commands: readonly Command[],
  hidden: ReadonlySet<string>,
  previous: Projection,
  answeredLists: readonly ListCommand[] = [],
): Projection {
  if (answers.size === 0 && answeredLists.length === 0 && commands.length === 0) {
    return NOTHING;
  }
  const canvas = new Canvas(replica);
  for (const [id, { task }] of answers) {
    canvas.show(id, task);
  }
  answeredLists.forEach((command) => canvas.count(command));
  const undone = undoneDeletions(commands);
  for (const command of commands) {
    if (!hidden.has(command.id) && !undone.has(command.id)) {
      canvas.lay(command);
    }
  }
  return canvas.result(previous);
}

class Canvas {
  private readonly tasks = new Map<TaskId, BoardTask | null>();
  private readonly columns = new Map<string, TaskId[]>();
  private head: BoardHead | null = null;

  constructor(private readonly replica: Replica) {}

  /** Shows an answered task at the place the server gave it. */
  show(id: TaskId, task: BoardTask | null): void {
    const before = this.find(id);
    if (
      before !== undefined &&
      before.status === task?.status &&
      before.position === task.position
    ) {
      this.tasks.set(id, task);
      return;
    }
    this.takeOut(id);
    this.tasks.set(id, task);
    if (task !== null) {
      const column = this.column(task.status);
      column.splice(placeIn(column, task, this.find), 0, id);
    }
  }

  lay(command: Command): void {
    switch (command.kind) {
      case "add":
        this.tasks.set(command.task, newTask(command, this.replica.head.id));
        this.insert(command.details.status, command.task, command.before);
        break;
      case "change":
        if (command.place !== undefined && "status" in command.values) {
          this.place(command.task, command.place);
        }
        this.change(command.task, (task) => {
          const now = taskValues(task, Object.keys(command.values));
          return withValues(task, laidOver(command.base, command.values, now));
        });
        break;
      case "move":
        this.place(command.task, command.place);
        break;
      case "delete":
        this.takeOut(command.task);
        this.tasks.set(command.task, null);
        break;
      case "delete-undo":
        this.bringBack(command);
        break;
      case "comment-add":
        this.change(command.task, (task) => ({ ...task, comment_count: task.comment_count + 1 }));
        break;
      case "comment-delete":
        this.change(command.task, (task) => ({
          ...task,
          comment_count: Math.max(0, task.comment_count - 1),
        }));
        break;
      case "list-add":
      case "list-change":
      case "list-delete":
      case "list-convert":
        this.count(command);
        this.change(command.task, (task) => task);
        break;
      case "tick":
        this.change(command.task, (task) => ({
          ...task,
          description:
            withTick(task.description, command.line, command.nth, command.done) ?? task.description,
        }));
        break;
      case "comment-change":
        break;
      case "board-change":
        this.layHead(command);
    }
  }

  /** How many items the task has, and how many are done. */
  count({ task: id, counts: [items, done] }: ListCommand): void {
    const task = this.find(id);
    if (task !== undefined && (items !== 0 || done !== 0)) {
      const item_count = Math.max(0, task.item_count + items);
      const done_count = Math.min(item_count, Math.max(0, task.done_count + done));
      this.tasks.set(id, { ...task, item_count, done_count });
    }
  }

  private bringBack({ task, was, before }: UndoDelete): void {
    if (this.find(task) === undefined) {
      this.tasks.set(task, { ...was, id: task });
      this.insert(was.status, task, before);
    }
    this.change(task, (shown) => shown);
  }

  private layHead({ base, values }: ChangeBoard): void {
    const head = this.head ?? this.replica.head;
    const now = boardValues(head, Object.keys(values));
    this.head = withHeadValues(head, laidOver(base, values, now));
  }

  result(previous: Projection): Projection {
    const tasks = new Map(
      [...this.tasks].map(([id, task]) => [id, kept(previous.tasks.get(id), task)] as const),
    );
    const columns = new Map(
      [...this.columns].map(([key, ids]) => {
        const candidates = [previous.columns.get(key), this.replica.column(key)];
        return [key, candidates.find((other) => sameIds(other, ids)) ?? ids] as const;
      }),
    );
    return { tasks, columns, head: this.head };
  }

  private readonly find = (id: TaskId): BoardTask | undefined => {
    const laid = this.tasks.get(id);
    return laid === null ? undefined : (laid ?? this.replica.task(id));
  };

  private change(id: TaskId, make: (task: BoardTask) => BoardTask): void {
    const task = this.find(id);
    if (task !== undefined) {
      this.tasks.set(id, { ...make(task), waiting: true });
    }
  }

  private place(id: TaskId, { status, before }: Place): void {
    if (this.find(id) !== undefined) {
      this.takeOut(id);
      this.insert(status, id, before);
      this.change(id, (task) => ({ ...task, status }));
    }
  }

  private column(key: string): TaskId[] {
    const known = this.columns.get(key);
    if (known !== undefined) {
      return known;
    }
    const copy = [...this.replica.column(key)];
    this.columns.set(key, copy);
    return copy;
  }

  private takeOut(id: TaskId): void {
    const task = this.find(id);
    if (task !== undefined) {
      const column = this.column(task.status);
      const at = column.indexOf(id);
      if (at >= 0) {
        column.splice(at, 1);
      }
    }
  }

  /** Before a task that has left the column: at the end. In quick-win mode nobody chooses the place. */
  private insert(status: string, id: TaskId, before: TaskId | null): void {
    const column = this.column(status);
    if (this.replica.head.role === null) {
      column.splice(placeByNumber(column, id), 0, id);
      return;
    }
    const at = before === null ? -1 : column.indexOf(before);
    column.splice(at < 0 ? column.length : at, 0, id);
  }
}

/** A task as it is before the server has it. */
export function newTask(
  { details, task, at }: Pick<AddTask, "details" | "task" | "at">,
  board: number,
): BoardTask {
  const moment = new Date(at).toISOString();
  return {
    ...written(details),
    id: task,
    board_id: board,
    status: details.status,
    position: "",
    fields: { ...details.fields },
    comment_count: 0,
    item_count: 0,
    done_count: 0,
    created_by: null,
    version: 0,
    created_at: moment,
    updated_at: moment,
    waiting: true,
  };
}

function withHeadValues(head: BoardHead, values: Values): BoardHead {
  return { ...head, ...values };
}

function kept(before: BoardTask | null | undefined, task: BoardTask | null): BoardTask | null {
  return before !== undefined && sameTask(before, task) ? before : task;
}

function sameTask(a: BoardTask | null, b: BoardTask | null): boolean {
  if (a === null || b === null) {
    return a === b;
  }
  const names = Object.keys(a) as (keyof BoardTask)[];
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

function sameIds(a: readonly TaskId[] | undefined, b: readonly TaskId[]): boolean {
  return a !== undefined && a.length === b.length && a.every((id, index) => id === b[index]);
}

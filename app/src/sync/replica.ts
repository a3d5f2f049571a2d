/**
 * The board as the server's events confirm it. Task objects, column arrays and the head are replaced,
 * never changed, so that a caller that kept one sees by identity whether it is still current; an event costs
 * the array of the column it touches and nothing else of the board.
 */

import type { CountedTask } from "../generated/api";
import type { BoardHead, BoardTask, Member, TaskId } from "./types";

/** A board as one read of the server shows it, the same for both modes. */
export interface Snapshot {
  readonly head: BoardHead;
  readonly tasks: readonly BoardTask[];
  readonly members: readonly Member[];
}

/** A board as an event gives it: columns that it does not mention stay as they are. */
export type HeadInEvent = Omit<BoardHead, "columns"> & Partial<Pick<BoardHead, "columns">>;

/** What an event changes of a snapshot, the same for both modes. */
export interface Change {
  readonly seq: number;
  readonly timestamp: string;
  readonly task?: BoardTask;
  /** What a comment, a checklist or an item changes of its task. */
  readonly taskPatch?: CountedTask;
  readonly removedTask?: TaskId;
  /** Its `role` is not believed: an event looks the same to all members. */
  readonly head?: HeadInEvent;
  readonly member?: Member;
  readonly removedMember?: number;
}

const NONE: readonly TaskId[] = [];

export class Replica {
  private readonly byId = new Map<TaskId, BoardTask>();
  private readonly byColumn = new Map<string, readonly TaskId[]>();
  private currentHead: BoardHead;
  private currentMembers: readonly Member[];

  /** @param username whose role is in the head; `null` in quick-win mode */
  constructor(
    snapshot: Snapshot,
    private readonly username: string | null,
  ) {
    this.currentHead = snapshot.head;
    this.currentMembers = snapshot.members;
    const columns = new Map<string, BoardTask[]>();
    for (const task of snapshot.tasks) {
      this.byId.set(task.id, task);
      const column = columns.get(task.status);
      if (column === undefined) {
        columns.set(task.status, [task]);
      } else {
        column.push(task);
      }
    }
    for (const [key, tasks] of columns) {
      this.byColumn.set(
        key,
        tasks.sort(inOrder).map(({ id }) => id),
      );
    }
  }

  get head(): BoardHead {
    return this.currentHead;
  }

  get members(): readonly Member[] {
    return this.currentMembers;
  }

  get size(): number {
    return this.byId.size;
  }

  task(id: TaskId): BoardTask | undefined {
    return this.byId.get(id);
  }

  /** Ids by position, then id. */
  column(key: string): readonly TaskId[] {
    return this.byColumn.get(key) ?? NONE;
  }

  columnKeys(): IterableIterator<string> {
    return this.byColumn.keys();
  }

  tasks(): IterableIterator<BoardTask> {
    return this.byId.values();
  }

  /** The caller sees to the order: `change.seq` is `head.seq + 1`. */
  apply(change: Change): void {
    this.currentHead = {
      ...this.currentHead,
      ...change.head,
      role: this.currentHead.role,
      seq: change.seq,
      updated_at: change.timestamp,
    };
    if (change.task !== undefined) {
      this.place(change.task);
    }
    if (change.taskPatch !== undefined) {
      this.patch(change.taskPatch);
    }
    if (change.removedTask !== undefined) {
      this.remove(change.removedTask);
    }
    this.applyMember(change);
  }

  snapshot(): Snapshot {
    return { head: this.head, tasks: [...this.byId.values()], members: this.members };
  }

  private place(task: BoardTask): void {
    const before = this.byId.get(task.id);
    this.byId.set(task.id, task);
    if (before?.status === task.status && before.position === task.position) {
      return;
    }
    if (before !== undefined) {
      this.takeOut(before);
    }
    const column = this.column(task.status);
    const at = placeIn(column, task, (id) => this.byId.get(id));
    this.byColumn.set(task.status, [...column.slice(0, at), task.id, ...column.slice(at)]);
  }

  private patch(patch: CountedTask): void {
    const task = this.byId.get(patch.id);
    if (task !== undefined) {
      this.byId.set(patch.id, { ...task, ...patch });
    }
  }

  private remove(id: TaskId): void {
    const task = this.byId.get(id);
    if (task !== undefined) {
      this.takeOut(task);
      this.byId.delete(id);
    }
  }

  private takeOut({ id, status }: BoardTask): void {
    this.byColumn.set(
      status,
      this.column(status).filter((other) => other !== id),
    );
  }

  private applyMember({ member, removedMember }: Change): void {
    if (member !== undefined) {
      const others = this.currentMembers.filter(({ id }) => id !== member.id);
      this.currentMembers = [...others, member].sort((a, b) => a.id - b.id);
      if (member.username === this.username) {
        this.currentHead = { ...this.currentHead, role: member.role };
      }
    } else if (removedMember !== undefined) {
      this.currentMembers = this.currentMembers.filter(({ id }) => id !== removedMember);
    }
  }
}

/** Byte order of positions (they are ASCII), then ids. Quick-win tasks have no position. */
export function inOrder(a: BoardTask, b: BoardTask): number {
  if (a.position !== b.position) {
    return a.position < b.position ? -1 : 1;
  }
  return a.id - b.id;
}

/** Where a task goes that nobody has placed: by its number, at the end without one. */
export function placeByNumber(column: readonly TaskId[], id: TaskId): number {
  const at = id < 0 ? -1 : column.findIndex((other) => other < 0 || other > id);
  return at < 0 ? column.length : at;
}

/** Where `task` belongs in a sorted column that does not have it. */
export function placeIn(
  column: readonly TaskId[],
  task: BoardTask,
  find: (id: TaskId) => BoardTask | undefined,
): number {
  let low = 0;
  let high = column.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = find(column[middle] ?? 0);
    if (other !== undefined && inOrder(other, task) < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

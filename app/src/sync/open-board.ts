/** What an open board offers to screens; `board-session.ts` implements it. */

import type {
  Command,
  ListCommand,
  ListPart,
  PartPlace,
  TickLine,
  Values,
} from "./changes/commands";
import type { BoardPart } from "./notices";
import type {
  BoardChanges,
  BoardEvent,
  BoardHead,
  BoardAddress,
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

/**
 * Every reader returns the same object until its content has changed (so that
 * `useSyncExternalStore` can ask at each render), and costs nothing in proportion to the board.
 */
export interface OpenBoard {
  readonly address: BoardAddress;
  /**
   * Called after a change of `part`; without it, after any. A listener to one card or one column is
   * not called for the others. Returns what ends it.
   */
  subscribe(listener: () => void, part?: BoardPart): () => void;

  status(): BoardStatus;
  connection(): Connection;
  head(): BoardHead | null;
  members(): readonly Member[];
  /** The ids of a column in the order shown, with own changes laid over. */
  column(key: string): readonly TaskId[];
  /** The tasks of a column in the order shown; a new array only when one of them, or that, changed. */
  tasksIn(key: string): readonly BoardTask[];
  task(id: TaskId): BoardTask | undefined;
  /** All tasks as shown, in no order; a new array only when a task changed. For search and filters. */
  tasks(): readonly BoardTask[];
  /** The server's id of a task that began in the queue; other ids as they are. */
  taskIdOf(id: TaskId): TaskId;
  /** The id under which this device showed a task first: the same before and after the server names it. */
  firstIdOf(id: TaskId): TaskId;
  /** The newest events, oldest first and without holes: at most 200, unless older ones were read. */
  activity(): readonly BoardEvent[];
  /** Makes `activity` reach further back. @returns whether there was more, and an answer */
  readOlder(): Promise<boolean>;
  presence(): readonly Presence[];
  /** How many changes wait to be sent or acknowledged. */
  waiting(): number;
  /** Why waiting changes are not on their way, if the server is the reason; `null`: they are, or none waits. */
  stall(): Stall | null;
  /** This device has no room for some of what waits: it would not survive a reload. */
  isAtRisk(): boolean;
  troubles(): readonly Trouble[];
  /** What waits, oldest first: for lists that lay it over themselves (comments). */
  queued(): readonly Command[];

  addTask(details: NewTaskDetails, before?: TaskId | null): TaskId;
  /** `to`: where the task goes as well, in the same event. */
  changeTask(id: TaskId, changes: TaskChanges, to?: Place): void;
  /**
   * @param begunIn the column from which it was taken; without it the one in which it is now
   * @returns the change, for `fateOf`; `null`: none, or part of another that is not sent yet
   */
  moveTask(id: TaskId, place: Place, begunIn?: string): string | null;
  /** @returns like `moveTask`; `null` also where the task never was on the server */
  deleteTask(id: TaskId): string | null;
  /**
   * Undoes a deletion, sent or not: the task is shown at once.
   *
   * @param change what `deleteTask` returned
   * @param was the task as it was, directly before the task `before`
   */
  undoDelete(change: string, was: BoardTask, before: TaskId | null): void;
  addComment(task: TaskId, body: string): void;
  /** `base`: the comment as it was when its change was begun; without it the last write wins. */
  changeComment(
    task: TaskId,
    comment: number,
    body: string,
    base?: Pick<Comment, "body" | "version">,
  ): void;
  /** @returns the change, for `fateOf`; `null`: none */
  deleteComment(task: TaskId, comment: number): string | null;
  /**
   * Own changes of checklists that no event has confirmed yet, oldest first, for lists that lay them over
   * themselves.
   */
  pendingLists(): readonly ListCommand[];
  /** Like `firstIdOf`, for a checklist or an item. */
  firstPartOf(of: ListPart, id: number): number;
  /**
   * @param list the checklist that gets an item; `null`: a new checklist
   * @returns its id, below 0 until the server has named it
   */
  addPart(task: TaskId, list: number | null, values: Values, before?: number | null): number;
  /**
   * Changes a checklist or an item, or moves it.
   *
   * @param part as it was when the change was begun
   * @returns the change, for `fateOf`; `null`: part of another that is not sent yet
   */
  changePart(part: Part, values: Values, place?: PartPlace): string | null;
  /** @returns like `changePart`; `null` also where it never was on the server */
  deletePart(part: Part): string | null;
  /** Makes a task of an item. @returns like `changePart` */
  convertItem(item: ChecklistItem): string | null;
  /** Ticks a line of a task list in the description. @returns like `changePart` */
  tick(task: TaskId, line: Pick<TickLine, "line" | "nth" | "done">): string | null;
  /** `begunOn`: the board when the change was begun; without it, as it is now. */
  changeBoard(changes: BoardChanges, begunOn?: BoardHead): void;

  /**
   * Undoes the change that event `seq` made, and shows that.
   *
   * @returns the event that did; `null`: nothing had to change
   * @throws RequestError (`undo-conflict`, …)
   */
  undo(seq: number): Promise<number | null>;
  /** The newest event that this device made, as far as it knows; `activity` may not have it yet. */
  newestOwn(): number;
  /** What became of a change that was made while this board is open; its event is what `undo` needs. */
  fateOf(change: string): Fate;

  /**
   * Resolves a conflict: which fields keep our value. Fields that are not named stay theirs.
   * `combined`: for some of the named fields, a value made of both.
   */
  resolve(
    trouble: string,
    keepMine: readonly string[],
    combined?: Readonly<Record<string, unknown>>,
  ): void;
  /** Sends a refused change again, if necessary to another column. */
  retry(trouble: string, place?: Place): void;
  discard(trouble: string): void;
  /** Forgets everything that was not sent: for a board that is gone. */
  abandon(): void;

  /** Shows the others what this user has open; `null`: nothing. */
  announce(editing: TaskId | null): void;
  /** Called with every event applied; `own`: this device made it. Returns what ends it. */
  onEvent(listener: (event: BoardEvent, own: boolean) => void): () => void;
  /** Called when the board was fetched again: what happened in between never came as events. */
  onRenewed(listener: () => void): () => void;
  /** Tries to connect and send now; a board that was gone and is back is shown. */
  reconnect(): void;
}

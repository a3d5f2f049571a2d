/** What screens see of a board: the same shapes in both modes, made from the wire types. */

import type {
  Board,
  Checklist,
  ChecklistItem,
  Column,
  Comment,
  Event as TeamsEvent,
  Member,
  QuickWinEvent,
  Role,
  Task,
  WholeChecklist,
} from "../generated/api";
import type { RequestError } from "../utilities/problem";
import type { ContentField } from "./task-fields";

/** `teams`: accounts and a database behind it. `quick-win`: in memory, no login. */
export type Mode = "teams" | "quick-win";

/** Which board: ids of the two modes have nothing to do with each other. */
export interface BoardAddress {
  readonly mode: Mode;
  readonly id: number;
}

/**
 * A task's id: the server's, from 1; below 0 while the task is only in this device's queue. Once the
 * server has given it an id, `BoardSession.taskIdOf(negative)` returns that.
 */
export type TaskId = number;

/** A task as it is shown. In quick-win mode what that mode lacks is empty. */
export interface BoardTask extends Omit<
  Task,
  "id" | "created_by" | "start_at" | "item_count" | "done_count"
> {
  readonly id: TaskId;
  readonly start_at: Task["due_at"];
  readonly item_count: number;
  readonly done_count: number;
  readonly created_by: string | null;
  /** Own changes of it are not yet acknowledged. */
  readonly waiting: boolean;
}

/** A board without its tasks and members. */
export interface BoardHead extends Omit<Board, "role"> {
  /** What this user may do; `null` in quick-win mode, where anybody may do everything. */
  readonly role: Role | null;
}

/** What may be changed of a task; `null` removes. */
export type TaskChanges = Partial<Pick<BoardTask, ContentField>> & {
  readonly fields?: Readonly<Record<string, unknown>>;
};

/** What a new task begins with. */
export type NewTaskDetails = TaskChanges & { readonly title: string; readonly status: string };

/** Where a task goes: before another task of the column, or (`null`) to its end. */
export interface Place {
  readonly status: string;
  readonly before: TaskId | null;
}

/** What may be changed of a board. */
export type BoardChanges = Partial<
  Pick<Board, "name" | "description" | "archived"> & { columns: readonly Column[] }
>;

export type BoardEvent = TeamsEvent | QuickWinEvent;
export type BoardComment = Comment & { readonly waiting: boolean };
/** A checklist, or an item of one. */
export type Part =
  (Checklist & { readonly items: readonly Pick<ChecklistItem, "done">[] }) | ChecklistItem;
export type { Checklist, ChecklistItem, Column, Comment, Member, Role, Task, WholeChecklist };

/** The state of the live connection, as RT8 wants it shown. */
export type Connection =
  /** Everything the server has is shown. */
  | { readonly state: "live" }
  | { readonly state: "connecting" }
  /** `behind`: how many events are known to exist that are not yet shown; 0 where it is not known. */
  | { readonly state: "catching-up"; readonly behind: number }
  /**
   * `retryAt`: when the next attempt is made, in milliseconds since 1970; `null` without a network.
   * `crowded`: the relay takes no more connections of this person.
   */
  | { readonly state: "offline"; readonly retryAt: number | null; readonly crowded?: true }
  /** The server speaks another protocol: only a reload helps. */
  | { readonly state: "stopped" };

/**
 * Changes wait although the live connection may work: the server has not answered some attempts
 * (`status: null`), or answers each that it cannot accept it now. Retried automatically at
 * `retryAt`, in milliseconds as `elapsed` counts them; `null` during an attempt.
 */
export interface Stall {
  readonly status: number | null;
  readonly retryAt: number | null;
}

/**
 * What became of a change of ours: it has still to be sent or answered, or the server made it event
 * `seq` (`null`: nothing had to change). `unknown`: it is in trouble, or another tab of this device sent it.
 */
export type Fate =
  | { readonly state: "waiting" }
  | { readonly state: "done"; readonly seq: number | null }
  | { readonly state: "unknown" };

/** Somebody who has the board open. */
export interface Presence {
  readonly user: string;
  /** The task whose details they have open or are changing, if they said so. */
  readonly editing: TaskId | null;
}

/** What the server said when it refused. */
export type ServerRefusal = Pick<RequestError, "status" | "detail" | "errors">;

/** Why a change was refused. Screens find the words, because what is stored outlives a choice of language. */
export type Reason =
  | ({ readonly code: "server" } & ServerRefusal)
  /** The server works otherwise. */
  | ({ readonly code: "keeps-failing" } & ServerRefusal)
  /** A task was changed or commented on since it was deleted here. */
  | { readonly code: "changed-meanwhile" }
  | { readonly code: "comment-gone" }
  /** The checklist or item was deleted, or is not on the server yet. */
  | { readonly code: "part-gone" }
  | { readonly code: "task-gone" }
  /** The host was restarted: another board has this address now. */
  | { readonly code: "board-anew" }
  /** The sentence that an earlier version of the app stored. */
  | { readonly code: "worded"; readonly words: string };

/** A change of ours that cannot be sent as it is; the user decides. Nothing is dropped. */
export interface Trouble {
  readonly id: string;
  readonly task: TaskId | null;
  /** The task's (or board's) name when the change was made, for the message. */
  readonly subject: string;
  readonly at: number;
  readonly kind:
    | {
        /** Somebody changed the same fields. */
        readonly kind: "conflict";
        readonly fields: readonly {
          readonly field: string;
          readonly base: unknown;
          readonly mine: unknown;
          readonly theirs: unknown;
        }[];
      }
    /** The task was deleted while we changed it; `mine` is what we wrote. */
    | { readonly kind: "deleted"; readonly mine: Readonly<Record<string, unknown>> }
    /** It was refused: by the server (WIP limit, role, validation), or because of what the server has by now. */
    | {
        readonly kind: "refused";
        /** Of the problem: `/problems/wip-limit`, …; `about:blank` where there is none. */
        readonly type: string;
        readonly reason: Reason;
        readonly mine: Readonly<Record<string, unknown>>;
      };
}

/** Whether the board can be shown, and why not. */
export type BoardStatus =
  | { readonly status: "loading" }
  /** `from`: the device's own copy until the server has answered. */
  | { readonly status: "ready"; readonly from: "server" | "device" }
  | { readonly status: "gone"; readonly reason: "deleted" | "removed" | "not-found" }
  /** `error`: why the server gave no board. */
  | { readonly status: "failed"; readonly error: unknown };

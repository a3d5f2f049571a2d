/** Our own changes as they are queued, and the fields that they touch. */

import type { BoardPatch, TaskPatch } from "../../generated/api";
import { isRecord } from "../../utilities/problem";
import { CONTENT_FIELDS, isContentField, UNWRITTEN } from "../task-fields";
import type {
  BoardChanges,
  BoardHead,
  BoardTask,
  NewTaskDetails,
  Place,
  TaskChanges,
  TaskId,
} from "../types";

/**
 * Values by field. A free field is under `fields/` and its name, so that two people who change
 * different ones do not disturb each other. `null`: removed or empty.
 */
export type Values = Readonly<Record<string, unknown>>;

/** What a command begins its way through the queue with. */
export interface Fresh {
  /** Also the idempotency key. */
  readonly id: string;
  /** When it was made, in milliseconds since 1970. */
  readonly at: number;
  /** An attempt was made: the server may have done it already. */
  readonly sent: boolean;
  /** The board's newest event before it was made, or first sent: its own comes later. */
  readonly seq?: number;
  /** Of the board that it was made on: a restarted host gives ids of quick-win boards out again. */
  readonly epoch: string | null;
}

interface Queued extends Fresh {
  /** The name of the task or board when it was made. */
  readonly subject: string;
}

export interface AddTask extends Queued {
  readonly kind: "add";
  /** Below 0. */
  readonly task: TaskId;
  readonly details: NewTaskDetails;
  readonly before: TaskId | null;
}

export interface ChangeTask extends Queued {
  readonly kind: "change";
  readonly task: TaskId;
  /** What the fields were when the change was made. */
  readonly base: Values;
  readonly values: Values;
  /** Where the task goes as well, in the same event: of `values` its column is `status`. */
  readonly place?: Place | undefined;
}

export interface MoveTask extends Queued {
  readonly kind: "move";
  readonly task: TaskId;
  /** The column it was in. */
  readonly from: string;
  readonly place: Place;
}

export interface DeleteTask extends Queued {
  readonly kind: "delete";
  readonly task: TaskId;
  /** Its contents when it was deleted; `null`: delete it whatever it has become. */
  readonly base: Values | null;
  /** What was known of it then; an earlier version of the app did not keep that. */
  readonly seen?: {
    /** The task's version. */
    readonly version: number;
    /** The board's newest event. */
    readonly seq: number;
  };
}

/** Undoes a deletion of ours that the server may have received. */
export interface UndoDelete extends Queued {
  readonly kind: "delete-undo";
  readonly task: TaskId;
  /** The deletion, which may be queued still. */
  readonly of: string;
  /** The task as it was, and the task that followed it. */
  readonly was: BoardTask;
  readonly before: TaskId | null;
  /** The event that deleted it; `null`: whether there is one is not known. */
  readonly event: number | null;
}

export interface AddComment extends Queued {
  readonly kind: "comment-add";
  readonly task: TaskId;
  readonly body: string;
}

export interface ChangeComment extends Queued {
  readonly kind: "comment-change";
  readonly task: TaskId;
  readonly comment: number;
  /** Its text and version when the change was made. `null`: not known. */
  readonly base: string | null;
  readonly version: number | null;
  readonly body: string;
}

export interface DeleteComment extends Queued {
  readonly kind: "comment-delete";
  readonly task: TaskId;
  readonly comment: number;
}

export interface ChangeBoard extends Queued {
  readonly kind: "board-change";
  readonly task: null;
  readonly base: Values;
  readonly values: Values;
}

/** A checklist or one of its items: their ids are counted apart. */
export type ListPart = "checklist" | "checklist_item";

interface OfPart extends Queued {
  readonly task: TaskId;
  readonly of: ListPart;
  /** Its id; below 0 while the server has not named it. */
  readonly part: number;
  /** The checklist that an item is in; `null` for a checklist. */
  readonly list: number | null;
  /** By how much the task's numbers of items, and of those that are done, change. */
  readonly counts: readonly [items: number, done: number];
}

export interface AddPart extends OfPart {
  readonly kind: "list-add";
  readonly values: Values;
  readonly before: number | null;
}

export interface ChangePart extends OfPart {
  readonly kind: "list-change";
  readonly base: Values;
  readonly values: Values;
  /** That it had when the change was made; `null`: not known. */
  readonly version: number | null;
  /** Where it goes. */
  readonly place?: PartPlace | undefined;
}

/** In which checklist (of an item), and before what there; `null`: at the end. */
export interface PartPlace {
  readonly list: number | null;
  readonly before: number | null;
}

export interface DeletePart extends OfPart {
  readonly kind: "list-delete";
}

/** Makes a task of an item. */
export interface ConvertItem extends OfPart {
  readonly kind: "list-convert";
}

export type ListCommand = AddPart | ChangePart | DeletePart | ConvertItem;

/** Ticks a line of a task list in the description, or unticks it. */
export interface TickLine extends Queued {
  readonly kind: "tick";
  readonly task: TaskId;
  readonly line: string;
  /** Which of the lines that differ in nothing but the box. */
  readonly nth: number;
  readonly done: boolean;
}

export type Command =
  | AddTask
  | ChangeTask
  | MoveTask
  | DeleteTask
  | UndoDelete
  | AddComment
  | ChangeComment
  | DeleteComment
  | ListCommand
  | TickLine
  | ChangeBoard;

export function isListCommand(command: Command): command is ListCommand {
  return command.kind.startsWith("list-");
}

export function valuesOf(changes: TaskChanges): Values {
  const { fields, ...plain } = changes;
  const values: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(plain)) {
    if (value !== undefined) {
      values[field] = normal(field, value);
    }
  }
  for (const [name, value] of Object.entries(fields ?? {})) {
    values[`fields/${name}`] = value ?? null;
  }
  return values;
}

/** What the server makes of a value, so that ours can be compared with its answer. */
function normal(field: string, value: unknown): unknown {
  if (field === "title" && typeof value === "string") {
    return value.trim();
  }
  if ((field === "start_at" || field === "due_at") && typeof value === "string") {
    const moment = new Date(value);
    return Number.isNaN(moment.getTime()) ? value : moment.toISOString();
  }
  return isContentField(field) ? (value ?? UNWRITTEN[field]) : value;
}

/** A free field; null: there is none. People may call one "constructor". */
export function freeValue(fields: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(fields, name) ? (fields[name] ?? null) : null;
}

export function taskValue(task: BoardTask, field: string): unknown {
  if (field.startsWith("fields/")) {
    return freeValue(task.fields, field.slice("fields/".length));
  }
  return isContentField(field) || field === "status" ? task[field] : null;
}

export function taskValues(task: BoardTask, fields: readonly string[]): Values {
  return Object.fromEntries(fields.map((field) => [field, taskValue(task, field)]));
}

/** Everything that people wrote into a task. */
export function contentsOf(task: BoardTask): Values {
  const free = Object.keys(task.fields).map((name) => `fields/${name}`);
  return taskValues(task, [...CONTENT_FIELDS, ...free]);
}

/** What makes a task like it. */
export function detailsOf(task: BoardTask): NewTaskDetails {
  const written = Object.entries(contentsOf(task)).filter(([, value]) => value !== null);
  return { ...patchOf(Object.fromEntries(written)), title: task.title, status: task.status };
}

/** The values back in the shape of a merge patch. */
export function patchOf(values: Values): TaskPatch & TaskChanges {
  const entries = Object.entries(values);
  const plain = entries.filter(([field]) => !field.startsWith("fields/"));
  const free = entries
    .filter(([field]) => field.startsWith("fields/"))
    .map(([field, value]) => [field.slice("fields/".length), value] as const);
  const patch: TaskPatch & TaskChanges = Object.fromEntries(plain);
  return free.length > 0 ? { ...patch, fields: Object.fromEntries(free) } : patch;
}

/** The task with the values written into it (RFC 7396 for free fields). */
export function withValues(task: BoardTask, values: Values): BoardTask {
  const { fields, ...plain } = patchOf(values);
  const result = { ...task, ...plain };
  return fields === undefined || fields === null
    ? result
    : { ...result, fields: merged(task.fields, fields) };
}

function merged(
  target: unknown,
  patch: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const result = new Map(isRecord(target) ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) {
      result.delete(name);
    } else {
      result.set(name, isRecord(value) ? merged(result.get(name), value) : value);
    }
  }
  return Object.fromEntries(result);
}

export function boardValues(head: BoardHead, fields: readonly string[]): Values {
  const known: Values = { ...head };
  return Object.fromEntries(fields.map((field) => [field, known[field] ?? null]));
}

export function boardChangeValues(changes: BoardChanges): Values {
  return Object.fromEntries(
    Object.entries(changes)
      .filter(([, value]) => value !== undefined)
      .map(([field, value]) => [field, typeof value === "string" ? value.trim() : value]),
  );
}

export function boardPatchOf(values: Values): BoardPatch {
  return { ...values };
}

/** What the user wrote in a command, by field. */
export function valuesIn(command: Command): Values {
  switch (command.kind) {
    case "add":
      return { ...command.details };
    case "delete-undo":
      return { ...detailsOf(command.was) };
    case "change":
    case "board-change":
    case "list-add":
    case "list-change":
      return command.values;
    case "tick":
      return { description: command.line };
    case "move":
      return { status: command.place.status };
    case "comment-add":
    case "comment-change":
      return { body: command.body };
    default:
      return {};
  }
}

/** Whether two JSON values are the same; the order of an object's members does not matter. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) {
    return true;
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((value, index) => same(value, b[index]));
  }
  if (!isRecord(a) || !isRecord(b)) {
    return false;
  }
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && same(a[name], b[name]))
  );
}

/**
 * The queue of one board's own changes (what needs the user's decision: `troubles.ts`). Pure: every
 * function returns a new queue; commands that it did not touch are the same objects, so the store
 * sees by identity what to write.
 */

import {
  type AddTask,
  type Command,
  type ListCommand,
  type Values,
  isListCommand,
  patchOf,
  same,
} from "./commands";
import type { NewTaskDetails, TaskId, Trouble } from "../types";

/** A trouble with what would be sent again. */
export interface KeptTrouble {
  readonly trouble: Trouble;
  readonly command: Command;
  /** Comments on a task that does not exist: written again when it is created again. */
  readonly comments?: readonly string[];
  /** Items of checklists, like the comments. */
  readonly items?: readonly string[];
  /** If a full column refused the undo of a deletion: that command and the later ones, unchanged. */
  readonly undo?: readonly Command[];
}

export interface Queue {
  /** In the order in which they were made. */
  readonly commands: readonly Command[];
  readonly troubles: readonly KeptTrouble[];
}

export const EMPTY: Queue = { commands: [], troubles: [] };

/** Adds a change, coalesced with the one before it if neither has been sent and both fit. */
export function enqueued(queue: Queue, command: Command): Queue {
  const last = lastOf(queue, command.task);
  const coalesced = last === undefined || last.sent ? null : coalesce(last, command);
  if (last === undefined || coalesced === null) {
    return { ...queue, commands: [...queue.commands, command] };
  }
  return replaced(queue, last.id, coalesced === "both" ? [] : [coalesced]);
}

/** The newest command about the same task: coalescing with an older one would change the order. */
function lastOf(queue: Queue, task: TaskId | null): Command | undefined {
  return queue.commands.filter((command) => command.task === task).at(-1);
}

/** It goes before a task that the server has not named yet. */
function isBeforeUnnamed(command: Command): boolean {
  if (command.kind === "list-change") {
    return (command.place?.before ?? 0) < 0 || (command.place?.list ?? 0) < 0;
  }
  const place = command.kind === "move" || command.kind === "change" ? command.place : undefined;
  return (place?.before ?? 0) < 0;
}

/** One command that does what both do; `both`: they cancel each other; `null`: they do not fit. */
function coalesce(first: Command, second: Command): Command | "both" | null {
  if (isBeforeUnnamed(second)) {
    // The task that it goes before may have been added after the first command.
    return null;
  }
  if (first.kind === "add") {
    return coalesceIntoAdd(first, second);
  }
  if (first.kind === "change" && second.kind === "change") {
    // What the first one changed was based on what the server has.
    return {
      ...first,
      base: { ...second.base, ...first.base },
      values: { ...first.values, ...second.values },
      place: second.place ?? first.place,
    };
  }
  if (first.kind === "move" && second.kind === "move") {
    return { ...first, place: second.place };
  }
  if (isListCommand(first) && isListCommand(second)) {
    return coalesceParts(first, second);
  }
  if (first.kind === "board-change" && second.kind === "board-change") {
    const { columns } = second.base;
    if (columns !== undefined && !same(first.values["columns"] ?? columns, columns)) {
      // The second was not based on the result of the first: each is merged by itself.
      return null;
    }
    return {
      ...first,
      base: { ...second.base, ...first.base },
      values: { ...first.values, ...second.values },
    };
  }
  return null;
}

/** Changes of the same checklist or item. */
function coalesceParts(first: ListCommand, second: ListCommand): ListCommand | "both" | null {
  if (first.of !== second.of || first.part !== second.part) {
    return null;
  }
  const counts = [first.counts[0] + second.counts[0], first.counts[1] + second.counts[1]] as const;
  if (first.kind === "list-add" && second.kind === "list-delete") {
    return "both";
  }
  if (first.kind === "list-add" && second.kind === "list-change") {
    const { list, before } = second.place ?? first;
    return { ...first, values: { ...first.values, ...second.values }, list, before, counts };
  }
  if (first.kind === "list-change" && second.kind === "list-change") {
    return {
      ...first,
      base: { ...second.base, ...first.base },
      values: { ...first.values, ...second.values },
      place: second.place ?? first.place,
      counts,
    };
  }
  return null;
}

export function coalesceIntoAdd(add: AddTask, second: Command): Command | "both" | null {
  switch (second.kind) {
    case "change":
      return {
        ...add,
        details: withDetails(add.details, second.values),
        before: second.place === undefined ? add.before : second.place.before,
      };
    case "move":
      return {
        ...add,
        details: { ...add.details, status: second.place.status },
        before: second.place.before,
      };
    case "delete":
      return "both";
    default:
      return null;
  }
}

function withDetails(details: NewTaskDetails, values: Values): NewTaskDetails {
  const { fields, ...plain } = patchOf(values);
  return {
    ...details,
    ...plain,
    fields: fields === undefined ? details.fields : { ...details.fields, ...fields },
  };
}

/** Deletions that are undone: they are neither shown nor sent. */
export function undoneDeletions(commands: readonly Command[]): ReadonlySet<string> {
  return new Set(commands.flatMap((command) => (command.kind === "delete-undo" ? command.of : [])));
}

/** Removes deletions that were never sent, with what undoes them. Only for the tab that may send. */
export function withoutUndone(queue: Queue): Queue {
  const { commands } = queue;
  const taken = undoneDeletions(commands);
  const unsent = commands.filter(({ id, sent }) => taken.has(id) && !sent).map(({ id }) => id);
  const goes = (command: Command) =>
    unsent.includes(command.kind === "delete-undo" ? command.of : command.id);
  return unsent.length === 0
    ? queue
    : { ...queue, commands: commands.filter((command) => !goes(command)) };
}

/**
 * An attempt is being made: from now on it may have happened.
 *
 * @param seq the board's newest event so far
 */
export function sending(queue: Queue, id: string, seq: number): Queue {
  return mapped(queue, id, (command) => (command.sent ? command : { ...command, sent: true, seq }));
}

/** It is done. `added`: the id that the server gave to what had one below 0. */
export function acknowledged(queue: Queue, id: string, added?: TaskId): Queue {
  const done = queue.commands.find((command) => command.id === id);
  const rest = replaced(
    done?.kind === "delete-undo" ? replaced(queue, done.of, []) : queue,
    id,
    [],
  );
  const named = done?.kind === "add" ? done.task : done?.kind === "list-add" ? done.part : null;
  return named !== null && added !== undefined
    ? renamed(rest, (id) => (id === named ? added : id))
    : rest;
}

/** @param nameOf the server's id of what it has named by now; other ids as they are */
export function renamed(queue: Queue, nameOf: (id: TaskId) => TaskId): Queue {
  const commands = queue.commands.map((command): Command => {
    if (command.kind === "board-change") {
      return command;
    }
    const task = command.kind === "add" ? command.task : nameOf(command.task);
    if (isListCommand(command)) {
      return renamedPart(command, task, nameOf);
    }
    if (command.kind === "add" || command.kind === "delete-undo") {
      const before = command.before === null ? null : nameOf(command.before);
      const isSame = before === command.before && task === command.task;
      return isSame ? command : { ...command, task, before };
    }
    if ((command.kind === "move" || command.kind === "change") && command.place?.before != null) {
      const before = nameOf(command.place.before);
      if (before !== command.place.before) {
        return { ...command, task, place: { ...command.place, before } };
      }
    }
    return task === command.task ? command : { ...command, task };
  });
  return { ...queue, commands };
}

function renamedPart(
  command: ListCommand,
  task: TaskId,
  nameOf: (id: number) => number,
): ListCommand {
  const named = (id: number | null) => (id === null ? null : nameOf(id));
  const part = command.kind === "list-add" ? command.part : nameOf(command.part);
  const names = { task, part, list: named(command.list) };
  const place = command.kind === "list-change" ? command.place : undefined;
  const now =
    command.kind === "list-add"
      ? { ...command, ...names, before: named(command.before) }
      : place === undefined
        ? { ...command, ...names }
        : { ...command, ...names, place: { list: named(place.list), before: named(place.before) } };
  return same(now, command) ? command : now;
}

function mapped(queue: Queue, id: string, change: (command: Command) => Command): Queue {
  return {
    ...queue,
    commands: queue.commands.map((command) => (command.id === id ? change(command) : command)),
  };
}

function replaced(queue: Queue, id: string, by: readonly Command[]): Queue {
  return {
    ...queue,
    commands: queue.commands.flatMap((command) => (command.id === id ? by : [command])),
  };
}

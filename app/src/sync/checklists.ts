/** A task's checklists as they are shown: the server's, kept true by events, with own changes over them. */

import {
  type Command,
  isListCommand,
  type ListCommand,
  type ListPart,
  type PartPlace,
} from "./changes/commands";
import type { BoardEvent, Checklist, ChecklistItem, TaskId, WholeChecklist } from "./types";

/** The checklists of a task as they were right after event `seq`. */
export interface KnownChecklists {
  readonly seq: number;
  readonly items: readonly WholeChecklist[];
}

export type ListEvent = Extract<BoardEvent, { entity: ListPart }>;

/** An event of a checklist or an item of this task. */
export function isListEvent(event: BoardEvent, task: TaskId): event is ListEvent {
  return (
    (event.entity === "checklist" && event.checklist.task_id === task) ||
    (event.entity === "checklist_item" && event.checklist_item.task_id === task)
  );
}

/** An event applied (RT-CLIENT); one that the lists have already changes nothing. */
export function withListEvent(known: KnownChecklists, event: ListEvent): KnownChecklists {
  const { seq } = event;
  if (seq <= known.seq) {
    return known;
  }
  const gone = event.action === "Delete";
  if (event.entity === "checklist_item") {
    const item = event.checklist_item;
    const items = known.items.map((list) => {
      const others = list.items.filter(({ id }) => id !== item.id);
      const isIn = !gone && list.id === item.checklist_id;
      return others.length === list.items.length && !isIn
        ? list
        : { ...list, items: isIn ? sorted([...others, item]) : others };
    });
    return { seq, items };
  }
  const { checklist } = event;
  const before = known.items.find(({ id }) => id === checklist.id);
  const others = known.items.filter(({ id }) => id !== checklist.id);
  const whole = { ...checklist, items: checklist.items ?? before?.items ?? [] };
  return { seq, items: gone ? others : sorted([...others, whole]) };
}

function sorted<T extends Checklist | ChecklistItem>(parts: T[]): T[] {
  return parts.sort((a, b) =>
    a.position === b.position ? a.id - b.id : a.position < b.position ? -1 : 1,
  );
}

/**
 * By how much own changes that wait still change a task's numbers, once the server has an item, or has none of it any
 * more: who ticks what somebody else has ticked adds nothing.
 */
export function recounted<T extends Command>(
  commands: readonly T[],
  event: BoardEvent,
): readonly T[] {
  if (event.entity === "checklist_item") {
    const { id, done } = event.checklist_item;
    return withItem(commands, id, event.action === "Delete" ? null : done);
  }
  if (event.entity === "checklist" && event.action === "Delete") {
    const { id } = event.checklist;
    return commands.map((command) =>
      isListCommand(command) && (isOf(command, "checklist", id) || command.list === id)
        ? counting(command, 0, 0)
        : command,
    );
  }
  return commands;
}

const isOf = (command: ListCommand, of: ListPart, id: number) =>
  command.of === of && command.part === id;

/** @param done as the server has it; null: the item is gone */
function withItem<T extends Command>(
  commands: readonly T[],
  item: number,
  done: boolean | null,
): readonly T[] {
  let now = done;
  return commands.map((command) => {
    if (!isListCommand(command) || !isOf(command, "checklist_item", item)) {
      return command;
    }
    const before = Number(now ?? false);
    if (command.kind === "list-change") {
      const ticked = command.values["done"];
      if (now === null || typeof ticked !== "boolean") {
        return counting(command, 0, 0);
      }
      now = ticked;
      return counting(command, 0, Number(ticked) - before);
    }
    const gone = now === null;
    now = null;
    return gone ? counting(command, 0, 0) : counting(command, -1, -before);
  });
}

function counting<T extends ListCommand>(command: T, items: number, done: number): T {
  const [nowItems, nowDone] = command.counts;
  return nowItems === items && nowDone === done ? command : { ...command, counts: [items, done] };
}

/** `waiting`: own changes of it are not acknowledged yet. */
export type BoardItem = ChecklistItem & { readonly waiting: boolean };
export type BoardChecklist = Checklist & {
  readonly items: readonly BoardItem[];
  readonly waiting: boolean;
};

/** Own changes laid over the server's checklists. New ones have ids below 0. */
export function layChecklists(
  confirmed: readonly WholeChecklist[],
  pending: readonly ListCommand[],
  task: TaskId,
  board: number,
): readonly BoardChecklist[] {
  let lists: readonly BoardChecklist[] = confirmed.map((list) => ({
    ...list,
    waiting: false,
    items: list.items.map((item) => ({ ...item, waiting: false })),
  }));
  for (const command of pending) {
    if (command.task === task) {
      lists =
        command.of === "checklist"
          ? layList(lists, command, board)
          : layItem(lists, command, board);
    }
  }
  return lists;
}

type Lists = readonly BoardChecklist[];

function layList(lists: Lists, command: ListCommand, board: number): Lists {
  const { part, task } = command;
  const list = lists.find(({ id }) => id === part);
  const others = lists.filter(({ id }) => id !== part);
  switch (command.kind) {
    case "list-add": {
      const unnamed = { id: part, board_id: board, task_id: task, position: "", version: 0 };
      const fresh = { title: "", ...unnamed, ...command.values, items: [], waiting: true };
      return list === undefined ? placed(others, fresh, command.before) : lists;
    }
    case "list-change": {
      if (list === undefined) {
        return lists;
      }
      const now = { ...list, ...command.values, waiting: true };
      return command.place === undefined
        ? lists.map((other) => (other === list ? now : other))
        : placed(others, now, command.place.before);
    }
    default:
      return others;
  }
}

function layItem(lists: Lists, command: ListCommand, board: number): Lists {
  const { part, task } = command;
  const item = lists.flatMap(({ items }) => items).find(({ id }) => id === part);
  switch (command.kind) {
    case "list-add": {
      const unnamed = { id: part, board_id: board, task_id: task, position: "", version: 0 };
      const empty = { text: "", done: false, assigned_to: null, due_at: null, checklist_id: 0 };
      const fresh = { ...empty, ...unnamed, ...command.values, waiting: true };
      return item === undefined ? put(lists, fresh, command) : lists;
    }
    case "list-change": {
      if (item === undefined) {
        return lists;
      }
      const now = { ...item, ...command.values, waiting: true };
      // A checklist that is gone takes nothing.
      const goes = lists.some(({ id }) => id === command.place?.list);
      return command.place !== undefined && goes
        ? put(without(lists, part), now, command.place)
        : lists.map((list) => ({
            ...list,
            items: list.items.map((other) => (other === item ? now : other)),
          }));
    }
    default:
      return without(lists, part);
  }
}

function without(lists: Lists, item: number): Lists {
  return lists.map((list) => ({ ...list, items: list.items.filter(({ id }) => id !== item) }));
}

function put(lists: Lists, item: BoardItem, { list: into, before }: PartPlace): Lists {
  return lists.map((list) =>
    list.id === into
      ? { ...list, items: placed(list.items, { ...item, checklist_id: list.id }, before) }
      : list,
  );
}

/** Before a part that is there no more: at the end. */
function placed<T extends { readonly id: number }>(
  parts: readonly T[],
  part: T,
  before: number | null,
): readonly T[] {
  const at = before === null ? -1 : parts.findIndex(({ id }) => id === before);
  return at < 0 ? [...parts, part] : [...parts.slice(0, at), part, ...parts.slice(at)];
}

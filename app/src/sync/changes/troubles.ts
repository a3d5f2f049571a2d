/**
 * What becomes of queued changes that cannot be sent as they are, and what the user decides about
 * them. Pure, over the queue of `queue.ts`; only the user ever drops anything.
 */

import { fingerprint } from "../../utilities/fingerprint";
import {
  type AddTask,
  type Command,
  type Fresh,
  type Values,
  detailsOf,
  isListCommand,
  same,
  valuesIn,
  withValues,
} from "./commands";
import { type KeptTrouble, type Queue, acknowledged, coalesceIntoAdd } from "./queue";
import { asColumns } from "./merge-columns";
import { type ConflictField, laidOver } from "./rebase";
import type { BoardTask, Column, Place, Reason, Trouble } from "../types";

/**
 * Both sides changed the same fields. What later commands make of these fields joins the conflict;
 * everything else continues.
 */
export function conflicted(
  queue: Queue,
  id: string,
  conflicts: readonly ConflictField[],
  troubleId: string,
  at: number,
): Queue {
  const command = queue.commands.find((other) => other.id === id);
  if (command === undefined || conflicts.length === 0) {
    return queue;
  }
  const names = new Set(conflicts.map(({ field }) => field));
  let fields = conflicts;
  let held = onlyFields(command, names);
  const commands: Command[] = [];
  for (const other of queue.commands) {
    const follows = other.id === id || concerns(other, command);
    if (!follows) {
      commands.push(other);
      continue;
    }
    if (other.id !== id) {
      fields = fields.map((field) => withNewest(field, other));
      held = joined(held, onlyFields(other, names));
    }
    const rest = withoutFields(other, names);
    if (rest !== null) {
      commands.push(rest);
    }
  }
  const trouble: Trouble = {
    id: troubleId,
    task: command.task,
    subject: command.subject,
    at,
    kind: { kind: "conflict", fields },
  };
  return { commands, troubles: [...queue.troubles, { trouble, command: held }] };
}

function concerns(other: Command, command: Command): boolean {
  if (other.kind !== command.kind || other.task !== command.task) {
    return false;
  }
  if (isListCommand(other) && isListCommand(command)) {
    return other.of === command.of && other.part === command.part;
  }
  return other.kind !== "comment-change" || command.kind !== "comment-change"
    ? true
    : other.comment === command.comment;
}

function withNewest(conflict: ConflictField, command: Command): ConflictField {
  if (hasValues(command)) {
    const over = laidOver(command.base, command.values, { [conflict.field]: conflict.mine });
    return conflict.field in over ? { ...conflict, mine: over[conflict.field] } : conflict;
  }
  if (command.kind === "move" && conflict.field === "status") {
    return { ...conflict, mine: command.place.status };
  }
  return command.kind === "comment-change" ? { ...conflict, mine: command.body } : conflict;
}

type WithValues = Extract<Command, { readonly base: Values; readonly values: Values }>;

/** A change of fields by their names. */
function hasValues(command: Command): command is WithValues {
  const { kind } = command;
  return kind === "change" || kind === "board-change" || kind === "list-change";
}

function onlyFields(command: Command, names: ReadonlySet<string>): Command {
  return hasValues(command)
    ? { ...command, values: picked(command.values, (field) => names.has(field)) }
    : command;
}

function withoutFields(command: Command, names: ReadonlySet<string>): Command | null {
  if (!hasValues(command)) {
    return null;
  }
  const values = picked(command.values, (field) => !names.has(field));
  const moves = command.kind === "list-change" && command.place !== undefined;
  return Object.keys(values).length === 0 && !moves ? null : { ...command, values };
}

function joined(held: Command, later: Command): Command {
  if (held.kind === "change" && later.kind === "change") {
    return { ...held, values: { ...held.values, ...later.values } };
  }
  if (held.kind === "board-change" && later.kind === "board-change") {
    return { ...held, values: { ...held.values, ...later.values } };
  }
  if (held.kind === "list-change" && later.kind === "list-change") {
    return { ...held, values: { ...held.values, ...later.values } };
  }
  return later;
}

function picked(values: Values, wanted: (field: string) => boolean): Values {
  return Object.fromEntries(Object.entries(values).filter(([field]) => wanted(field)));
}

/**
 * A column that still has tasks cannot be removed: the rest of such a change is sent by itself, so that
 * the removal alone is refused.
 */
function withRemovalApart(queue: Queue, id: string): Queue {
  const command = queue.commands.find((other) => other.id === id);
  if (command?.kind !== "board-change") {
    return queue;
  }
  const { columns: wanted, ...others } = command.values;
  const [base, mine] = [asColumns(command.base["columns"]), asColumns(wanted)];
  if (base === null || mine === null) {
    return queue;
  }
  const kept = withRemoved(base, mine);
  const values = same(kept, base) ? others : { ...others, columns: kept };
  const removal = { ...command, base: { columns: kept }, values: { columns: mine } };
  const rest = { ...command, id: `${id}-kept`, sent: false, values };
  const parts = Object.keys(values).length === 0 ? [removal] : [removal, rest];
  return { ...queue, commands: queue.commands.flatMap((each) => (each.id === id ? parts : each)) };
}

/** `mine` with what it lacks of `base`, each after the column that it followed. */
function withRemoved(base: readonly Column[], mine: readonly Column[]): readonly Column[] {
  const kept = [...mine];
  base.forEach((column, place) => {
    if (!kept.some(({ key }) => key === column.key)) {
      const before = base[place - 1]?.key;
      kept.splice(kept.findIndex(({ key }) => key === before) + 1, 0, column);
    }
  });
  return kept;
}

/**
 * The server said no. What was queued for a task that could not be added goes into the refusal, so
 * that adding it again brings everything.
 */
export function refused(
  before: Queue,
  id: string,
  refusal: { readonly type: string; readonly reason: Reason },
  troubleId: string,
  at: number,
): Queue {
  const isRemoval = refusal.type === "/problems/column-in-use";
  const queue = isRemoval ? withRemovalApart(before, id) : before;
  const command = queue.commands.find((other) => other.id === id);
  if (command === undefined) {
    return queue;
  }
  const isUndone = (other: Command) => other.kind === "delete-undo" && other.of === id;
  if (queue.commands.some(isUndone)) {
    // The refused change was no longer wanted.
    const commands = queue.commands.filter((other) => other.id !== id && !isUndone(other));
    return { ...queue, commands };
  }
  const add =
    command.kind === "add"
      ? command
      : command.kind === "delete-undo"
        ? addAgain({ ...command.was, id: command.task }, command)
        : null;
  const withdrawn =
    add !== null
      ? withdraw(acknowledged(queue, id), add)
      : {
          held: command,
          concerned: [],
          commands: queue.commands.filter((other) => other.id !== id),
        };
  if (withdrawn.held === null) {
    return { ...queue, commands: withdrawn.commands };
  }
  const { concerned } = withdrawn;
  const comments = saidIn(concerned);
  const items = itemsIn(concerned);
  // The server restores the complete task once there is room again, and into no other column.
  const undo =
    command.kind === "delete-undo" && refusal.type === "/problems/wip-limit"
      ? [command, ...concerned]
      : undefined;
  const mine = undo === undefined ? valuesIn(withdrawn.held) : writtenIn(concerned);
  const trouble: Trouble = {
    id: troubleId,
    task: command.task,
    subject: command.subject,
    at,
    kind: { kind: "refused", ...refusal, mine: withComments(mine, comments, items) },
  };
  return {
    commands: withdrawn.commands,
    troubles: [
      ...queue.troubles,
      { trouble, command: withdrawn.held, comments, items, ...(undo && { undo }) },
    ],
  };
}

interface Withdrawn {
  /** `null`: it was deleted before it was ever added. */
  readonly held: Command | null;
  /** Those of it. */
  readonly concerned: readonly Command[];
  readonly commands: readonly Command[];
}

function withdraw(queue: Queue, add: AddTask): Withdrawn {
  let held: Command | null = add;
  const concerned: Command[] = [];
  const commands: Command[] = [];
  for (const other of queue.commands) {
    if (other.id === add.id) {
      continue;
    }
    if (other.task !== add.task) {
      commands.push(other);
      continue;
    }
    concerned.push(other);
    const coalesced: Command | "both" | null =
      held?.kind === "add" ? coalesceIntoAdd(held, other) : null;
    held = coalesced === "both" ? null : (coalesced ?? held);
  }
  return { held, concerned, commands };
}

/**
 * The comments in these commands. A changed comment counts like a new one: if the task is created
 * again, the old one is gone.
 */
function saidIn(commands: readonly Command[]): readonly string[] {
  const said = new Map<string | number, string>();
  for (const command of commands) {
    if (command.kind === "comment-add") {
      said.set(command.id, command.body);
    } else if (command.kind === "comment-change") {
      said.set(command.comment, command.body);
    } else if (command.kind === "comment-delete") {
      said.delete(command.comment);
    }
  }
  return [...said.values()];
}

/** What was written into items of checklists, like `saidIn`. */
function itemsIn(commands: readonly Command[]): readonly string[] {
  const written = new Map<number, string>();
  for (const command of commands) {
    if (isListCommand(command) && command.of === "checklist_item") {
      const text = "values" in command ? command.values["text"] : undefined;
      if (typeof text === "string") {
        written.set(command.part, text);
      } else if (command.kind === "list-delete") {
        written.delete(command.part);
      }
    }
  }
  return [...written.values()];
}

/** What was written into a task, without where it was moved. */
function writtenIn(commands: readonly Command[]): Values {
  const { status: _status, ...written } = Object.fromEntries(
    commands.flatMap((command) =>
      command.kind === "change" ? Object.entries(command.values) : [],
    ),
  );
  return written;
}

function withComments(mine: Values, comments: readonly string[], items: readonly string[]): Values {
  return {
    ...mine,
    ...(comments.length > 0 && { comment: comments.join("\n\n") }),
    ...(items.length > 0 && { items: items.join("\n") }),
  };
}

/**
 * The task was deleted while changes of ours were waiting: they become one trouble whose `mine` is
 * what we wrote, and from which the task can be made again. A deletion of ours is simply done. All tabs
 * are notified, and make the same trouble of the same changes.
 *
 * @param known the task as it last was
 */
export function taskGone(queue: Queue, known: BoardTask): Queue {
  const concerned = queue.commands.filter((command) => command.task === known.id);
  // If a deletion is undone, it is known that the task may be gone.
  if (concerned.length === 0 || concerned.some(({ kind }) => kind === "delete-undo")) {
    return queue;
  }
  const commands = queue.commands.filter((command) => command.task !== known.id);
  const wanted = concerned.some(({ kind }) => kind === "delete");
  let mine: Values = {};
  let task = known;
  const comments = saidIn(concerned);
  const items = itemsIn(concerned);
  for (const command of concerned) {
    if (command.kind === "change") {
      mine = { ...mine, ...command.values };
      task = withValues(task, command.values);
    } else if (command.kind === "move") {
      mine = { ...mine, status: command.place.status };
      task = { ...task, status: command.place.status };
    }
  }
  mine = withComments(mine, comments, items);
  const first = concerned[0];
  if (first === undefined || wanted || Object.keys(mine).length === 0) {
    return { ...queue, commands };
  }
  const trouble: Trouble = {
    // A tab that knows less of what was written must not write over what another knows.
    id: `${first.id}-${fingerprint(JSON.stringify(mine))}`,
    task: known.id,
    subject: first.subject,
    at: first.at,
    kind: { kind: "deleted", mine },
  };
  const held = { trouble, command: addAgain(task, first), comments, items };
  return { commands, troubles: [...queue.troubles, held] };
}

/** What would create a deleted task again. The task's id is the server's until then. */
function addAgain(task: BoardTask, first: Command): AddTask {
  return {
    kind: "add",
    id: first.id,
    at: first.at,
    sent: false,
    epoch: first.epoch,
    subject: first.subject,
    task: task.id,
    details: detailsOf(task),
    before: null,
  };
}

/** Removes a trouble; the caller queues its command again, or forgets it. */
export function settled(queue: Queue, trouble: string): Queue {
  return { ...queue, troubles: queue.troubles.filter((held) => held.trouble.id !== trouble) };
}

/**
 * The command of a refused or deleted trouble, to be queued again as a new one. A task that is made
 * again is nobody's whose assignee has left the board.
 */
export function again(
  held: KeptTrouble,
  fresh: Fresh,
  task: number | null,
  place: Place | undefined,
  isMember: (username: string) => boolean,
): Command {
  const { command } = held;
  switch (command.kind) {
    case "add": {
      const { assigned_to: assignee, ...details } = command.details;
      const keeps =
        assignee != null && (isMember(assignee) || held.trouble.kind.kind !== "deleted");
      return {
        ...command,
        ...fresh,
        task: task ?? command.task,
        details: {
          ...details,
          ...(keeps && { assigned_to: assignee }),
          status: place?.status ?? details.status,
        },
        before: place === undefined ? command.before : place.before,
      };
    }
    case "move":
      return { ...command, ...fresh, place: place ?? command.place };
    case "change":
      return place === undefined
        ? { ...command, ...fresh }
        : { ...command, ...fresh, place, values: { ...command.values, status: place.status } };
    case "delete":
      return { ...command, ...fresh, base: null };
    case "list-change": {
      // What was deleted is added again, as far as it was written here.
      const { kind } = held.trouble;
      // Where it was to go was missing, and not the item itself.
      const stays = (command.place?.list ?? 0) < 0;
      const isGone = kind.kind === "refused" && kind.type === "/problems/not-found" && !stays;
      const { base: _base, version: _version, place: _place, ...part } = command;
      const written = Object.values(command.values).some((value) => typeof value === "string");
      return isGone && written && task !== null
        ? {
            ...part,
            ...fresh,
            kind: "list-add",
            part: task,
            before: null,
            counts: command.list === null ? [0, 0] : [1, 0],
          }
        : { ...command, ...fresh };
    }
    case "comment-change": {
      const { kind } = held.trouble;
      const isGone = kind.kind === "refused" && kind.type === "/problems/not-found";
      const { subject, task, body } = command;
      return isGone
        ? { ...fresh, subject, kind: "comment-add", task, body }
        : { ...command, ...fresh };
    }
    default:
      return { ...command, ...fresh };
  }
}

/**
 * The command that keeps ours in the named fields of a conflict; `null`: theirs stays everywhere.
 *
 * @param combined what was made of both values, instead of ours
 */
export function keeping(
  held: KeptTrouble,
  keepMine: readonly string[],
  combined: Values,
  fresh: Fresh,
): Command | null {
  const { trouble, command } = held;
  if (trouble.kind.kind !== "conflict") {
    return null;
  }
  const kept = trouble.kind.fields.filter(({ field }) => keepMine.includes(field));
  if (kept.length === 0) {
    return null;
  }
  const theirs = Object.fromEntries(kept.map(({ field, theirs }) => [field, theirs]));
  const mine = Object.fromEntries(
    kept.map(({ field, mine }) => [field, field in combined ? combined[field] : mine]),
  );
  switch (command.kind) {
    case "change":
    case "board-change":
      return { ...command, ...fresh, base: theirs, values: mine };
    case "list-change":
      return { ...command, ...fresh, base: theirs, values: mine, version: null, counts: [0, 0] };
    case "move":
      return { ...command, ...fresh, from: String(theirs["status"]) };
    case "comment-change":
      return {
        ...command,
        ...fresh,
        base: String(theirs["body"]),
        version: null,
        body: String(mine["body"]),
      };
    default:
      return { ...command, ...fresh };
  }
}

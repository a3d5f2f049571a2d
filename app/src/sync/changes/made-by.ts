/** Which event a change of ours made, if the answer that would say so was lost. */

import { isRecord } from "../../utilities/problem";
import { type Command, type Values, freeValue, isListCommand, same } from "./commands";
import type { BoardEvent } from "../types";

/** The changes of an event by field, as they are in a command. */
function newValues({ changes }: BoardEvent): Values {
  const values: Record<string, unknown> = {};
  for (const [field, [old, now]] of Object.entries(changes ?? {})) {
    if (field === "fields") {
      const [before, after] = [isRecord(old) ? old : {}, isRecord(now) ? now : {}];
      const names = Object.keys({ ...before, ...after });
      for (const name of names.filter((each) => !same(before[each], after[each]))) {
        values[`fields/${name}`] = freeValue(after, name);
      }
    } else {
      values[field] = now ?? null;
    }
  }
  return values;
}

/** Each field that is in both is the same, and one at least is. */
function agrees(made: Values, wanted: Values): boolean {
  const common = Object.keys(wanted).filter((field) => field in made);
  return common.length > 0 && common.every((field) => same(made[field], wanted[field]));
}

/** Whether an event of ours is what a sent change makes. Additions are recognised by their key instead. */
export function isMadeBy(command: Command, event: BoardEvent): boolean {
  if (event.entity === "task" && event.task.id === command.task) {
    switch (command.kind) {
      case "change":
        return event.action !== "Delete" && agrees(newValues(event), command.values);
      case "move":
        return event.action === "Move" && event.task.status === command.place.status;
      case "tick":
        return "description" in (event.changes ?? {});
      case "delete":
      case "delete-undo":
        return event.action === "Delete";
      default:
        return false;
    }
  }
  if (event.entity === "comment") {
    const { id, body } = event.comment;
    return (
      (command.kind === "comment-change" && id === command.comment && body === command.body) ||
      (command.kind === "comment-delete" && id === command.comment && event.action === "Delete")
    );
  }
  if (event.entity === "checklist" || event.entity === "checklist_item") {
    const { id } = event.entity === "checklist" ? event.checklist : event.checklist_item;
    if (!isListCommand(command) || command.of !== event.entity || command.part !== id) {
      return false;
    }
    return command.kind === "list-change"
      ? event.action !== "Delete" && agrees(newValues(event), command.values)
      : event.action === "Delete";
  }
  return (
    event.entity === "board" &&
    command.kind === "board-change" &&
    agrees(newValues(event), command.values)
  );
}

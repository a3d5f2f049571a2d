/** What an entry of the activity says, in a sentence. */

import { eventWords, type WordContext } from "../../board/activity/event-words";
import type { Activity, UserEvent } from "../../generated/api";
import type { AdminTexts } from "../../utilities/texts/admin";

interface Context extends Omit<WordContext, "columns" | "title"> {
  readonly admin: AdminTexts;
}

/** One sentence, without a full stop. Columns are called by their keys: boards differ in the names. */
export function activityWords(activity: Activity, context: Context): string {
  if (activity.entity === "user") return userWords(activity, context);
  if (activity.entity === "board" && activity.action === "Add") {
    const { nameOf, admin } = context;
    return admin.activity.boardMade(nameOf(activity.actor.username), activity.board.name);
  }
  const words: WordContext = { ...context, columns: [], title: () => undefined };
  return eventWords(activity, words);
}

function userWords(event: UserEvent, { admin, nameOf }: Context): string {
  const words = admin.activity.users;
  const who = nameOf(event.actor.username);
  const whom = nameOf(event.user.username);
  const said: string[] = [];
  if (event.changes["disabled"]) {
    said.push(event.user.disabled ? words.disabled(who, whom) : words.enabled(who, whom));
  }
  if (event.changes["role"]) {
    said.push(event.user.role === "admin" ? words.madeAdmin(who, whom) : words.madeUser(who, whom));
  }
  if (event.changes["reset_link"]) said.push(words.resetLink(who, whom));
  const [one, other] = said;
  if (one === undefined) return words.changed(who, whom);
  return other === undefined ? one : words.both(one, other);
}

/** `Move:task` in words; unknown ones are shown as they are. */
export function kindWords(kind: string, texts: AdminTexts["activity"]): string {
  const [action = "", entity = ""] = kind.split(":");
  const actions: Readonly<Record<string, string>> = texts.actions;
  const entities: Readonly<Record<string, string>> = texts.entities;
  const known = Object.hasOwn(actions, action) && Object.hasOwn(entities, entity);
  return known ? `${entities[entity]}: ${actions[action]}` : kind;
}

/** The task that an entry is about; null: none. */
export function taskIdOf(activity: Activity): number | null {
  if (activity.entity === "task") return activity.task.id;
  if (activity.entity === "checklist") return activity.checklist.task_id;
  if (activity.entity === "checklist_item") return activity.checklist_item.task_id;
  return activity.entity === "comment" ? activity.comment.task_id : null;
}

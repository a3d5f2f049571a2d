/** What an event did, in a sentence of the user's language. */

import type { BoardEvent, Column, TaskId } from "../../sync";
import type { Catalogue } from "../../utilities/texts";

/** What the words need to know. */
export interface WordContext {
  readonly texts: Catalogue["board"];
  readonly columns: readonly Column[];
  /** Writes a day in the user's language. */
  readonly date: (timestamp: string) => string;
  /** The same of a start, which is the beginning of a day. */
  readonly start: (timestamp: string) => string;
  /** What somebody is called, by their user name. */
  readonly nameOf: (username: string) => string;
  /** A task's title, where it is there. */
  readonly title: (task: TaskId) => string | undefined;
}

/** One sentence, without a full stop. Several changes at once are counted behind the first. */
export function eventWords(event: BoardEvent, context: WordContext): string {
  const words = sentence(event, context);
  return "undoes" in event && event.undoes !== undefined ? context.texts.events.undo(words) : words;
}

function sentence(event: BoardEvent, context: WordContext): string {
  const who = context.nameOf(event.actor.username) || context.texts.somebody;
  switch (event.entity) {
    case "task":
      return taskWords(event, who, context);
    case "comment":
      return commentWords(event, who, context);
    case "checklist":
    case "checklist_item":
      return listWords(event, who, context);
    case "member":
      return memberWords(event, who, context);
    default:
      return boardWords(event, who, context);
  }
}

type Of<Entity extends BoardEvent["entity"]> = Extract<BoardEvent, { entity: Entity }>;

function columnName(key: unknown, columns: readonly Column[]): string {
  return columns.find((column) => column.key === key)?.name ?? String(key);
}

function taskWords(event: Of<"task">, who: string, context: WordContext): string {
  const words = context.texts.events;
  const { title, status } = event.task;
  if (event.action === "Add") {
    return words.taskAdded(who, title, columnName(status, context.columns));
  }
  if (event.action === "Delete") {
    return words.taskDeleted(who, title);
  }
  const said = changeWords(event, who, context);
  const [first] = said;
  if (first === undefined) {
    return words.taskChanged(who, title);
  }
  return said.length === 1 ? first : words.several(first, said.length - 1);
}

function changeWords(event: Of<"task">, who: string, context: WordContext): string[] {
  const words = context.texts.events;
  const changes = event.changes ?? {};
  const { title, status } = event.task;
  const said: string[] = [];
  const describe = (field: string, sentence: (old: unknown, now: unknown) => string) => {
    const pair = changes[field];
    if (pair) {
      said.push(sentence(pair[0], pair[1]));
    }
  };
  const column = (key: unknown) => columnName(key, context.columns);
  describe("status", (old, now) => words.taskMoved(who, title, column(old), column(now)));
  if (changes.position && !changes.status) {
    said.push(words.taskSorted(who, title, column(status)));
  }
  describe("title", (old) => words.taskRenamed(who, String(old), title));
  describe("assigned_to", (old, now) =>
    typeof now === "string"
      ? words.taskGiven(who, title, context.nameOf(now))
      : words.taskTaken(who, title, context.nameOf(String(old))));
  describe("description", () => words.taskDescribed(who, title));
  describe("labels", (_, now) =>
    Array.isArray(now) && now.length > 0
      ? words.taskLabelled(who, title, now.join(", "))
      : words.taskUnlabelled(who, title));
  describe("start_at", (_, now) =>
    typeof now === "string"
      ? words.taskStarts(who, title, context.start(now))
      : words.taskNoStart(who, title));
  describe("due_at", (_, now) =>
    typeof now === "string"
      ? words.taskDue(who, title, context.date(now))
      : words.taskNotDue(who, title));
  if (Object.keys(changes).some((field) => field === "fields" || field.startsWith("fields."))) {
    said.push(words.taskFields(who, title));
  }
  return said;
}

function commentWords(event: Of<"comment">, who: string, context: WordContext): string {
  const words = context.texts.events;
  const { task_id: task } = event.comment;
  const title = context.title(task) ?? `#${task}`;
  if (event.action === "Add") {
    return words.commentAdded(who, title);
  }
  return event.action === "Delete"
    ? words.commentDeleted(who, title)
    : words.commentChanged(who, title);
}

function listWords(
  event: Of<"checklist" | "checklist_item">,
  who: string,
  context: WordContext,
): string {
  const words = context.texts.events;
  const isList = event.entity === "checklist";
  const { task_id: task } = isList ? event.checklist : event.checklist_item;
  const name = isList ? event.checklist.title : event.checklist_item.text;
  const title = context.title(task) ?? `#${task}`;
  const done = event.changes?.["done"];
  if (event.action === "Update" && done !== undefined) {
    return done[1] === true ? words.itemDone(who, title, name) : words.itemOpen(who, title, name);
  }
  return words[`${isList ? "list" : "item"}${event.action}`](who, title, name);
}

function memberWords(event: Of<"member">, who: string, context: WordContext): string {
  const words = context.texts.events;
  const { username, role } = event.member;
  const name = context.nameOf(username);
  const roleName = context.texts.roles[role];
  if (event.action === "Add") {
    return words.memberAdded(who, name, roleName);
  }
  if (event.action === "Delete") {
    return username === event.actor.username
      ? words.memberLeft(who)
      : words.memberRemoved(who, name);
  }
  return words.memberChanged(who, name, roleName);
}

function boardWords(event: Of<"board">, who: string, context: WordContext): string {
  const words = context.texts.events;
  if (event.action === "Add") {
    return words.boardAdded(who);
  }
  if (event.action === "Delete") {
    return words.boardDeleted(who);
  }
  const changes = event.changes ?? {};
  if (changes.name) {
    return words.boardRenamed(who, event.board.name);
  }
  if (changes.columns) {
    return words.boardColumns(who);
  }
  if (changes.archived) {
    return changes.archived[1] === true ? words.boardArchived(who) : words.boardUnarchived(who);
  }
  return changes.description ? words.boardDescribed(who) : words.boardChanged(who);
}

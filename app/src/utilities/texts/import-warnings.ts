/** What an import could not carry over, as a sentence in the reader's language that names the card. */

import type { ImportedBoard } from "../../generated/api";
import type { ImportsTexts } from "./imports";

export type ImportWarning = ImportedBoard["warnings"][number];

function unnamedText(
  { field = "", name = "", task }: ImportWarning["arguments"],
  { warning, unnamed }: ImportsTexts,
): string {
  const known: Readonly<Record<string, string | undefined>> = unnamed;
  const what = known[field] ?? unnamed.customFields;
  return field === "checklists" && task !== undefined
    ? warning.unnamedOf(task, what, name)
    : warning.unnamed(what, name);
}

/** The sentence of a warning; one of a kind that is not known here gets a general one. */
export function warningText(
  { code, arguments: given = {} }: ImportWarning,
  texts: ImportsTexts,
): string {
  const { warning, fields, field, theBoard } = texts;
  const { task = "", list = "", name = "", label = "", count = 0, limit = 0 } = given;
  const of = given.task ?? given.list;
  switch (code) {
    case "history":
      return warning.history;
    case "history-cut":
      return warning.historyCut(limit);
    case "archived-list":
      return warning.archivedList(list, given.tasks ?? 0);
    case "archived-task":
      return warning.archivedTask(task, given.comments ?? 0);
    case "comment-without-task":
      return warning.commentWithoutTask(given.name ?? null, given.task ?? null);
    case "checklist-without-task":
      return warning.checklistWithoutTask(name);
    case "comments-missing":
      return warning.commentsMissing(task, count);
    case "not-a-member":
      return of === undefined ? warning.notAMember(name) : warning.notAssigned(of, name);
    case "other-authors":
      return warning.otherAuthors(count);
    case "cut":
      return warning.cut(of ?? theBoard, limit);
    case "description-continued":
      return warning.descriptionContinued(task, given.comments ?? 0);
    case "comment-continued":
      return warning.commentContinued(task, given.comments ?? 0);
    case "checklist-without-room":
      return warning.checklistWithoutRoom(task, name, count);
    case "attachment-without-room":
      return warning.attachmentWithoutRoom(task, name);
    case "unnamed":
      return unnamedText(given, texts);
    case "control-characters":
      return warning.controlCharacters(of ?? theBoard);
    case "template":
      return warning.template(task);
    case "attached-file":
      return warning.attachedFile(task, name);
    case "unused-label":
      return warning.unusedLabel(label);
    case "unused-field":
      return warning.unusedField(name);
    case "too-many-labels":
      return warning.tooManyLabels(task, count, limit);
    case "fields-too-large":
      return warning.fieldsTooLarge(task);
    case "not-carried": {
      const known: Readonly<Record<string, string | undefined>> = fields;
      const what = known[given.field ?? ""] ?? field(given.field ?? "?");
      return of === undefined ? warning.boardWithout(what) : warning.notCarried(of, what);
    }
    case "more":
      return warning.more(limit);
    default:
      return of === undefined ? warning.unknown : warning.unknownOf(of);
  }
}

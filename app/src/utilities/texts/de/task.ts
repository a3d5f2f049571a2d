/** German texts of the section "task". */

import type { task as english } from "../en/task";
import { pluralIn } from "../plural";

const plural = pluralIn("de");

export const task: typeof english = {
  dialog: (title) => `Aufgabe: ${title}`,
  number: (id) => `Nr. ${id}`,
  unsent: "Noch nicht gesendet",
  gone: "Diese Aufgabe ist nicht mehr auf dem Board.",
  goneHint:
    "Sie wurde gelöscht, oder die Adresse stimmt nicht. Ihre Geschichte steht in der Aktivität.",
  backToBoard: "Zurück zum Board",
  close: "Aufgabe schließen",
  keysTitle: "An einer Aufgabe",
  readOnly: "Sie dürfen ansehen, aber nicht ändern.",

  title: "Titel",
  editTitle: "Titel bearbeiten",
  titleMissing: "Eine Aufgabe braucht einen Titel.",
  tooLong: (count, most) => `Höchstens ${most} Zeichen; das sind ${count}.`,

  description: "Beschreibung",
  editDescription: "Beschreibung bearbeiten",
  noDescription: "Noch keine Beschreibung.",
  addDescription: "Beschreibung hinzufügen",
  write: "Schreiben",
  preview: "Vorschau",
  writeOrPreview: "Schreiben oder Vorschau",
  markdownHint: "Markdown: **fett**, *kursiv*, `Code`, - Liste, [Verweis](https://…)",
  save: "Speichern",
  cancel: "Abbrechen",
  discardDraft: "Entwurf verwerfen",
  draftKept: "Ihr Entwurf bleibt auf diesem Gerät.",

  status: "Spalte",
  assignee: "Zuständig",
  nobody: "Niemand",
  changeAssignee: "Zuständigkeit ändern",

  labels: "Etiketten",
  addLabel: "Etikett hinzufügen",
  labelName: "Neues Etikett",
  removeLabel: (name) => `Etikett ${name} entfernen`,
  labelTwice: "Die Aufgabe hat dieses Etikett.",
  noLabels: "Keine",

  due: "Fällig am",
  dueHint: "JJJJ-MM-TT",
  dueWrong: "Schreiben Sie einen Tag als JJJJ-MM-TT.",
  removeDue: "Fälligkeit entfernen",

  fields: "Weitere Felder",
  noFields: "Was sonst noch zu merken ist: eine Schätzung, ein Verweis, eine Zahl.",
  fieldName: "Name des Feldes",
  fieldValue: "Wert",
  addField: "Feld hinzufügen",
  removeField: (name) => `Feld ${name} entfernen`,
  valueOf: (name) => `Wert von ${name}`,
  fieldTwice: "Ein Feld dieses Namens gibt es schon.",
  fieldMissing: "Ein Feld braucht einen Namen.",
  yes: "ja",
  no: "nein",
  empty: "leer",

  comments: "Kommentare",
  noComments: "Noch hat niemand etwas gesagt.",
  writeComment: "Kommentar schreiben",
  addComment: "Kommentieren",
  commentHint: "Strg+Enter sendet",
  editComment: "Kommentar bearbeiten",
  deleteComment: "Kommentar löschen",
  commentMenu: (name) => `Aktionen für den Kommentar von ${name}`,
  commentsFailed: "Die Kommentare konnten nicht geladen werden.",
  edited: "geändert",
  waiting: "noch nicht gesendet",
  moreComments: "Mehr zeigen",

  history: "Geschichte",
  showHistory: "Geschichte zeigen",
  hideHistory: "Geschichte verbergen",
  historyFailed: "Die Geschichte konnte nicht geladen werden.",
  noHistory: "Noch ist nichts geschehen.",
  undo: "Rückgängig",
  undoOf: (words) => `Zurücknehmen: ${words}`,

  created: (who, when) => `Angelegt von ${who}, ${when}`,
  createdAt: (when) => `Angelegt ${when}`,
  updated: (when) => `Geändert ${when}`,
  alsoEditing: (names) => `${names} bearbeitet das gerade`,
  alsoEditingMany: (names) => `${names} bearbeiten das gerade`,

  changedMeanwhile: "Jemand hat das geändert, während Sie schrieben.",
  theirsNow: "Jetzt von anderen",
  yours: "Von Ihnen",
  keepMine: "Meines behalten",
  takeTheirs: "Anderes nehmen",

  moveTo: "Verschieben …",
  delete: "Aufgabe löschen",
  characters: (count) => plural(count, { one: "Noch 1 Zeichen", other: `Noch ${count} Zeichen` }),
  linkBlocked: "Dieser Verweis wird nicht geöffnet: nur http, https und mailto.",
};

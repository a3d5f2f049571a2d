/** German texts of the list of boards. */

import type { boards as english } from "../en/boards";
import { pluralIn } from "../plural";

const plural = pluralIn("de");

export const boards: typeof english = {
  title: "Ihre Boards",
  quickWinTitle: "Boards ohne Konto",
  quickWinNote:
    "Alle, die diesen Server öffnen, sehen und ändern diese Boards. Sie bleiben bis zu seinem Neustart.",
  create: "Neues Board",
  createTitle: "Neues Board",
  add: "Anlegen",
  name: "Bezeichnung",
  nameMissing: "Geben Sie dem Board einen Namen.",
  description: "Beschreibung",
  search: "Boards durchsuchen",
  show: "Zeigen",
  active: "Aktiv",
  archived: "Archiviert",
  trash: "Papierkorb",
  sort: "Sortierung",
  byActivity: "Neueste Änderung",
  byName: "Alphabetisch",
  count: (count) => plural(count, { one: `Ein Board (${count})`, other: `Boards: ${count}` }),
  columnCount: (column, count) =>
    `${column}: ${plural(count, { one: `${count} Aufgabe`, other: `${count} Aufgaben` })}`,
  others: (count) => `und ${count}`,
  membersOf: (names, more) =>
    more === 0
      ? `Mitglieder: ${names}`
      : `Mitglieder: ${names} und ${plural(more, { one: "1 weiteres", other: `${more} weitere` })}`,
  changed: (when) => `Geändert: ${when}`,
  deleted: (when) => `Gelöscht: ${when}`,
  menu: (name) => `Aktionen für ${name}`,
  rename: "Umbenennen",
  renameTitle: "Board umbenennen",
  archive: "Archivieren",
  unarchive: "Aus dem Archiv holen",
  members: "Mitglieder",
  delete: "Löschen",
  restore: "Wiederherstellen",
  archivedDone: (name) => `„${name}“ ist im Archiv.`,
  unarchivedDone: (name) => `„${name}“ ist wieder aktiv.`,
  deletedDone: (name) => `„${name}“ liegt im Papierkorb.`,
  restoredDone: (name) => `„${name}“ ist wieder da.`,
  deleteTitle: (name) => `„${name}“ löschen?`,
  deleteText:
    "Das Board und seine Aufgaben sind sofort weg, für alle. Das lässt sich nicht zurücknehmen.",
  goneDone: (name) => `„${name}“ ist gelöscht.`,
  import: "Importieren",
  openBoard: "Board öffnen",
  emptyTitle: "Ihr erstes Board",
  emptyText:
    "Ein Board hat Spalten, und Aufgaben wandern darin von links nach rechts. Legen Sie eines an und laden Sie unter „Mitglieder“ andere ein: Alle sehen die Änderungen der anderen, während sie geschehen.",
  emptyQuickWinText:
    "Ein Board hat Spalten, und Aufgaben wandern darin von links nach rechts. Legen Sie eines an und öffnen Sie es in einem zweiten Fenster: Was sich hier bewegt, bewegt sich dort.",
  emptyArchived: "Nichts ist archiviert",
  emptyArchivedText:
    "Archivieren Sie ein Board, das fertig ist: Es verlässt die Liste, und nichts davon geht verloren.",
  emptyTrash: "Der Papierkorb ist leer",
  emptyTrashText:
    "Gelöschte Boards liegen hier 30 Tage lang und lassen sich ganz wiederherstellen.",
  noMatch: "Kein Board passt",
  noMatchText: (search) => `Kein Name und keine Beschreibung enthält „${search}“.`,
  searching: (count) =>
    `Sucht… bisher ${plural(count, { one: "1 Board", other: `${count} Boards` })} durchgesehen`,
  searchedSome: (count) =>
    `Noch nichts gefunden: ${plural(count, { one: "1 Board", other: `${count} Boards` })} durchgesehen, es gibt mehr`,
  clearSearch: "Suche leeren",
  more: "Mehr zeigen",
  offlineTitle: "Keine Verbindung",
  offline: (when) => `Das ist die Liste, wie dieses Gerät sie ${when} gesehen hat.`,
  failed: "Die Boards konnten nicht geladen werden",
  roles: { owner: "Eigentum", editor: "Bearbeitung", viewer: "Ansicht" },
  shortcuts: "Liste der Boards",
  focusSearch: "Suchen",
};

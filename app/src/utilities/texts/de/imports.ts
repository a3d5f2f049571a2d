/** German texts of imports. */

import type { imports as english } from "../en/imports";
import { pluralIn } from "../plural";

const plural = pluralIn("de");

const comments = (count: number) =>
  plural(count, { one: `${count} Kommentar`, other: `${count} Kommentaren` });
const more = (count: number) =>
  plural(count, { one: `${count} weiteren Kommentar`, other: `${count} weiteren Kommentaren` });
const items = (count: number) =>
  plural(count, { one: `${count} Eintrag`, other: `${count} Einträge` });
const tasks = (count: number) =>
  plural(count, { one: `${count} Aufgabe`, other: `${count} Aufgaben` });

export const imports: typeof english = {
  title: "Ein Board importieren",
  text: "Aus einer Datei, die hier exportiert wurde, oder aus einem Board, das Trello exportiert hat (Menü, Teilen, Als JSON exportieren). Daraus wird ein neues Board, das Ihnen gehört.",
  choose: "Datei auswählen",
  paste: "Inhalt der Datei",
  busy: (name) => `${name} wird importiert …`,
  stopped: (name) =>
    `Der Import von ${name} wurde abgebrochen. Gesendet war er schon: Entsteht das Board trotzdem, steht es in dieser Liste.`,
  notBoard: (missing) =>
    `Diese Datei ist JSON, aber kein Export eines Boards. Darin fehlt: ${missing}.`,
  refused: (count) =>
    plural(count, {
      one: "Diese Datei kann nicht importiert werden: Eine Angabe darin wird nicht angenommen.",
      other: `Diese Datei kann nicht importiert werden: ${count} Angaben darin werden nicht angenommen.`,
    }),
  theTask: (number, title) =>
    title === null ? `Aufgabe ${number}` : `Aufgabe ${number} („${title}“)`,
  theColumn: (number, name) =>
    name === null ? `Spalte ${number}` : `Spalte ${number} („${name}“)`,
  members: {
    name: "Name",
    key: "Schlüssel",
    columns: "Spalten",
    lists: "Listen",
    tasks: "Aufgaben",
    cards: "Karten",
  },
  trello: {
    idList: "Liste",
    desc: "Beschreibung",
    due: "Fällig am",
    pos: "Platz",
  },
  tooLarge: (size) =>
    `Dieses Board hat ${size} MiB. Höchstens 8 MiB (8.388.608 Bytes) können importiert werden.`,
  done: (name) => `„${name}“ ist importiert.`,
  archived: "Es war archiviert und steht deshalb bei den archivierten Boards.",
  warnings: (count) =>
    plural(count, {
      one: `${count} Sache konnte nicht übernommen werden`,
      other: `${count} Sachen konnten nicht übernommen werden`,
    }),
  showAll: (count) => `Alle ${count} zeigen`,
  other: {
    empty: "Diese Datei ist leer.",
    html: "Diese Datei ist eine Webseite und kein Export: Vielleicht wurde eine Anmeldeseite gespeichert. Exportieren Sie das Board noch einmal.",
    gzip: "Diese Datei ist komprimiert (gzip). Entpacken Sie sie und wählen Sie die Datei darin.",
    zip: "Diese Datei ist ein ZIP-Archiv. Entpacken Sie es und wählen Sie die Datei darin.",
    utf16: "Diese Datei ist Text in UTF-16. Speichern Sie sie als UTF-8 und wählen Sie sie erneut.",
    notUtf8: "Diese Datei ist kein Text in UTF-8, wie es Exporte sind.",
    table: "Diese Datei sieht nach einer Tabelle aus (CSV). Exportieren Sie das Board als JSON.",
    cutOff:
      "Diese Datei hört mittendrin auf: Sie wurde abgeschnitten. Exportieren Sie sie noch einmal oder laden Sie sie neu herunter.",
    notJson: "Diese Datei ist kein JSON: weder ein Export von hier noch einer von Trello.",
    card: "Diese Datei ist der Export einer einzelnen Karte. Exportieren Sie das ganze Board und importieren Sie dieses.",
    list: "Diese Datei ist eine Liste und kein einzelnes Board. Exportieren Sie ein Board und importieren Sie dieses.",
  },
  warning: {
    history: "Der Verlauf bleibt zurück: Das neue Board beginnt einen eigenen.",
    historyCut: (limit) =>
      `Die Datei enthält nur die neuesten ${limit} Einträge des Verlaufs: Ältere Kommentare stehen nicht darin.`,
    archivedList: (list, count) =>
      `Die archivierte Liste „${list}“ wurde ausgelassen, mit ${tasks(count)}.`,
    archivedTask: (task, count) =>
      `Die archivierte Karte „${task}“ wurde ausgelassen, mit ${comments(count)}.`,
    commentWithoutTask: (name, task) =>
      `Ein Kommentar${name === null ? "" : ` von ${name}`}${task === null ? "" : ` zu „${task}“`} wurde ausgelassen: Die Datei enthält ${task === null ? "seine" : "diese"} Karte nicht.`,
    checklistWithoutTask: (name) =>
      `Die Checkliste „${name}“ wurde ausgelassen: Die Datei enthält ihre Karte nicht.`,
    commentsMissing: (task, count) =>
      `„${task}“ kommt ohne die Kommentare (${count}), die nicht in der Datei stehen.`,
    notAMember: (name) => `${name} ist kein Mitglied des neuen Boards.`,
    notAssigned: (task, name) =>
      `„${task}“ ist ${name} nicht zugewiesen: kein Mitglied des neuen Boards.`,
    otherAuthors: (count) =>
      plural(count, {
        one: `${count} Aufgabe wurde von jemand anderem angelegt; jetzt gilt sie als Ihre.`,
        other: `${count} Aufgaben wurden von anderen angelegt; jetzt gelten sie als Ihre.`,
      }),
    cut: (name, limit) =>
      `Ein Text von „${name}“ war zu lang und wurde auf ${limit} Zeichen gekürzt: Der Rest steht nur in der Datei.`,
    descriptionContinued: (task, count) =>
      `„${task}“ sagt mehr, als in eine Beschreibung passt: Es geht in ${comments(count)} weiter.`,
    commentContinued: (task, count) =>
      `Ein Kommentar zu „${task}“ war zu lang: Er geht in ${more(count)} weiter.`,
    checklistWithoutRoom: (task, name, count) =>
      `„${task}“ hatte keinen Platz für ${items(count)} der Checkliste „${name}“.`,
    attachmentWithoutRoom: (task, name) =>
      `„${task}“ hatte keinen Platz für den Link auf den Anhang „${name}“.`,
    unnamed: (what, name) => `${what} hatte keinen Namen und heißt jetzt „${name}“.`,
    unnamedOf: (task, what, name) =>
      `${what} von „${task}“ hatte keinen Namen und heißt jetzt „${name}“.`,
    controlCharacters: (name) =>
      `Aus einem Text von „${name}“ wurden unsichtbare Zeichen entfernt.`,
    template: (task) => `„${task}“ war eine Vorlage und ist jetzt eine gewöhnliche Aufgabe.`,
    attachedFile: (task, name) =>
      `„${task}“ hat einen Link auf die Datei „${name}“; die Datei selbst bleibt, wo sie ist.`,
    unusedLabel: (label) => `Das Label „${label}“ wurde ausgelassen: Keine Aufgabe hat es.`,
    unusedField: (name) => `Das Feld „${name}“ wurde ausgelassen: Keine Aufgabe hat es.`,
    tooManyLabels: (task, count, limit) =>
      `„${task}“ hat ${count} Labels; die ersten ${limit} wurden behalten.`,
    fieldsTooLarge: (task) => `Die Felder von „${task}“ waren zu groß und wurden ausgelassen.`,
    notCarried: (name, what) => `„${name}“ kommt ohne ${what}.`,
    boardWithout: (what) => `Das Board kommt ohne ${what}.`,
    more: (limit) => `Es gibt mehr: Nur die ersten ${limit} sind aufgeführt.`,
    unknown: "Etwas konnte nicht übernommen werden.",
    unknownOf: (name) => `Etwas von „${name}“ konnte nicht übernommen werden.`,
  },
  unnamed: {
    lists: "Eine Liste",
    cards: "Eine Karte",
    checklists: "Eine Checkliste",
    customFields: "Ein Feld",
  },
  theBoard: "Board",
  field: (name) => `„${name}“`,
  fields: {
    idMembersVoted: "die Stimmen dafür",
    stickers: "die Sticker",
    cover: "das Titelbild",
    dueReminder: "die Erinnerung an die Fälligkeit",
    pluginData: "das, was Power-Ups dazu gespeichert haben",
    powerUps: "die Power-Ups",
    attachments: "einen Anhang, der keine Adresse hat",
    customFieldItems: "einen Wert, dessen Feld nicht in der Datei steht",
    idLabels: "ein Label, das nicht in der Datei steht",
    softLimit: "das Limit, das keine ganze Zahl von 1 bis 999.999 ist",
    color: "die Farben der Labels",
    prefs: "die Einstellungen bei Trello, etwa den Hintergrund",
    starred: "den Stern",
    subscribed: "das Beobachten",
    memberCreator: "den Verfasser eines Kommentars, dessen Name nichts zeigt",
    pinned: "die Anheftung",
  },
};

/** German texts of the history: the timeline, what changed meanwhile, what a change did. */

import { pluralIn } from "../plural";
import type { history as english } from "../en/history";

const plural = pluralIn("de");
const changes = (count: number) =>
  plural(count, { one: "1 Änderung", other: `${count} Änderungen` });
const cards = (count: number) => plural(count, { one: "1 Karte", other: `${count} Karten` });

export const history: typeof english = {
  moment: "Zeitpunkt",
  placeOf: (place, count) => `${place} von ${count}`,
  began: "Das Board wurde angelegt",
  beganLater: "Der älteste noch bekannte Zeitpunkt",
  readingMoment: "Dieser Zeitpunkt wird gelesen …",
  momentFailed: "Dieser Zeitpunkt konnte nicht gelesen werden.",
  stepBack: "Eine Änderung zurück",
  stepForth: "Eine Änderung weiter",
  play: "Abspielen",
  pause: "Anhalten",
  speed: "Geschwindigkeit",
  speedOf: (times) => `${times}-fach`,
  newer: (count) => `${changes(count)}, seit Sie den Zeitverlauf geöffnet haben`,
  goToDay: "Zu einem Tag gehen",
  day: "Tag",
  dayHint: "Das Board, wie es am Ende dieses Tages aussah.",
  dayWrong: "Diesen Tag gibt es im Kalender nicht.",
  go: "Gehen",
  nothingYet: "Auf diesem Board ist noch nichts geschehen.",

  asAdmin: "Sie sind nicht Mitglied dieses Boards: Die Verwaltung sieht, wie es war.",

  taskThen: (title) => `${title}, wie es war`,
  taskNotThen: "Diese Aufgabe war zu diesem Zeitpunkt nicht auf dem Board.",
  bringBack: "Zurückholen",
  openNow: "Öffnen, wie sie jetzt ist",

  meanwhile: (count, when) => `${changes(count)} seit ${when}`,
  meanwhileOn: (count) => `auf ${cards(count)}`,
  meanwhileSome: (when) => `Andere haben seit ${when} etwas geändert`,
  readingMeanwhile: (read, count) =>
    `Was sich geändert hat, wird gelesen: ${read} von ${count} Änderungen`,
  meanwhileFailed: "Nicht alles konnte gelesen werden.",
  moreCards: (count) => `Weitere ${cards(count)} zeigen`,
  showMeanwhile: "Ansehen",
  dismissMeanwhile: "Verwerfen",
  meanwhileTitle: "Was sich geändert hat",
  onBoard: "Das Board selbst",
  cardGone: "nicht mehr auf dem Board",
  andEarlier: (count) => `und davor ${changes(count)}`,
  watch: "Im Zeitverlauf ansehen",
  nobodyElse: "Nur Sie haben etwas geändert.",

  details: "Was sich änderte",
  asItIs: "Die Aufgabe ist, wie sie da war.",
  restoreField: (field, value) => `Wiederherstellen, ${field}: ${value}`,
  restore: "Wiederherstellen",
  restoreTask: "Die ganze Aufgabe wiederherstellen, wie sie da war",
  restored: (what, title) => `${what} von „${title}“ wiederhergestellt`,
  restoredTask: (title) => `„${title}“ wiederhergestellt`,
};

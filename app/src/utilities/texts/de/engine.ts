/** German texts of the section "engine". */

import type { engine as english } from "../en/engine";
import { faultInGerman } from "./faults";

/** By the type of the server's problem. */
const REFUSALS: ReadonlyMap<string, string> = new Map([
  ["/problems/unauthorized", "Sie sind nicht mehr angemeldet."],
  ["/problems/forbidden", "Dazu haben Sie auf diesem Board nicht das Recht."],
  ["/problems/foreign-origin", "Eine fremde Seite darf das nicht in Ihrem Namen tun."],
  ["/problems/not-found", "Das gibt es nicht, oder nicht mehr."],
  [
    "/problems/reauthentication-required",
    "Melden Sie sich dafür zuerst noch einmal bei Ihrem Anbieter oder mit einem Passkey an: Es ist mehr als zehn Minuten her.",
  ],
  [
    "/problems/passkey-invalid",
    "Dieser Passkey gilt hier nicht. Versuchen Sie es noch einmal oder melden Sie sich anders an.",
  ],
  ["/problems/last-way-in", "Damit könnten Sie sich nicht mehr anmelden."],
  ["/problems/link-invalid", "Dieser Link gilt nicht, oder nicht mehr."],
  ["/problems/registration-closed", "Neue Konten gibt es hier nur auf Einladung."],
  ["/problems/email-taken", "Diese Adresse gehört schon zu einem anderen Konto."],
  ["/problems/no-mail", "Dieser Server verschickt keine E-Mails."],
  ["/problems/username-taken", "So heißt schon jemand."],
  ["/problems/limit-reached", "Die Höchstzahl ist erreicht: Löschen Sie erst etwas."],
  ["/problems/line-gone", "Diese Zeile steht nicht mehr in der Beschreibung."],
  ["/problems/wip-limit", "Die Spalte ist voll."],
  ["/problems/column-in-use", "In der Spalte liegen noch Aufgaben."],
  ["/problems/boards-owned", "Boards, die nur Ihnen gehören, haben noch andere Mitglieder."],
  ["/problems/last-owner", "Ein Board behält mindestens einen Eigentümer."],
  ["/problems/last-admin", "Es bleibt mindestens ein Administrator."],
  ["/problems/second-factor-state", "Der zweite Faktor ist schon ein- oder ausgeschaltet."],
  ["/problems/undo-conflict", "Inzwischen wurde daran weiter geändert."],
  ["/problems/events-gone", "Die Ereignisse danach sind nicht mehr aufgehoben."],
  ["/problems/precondition-failed", "Jemand hat es inzwischen geändert."],
  ["/problems/payload-too-large", "Das ist zu groß."],
  ["/problems/too-many-attempts", "Zu viele Versuche: Versuchen Sie es später noch einmal."],
  [
    "/problems/rate-limited",
    "Zu viele Änderungen auf einmal: Versuchen Sie es gleich noch einmal.",
  ],
  ["/problems/internal", "Der Server hat einen Fehler."],
  ["/problems/unavailable", "Dem Server fehlt gerade etwas, das er braucht."],
  ["/problems/not-configured", "Dieser Server hat keine Konten und keine Boards von Teams."],
]);

export const engine: typeof english = {
  changedMeanwhile:
    "Jemand hat diese Aufgabe geändert oder kommentiert, nachdem Sie sie gelöscht haben.",
  commentGone: "Der Kommentar wurde gelöscht. „Erneut versuchen“ schreibt Ihren als neuen.",
  partGone: "Das wurde aus der Checkliste gelöscht oder ließ sich ihr nicht hinzufügen.",
  taskGone: "Diese Aufgabe gibt es nicht mehr.",
  keepsFailing: (words) => `Der Server scheitert jedes Mal an dieser Änderung: ${words}`,
  boardAnew: "Der Server hat neu begonnen: Dieses Board ist jetzt ein anderes.",
  refusal: (type) => REFUSALS.get(type) ?? null,
  fault: faultInGerman,
  unexplained: {
    tooLarge: (status) => `Das ist mehr, als der Server auf einmal nimmt (HTTP ${status}).`,
    noReason: (status) => `Der Server hat das ohne Begründung abgelehnt (HTTP ${status}).`,
    away: (status) => `Der Server oder der Weg zu ihm ist gestört (HTTP ${status}).`,
  },
};

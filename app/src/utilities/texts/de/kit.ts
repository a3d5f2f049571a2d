/** German texts of the components that every screen uses. */

import type { kit as english } from "../en/kit";

export const kit: typeof english = {
  appName: "Taskboard",
  cancel: "Abbrechen",
  close: "Schließen",
  dismiss: "Ausblenden",
  save: "Speichern",
  undo: "Rückgängig",
  retry: "Erneut versuchen",
  partFailed: "Dieser Teil der App konnte nicht geladen werden.",
  partFailedHint: "Wenn ein neuer Versuch nicht hilft, laden Sie die Seite neu.",
  back: "Zurück",
  loading: "Wird geladen …",
  busy: "Bitte warten …",
  optional: "freiwillig",
  showPassword: "Passwort zeigen",
  hidePassword: "Passwort verbergen",
  choose: "Auswählen …",
  notifications: "Mitteilungen",
  skipToContent: "Zum Inhalt springen",
  tooLong: (count, most) => `Höchstens ${most} Zeichen; das sind ${count}.`,
  tooShort: (count, least) => `Mindestens ${least} Zeichen; das sind ${count}.`,
  draftFromBefore: "Das hatten Sie begonnen. Es ist noch nicht gespeichert.",
  draftWaits: "Noch nicht gespeichert: Enter speichert, Escape verwirft.",
  remove: (name) => `${name} entfernen`,
};

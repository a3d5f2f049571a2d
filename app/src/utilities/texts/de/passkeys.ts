/** German texts of passkeys. */

import type { passkeys as english } from "../en/passkeys";

export const passkeys: typeof english = {
  logIn: "Mit einem Passkey anmelden",
  logInFailed: "Sie sind nicht angemeldet",
  title: "Passkeys (Anmeldung ohne Passwort)",
  intro:
    "Mit einem Passkey melden Sie sich mit Finger, Gesicht oder PIN an, ohne Passwort und ohne Code.",
  webOnly:
    "Passkeys legen Sie im Browser an und benutzen sie dort. In dieser App melden Sie sich mit Ihrem Passwort an.",
  unable: "Dieser Browser hat keine Passkeys, die hier benutzt werden können.",
  off: "Auf diesem Server sind keine Passkeys eingerichtet.",
  none: "Sie haben noch keinen Passkey.",
  failed: "Ihre Passkeys konnten nicht geladen werden",
  added: (when) => `angelegt ${when}`,
  used: (when) => `zuletzt benutzt ${when}`,
  neverUsed: "noch nicht benutzt",
  add: "Passkey anlegen …",
  rename: "Umbenennen …",
  renameOne: (name) => `Passkey ${name} umbenennen`,
  remove: "Entfernen …",
  removeOne: (name) => `Passkey ${name} entfernen`,
  addTitle: "Passkey anlegen",
  addIntro: "Danach fragt Ihr Browser, wo er ihn aufbewahren soll und wer Sie sind.",
  addDo: "Weiter",
  addDone: "Mit dem Passkey können Sie sich ab jetzt anmelden.",
  renameTitle: "Passkey umbenennen",
  renameDone: "Der Passkey hat seinen neuen Namen.",
  removeTitle: (name) => `${name} entfernen`,
  removeIntro:
    "Damit meldet sich niemand mehr an, und wer damit angemeldet ist, wird abgemeldet, außer hier. Entfernen Sie ihn auch aus Ihrem Passwortmanager.",
  removeDo: "Entfernen",
  removeDone: "Der Passkey ist entfernt.",
  name: "Bezeichnung",
  nameHint: "Damit Sie ihn wiedererkennen: das Gerät oder der Passwortmanager.",
  nameMissing: "Geben Sie ihm eine Bezeichnung.",
  unchanged: "Es hat sich nichts geändert",
  on: (browser, system) => `${browser} auf ${system}`,
  errors: {
    cancelled: "Es gab keinen Passkey für hier, oder Sie haben abgebrochen.",
    known: "Dieses Gerät oder dieser Passwortmanager hat schon einen Passkey von Ihnen für hier.",
    elsewhere:
      "Unter dieser Adresse gelten Passkeys nicht. Öffnen Sie das Board unter seiner üblichen.",
    unable: "Der Browser konnte das nicht. Versuchen Sie es mit einem anderen oder anderswo.",
  },
};

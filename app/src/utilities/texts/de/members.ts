/** German texts of a board's members. */

import type { members as english } from "../en/members";

export const members: typeof english = {
  title: "Mitglieder",
  invite: "Jemanden einladen",
  inviteHint: "Wer eingeladen wird, braucht hier ein Konto und sieht das Board sofort.",
  username: "Benutzername",
  usernameMissing: "Geben Sie einen Benutzernamen ein.",
  noSuchUser: (name) => `Einen Benutzer „${name}“ gibt es nicht.`,
  already: (name) => `${name} ist schon Mitglied.`,
  role: "Rolle",
  roleOf: (name) => `Rolle von ${name}`,
  add: "Einladen",
  byLink: "Mit Link einladen",
  apiTokens: "API-Tokens",
  added: (name) => `${name} ist dabei.`,
  roleTexts: {
    owner: "Eigentum: darf alles",
    editor: "Bearbeitung: ändert Aufgaben und Kommentare",
    viewer: "Ansicht: liest nur",
  },
  changed: (name) => `Die Rolle von ${name} ist geändert.`,
  remove: (name) => `${name} entfernen`,
  removeTitle: (name) => `${name} entfernen?`,
  removeText: "Das Board ist dann nicht mehr zu sehen. Zugewiesene Aufgaben bleiben, wie sie sind.",
  removeDo: "Entfernen",
  removed: (name) => `${name} ist entfernt.`,
  you: "Sie",
  lowerTitle: "Das Eigentum an diesem Board abgeben?",
  lowerText:
    "Sie können dann niemanden mehr einladen, keine Rollen und keine Spalten ändern und das Board nicht löschen, bis Ihnen jemand das Eigentum zurückgibt.",
  lowerDo: "Meine Rolle ändern",
  leave: "Board verlassen",
  leaveTitle: "Dieses Board verlassen?",
  leaveText: "Sie sehen es dann nicht mehr, es sei denn, Sie werden wieder eingeladen.",
  leaveDo: "Verlassen",
  left: "Sie haben das Board verlassen.",
  lastOwnerTitle: "Ein Board behält jemanden, dem es gehört",
  lastOwner: "Geben Sie zuerst jemand anderem das Eigentum.",
  onlyOwners:
    "Wem das Board gehört, lädt ein und ändert Rollen. Sie sehen, wer da ist, und können gehen.",
  since: (date) => `seit ${date}`,
  failed: "Die Mitglieder konnten nicht geladen werden",
};

/** German texts of logging in by a provider. */

import type { signIn as english } from "../en/sign-in";

export const signIn: typeof english = {
  or: "Oder",
  by: (provider) => `Mit ${provider} anmelden`,
  title: "Anmeldung",
  intro: "Womit Sie sich anmelden können.",
  password: "Benutzername und Passwort",
  lastUsed: (when) => `zuletzt benutzt ${when}`,
  gone: "Ein Anbieter, den es hier nicht mehr gibt",
  link: (provider) => `${provider} verknüpfen`,
  linkIntro: (provider) =>
    `Als Nächstes melden Sie sich bei ${provider} an. Danach können Sie sich auch damit hier anmelden.`,
  linkDo: "Weiter",
  unlink: "Trennen …",
  unlinkOne: (provider) => `${provider} trennen`,
  unlinkIntro:
    "Damit kann sich niemand mehr an diesem Konto anmelden. Sitzungen, die damit begonnen haben, enden, außer dieser.",
  unlinkDo: "Trennen",
  unlinked: (provider) => `Sie melden sich nicht mehr mit ${provider} an.`,
  again: (provider) => `Noch einmal mit ${provider} anmelden`,
  noPassword:
    "Sie haben kein Passwort. Um eines zu setzen, zu ändern, womit Sie sich anmelden, oder Ihr Konto zu löschen, müssen Sie sich in den letzten zehn Minuten angemeldet haben.",
  failed: "Womit Sie sich anmelden können, konnte nicht geladen werden",
  errors: {
    denied: "Der Anbieter hat Sie nicht angemeldet, oder Sie haben abgebrochen.",
    expired:
      "Das hat zu lange gedauert oder wurde woanders begonnen. Versuchen Sie es noch einmal.",
    invalid: "Die Antwort des Anbieters gilt hier nicht. Versuchen Sie es noch einmal.",
    "unknown-provider": "Diesen Anbieter gibt es hier nicht.",
    unavailable:
      "Der Anbieter oder dieser Server ist nicht erreichbar. Versuchen Sie es später noch einmal.",
    "registration-closed":
      "Sie haben hier noch kein Konto, und dieser Anbieter legt keines an. Fragen Sie die Verwaltung.",
    "account-disabled": "Ihr Konto ist gesperrt. Fragen Sie die Verwaltung.",
    "identity-taken": "Diese Anmeldung gehört hier zu einem anderen Konto.",
    "too-many-attempts": "Zu viele Versuche. Versuchen Sie es später noch einmal.",
  },
};

/** German texts of login, registration and profile. */

import type { account as english } from "../en/account";
import { pluralIn } from "../plural";

const plural = pluralIn("de");

export const account: typeof english = {
  logInTitle: "Anmelden",
  registerTitle: "Registrieren",
  username: "Benutzername",
  usernameHint: "3 bis 32 Buchstaben, Ziffern oder _ . -",
  displayName: "Anzeigename",
  displayNameHint:
    "So heißen Sie in der App. Das sehen die Mitglieder Ihrer Boards und sonst niemand.",
  password: "Passwort",
  passwordHint: "Mindestens 10 Zeichen. Gut sind ein paar Wörter hintereinander.",
  noAccount: "Noch kein Konto?",
  haveAccount: "Haben Sie ein Konto?",
  usernameMissing: "Geben Sie Ihren Benutzernamen ein.",
  usernameWrong:
    "Ein Benutzername hat 3 bis 32 Zeichen: Buchstaben von a bis z, Ziffern, _ . und -",
  usernameTaken: (name) => `${name} heißt schon jemand.`,
  wrongCredentials: "Diesen Benutzer gibt es nicht, oder das ist nicht das Passwort.",
  passwordWrong: "Das ist nicht Ihr Passwort.",
  passwordMissing: "Geben Sie Ihr Passwort ein.",
  comeBack:
    "Sie sind nicht mehr angemeldet. Melden Sie sich an, dann geht es weiter, wo Sie waren.",
  logInFirst: "Melden Sie sich an, um das zu sehen. Danach kommen Sie hierher zurück.",
  logInToJoin: "Melden Sie sich an, dann treten Sie dem Board bei.",
  invitation: "Einladung",
  email: "E-Mail-Adresse",
  wasReset: (name) => `Das Passwort von ${name} ist gesetzt. Melden Sie sich damit an.`,
  notOpen: {
    invite: "Neue Konten gibt es hier auf Einladung: Bitten Sie jemanden um einen Link.",
    closed: "Neue Konten gibt es hier von der Verwaltung: Bitten Sie dort um einen Link.",
  },
  loggedInAs: (name) => `Sie sind als ${name} angemeldet.`,
  goOn: "Weiter",
  tooMany: "Zu viele Versuche",
  tryAgainIn: (time) => `Wieder möglich in ${time}`,
  tryAgainNow: "Sie können es jetzt wieder versuchen.",
  notConfiguredTitle: "Dieser Server hat keine Konten",
  notConfigured:
    "Er läuft ohne Datenbank. Sie können die Boards ohne Konto benutzen: Alle, die diesen Server öffnen, teilen sie, und sie bleiben bis zu seinem Neustart.",
  profileTitle: "Profil",
  you: "Sie",
  memberSince: (date) => `Dabei seit ${date}`,
  saved: "Gespeichert",
  changePassword: "Passwort ändern",
  currentPassword: "Bisheriges Passwort",
  newPassword: "Neues Passwort",
  passwordChanged: "Ihr Passwort ist geändert. Alle anderen Geräte sind abgemeldet.",
  devices: "Geräte",
  logOutHere: "Abmelden",
  logOutEverywhere: "Überall abmelden",
  logOutEverywhereText:
    "Auch auf diesem Gerät müssen Sie sich dann neu anmelden. Ihre API-Tokens gelten weiter.",
  logOutUnsent: (count, user) =>
    `${plural(count, { one: "1 Änderung wurde nicht gesendet. Sie bleibt", other: `${count} Änderungen wurden nicht gesendet. Sie bleiben` })} auf diesem Gerät und ${plural(count, { one: "wird", other: "werden" })} gesendet, wenn sich ${user} hier wieder anmeldet.`,
  loggedOut: "Sie sind abgemeldet.",
  look: "Aussehen",
  theme: "Farben",
  themeSystem: "Wie das Gerät",
  themeLight: "Hell",
  themeDark: "Dunkel",
  language: "Sprache",
  languageSystem: "Wie das Gerät",
  server: "Server",
  serverAddress: "Adresse des Servers",
  serverHint: "Etwa https://boards.example.org",
  serverWrong: "Das ist keine Adresse eines Servers: Sie beginnt mit https:// oder http://.",
  useServer: "Diesen Server benutzen",
  notLoggedIn: "Sie sind nicht angemeldet.",
};

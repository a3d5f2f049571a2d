/** German texts of invitations and of links to a new password. */

import type { access as english } from "../en/access";
import { pluralIn } from "../plural";

const plural = pluralIn("de");

export const access: typeof english = {
  invite: {
    toBoard: (who, board) => `${who} lädt Sie auf das Board „${board}“ ein`,
    toAccount: (who) => `${who} lädt Sie ein, hier ein Konto anzulegen`,
    until: (moment) => `Die Einladung gilt bis ${moment}.`,
    youAre: (name) => `Sie sind als ${name} angemeldet.`,
    hasAccount: (name) => `Sie haben schon ein Konto: Sie sind als ${name} angemeldet.`,
    join: "Beitreten",
    registerAndJoin: "Registrieren und beitreten",
    logInAndJoin: "Anmelden und beitreten",
    noRegister: "Dazu brauchen Sie hier ein Konto, und diese Einladung legt keines an.",
    joined: (board) => `Sie sind „${board}“ beigetreten.`,
    already: (board) => `Sie sind schon Mitglied von „${board}“.`,
    failed: "Die Einladung konnte nicht geladen werden",
    joinFailed: "Sie sind nicht beigetreten",
    invalidTitle: "Diese Einladung gilt nicht",
    invalid:
      "Sie ist vielleicht abgelaufen, verbraucht oder zurückgenommen, oder der Link wurde unterwegs gekürzt. Bitten Sie um eine neue.",
  },
  reset: {
    intro:
      "Wählen Sie ein neues Passwort. Sie werden überall abgemeldet und melden sich damit neu an.",
    save: "Passwort setzen",
    failed: "Das Passwort ist nicht gesetzt",
    invalidTitle: "Dieser Link gilt nicht",
    invalid:
      "Er gilt einmal und 24 Stunden lang. Bitten Sie die Verwaltung um einen neuen. Haben Sie damit schon ein Passwort gesetzt, melden Sie sich mit diesem an.",
    makeOne: (name) => `Passwort-Link für ${name}`,
    makeIntro: (name) =>
      `Damit wählt ${name} ein neues Passwort, einmal und innerhalb von 24 Stunden. Er ersetzt den vorigen. Schicken Sie ihn so, dass ihn sonst niemand liest.`,
    makeDo: "Link anlegen",
    makeFailed: "Der Link konnte nicht angelegt werden",
    until: (moment) =>
      `Er gilt bis ${moment}. Sie sehen ihn nicht noch einmal: Kopieren Sie ihn jetzt.`,
  },
  links: {
    toBoard: "Mit Link einladen",
    toBoardIntro: "Wer den Link hat, tritt diesem Board bei und kann dafür ein Konto anlegen.",
    toServer: "Mit Link einladen",
    toServerIntro: "Wer den Link hat, kann hier ein Konto anlegen, ohne Board.",
    role: "Rolle",
    expiry: "Gilt",
    days: (count) => plural(count, { one: `${count} Tag`, other: `${count} Tage` }),
    uses: "Für",
    once: "Eine Person",
    often: "Viele Personen",
    make: "Link anlegen",
    link: "Der Link",
    onlyNow: "Sie sehen ihn nicht noch einmal: Kopieren Sie ihn jetzt.",
    copy: "Kopieren",
    copied: "Der Link ist kopiert.",
    notCopied: "Er ließ sich nicht kopieren: Markieren und kopieren Sie ihn selbst.",
    makeFailed: "Der Link konnte nicht angelegt werden",
    tooMany: "Es gibt so viele Links, wie es geben darf: Nehmen Sie erst einen zurück.",
    living: "Links, die gelten",
    none: "Es gibt keinen.",
    failed: "Die Links konnten nicht geladen werden",
    forOne: "für eine Person",
    forMany: (used) => `für viele Personen, benutzt von ${used}`,
    until: (moment) => `bis ${moment}`,
    by: (name) => `von ${name}`,
    account: "Konto",
    revoke: "Zurücknehmen",
    revokeOne: (what) => `Zurücknehmen: ${what}`,
    revoked: "Der Link gilt nicht mehr.",
  },
};

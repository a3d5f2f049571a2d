/** German texts of the ways in and out: invitations, a new password, log-ins, the end of an account. */

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
    member: (board) => `Sie sind Mitglied von „${board}“.`,
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
      "Er gilt einmal und nicht lange. Bitten Sie die Verwaltung um einen neuen, oder lassen Sie sich bei der Anmeldung einen mailen. Haben Sie damit schon ein Passwort gesetzt, melden Sie sich mit diesem an.",
    makeOne: (name) => `Passwort-Link für ${name}`,
    makeIntro: (name) =>
      `Damit wählt ${name} ein neues Passwort, einmal und innerhalb von 24 Stunden. Er ersetzt den vorigen. Schicken Sie ihn so, dass ihn sonst niemand liest.`,
    makeDo: "Link anlegen",
    makeFailed: "Der Link konnte nicht angelegt werden",
    until: (moment) =>
      `Er gilt bis ${moment}. Sie sehen ihn nicht noch einmal: Kopieren Sie ihn jetzt.`,
  },
  codes: {
    title: "Zweiter Faktor",
    intro:
      "Die Anmeldung fragt dann neben dem Passwort nach einem Code aus einer Authenticator-App auf Ihrem Telefon.",
    failed: "Ihr zweiter Faktor konnte nicht geladen werden",
    begin: "App einrichten…",
    on: (date) => `Eingeschaltet seit ${date}.`,
    left: (count) =>
      plural(count, {
        one: `${count} Wiederherstellungscode ist übrig.`,
        other: `${count} Wiederherstellungscodes sind übrig.`,
      }),
    replace: "Neue Wiederherstellungscodes…",
    disable: "Ausschalten…",
    beginTitle: "App einrichten",
    beginIntro:
      "Sie brauchen eine Authenticator-App: Die Passwortverwaltung Ihres Telefons hat eine, andere gibt es in seinem Store. Geben Sie zuerst Ihr Passwort ein.",
    next: "Weiter",
    scanTitle: "Mit der App scannen",
    scanIntro:
      "Scannen Sie den Code mit der App, oder geben Sie den Schlüssel dort ein. Beides sehen Sie nur jetzt.",
    qrCode: "QR-Code mit dem Schlüssel für die App",
    secret: "Der Schlüssel",
    secretHint: "Zeitbasiert, 6 Ziffern.",
    firstCodeHint: "Die sechs Ziffern, die die App gerade zeigt.",
    confirm: "Einschalten",
    recoveryTitle: "Ihre Wiederherstellungscodes",
    recoveryHint:
      "Jeder lässt Sie einmal herein, wenn Sie die App nicht haben. Bewahren Sie sie dort auf, wo Sie sie ohne Ihr Telefon finden: Sie sehen sie nicht noch einmal.",
    copy: "Kopieren",
    copied: "Die Wiederherstellungscodes sind kopiert.",
    save: "Als Datei sichern",
    saved: "Die Datei ist gesichert.",
    file: (name) => `wiederherstellungscodes-${name}`,
    replaceTitle: "Neue Wiederherstellungscodes",
    replaceIntro: "Sie bekommen zehn neue, und die bisherigen gelten nicht mehr.",
    replaceDo: "Neue anlegen",
    disableTitle: "Zweiten Faktor ausschalten",
    disableIntro:
      "Danach genügt zur Anmeldung Ihr Passwort. Die Wiederherstellungscodes gelten nicht mehr.",
    disableDo: "Ausschalten",
    disabled: "Der zweite Faktor ist ausgeschaltet.",
    changeFailed: "Es hat sich nichts geändert",
    code: "Code",
    eitherCode: "Code der App oder Wiederherstellungscode",
    recoveryCode: "Wiederherstellungscode",
    missing: "Geben Sie den Code ein.",
    wrong: "Dieser Code gilt nicht. Jeder gilt eine Minute lang und nur einmal.",
    stepIntro: "Geben Sie die sechs Ziffern ein, die Ihre Authenticator-App für Taskboard zeigt.",
    recoveryIntro:
      "Geben Sie einen der Wiederherstellungscodes ein, die Sie aufbewahrt haben. Er gilt einmal.",
    stepFailed: "Sie sind nicht angemeldet",
    expired: "Seit der Eingabe Ihres Passworts ist zu viel Zeit vergangen.",
    again: "Neu anmelden",
    useRecovery: "Wiederherstellungscode verwenden",
    useApp: "App verwenden",
    back: "Zurück",
  },
  sessions: {
    title: "Wo Sie angemeldet sind",
    failed: "Ihre Anmeldungen konnten nicht geladen werden",
    unknown: "Unbekanntes Gerät",
    on: (browser, system) => `${browser} unter ${system}`,
    here: "Diese",
    since: (moment) => `seit ${moment}`,
    seen: (when) => `zuletzt da: ${when}`,
    until: (date) => `bis ${date}`,
    end: "Abmelden",
    endOne: (what) => `Abmelden: ${what}`,
    ended: "Das Gerät ist abgemeldet.",
  },
  data: {
    title: "Ihre Daten",
    intro:
      "Eine Datei mit dem, was über Sie gespeichert ist: Konto, Anmeldungen, Boards und was Sie an Aufgaben und Kommentaren geschrieben haben.",
    save: "Meine Daten sichern",
    saved: "Die Datei ist gesichert.",
    cut: "Die Datei ist gesichert, mit Ihren neuesten Aufgaben und Kommentaren: Es gibt mehr, als sie fasst.",
    failed: "Die Datei konnte nicht erstellt werden",
  },
  leave: {
    title: "Konto löschen",
    open: "Mein Konto löschen …",
    intro:
      "Sie werden überall abgemeldet und können nicht zurück: Mit Ihrem Benutzernamen kann sich niemand mehr anmelden oder registrieren.",
    boards:
      "Boards, auf denen nur Sie sind, kommen in den Papierkorb. Von allen anderen werden Sie genommen; was Sie dort geschrieben haben, bleibt unter Ihrem Benutzernamen.",
    lost: (count) =>
      `${plural(count, { one: "1 Änderung auf diesem Gerät wurde nicht gesendet. Sie geht", other: `${count} Änderungen auf diesem Gerät wurden nicht gesendet. Sie gehen` })} verloren.`,
    confirm: "Mein Konto löschen",
    failed: "Ihr Konto ist nicht gelöscht",
    owned: "Diese Boards haben andere Mitglieder, gehören aber nur Ihnen",
    ownedHint:
      "Geben Sie jeweils jemandem das Eigentum, oder löschen Sie die Boards mit Ihrem Konto.",
    members: (count) => plural(count, { one: `${count} Mitglied`, other: `${count} Mitglieder` }),
    boardOf: (name, members) => `${name}: ${members}`,
    withBoards: "Diese Boards mitlöschen",
    lastAdmin: "Jemand muss verwalten: Vertrauen Sie es zuerst jemand anderem an.",
    gone: "Ihr Konto ist gelöscht.",
  },
  links: {
    toBoard: "Mit Link einladen",
    toBoardIntro: "Wer den Link hat, tritt diesem Board bei und kann dafür ein Konto anlegen.",
    noAccounts:
      "Wer den Link hat, tritt diesem Board bei. Er legt kein Konto an: Das gibt es von der Verwaltung.",
    toServer: "Mit Link einladen",
    toServerIntro: "Wer den Link hat, kann hier ein Konto anlegen, ohne Board.",
    role: "Rolle",
    expiry: "Gilt",
    days: (count) => plural(count, { one: `${count} Tag`, other: `${count} Tage` }),
    uses: "Für",
    once: "Eine Person",
    often: "Viele Personen",
    mailTo: "Per E-Mail an (freiwillig)",
    noAddress: "An diese Adresse kann keine E-Mail gesendet werden.",
    mailed: (address) => `Eine E-Mail mit dem Link an ${address} ist unterwegs.`,
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

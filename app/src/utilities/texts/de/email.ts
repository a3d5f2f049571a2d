/** German texts of e-mail addresses and forgotten passwords. */

import type { email as english } from "../en/email";

export const email: typeof english = {
  intro:
    "An diese Adresse bekommen Sie einen Link zu einem neuen Passwort, wenn Sie Ihres vergessen haben.",
  none: "Sie haben keine Adresse angegeben.",
  failed: "Ihre E-Mail-Adresse konnte nicht geladen werden",
  confirmed: (address, date) => `${address}, bestätigt am ${date}.`,
  pending: (address, moment) =>
    `Eine E-Mail an ${address} ist unterwegs. Öffnen Sie den Link darin bis ${moment}.`,
  stays: (address) => `Bis dahin bleibt ${address} Ihre Adresse.`,
  resend: "Noch einmal senden",
  sent: "Die E-Mail ist unterwegs. Der vorige Link gilt nicht mehr.",
  add: "Adresse angeben …",
  change: "Adresse ändern …",
  remove: "Adresse entfernen …",
  setTitle: "E-Mail-Adresse angeben",
  setIntro:
    "Dorthin geht eine E-Mail mit einem Link. Wenn Sie ihn hier geöffnet haben, ist es Ihre Adresse.",
  address: "E-Mail-Adresse",
  addressMissing: "Geben Sie eine E-Mail-Adresse ein.",
  addressWrong: "An diese Adresse kann keine E-Mail gesendet werden.",
  send: "E-Mail senden",
  removeTitle: "Adresse entfernen",
  removeIntro: "Wenn Sie Ihr Passwort vergessen, kann Ihnen dann nur noch die Verwaltung helfen.",
  removeDo: "Entfernen",
  removed: "Sie haben hier keine E-Mail-Adresse mehr.",
  changeFailed: "Es hat sich nichts geändert",
  confirmTitle: "E-Mail-Adresse bestätigen",
  confirmIntro: (name) =>
    `Sie sind als ${name} angemeldet. Ging die E-Mail mit diesem Link an Sie?`,
  logInFirst: "Melden Sie sich mit dem Konto an, für das diese Adresse ist.",
  confirm: "Adresse bestätigen",
  isConfirmed: (address) => `${address} ist bestätigt.`,
  confirmFailed: "Die Adresse ist nicht bestätigt",
  taken:
    "Ein anderes Konto hat diese Adresse. Entfernen Sie sie zuerst dort, und öffnen Sie den Link dann noch einmal.",
  invalidTitle: "Dieser Link gilt nicht",
  invalid:
    "Er gilt einmal, 24 Stunden lang und für das Konto, für das er gemacht ist. In Ihrem Profil können Sie einen neuen senden lassen.",
  forgot: "Passwort vergessen?",
  forgotTitle: "Passwort vergessen?",
  forgotIntro:
    "Geben Sie Ihren Benutzernamen oder Ihre E-Mail-Adresse ein. An Ihre Adresse geht dann ein Link zu einem neuen Passwort.",
  account: "Benutzername oder E-Mail-Adresse",
  accountMissing: "Geben Sie Ihren Benutzernamen oder Ihre E-Mail-Adresse ein.",
  forgotDone:
    "Wenn es dieses Konto gibt und es eine bestätigte Adresse hat, ist eine E-Mail unterwegs. Ihr Link gilt eine Stunde lang.",
  forgotElse:
    "Keine E-Mail? Sehen Sie bei den unerwünschten nach, oder bitten Sie die Verwaltung um einen Link.",
  forgotFailed: "Es wurde keine E-Mail gesendet",
};

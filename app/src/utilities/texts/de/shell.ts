/** German texts of what surrounds the screens, and of the welcome and not-found screens. */

import type { shell as english } from "../en/shell";

export const shell: typeof english = {
  home: "Taskboard, zu Ihren Boards",
  withoutAccount: "Ohne Konto",
  accountMenu: "Kontomenü",
  boards: "Ihre Boards",
  profile: "Profil",
  admin: "Verwaltung",
  adminParts: { activity: "Aktivität", dashboard: "Übersicht", users: "Benutzer" },
  shortcuts: "Tastenkürzel",
  logIn: "Anmelden",
  register: "Registrieren",
  logOut: "Abmelden",
  quickWin: "Ohne Konto ausprobieren",
  notFoundTitle: "Hier ist nichts",
  notFound: "Vielleicht ist die Adresse vertippt, oder was hier war, wurde gelöscht.",
  toStart: "Zur Startseite",
  toBoards: "Zu Ihren Boards",
  networkError:
    "Der Server ist nicht zu erreichen. Prüfen Sie die Verbindung und versuchen Sie es noch einmal.",
  timedOut: "Der Server hat zu lange nicht geantwortet. Versuchen Sie es noch einmal.",
  unknownError: "Hier ist etwas schiefgegangen. Versuchen Sie es noch einmal.",
};

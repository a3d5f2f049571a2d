/** German texts of what surrounds the screens, and of the welcome and not-found screens. */

import type { shell as english } from "../en/shell";

export const shell: typeof english = {
  home: "Taskboard, zu deinen Boards",
  withoutAccount: "Ohne Konto",
  accountMenu: "Kontomenü",
  boards: "Deine Boards",
  profile: "Profil",
  shortcuts: "Tastenkürzel",
  logIn: "Anmelden",
  register: "Registrieren",
  logOut: "Abmelden",
  quickWin: "Ohne Konto ausprobieren",
  tagline: "Ein Board, das sich für alle zugleich bewegt",
  notFoundTitle: "Hier ist nichts",
  notFound: "Vielleicht ist die Adresse vertippt, oder was hier war, wurde gelöscht.",
  toBoards: "Zu deinen Boards",
};

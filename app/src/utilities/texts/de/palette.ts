/** German texts of the command palette. */

import type { palette as english } from "../en/palette";

export const palette: typeof english = {
  title: "Gehe zu",
  field: "Board, Karte oder Aktion",
  found: "Gefunden",
  nothing: "Kein Board, keine Karte und keine Aktion hat diese Wörter.",
  groups: { boards: "Boards", cards: "Karten dieses Boards", actions: "Aktionen" },
  toBoards: "Zu Ihren Boards",
};

/** German texts of the help sheet for the keyboard. */

import type { shortcuts as english } from "../en/shortcuts";

export const shortcuts: typeof english = {
  title: "Tastenkürzel",
  everywhere: "Überall",
  help: "Diese Liste zeigen",
  palette: "Zu einem Board, einer Karte oder einer Aktion gehen",
  general: "Tab geht von Element zu Element, die Eingabetaste wählt, Escape schließt.",
  keys: {
    Control: "Strg",
    Enter: "Eingabe",
    Escape: "Esc",
    Delete: "Entf",
    ArrowUp: "↑",
    ArrowDown: "↓",
    ArrowLeft: "←",
    ArrowRight: "→",
    " ": "Leertaste",
  },
};

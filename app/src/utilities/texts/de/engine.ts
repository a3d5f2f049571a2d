/** German texts of the section "engine". */

import type { engine as english } from "../en/engine";

export const engine: typeof english = {
  unreachable: "Der Server ist nicht erreichbar.",
  tooSlow: "Der Server hat zu lange nicht geantwortet.",
  changedMeanwhile: "Jemand hat diese Aufgabe geändert, nachdem Sie sie gelöscht haben.",
  commentGone: "Der Kommentar wurde gelöscht.",
  taskGone: "Diese Aufgabe gibt es nicht mehr.",
  keepsFailing: (words) => `Der Server scheitert jedes Mal an dieser Änderung: ${words}`,
  boardAnew: "Der Server hat neu begonnen: Dieses Board ist jetzt ein anderes.",
  quickWinLacks: "Quick-win-Boards haben das nicht.",
};

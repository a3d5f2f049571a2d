/** What the command palette offers, and in which order. */

import type { IconName } from "../../components";
import { folded, holds, searchQuery } from "../../utilities/search";

/** The groups, in the order shown. */
export const GROUPS = ["boards", "cards", "actions"] as const;

export interface Entry {
  readonly group: (typeof GROUPS)[number];
  /** Distinguishes it from all others. */
  readonly id: string;
  readonly icon: IconName;
  readonly label: string;
  /** Beside the name: a card's number and column, an action's keys. It is searched as well. */
  readonly note: string;
  readonly run: () => void;
}

/** How many of each group are shown. */
const MOST = 8;

/**
 * The entries that a text finds, those first whose names begin with it. Without a text there are no cards: nobody looks
 * through all of them.
 */
export function found(entries: readonly Entry[], text: string): readonly Entry[] {
  const query = searchQuery(text);
  const start = folded(text).trim();
  return GROUPS.flatMap((group) => {
    if (start === "" && group === "cards") return [];
    const fitting = entries.filter(
      (entry) => entry.group === group && holds(folded(`${entry.label} ${entry.note}`), query),
    );
    const begins = ({ label }: Entry) => folded(label).startsWith(start);
    return [...fitting.filter(begins), ...fitting.filter((entry) => !begins(entry))].slice(0, MOST);
  });
}

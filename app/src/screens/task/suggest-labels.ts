/** The labels of a board that fit what is being typed. */

import type { BoardTask } from "../../sync";

/** How many are suggested. */
const MOST = 6;

/**
 * First those that begin with what is typed, then those that have it elsewhere; of these the ones most
 * in use. Upper and lower case are the same.
 *
 * @param taken labels that the task has already
 * @param typed "": all fit
 */
export function suggestLabels(
  tasks: readonly Pick<BoardTask, "labels">[],
  taken: readonly string[],
  typed: string,
): readonly string[] {
  const wanted = typed.toLowerCase();
  const uses = new Map<string, number>();
  for (const { labels } of tasks) {
    for (const label of labels) {
      uses.set(label, (uses.get(label) ?? 0) + 1);
    }
  }
  return [...uses]
    .map(([label, count]) => ({ label, count, at: label.toLowerCase().indexOf(wanted) }))
    .filter(({ label, at }) => at >= 0 && !taken.includes(label))
    .sort(
      (a, b) =>
        Number(a.at > 0) - Number(b.at > 0) || b.count - a.count || a.label.localeCompare(b.label),
    )
    .slice(0, MOST)
    .map(({ label }) => label);
}

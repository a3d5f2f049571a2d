/** A board's filter in words. */

import type { Catalogue } from "../../utilities/texts";
import type { Due, Filter } from "./filters";

export function dueNames(texts: Catalogue["board"]): Readonly<Record<Due, string>> {
  return { overdue: texts.dueOverdue, week: texts.dueWeek };
}

/**
 * What a filter asks for, by kinds: "Label: bug, urgent".
 *
 * @param nameOf how people are called by their user names
 */
export function filterWords(
  { text, assignees, labels, due }: Filter,
  texts: Catalogue["board"],
  nameOf: (username: string) => string,
): readonly string[] {
  const dues = dueNames(texts);
  const kinds: readonly (readonly [string, readonly string[]])[] = [
    [texts.searchedFor, text.trim() === "" ? [] : [text.trim()]],
    [texts.assignee, assignees.map((name) => (name === "" ? texts.nobody : nameOf(name)))],
    [texts.label, labels],
    [texts.due, due.map((when) => dues[when])],
  ];
  return kinds
    .filter(([, values]) => values.length > 0)
    .map(([kind, values]) => `${kind}: ${values.join(", ")}`);
}

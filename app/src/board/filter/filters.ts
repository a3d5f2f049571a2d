/** Which tasks a filter lets through. */

import type { FilterQuery } from "../../navigation/routes";
import type { BoardTask } from "../../sync";
import { LIMITS } from "../../utilities/limits";
import { folded, holds, searchQuery } from "../../utilities/search";
import { dueState } from "../card/due";

export interface Filter {
  /** What is searched for: words, "phrases" and -exclusions. */
  readonly text: string;
  /** Of several values of one kind a task needs one; none lets every task through. "" is nobody. */
  readonly assignees: readonly string[];
  readonly labels: readonly string[];
  readonly due: readonly Due[];
}

export type Due = "overdue" | "week";

export const NO_FILTER: Filter = { text: "", assignees: [], labels: [], due: [] };

export function queryOf({ text, assignees, labels, due }: Filter): FilterQuery {
  const given = <Value>(values: readonly Value[]) => (values.length > 0 ? values : undefined);
  return {
    q: text.trim() === "" ? undefined : text,
    assignee: given(assignees),
    label: given(labels),
    due: given(due),
  };
}

/** @param query as an address has it: what is there once is no list, and anybody may write anything */
export function filterOf(query: { readonly [name in keyof FilterQuery]: unknown }): Filter {
  const list = (value: unknown) =>
    [value].flat().filter((each): each is string => typeof each === "string");
  return {
    text: searchable(list(query.q)[0] ?? ""),
    assignees: list(query.assignee),
    labels: list(query.label),
    due: list(query.due).filter((each): each is Due => each === "overdue" || each === "week"),
  };
}

/** As much of a text as can be searched for: the API takes no more, nor does an address. */
export function searchable(text: string): string {
  return [...text].slice(0, LIMITS.search).join("");
}

/** How many values are chosen, the text apart. */
export function chosen({ assignees, labels, due }: Filter): number {
  return assignees.length + labels.length + due.length;
}

/** The values with this one put in, or taken out where it is in. */
export function toggled<Value>(values: readonly Value[], value: Value): readonly Value[] {
  return values.includes(value) ? values.filter((each) => each !== value) : [...values, value];
}

/** Whether it lets everything through. */
export function isEmpty(filter: Filter): boolean {
  return filter.text.trim() === "" && chosen(filter) === 0;
}

const texts = new WeakMap<BoardTask, string>();

/** What a task is found by: as in the API, its number, once it has one, included. */
function searchText(task: BoardTask): string {
  let text = texts.get(task);
  if (text === undefined) {
    const parts = [task.title, task.description, task.labels.join(" "), task.assigned_to ?? ""];
    const number = task.id > 0 ? `#${task.id}` : "";
    text = [...parts.map(folded), number].join("\n");
    texts.set(task, text);
  }
  return text;
}

/**
 * What says whether a task passes. It remembers: a task is never changed in place, so each is
 * looked at once per filter.
 *
 * @param now milliseconds since 1970
 */
export function matcher(filter: Filter, now: number): (task: BoardTask) => boolean {
  const query = searchQuery(filter.text);
  const known = new WeakMap<BoardTask, boolean>();
  const passes = (task: BoardTask): boolean => {
    const { assignees, labels, due } = filter;
    if (assignees.length > 0 && !assignees.includes(task.assigned_to ?? "")) {
      return false;
    }
    if (labels.length > 0 && !labels.some((label) => task.labels.includes(label))) {
      return false;
    }
    if (due.length > 0 && !due.some((when) => isDue(task, when, now))) {
      return false;
    }
    return holds(searchText(task), query);
  };
  return (task) => {
    let answer = known.get(task);
    if (answer === undefined) {
      answer = passes(task);
      known.set(task, answer);
    }
    return answer;
  };
}

function isDue(task: BoardTask, due: Due, now: number): boolean {
  if (task.due_at === null) {
    return false;
  }
  const { kind } = dueState(task.due_at, now);
  return due === "overdue" ? kind === "overdue" : kind !== "later";
}

/** What a board's tasks can be filtered by, each sorted. */
export function choices(tasks: readonly BoardTask[]): { labels: string[]; assignees: string[] } {
  const labels = new Set<string>();
  const assignees = new Set<string>();
  for (const task of tasks) {
    task.labels.forEach((label) => labels.add(label));
    if (task.assigned_to !== null) {
      assignees.add(task.assigned_to);
    }
  }
  const sorted = (names: Set<string>) => [...names].sort((a, b) => a.localeCompare(b));
  return { labels: sorted(labels), assignees: sorted(assignees) };
}

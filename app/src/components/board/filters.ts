/** Which tasks a filter lets through. */

import type { BoardTask } from "../../state/types";
import { dueState } from "./due";

export interface Filter {
  /** Words that must all be found in the task. */
  readonly text: string;
  /** A name; "" for nobody; null for anybody. */
  readonly assignee: string | null;
  readonly label: string | null;
  readonly due: "overdue" | "week" | null;
}

export const NO_FILTER: Filter = { text: "", assignee: null, label: null, due: null };

/** Whether it lets everything through. */
export function isEmpty(filter: Filter): boolean {
  return (
    filter.text.trim() === "" &&
    filter.assignee === null &&
    filter.label === null &&
    filter.due === null
  );
}

/** As people search: without regard to case and accents. */
export function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

function haystack(task: BoardTask): string {
  const number = task.id > 0 ? `#${task.id}` : "";
  const parts = [number, task.title, task.description, task.assigned_to ?? "", ...task.labels];
  return folded(parts.join("\n"));
}

/**
 * What tells whether a task passes. It remembers: a task is never changed in place, so each is
 * looked at once per filter.
 *
 * @param now milliseconds since 1970
 */
export function matcher(filter: Filter, now: number): (task: BoardTask) => boolean {
  const words = folded(filter.text).split(/\s+/).filter(Boolean);
  const known = new WeakMap<BoardTask, boolean>();
  const passes = (task: BoardTask): boolean => {
    if (filter.assignee !== null && (task.assigned_to ?? "") !== filter.assignee) {
      return false;
    }
    if (filter.label !== null && !task.labels.includes(filter.label)) {
      return false;
    }
    if (filter.due !== null && !isDue(task, filter.due, now)) {
      return false;
    }
    if (words.length === 0) {
      return true;
    }
    const text = haystack(task);
    return words.every((word) => text.includes(word));
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

function isDue(task: BoardTask, due: "overdue" | "week", now: number): boolean {
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

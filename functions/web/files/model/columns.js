/** The three columns of a quick-win board, in reading order. */

/** @typedef {import("./types.js").Status} Status */
/** @typedef {import("./types.js").Task} Task */

/** @type {readonly {key: Status, name: string}[]} */
export const COLUMNS = Object.freeze([
  { key: "todo", name: "To do" },
  { key: "in_progress", name: "In progress" },
  { key: "finished", name: "Finished" },
]);

/**
 * @param {unknown} key
 * @returns {string} what people call the column; an unknown key is shown as it is
 */
export function columnName(key) {
  return COLUMNS.find((column) => column.key === key)?.name ?? String(key);
}

/**
 * @param {Status} key
 * @param {-1 | 1} step
 * @returns {Status | null} the column beside this one, or null at the edge
 */
export function neighbour(key, step) {
  const index = COLUMNS.findIndex((column) => column.key === key);
  return COLUMNS[index + step]?.key ?? null;
}

/**
 * @param {readonly Task[]} tasks
 * @returns {Record<Status, Task[]>} the tasks of each column, oldest first, in every window alike
 */
export function byColumn(tasks) {
  /** @type {Record<Status, Task[]>} */
  const columns = { todo: [], in_progress: [], finished: [] };
  for (const task of tasks) {
    columns[task.status]?.push(task);
  }
  for (const column of Object.values(columns)) {
    column.sort((one, other) => one.id - other.id);
  }
  return columns;
}

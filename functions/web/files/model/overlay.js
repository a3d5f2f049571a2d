/**
 * Our own changes that the event stream has not confirmed yet, laid over the confirmed board. An
 * answer of the API is laid over it too until its event arrives, so that one sees one's own changes
 * at once, also while the relay is away.
 */

import { withTask } from "./apply.js";

/** @typedef {import("./types.js").BoardEvent} BoardEvent */
/** @typedef {import("./types.js").Task} Task */

/**
 * @typedef {object} Overlay
 * @property {ReadonlyMap<number, Partial<Task>>} hopes task id to fields that were sent
 * @property {ReadonlyMap<number, Task>} answers task id to the task as the API answered it
 * @property {ReadonlySet<number>} removals ids of tasks whose deletion was sent
 * @property {ReadonlySet<number>} deleted ids whose Delete event was seen: a late answer is stale
 */

/** @returns {Overlay} */
export function noOverlay() {
  return { hopes: new Map(), answers: new Map(), removals: new Set(), deleted: new Set() };
}

/**
 * @param {readonly Task[]} tasks the confirmed tasks
 * @param {Overlay} overlay
 * @returns {Task[]} the tasks to show
 */
export function shown(tasks, overlay) {
  let result = tasks.slice();
  for (const answer of overlay.answers.values()) {
    result = withTask(result, answer);
  }
  return result
    .filter((task) => !overlay.removals.has(task.id))
    .map((task) =>
      overlay.hopes.has(task.id) ? { ...task, ...overlay.hopes.get(task.id) } : task,
    );
}

/** @param {Overlay} overlay @param {number} id @param {Partial<Task>} fields @returns {Overlay} */
export function hoped(overlay, id, fields) {
  return { ...overlay, hopes: new Map(overlay.hopes).set(id, fields) };
}

/** The change was refused, or another answer says better. @param {Overlay} overlay @param {number} id @returns {Overlay} */
export function unhoped(overlay, id) {
  const hopes = new Map(overlay.hopes);
  hopes.delete(id);
  return { ...overlay, hopes };
}

/**
 * The API answered with the task as it is now.
 *
 * @param {Overlay} overlay
 * @param {Task} task
 * @param {readonly Task[]} confirmed
 * @returns {Overlay}
 */
export function answered(overlay, task, confirmed) {
  const known = confirmed.find((other) => other.id === task.id)?.version ?? 0;
  const seen = Math.max(known, overlay.answers.get(task.id)?.version ?? 0);
  if (overlay.deleted.has(task.id) || seen >= task.version) {
    return overlay;
  }
  return { ...overlay, answers: new Map(overlay.answers).set(task.id, task) };
}

/** @param {Overlay} overlay @param {number} id @returns {Overlay} */
export function removed(overlay, id) {
  return { ...overlay, removals: new Set(overlay.removals).add(id) };
}

/** The deletion was refused. @param {Overlay} overlay @param {number} id @returns {Overlay} */
export function unremoved(overlay, id) {
  const removals = new Set(overlay.removals);
  removals.delete(id);
  return { ...overlay, removals };
}

/**
 * An event was applied to the confirmed board.
 *
 * @param {Overlay} overlay
 * @param {BoardEvent} event
 * @returns {Overlay}
 */
export function confirmed(overlay, event) {
  if (!event.task) {
    return overlay;
  }
  const { id, version } = event.task;
  const answers = new Map(overlay.answers);
  const gone = event.action === "Delete";
  if (gone || (answers.get(id)?.version ?? Infinity) <= version) {
    answers.delete(id);
  }
  const deleted = gone ? new Set(overlay.deleted).add(id) : overlay.deleted;
  return { ...overlay, answers, deleted };
}

/**
 * The board was fetched anew: it holds every answer we had. What was sent and not answered stays.
 *
 * @param {Overlay} overlay
 * @returns {Overlay}
 */
export function refetched(overlay) {
  return { ...overlay, answers: new Map() };
}

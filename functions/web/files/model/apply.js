/** Applying an event to a board, as the real-time contract defines it. Nothing is changed in place. */

/** @typedef {import("./types.js").Board} Board */
/** @typedef {import("./types.js").BoardEvent} BoardEvent */
/** @typedef {import("./types.js").Task} Task */

/** How many events a board document carries, as on the server. */
export const EVENTS_KEPT = 1000;

/**
 * Replaces or removes the event's entity by its id and takes the board's `seq` and `updated_at`
 * from the event. The caller sees to the order: `event.seq` is `board.seq + 1`.
 *
 * @param {Board} board
 * @param {BoardEvent} event
 * @returns {Board}
 */
export function applyEvent(board, event) {
  const renewed = event.entity === "board" && event.action !== "Delete" ? event.board : {};
  return {
    ...board,
    ...renewed,
    tasks: event.task ? withTask(board.tasks, event.task, event.action === "Delete") : board.tasks,
    events: [...board.events, event].slice(-EVENTS_KEPT),
    seq: event.seq,
    updated_at: event.timestamp,
  };
}

/**
 * @param {readonly Task[]} tasks by id
 * @param {Task} task
 * @param {boolean} gone
 * @returns {Task[]} by id
 */
export function withTask(tasks, task, gone = false) {
  const others = tasks.filter((other) => other.id !== task.id);
  if (gone) {
    return others;
  }
  // Nearly always the newest id, so the search goes from the end.
  let place = others.length;
  while (place > 0 && others[place - 1].id > task.id) {
    place -= 1;
  }
  others.splice(place, 0, task);
  return others;
}

/**
 * The event inside a WebSocket frame `{"type":"event","board":7,…}`. The frame's own `board` is a
 * number; an event about the board itself repeats the key with the entity, which wins.
 *
 * @param {Record<string, any>} frame
 * @returns {BoardEvent}
 */
export function eventOfFrame(frame) {
  const { type: _type, ...event } = frame;
  if (typeof event.board !== "object") {
    delete event.board;
  }
  return /** @type {BoardEvent} */ (event);
}

/**
 * The shapes that travel over the wire, for editors and readers; there is no code here.
 *
 * @typedef {"todo" | "in_progress" | "finished"} Status the key of a column
 *
 * @typedef {object} Task
 * @property {number} id counts from 1 on each board and is never used twice
 * @property {string} title one line, 1 to 200 characters
 * @property {string} description up to 10,000 characters, "" where there is none
 * @property {Status} status
 * @property {string | null} assigned_to
 * @property {number} version grows by one with every change of this task
 * @property {string} created_at RFC 3339, UTC, milliseconds
 * @property {string} updated_at RFC 3339, UTC, milliseconds
 *
 * @typedef {object} BoardEvent
 * @property {number} board_id
 * @property {number} seq its place in the board's history, dense
 * @property {"Add" | "Update" | "Move" | "Delete"} action
 * @property {"board" | "task"} entity
 * @property {Task} [task] the task afterwards; for a Delete, before
 * @property {Partial<Board>} [board] the board without its tasks and events
 * @property {Record<string, [unknown, unknown]>} [changes] field to [old, new]
 * @property {{id: number, username: string}} actor
 * @property {string} timestamp RFC 3339, UTC, milliseconds
 *
 * @typedef {object} Board
 * @property {number} id counts from 1 in each run of the host
 * @property {string} epoch tells this board from one that had the same id in an earlier run
 * @property {string} name one line, 1 to 100 characters
 * @property {number} seq the sequence number of its newest event; 0 before the first
 * @property {number} version grows by one with every change of the board itself
 * @property {string} created_at RFC 3339, UTC, milliseconds
 * @property {string} updated_at RFC 3339, UTC, milliseconds
 * @property {Task[]} tasks by id
 * @property {BoardEvent[]} events the newest 1,000, oldest first
 *
 * @typedef {object} Problem an RFC 9457 problem document
 * @property {string} type a stable relative reference such as "/problems/validation"
 * @property {string} title
 * @property {number} status
 * @property {string} [detail]
 * @property {string} [request_id]
 * @property {{pointer: string, detail: string}[]} [errors]
 */

export {};

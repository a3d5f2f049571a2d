/** Waiting for something to become so, with a deadline instead of a guess. */

import { setTimeout as pause } from "node:timers/promises";

/**
 * How long something may take that no promise gives a time, in milliseconds: a page that a loaded
 * machine held up for seconds is no fault.
 */
export const PATIENCE = 20_000;

/**
 * @template T
 * @param {string} what in words, for the failure
 * @param {() => Promise<T> | T} probe what it answers ends the waiting as soon as it is truthy
 * @param {number} [deadline] milliseconds
 * @returns {Promise<T>}
 */
export async function eventually(what, probe, deadline = PATIENCE) {
  const end = performance.now() + deadline;
  let last;
  do {
    try {
      const answer = await probe();
      if (answer) {
        return answer;
      }
      last = undefined;
    } catch (error) {
      last = error;
    }
    await pause(10);
  } while (performance.now() < end);
  const why = last instanceof Error ? ` (${last.message})` : "";
  throw new Error(`not within ${deadline} ms: ${what}${why}`, { cause: last });
}

/** Waits for a condition with a deadline, instead of a fixed time. */

import { setTimeout as pause } from "node:timers/promises";

/**
 * The time limit for everything without a promised time, in milliseconds: on a loaded machine a
 * page may be delayed by seconds.
 */
export const PATIENCE = 20_000;

/**
 * @template T
 * @param {string} what in words, for the failure
 * @param {() => Promise<T> | T} probe waiting ends as soon as its result is truthy
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

/** How long to wait before the next try. Randomness is an argument, so that it can be tested. */

const FIRST_MS = 300;
const MOST_MS = 10_000;

/**
 * Exponential, with full jitter above a small floor: many clients that lost one relay at the same
 * moment come back spread out.
 *
 * @param {number} attempt 0 for the first try after the loss
 * @param {() => number} random from 0 (inclusive) to 1
 * @param {number} [spread] milliseconds over which the relay asked us to spread; 0 when it did not
 * @returns {number} milliseconds
 */
export function retryDelay(attempt, random, spread = 0) {
  const ceiling = Math.max(spread, Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(attempt, 16)));
  return Math.round(100 + random() * ceiling);
}

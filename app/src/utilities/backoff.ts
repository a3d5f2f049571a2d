/** How long to wait before the next try. Randomness is an argument, so that it can be tested. */

const FIRST = 300;
const MOST = 15_000;

/**
 * Exponential with full jitter above a small floor: many clients that lost one relay at the same
 * moment come back spread out.
 *
 * @param attempt 0 for the first try after the loss
 * @param random from 0 (inclusive) to 1
 * @param spread milliseconds over which the relay asked us to spread; 0 where it did not
 * @returns milliseconds
 */
export function retryDelay(attempt: number, random: () => number, spread = 0): number {
  const ceiling = Math.max(spread, Math.min(MOST, FIRST * 2 ** Math.min(attempt, 16)));
  return Math.round(100 + random() * ceiling);
}

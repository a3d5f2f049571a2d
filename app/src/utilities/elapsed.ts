/** The clock that measures how long something takes. */

/** In milliseconds since some moment in the past: people set the other clock, forward and back. */
export function elapsed(): number {
  return performance.now();
}

/** How fast a list scrolls by itself while a card is held near one of its edges. */

/** How near to an edge it begins, and its top speed in a frame, in density-independent pixels. */
export const EDGE = 56;
export const TOP_SPEED = 16;

/**
 * @param at where the pointer is, on the axis of `start` and `end`
 * @returns pixels for this frame: below 0 towards `start`, above 0 towards `end`
 */
export function edgeSpeed(at: number, start: number, end: number): number {
  // In a list that is lower than two edges, half of it is an edge.
  const edge = Math.min(EDGE, (end - start) / 2);
  if (edge <= 0) {
    return 0;
  }
  if (at < start + edge) {
    return -TOP_SPEED * Math.min(1, (start + edge - at) / edge);
  }
  if (at > end - edge) {
    return TOP_SPEED * Math.min(1, (at - end + edge) / edge);
  }
  return 0;
}

/** What shows of a list on one axis, and how much there is of it. */
export interface ScrollFrame {
  readonly start: number;
  readonly length: number;
  readonly scrolled: number;
  readonly content: number;
}

/** How far it is scrolled after this frame; as far as it was where the pointer is near no edge. */
export function scrolledTo(at: number, frame: ScrollFrame): number {
  const { start, length, scrolled, content } = frame;
  const speed = edgeSpeed(at, start, start + length);
  return speed === 0
    ? scrolled
    : Math.max(0, Math.min(scrolled + speed, Math.max(0, content - length)));
}

/**
 * Which trace a change belongs to (W3C Trace Context), and where a followed one is seen: in the page's
 * performance timeline, as marks that a profiler, a `PerformanceObserver` or the console shows. How many
 * are followed the operator decides (`trace_ratio`).
 */

/** The marks: a change was sent, an event was applied. */
export const SENT = "taskboard.sent";
export const RECEIVED = "taskboard.received";

/** So many of a name are kept; the timeline has no bound of its own. */
const MOST = 1_000;

/** A trace of its own for a change; `ratio` of them, 0 to 1, are to be followed. */
export function newTraceparent(ratio: number): string {
  const sampled = Math.random() < ratio;
  const traceparent = `00-${digits(32)}-${digits(16)}-${sampled ? "01" : "00"}`;
  if (sampled) {
    mark(SENT, { traceparent });
  }
  return traceparent;
}

/** Notes that an event was applied here, where its change is followed. */
export function noteReceipt(event: {
  readonly traceparent?: string;
  readonly board_id?: number;
  readonly seq: number;
}): void {
  if (typeof event.traceparent === "string") {
    const { traceparent, board_id: board, seq } = event;
    mark(RECEIVED, { traceparent, board, seq });
  }
}

/** Not every engine that runs the app has a timeline. */
function mark(name: string, detail: Readonly<Record<string, unknown>>): void {
  const timeline = globalThis.performance as Partial<Performance> | undefined;
  if ((timeline?.getEntriesByName?.(name).length ?? 0) >= MOST) {
    timeline?.clearMarks?.(name);
  }
  timeline?.mark?.(name, { detail });
}

/** Hexadecimal digits by chance, not all of them 0. */
function digits(length: number): string {
  const next = () => Math.floor(Math.random() * 16).toString(16);
  return `1${Array.from({ length: length - 1 }, next).join("")}`;
}

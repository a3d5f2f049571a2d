/** Start and due dates: days as people write them, and how near they are. */

/** How a due date relates to today. */
export type DueState =
  | { readonly kind: "overdue"; readonly days: number }
  | { readonly kind: "today" }
  | { readonly kind: "tomorrow" }
  | { readonly kind: "soon"; readonly days: number }
  | { readonly kind: "later" };

const DAY = 86_400_000;

/** The number of a local day, so that two can be subtracted whatever the clocks were set to. */
function dayNumber(moment: number): number {
  const date = new Date(moment);
  return Math.floor(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / DAY);
}

/**
 * @param dueAt RFC 3339
 * @param now milliseconds since 1970
 */
export function dueState(dueAt: string, now: number): DueState {
  const days = dayNumber(Date.parse(dueAt)) - dayNumber(now);
  if (days < 0) {
    return { kind: "overdue", days: -days };
  }
  if (days === 0) {
    return Date.parse(dueAt) < now ? { kind: "overdue", days: 0 } : { kind: "today" };
  }
  if (days === 1) {
    return { kind: "tomorrow" };
  }
  return days <= 7 ? { kind: "soon", days } : { kind: "later" };
}

/**
 * The local day of a start or due date.
 *
 * @param moment RFC 3339, or null
 * @returns `YYYY-MM-DD`, or "" where there is none
 */
export function dayOf(moment: string | null): string {
  if (moment === null) {
    return "";
  }
  const date = new Date(moment);
  const pad = (value: number, length: number) => String(value).padStart(length, "0");
  return `${pad(date.getFullYear(), 4)}-${pad(date.getMonth() + 1, 2)}-${pad(date.getDate(), 2)}`;
}

/**
 * The end of a local day: what is due on a day is overdue when the day is over.
 *
 * @param day `YYYY-MM-DD`
 * @returns RFC 3339, or null where that is no day of the calendar
 */
export function endOfDay(day: string): string | null {
  return momentOf(day, new Date(2000, 0, 1, 23, 59, 59, 0));
}

/** The beginning of a local day, where work on a task starts. As `endOfDay`. */
export function startOfDay(day: string): string | null {
  return momentOf(day, new Date(2000, 0, 1));
}

/** @param moment whose time of the day is meant */
function momentOf(day: string, moment: Date): string | null {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day.trim());
  if (!parts) {
    return null;
  }
  const [year, month, date] = parts.slice(1).map(Number);
  if (!year || month === undefined || date === undefined) {
    return null;
  }
  // Not by the constructor: it takes years below 100 for those of the last century.
  moment.setFullYear(year, month - 1, date);
  const real = moment.getMonth() === month - 1 && moment.getDate() === date;
  return real ? moment.toISOString() : null;
}

/** Which days Insights reports: the last N, or from one to another. */

import type { Range } from "../../utilities/request-analytics";

export const PRESETS = ["7", "30", "90", "365"] as const;
export type Preset = (typeof PRESETS)[number];

/** The server reports at most this many days. */
export const MOST_DAYS = 731;

const DAY = 86_400_000;

/** The day at a moment, where this device is. @param at milliseconds since 1970 */
export function dayAt(at: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** `days` before a day. */
function dayBefore(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - days * DAY).toISOString().slice(0, 10);
}

/** Where this device is: an IANA name, or UTC where it does not say. */
export function zoneHere(): string {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return typeof zone === "string" && zone.includes("/") ? zone : "UTC";
}

/** The last N days, today included. */
export function lastDays(preset: Preset, today: string): Omit<Range, "tz"> {
  return { from: dayBefore(today, Number(preset) - 1), to: today };
}

/** Whether it is a day that the calendar has. */
export function isDay(text: string): boolean {
  const at = /^\d{4}-\d{2}-\d{2}$/u.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

export type RangeFault = "from" | "to" | "order" | "tooLong" | "early" | "toCome";

/** The server reports no day before. */
const FIRST_DAY = "1970-01-01";

/** What is wrong with days that somebody typed; null: nothing. */
export function faultOf(from: string, to: string, today: string): RangeFault | null {
  if (!isDay(from)) return "from";
  if (!isDay(to)) return "to";
  if (from > to) return "order";
  if (from < FIRST_DAY) return "early";
  if (from > today) return "toCome";
  const days = (Date.parse(to) - Date.parse(from)) / DAY + 1;
  return days > MOST_DAYS ? "tooLong" : null;
}

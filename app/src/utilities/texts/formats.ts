/** Numbers, dates and lists as the user's language writes them. */

import { useMemo } from "react";
import { useLocale } from "./index";

export interface Formats {
  number(value: number): string;
  /** `24 Nov 2026`. Takes RFC 3339 or milliseconds since 1970. */
  date(value: string | number): string;
  /** `24 Nov 2026, 19:52`. */
  dateTime(value: string | number): string;
  /**
   * A due date: a day where it is the end of one here. Set elsewhere it may end within a day; then the
   * day alone would mislead, so time and zone are shown: `27 Nov 2026, 13:44 GMT+5:45`.
   */
  due(value: string | number): string;
  /** The same of a start, which is a day where it is the beginning of one here. */
  start(value: string | number): string;
  /** `19:52`. */
  time(value: string | number): string;
  /** `19:52:07`. */
  clock(value: string | number): string;
  /** `3 minutes ago`, `in 2 days`; `now`: milliseconds since 1970. */
  relative(value: string | number, now: number): string;
  /** `1.5 d`, `40 min`, `31 ms`. Takes milliseconds. */
  duration(ms: number): string;
  /** The same as a number of units, for values that share a unit. */
  durationIn(unit: DurationUnit, count: number): string;
  /** `ada, grace and 2 more`: what the language puts between. */
  list(items: readonly string[]): string;
}

const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];

/** Units of time by their international symbols; `length` in milliseconds. */
const DURATIONS = [
  { symbol: "d", length: 86_400_000 },
  { symbol: "h", length: 3_600_000 },
  { symbol: "min", length: 60_000 },
  { symbol: "s", length: 1_000 },
  { symbol: "ms", length: 1 },
] as const;

export type DurationUnit = (typeof DURATIONS)[number];

/** The largest unit of which there is at least one. */
export function durationUnit(ms: number): DurationUnit {
  return DURATIONS.find(({ length }) => ms >= length) ?? DURATIONS[4];
}

/** The last second of a day, where due dates end. */
const END_OF_DAY = "23:59:59";
const START_OF_DAY = "00:00:00";

/**
 * Formats for a BCP 47 locale. What an engine lacks of Intl falls back to a plainer form.
 *
 * @param timeZone an IANA name; the device's without it
 */
export function formatsFor(locale: string, timeZone?: string): Formats {
  const numbers = new Intl.NumberFormat(locale);
  const tenths = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const durationIn = ({ symbol }: DurationUnit, count: number) =>
    `${tenths.format(count)} ${symbol}`;
  const dates = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone });
  const dateTimes = new Intl.DateTimeFormat(locale, {
    dateStyle: "medium",
    timeStyle: "short",
    timeZone,
  });
  const clocks = new Intl.DateTimeFormat(locale, { timeStyle: "medium", timeZone });
  const times = new Intl.DateTimeFormat(locale, { timeStyle: "short", timeZone });
  const moments = new Intl.DateTimeFormat(locale, {
    year: "numeric",
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    timeZoneName: "short",
    timeZone,
  });
  const clock = new Intl.DateTimeFormat("en-GB", {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
    timeZone,
  });
  const dayOrMoment = (value: string | number, edge: string) => {
    const moment = new Date(value);
    return clock.format(moment) === edge ? dates.format(moment) : moments.format(moment);
  };
  const relatives =
    typeof Intl.RelativeTimeFormat === "function"
      ? new Intl.RelativeTimeFormat(locale, { numeric: "auto" })
      : null;
  const lists = typeof Intl.ListFormat === "function" ? new Intl.ListFormat(locale) : null;
  const date = (value: string | number) => dates.format(new Date(value));
  return {
    number: (value) => numbers.format(value),
    date,
    dateTime: (value) => dateTimes.format(new Date(value)),
    due: (value) => dayOrMoment(value, END_OF_DAY),
    start: (value) => dayOrMoment(value, START_OF_DAY),
    time: (value) => times.format(new Date(value)),
    clock: (value) => clocks.format(new Date(value)),
    relative: (value, now) => {
      if (relatives === null) return date(value);
      const seconds = Math.round((new Date(value).getTime() - now) / 1000);
      const [unit, size] = UNITS.find(([, each]) => Math.abs(seconds) >= each) ?? ["second", 1];
      return relatives.format(Math.trunc(seconds / size), unit);
    },
    duration: (ms) => {
      const unit = durationUnit(ms);
      return durationIn(unit, ms / unit.length);
    },
    durationIn,
    list: (items) => (lists === null ? items.join(", ") : lists.format([...items])),
  };
}

export function useFormats(): Formats {
  const locale = useLocale();
  return useMemo(() => formatsFor(locale), [locale]);
}

/** Numbers, dates and lists as the user's language writes them. */

import { useMemo } from "react";
import { useLocale } from "./index";

export interface Formats {
  number(value: number): string;
  /** `24 Nov 2026`. Takes RFC 3339 or milliseconds since 1970. */
  date(value: string | number): string;
  /** `24 Nov 2026, 19:52`. */
  dateTime(value: string | number): string;
  /** `19:52`. */
  time(value: string | number): string;
  /** `3 minutes ago`, `in 2 days`; `now`: milliseconds since 1970. */
  relative(value: string | number, now: number): string;
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

/** Formats for a BCP 47 locale. What an engine lacks of Intl falls back to a plainer form. */
export function formatsFor(locale: string): Formats {
  const numbers = new Intl.NumberFormat(locale);
  const dates = new Intl.DateTimeFormat(locale, { dateStyle: "medium" });
  const dateTimes = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
  const times = new Intl.DateTimeFormat(locale, { timeStyle: "short" });
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
    time: (value) => times.format(new Date(value)),
    relative: (value, now) => {
      if (relatives === null) return date(value);
      const seconds = Math.round((new Date(value).getTime() - now) / 1000);
      const [unit, size] = UNITS.find(([, each]) => Math.abs(seconds) >= each) ?? ["second", 1];
      return relatives.format(Math.trunc(seconds / size), unit);
    },
    list: (items) => (lists === null ? items.join(", ") : lists.format([...items])),
  };
}

export function useFormats(): Formats {
  const locale = useLocale();
  return useMemo(() => formatsFor(locale), [locale]);
}

/** Days of a calendar, `2026-11-29`, as the user's language writes them: they have no time zone. */

import { useMemo } from "react";
import { useLocale } from "./index";

export interface DayFormats {
  /** `29 Nov 2026`. */
  long(day: string): string;
  /** `29 Nov`. */
  short(day: string): string;
}

export function dayFormatsFor(locale: string): DayFormats {
  const long = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" });
  const short = new Intl.DateTimeFormat(locale, {
    day: "numeric",
    month: "short",
    timeZone: "UTC",
  });
  const midnight = (day: string) => new Date(`${day}T00:00:00Z`);
  return {
    long: (day) => long.format(midnight(day)),
    short: (day) => short.format(midnight(day)),
  };
}

export function useDayFormats(): DayFormats {
  const locale = useLocale();
  return useMemo(() => dayFormatsFor(locale), [locale]);
}

/** When something was, as one says it: by the weekday in the last days, by the date before. */

import { useMemo } from "react";
import { useLocale } from "../../utilities/texts";

/** As long as a weekday alone says which day it was, in milliseconds. */
const WEEK = 6 * 24 * 60 * 60 * 1_000;

/**
 * @param locale BCP 47
 * @param timeZone an IANA name; the device's without it
 * @returns takes RFC 3339 or milliseconds since 1970, and now in milliseconds: `Tue 14:05`
 */
export function momentsIn(
  locale: string,
  timeZone?: string,
): (moment: string | number, now: number) => string {
  const time = { hour: "2-digit", minute: "2-digit", timeZone } as const;
  const near = new Intl.DateTimeFormat(locale, { weekday: "short", ...time });
  const far = new Intl.DateTimeFormat(locale, {
    dateStyle: "medium",
    timeStyle: "short",
    timeZone,
  });
  return (moment, now) => {
    const date = new Date(moment);
    return (now - date.getTime() < WEEK ? near : far).format(date);
  };
}

export function useMoments(): (moment: string | number, now: number) => string {
  const locale = useLocale();
  return useMemo(() => momentsIn(locale), [locale]);
}

/** Guards that a due date misleads nobody in another zone, and how days and lengths of time are written. */

import { dayFormatsFor } from "./days";
import { durationUnit, formatsFor } from "./formats";

/** The end of 26 November in Los Angeles. */
const SET_IN_LOS_ANGELES = "2026-11-27T07:59:59Z";

it.each([
  ["America/Los_Angeles", "26 Nov 2026"],
  ["Asia/Kathmandu", "27 Nov 2026, 13:44 GMT+5:45"],
  ["UTC", "27 Nov 2026, 07:59 UTC"],
  ["Pacific/Kiritimati", "27 Nov 2026, 21:59 GMT+14"],
])("due dates: what ends a day in Los Angeles is told in %s as %s", (zone, words) => {
  expect(formatsFor("en-GB", zone).due(SET_IN_LOS_ANGELES)).toBe(words);
});

it("due dates: the end of a day is a day, also on the day on which the clocks are put back", () => {
  expect(formatsFor("de", "Europe/Berlin").due("2026-10-25T22:59:59Z")).toBe("25.10.2026");
  expect(formatsFor("de", "Europe/Berlin").due("2026-10-25T21:59:59Z")).toMatch(
    /^25\. Okt\.? 2026, 22:59/,
  );
});

it.each([
  [0, "0 ms", "0 ms"],
  [0.44, "0.4 ms", "0,4 ms"],
  [31, "31 ms", "31 ms"],
  [1_500, "1.5 s", "1,5 s"],
  [5 * 60_000, "5 min", "5 min"],
  [23.94 * 3_600_000, "23.9 h", "23,9 h"],
  [36 * 3_600_000, "1.5 d", "1,5 d"],
])("%d ms is %s, in German %s", (ms, english, german) => {
  expect(formatsFor("en").duration(ms)).toBe(english);
  expect(formatsFor("de").duration(ms)).toBe(german);
});

it("values of an axis have one unit in common", () => {
  expect(formatsFor("en").durationIn(durationUnit(36 * 3_600_000), 0.5)).toBe("0.5 d");
});

it("a day of the calendar is the same day wherever it is read", () => {
  expect(dayFormatsFor("en").long("2026-11-29")).toBe("Nov 29, 2026");
  expect(dayFormatsFor("de").short("2026-01-01")).toBe("1. Jan.");
});

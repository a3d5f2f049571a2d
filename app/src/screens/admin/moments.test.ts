/** Moments as they are typed. */

import { momentOf } from "./moments";

test("a day alone is its midnight, and a time is that of this device", () => {
  expect(momentOf("2026-11-29")).toBe(new Date(2026, 10, 29).toISOString());
  expect(momentOf(" 2026-11-29 14:30 ")).toBe(new Date(2026, 10, 29, 14, 30).toISOString());
  expect(momentOf("2026-11-29T14:30:05")).toBe(new Date(2026, 10, 29, 14, 30, 5).toISOString());
});

test("an invalid time is none", () => {
  for (const wrong of [
    "",
    "now",
    "2026-02-30",
    "2026-11-29 25:00",
    "29.11.2026",
    "2026-11-29 9:00",
  ])
    expect([wrong, momentOf(wrong)]).toEqual([wrong, null]);
});

/** Which days are told of. */

import { dayAt, faultOf, isDay, lastDays, PRESETS } from "./ranges";

test("the last so many days have today in them, over the ends of months and years", () => {
  expect(lastDays("7", "2026-11-29")).toEqual({ from: "2026-11-23", to: "2026-11-29" });
  expect(lastDays("30", "2026-03-01")).toEqual({ from: "2026-01-31", to: "2026-03-01" });
  expect(lastDays("365", "2024-12-31")).toEqual({ from: "2024-01-02", to: "2024-12-31" });
  for (const preset of PRESETS) expect(faultOf(...pair(lastDays(preset, "2026-11-29")))).toBeNull();
});

const pair = ({ from, to }: { from: string; to: string }) => [from, to] as const;

test("today is where this device is", () => {
  const late = new Date(2026, 10, 29, 23, 59, 59).getTime();
  expect(dayAt(late)).toBe("2026-11-29");
  expect(dayAt(late + 1_000)).toBe("2026-11-30");
});

test("only days of the calendar are days", () => {
  expect(["2026-11-29", "2024-02-29"].map(isDay)).toEqual([true, true]);
  for (const wrong of [
    "2026-02-29",
    "2026-13-01",
    "29.11.2026",
    "2026-11-29T00:00",
    "",
    "2026-1-1",
  ])
    expect([wrong, isDay(wrong)]).toEqual([wrong, false]);
});

test("API-ANALYTICS: `from` after `to`, and over two years, are told before the server is asked", () => {
  expect(faultOf("x", "2026-11-29")).toBe("from");
  expect(faultOf("2026-11-29", "x")).toBe("to");
  expect(faultOf("2026-11-30", "2026-11-29")).toBe("order");
  expect(faultOf("2024-11-29", "2026-11-29")).toBeNull();
  expect(faultOf("2024-11-28", "2026-11-29")).toBe("tooLong");
});

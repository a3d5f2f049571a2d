/** Which days are reported. */

import { dayAt, faultOf, isDay, lastDays, PRESETS } from "./ranges";

const TODAY = "2026-11-29";

test("the last days include today, across the ends of months and years", () => {
  expect(lastDays("7", "2026-11-29")).toEqual({ from: "2026-11-23", to: "2026-11-29" });
  expect(lastDays("30", "2026-03-01")).toEqual({ from: "2026-01-31", to: "2026-03-01" });
  expect(lastDays("365", "2024-12-31")).toEqual({ from: "2024-01-02", to: "2024-12-31" });
  for (const preset of PRESETS) expect(faultOf(...pair(lastDays(preset, TODAY)), TODAY)).toBeNull();
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

test("API-ANALYTICS: `from` after `to`, and over two years, are reported before the request", () => {
  const fault = (from: string, to: string) => faultOf(from, to, TODAY);
  expect(fault("x", TODAY)).toBe("from");
  expect(fault(TODAY, "x")).toBe("to");
  expect(fault("2026-11-30", TODAY)).toBe("order");
  expect(fault("2024-11-29", TODAY)).toBeNull();
  expect(fault("2024-11-28", TODAY)).toBe("tooLong");
});

test("API-ANALYTICS: days that no board can report are reported before the request", () => {
  const fault = (from: string, to: string) => faultOf(from, to, TODAY);
  expect(fault("1969-12-31", "1970-01-01")).toBe("early");
  expect(fault("1970-01-01", "1970-01-01")).toBeNull();
  expect(fault("2026-11-30", "2026-12-01")).toBe("toCome");
  expect(fault(TODAY, "2026-12-01")).toBeNull();
});

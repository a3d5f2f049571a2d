/** Keys as shortcuts name them, and the clock of a countdown. */

import { renderHook, act } from "@testing-library/react-native";
import { clock, useCountdown } from "./countdown";
import { elapsed } from "./elapsed";
import { keysOf } from "./shortcuts";

const event = (
  key: string,
  more: { ctrlKey?: boolean; metaKey?: boolean; shiftKey?: boolean } = {},
) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  ...more,
});

it("letters count without regard to case, and the command key of Apple as Control", () => {
  expect(keysOf(event("N"))).toBe("n");
  expect(keysOf(event("?"))).toBe("?");
  expect(keysOf(event("ArrowDown"))).toBe("ArrowDown");
  expect(keysOf(event("K", { ctrlKey: true }))).toBe("Control+k");
  expect(keysOf(event("k", { metaKey: true }))).toBe("Control+k");
  expect(keysOf(event("Z", { ctrlKey: true, shiftKey: true }))).toBe("Control+Shift+z");
  expect(keysOf(event("?", { shiftKey: true }))).toBe("?");
});

it("a countdown is minutes and seconds", () => {
  expect([0, 5, 65, 900].map(clock)).toEqual(["0:00", "0:05", "1:05", "15:00"]);
});

it("a countdown ends in its time, also where the device's clock is put back", () => {
  jest.useFakeTimers();
  const until = elapsed() + 3_000;
  const { result } = renderHook(() => useCountdown(until));
  const pass = (milliseconds: number) => act(() => jest.advanceTimersByTime(milliseconds));
  pass(1_000);
  expect(result.current).toBe(2);
  jest.setSystemTime(Date.now() - 3_600_000);
  pass(2_000);
  expect(result.current).toBe(0);
  jest.useRealTimers();
});

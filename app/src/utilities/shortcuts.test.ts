/** Keys as shortcuts name them, and the clock of a countdown. */

import { clock } from "./countdown";
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

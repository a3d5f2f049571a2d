/** Guards that a due date misleads nobody in another zone. */

import { formatsFor } from "./formats";

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

/** Guards what a log-in is called in the list of them. */

import { deviceName } from "./device-name";

const on = (browser: string, system: string) => `${browser} on ${system}`;
const KIT = "AppleWebKit/537.36 (KHTML, like Gecko)";

it.each([
  ["Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0", "Firefox on Linux"],
  [`Mozilla/5.0 (Windows NT 10.0) ${KIT} Chrome/140.0 Safari/537.36 Edg/140.0`, "Edge on Windows"],
  [`Mozilla/5.0 (Linux; Android 15) ${KIT} Chrome/140.0 Mobile Safari/537.36`, "Chrome on Android"],
  [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 Version/19.0 Safari/604",
    "Safari on iPhone",
  ],
  [
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605 Version/19 Safari/605",
    "Safari on macOS",
  ],
  ["curl/8.14.1", "curl/8.14.1"],
  [" ", null],
  [null, null],
])("%s is called %s", (agent, name) => {
  expect(deviceName(agent, on)).toBe(name);
});

it("what says a lot of itself is cut", () => {
  expect(deviceName("😀".repeat(200), on)).toBe("😀".repeat(60));
});

/** When the app is told that the device, its network or the person is back. */

import { Platform } from "react-native";
import { onWake } from "./wake";

/** As much of a page as `wake.ts` looks at. */
class FakePage extends EventTarget {
  hidden = false;
  says(type: string, more: object = {}): void {
    this.dispatchEvent(Object.assign(new Event(type), more));
  }
}

const page = new FakePage();
const kept = Platform.OS;
let wakes = 0;
let end: () => void;

beforeEach(() => {
  jest.useFakeTimers();
  Platform.OS = "web";
  Object.assign(globalThis, { document: page });
  Object.assign(window, {
    addEventListener: page.addEventListener.bind(page),
    removeEventListener: page.removeEventListener.bind(page),
  });
  page.hidden = false;
  wakes = 0;
  end = onWake(() => (wakes += 1));
});

afterEach(() => {
  end();
  Platform.OS = kept;
  jest.useRealTimers();
});

test("the network's return, the page's, and its return from the browser's memory all wake", () => {
  page.says("online");
  page.says("visibilitychange");
  page.says("pageshow", { persisted: true });
  expect(wakes).toBe(3);
  page.says("pageshow", { persisted: false });
  page.hidden = true;
  page.says("visibilitychange");
  expect(wakes).toBe(3);
});

test("a device that slept wakes without an event: its clock went on, its timers did not", async () => {
  await jest.advanceTimersByTimeAsync(60_000);
  expect(wakes).toBe(0);
  jest.setSystemTime(Date.now() + 600_000);
  await jest.advanceTimersByTimeAsync(5_000);
  expect(wakes).toBe(1);
  await jest.advanceTimersByTimeAsync(60_000);
  expect(wakes).toBe(1);
});

test("a hidden page, whose timers the browser slows down, is not taken for a sleeping device", async () => {
  page.hidden = true;
  jest.setSystemTime(Date.now() + 60_000);
  await jest.advanceTimersByTimeAsync(5_000);
  expect(wakes).toBe(0);
});

test("nothing wakes a listener that has ended it", async () => {
  end();
  page.says("online");
  page.says("pageshow", { persisted: true });
  jest.setSystemTime(Date.now() + 600_000);
  await jest.advanceTimersByTimeAsync(60_000);
  expect(wakes).toBe(0);
});

/** Guards what screen readers announce of others' changes: politely, rarely, none of one's own. */

import type { BoardEvent } from "../../sync";
import { announceOthersChanges } from "./others-changes";

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** Only who did it is read here. */
const by = (username: string, seq = 1) => ({ seq, actor: { username } }) as unknown as BoardEvent;

function listen(me: string | null = "ada") {
  const said: string[] = [];
  let hear: (event: BoardEvent, own: boolean) => void = () => undefined;
  let held = false;
  const board = {
    onEvent: (listener: typeof hear) => {
      hear = listener;
      return () => {
        hear = () => undefined;
      };
    },
  };
  const end = announceOthersChanges(board, {
    me,
    one: (event) => `${event.actor.username} did`,
    several: (count) => `${count} changes`,
    busy: () => held,
    say: (words) => said.push(words),
  });
  const hold = (now: boolean) => {
    held = now;
  };
  return { said, end, hold, hear: (event: BoardEvent, own = false) => hear(event, own) };
}

it("one change by another user is announced in words, a moment later", () => {
  const { said, hear } = listen();
  hear(by("grace"));
  expect(said).toEqual([]);
  jest.advanceTimersByTime(1_000);
  expect(said).toEqual(["grace did"]);
});

it("several are counted, and there are five seconds between two sentences", () => {
  const { said, hear } = listen();
  for (let change = 0; change < 4; change += 1) hear(by("grace"));
  jest.advanceTimersByTime(1_000);
  expect(said).toEqual(["4 changes"]);
  for (let second = 0; second < 4; second += 1) {
    hear(by("grace"));
    jest.advanceTimersByTime(1_000);
  }
  expect(said).toEqual(["4 changes"]);
  jest.advanceTimersByTime(1_000);
  expect(said).toEqual(["4 changes", "4 changes"]);
});

it("a clock that is set back in the meantime delays nothing", () => {
  const { said, hear } = listen();
  hear(by("grace"));
  jest.advanceTimersByTime(1_000);
  jest.setSystemTime(Date.now() - 3_600_000);
  hear(by("grace"));
  jest.advanceTimersByTime(5_000);
  expect(said).toEqual(["grace did", "grace did"]);
});

it("own changes from any device are not announced; without accounts only this device's are one's own", () => {
  const { said, hear } = listen();
  hear(by("ada"));
  hear(by("grace"), true);
  jest.advanceTimersByTime(10_000);
  expect(said).toEqual([]);
  const guest = listen(null);
  guest.hear(by(""), true);
  guest.hear(by(""));
  jest.advanceTimersByTime(10_000);
  expect(guest.said).toEqual([" did"]);
});

it("they wait while a card is moved by the keyboard, and are no longer announced when nobody listens", () => {
  const { said, hear, hold, end } = listen();
  hold(true);
  hear(by("grace"));
  jest.advanceTimersByTime(3_000);
  expect(said).toEqual([]);
  hold(false);
  jest.advanceTimersByTime(1_000);
  expect(said).toEqual(["grace did"]);
  hear(by("grace"));
  end();
  jest.advanceTimersByTime(10_000);
  expect(said).toEqual(["grace did"]);
});

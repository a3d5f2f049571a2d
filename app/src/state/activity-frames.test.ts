/** The feed `activity` as the relay sends it (RT-ACTIVITY). */

import { anActivity } from "../testing/monitoring";
import { activityFrame } from "./activity-frames";
import { parseFrame } from "../sync";

function heard(frame: object) {
  const parsed = parseFrame(JSON.stringify(frame));
  return parsed === null ? null : activityFrame(parsed);
}

test("RT-ACTIVITY: an event of the feed is an entry of the activity, and none of a board", () => {
  const activity = anActivity(5);
  const frame = { type: "event", feed: "activity", cursor: "c5", ...activity };
  expect(parseFrame(JSON.stringify(frame))?.type).toBe("feed");
  expect(heard(frame)).toEqual({ said: "event", cursor: "c5", activity });
});

test("RT-ACTIVITY: subscribed, reset and unsubscribed are distinguished", () => {
  const feed = "activity";
  expect(heard({ type: "subscribed", feed, cursor: "c" })).toEqual({
    said: "subscribed",
    cursor: "c",
  });
  expect(heard({ type: "reset", feed, reason: "epoch" })).toEqual({ said: "reset" });
  expect(heard({ type: "unsubscribed", feed, reason: "removed" })).toEqual({
    said: "unsubscribed",
    reason: "removed",
  });
});

test("what is no entry, or of another feed, is passed over", () => {
  const activity = anActivity(5);
  expect(heard({ type: "event", feed: "weather", cursor: "c", ...activity })).toBeNull();
  expect(heard({ type: "event", feed: "activity", ...activity })).toBeNull();
  expect(heard({ type: "event", feed: "activity", cursor: "c", entity: "cat", seq: 1 })).toBeNull();
  expect(heard({ type: "sneezed", feed: "activity" })).toBeNull();
  expect(heard({ type: "subscribed", board: 7, seq: 3, epoch: "e" })).toBeNull();
});

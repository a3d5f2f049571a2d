import assert from "node:assert/strict";
import { test } from "node:test";
import { retryDelay } from "../../../functions/web/files/model/backoff.js";
import {
  ApiError,
  fromAnswer,
  sentences,
  summary,
  unreachable,
} from "../../../functions/web/files/model/problem.js";
import {
  ago,
  connectionWords,
  eventWords,
  initials,
  plain,
} from "../../../functions/web/files/model/words.js";
import { socketAddress } from "../../../functions/web/files/net/live-socket.js";
import { task, taskEvent } from "../harness/samples.mjs";

const said = (event) => plain(eventWords(event));

test("Activity: every kind of event is told in words", () => {
  const one = task(1, { title: "Paint" });
  assert.equal(said(taskEvent(1, "Add", one)), "Added “Paint” to To do");
  assert.equal(said(taskEvent(1, "Delete", one)), "Deleted “Paint”");
  const move = taskEvent(1, "Move", one, { changes: { status: ["todo", "in_progress"] } });
  assert.equal(said(move), "Moved “Paint” from To do to In progress");
  const update = taskEvent(1, "Update", one, {
    changes: { title: ["Pain", "Paint"], assigned_to: [null, "ada"] },
  });
  assert.equal(said(update), "Renamed “Pain” to “Paint”; gave “Paint” to ada");
  const freed = taskEvent(1, "Update", one, { changes: { assigned_to: ["ada", null] } });
  assert.equal(said(freed), "Took “Paint” from ada");
  const renamed = {
    ...taskEvent(1, "Update"),
    entity: "board",
    board: {},
    changes: { name: ["Alpha", "Beta"] },
  };
  assert.equal(said(renamed), "Renamed the board to “Beta”");
});

test("RT8: the connection's words say how far behind", () => {
  assert.equal(connectionWords("live", 0), "Live");
  assert.equal(connectionWords("catching-up", 3), "Catching up, behind by 3");
  assert.match(connectionWords("offline", 0), /^Offline, reconnecting/u);
});

test("Problems: each fault stands at the field its pointer names, the rest in a sentence", () => {
  const error = fromAnswer(422, {
    type: "/problems/validation",
    title: "Validation failed",
    status: 422,
    errors: [
      { pointer: "/title", detail: "must not be empty" },
      { pointer: "/colour", detail: "is not a field" },
    ],
  });
  assert.deepEqual(sentences(error, { title: "Title" }), {
    fields: { title: "Title must not be empty." },
    rest: "/colour: is not a field.",
  });
});

test("Problems: one without fields is told by its detail, a 5xx with its request id, no answer at all as such", () => {
  const away = new ApiError({
    type: "/problems/unavailable",
    title: "Away",
    status: 503,
    detail: "The store is away",
    request_id: "r1",
  });
  assert.equal(summary(away), "The store is away. (Request r1)");
  assert.match(summary(unreachable()), /cannot be reached/u);
  assert.match(summary(fromAnswer(502, null)), /answered 502/u);
});

test("Reconnect with jitter and back-off: never at once, never later than ten seconds, spread where asked", () => {
  for (let attempt = 0; attempt < 40; attempt += 1) {
    assert.ok(retryDelay(attempt, () => 0) >= 100);
    assert.ok(retryDelay(attempt, () => 0.999_999) <= 10_100);
  }
  assert.ok(retryDelay(0, () => 0.5) < retryDelay(4, () => 0.5));
  assert.equal(
    retryDelay(0, () => 0.5, 3000),
    1600,
  );
});

test("The relay's address: configured, or the page's own host at port 3001", () => {
  const page = { protocol: "http:", hostname: "board.example" };
  assert.equal(socketAddress("", page), "ws://board.example:3001/ws/quick-win");
  assert.equal(
    socketAddress("", { ...page, protocol: "https:" }),
    "wss://board.example:3001/ws/quick-win",
  );
  assert.equal(socketAddress("https://relay.example/", page), "wss://relay.example/ws/quick-win");
  assert.equal(socketAddress("ws://127.0.0.1:4001", page), "ws://127.0.0.1:4001/ws/quick-win");
});

test("Times and initials are told shortly", () => {
  const now = Date.parse("2026-01-02T12:00:00Z");
  assert.equal(ago("2026-01-02T11:59:30Z", now), "just now");
  assert.equal(ago("2026-01-02T11:55:00Z", now), "5 min. ago");
  assert.equal(ago("2026-01-01T11:00:00Z", now), "yesterday");
  assert.deepEqual(["Ada Lovelace", "ops", "grace.hopper", "  "].map(initials), [
    "AL",
    "O",
    "GH",
    "?",
  ]);
});

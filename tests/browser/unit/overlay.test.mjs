import assert from "node:assert/strict";
import { test } from "node:test";
import * as overlay from "../../../functions/web/files/model/overlay.js";
import { task, taskEvent } from "../harness/samples.mjs";

const statusOf = (tasks, id) => tasks.find((one) => one.id === id)?.status;

test("Optimistic move: shown at once, gone when refused", () => {
  const hoped = overlay.hoped(overlay.noOverlay(), 1, { status: "finished" });
  assert.equal(statusOf(overlay.shown([task(1)], hoped), 1), "finished");
  assert.equal(statusOf(overlay.shown([task(1)], overlay.unhoped(hoped, 1)), 1), "todo");
});

test("An answer of the API is shown until its event confirms it", () => {
  const answered = overlay.answered(overlay.noOverlay(), task(2), [task(1)]);
  assert.deepEqual(
    overlay.shown([task(1)], answered).map(({ id }) => id),
    [1, 2],
  );
  const confirmed = overlay.confirmed(answered, taskEvent(9, "Add", task(2)));
  assert.equal(confirmed.answers.size, 0);
});

test("An event of an older version does not take a newer answer away", () => {
  const answered = overlay.answered(
    overlay.noOverlay(),
    task(1, { version: 3, status: "finished" }),
    [task(1)],
  );
  const after = overlay.confirmed(answered, taskEvent(9, "Update", task(1, { version: 2 })));
  assert.equal(statusOf(overlay.shown([task(1, { version: 2 })], after), 1), "finished");
});

test("An answer that comes after its task's Delete event brings nothing back", () => {
  const deleted = overlay.confirmed(overlay.noOverlay(), taskEvent(9, "Delete", task(1)));
  const late = overlay.answered(deleted, task(1, { version: 2 }), []);
  assert.deepEqual(overlay.shown([], late), []);
});

test("An answer older than what was confirmed is ignored", () => {
  const late = overlay.answered(overlay.noOverlay(), task(1, { version: 2 }), [
    task(1, { version: 3, title: "newer" }),
  ]);
  assert.equal(overlay.shown([task(1, { version: 3, title: "newer" })], late)[0].title, "newer");
});

test("A deletion is hidden at once and comes back when refused", () => {
  const removed = overlay.removed(overlay.noOverlay(), 1);
  assert.deepEqual(overlay.shown([task(1)], removed), []);
  assert.equal(overlay.shown([task(1)], overlay.unremoved(removed, 1)).length, 1);
});

test("A board fetched anew holds every answer; what is still under way stays", () => {
  let state = overlay.answered(overlay.noOverlay(), task(5), []);
  state = overlay.refetched(overlay.hoped(state, 1, { status: "finished" }));
  assert.deepEqual(
    overlay.shown([task(1)], state).map(({ id, status }) => [id, status]),
    [[1, "finished"]],
  );
});

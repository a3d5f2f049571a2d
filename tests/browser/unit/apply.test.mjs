import assert from "node:assert/strict";
import { test } from "node:test";
import { applyEvent, eventOfFrame, EVENTS_KEPT } from "../../../functions/web/files/model/apply.js";
import { board, frameOf, task, taskEvent } from "../harness/samples.mjs";

test("RT5: applying an Add, an Update, a Move and a Delete gives the server's board", () => {
  const events = [
    taskEvent(1, "Add", task(1)),
    taskEvent(2, "Add", task(2)),
    taskEvent(3, "Update", task(1, { title: "One", version: 2 }), {
      changes: { title: ["Task 1", "One"] },
    }),
    taskEvent(4, "Move", task(2, { status: "finished", version: 2 }), {
      changes: { status: ["todo", "finished"] },
    }),
    taskEvent(5, "Delete", task(1, { title: "One", version: 2 })),
  ];
  const result = events.reduce(applyEvent, board());
  assert.deepEqual(
    result,
    board({
      seq: 5,
      updated_at: events[4].timestamp,
      tasks: [task(2, { status: "finished", version: 2 })],
      events,
    }),
  );
});

test("RT5: tasks stand by id, in whatever order they come", () => {
  const added = [3, 1, 2].map((id, index) => taskEvent(index + 1, "Add", task(id)));
  assert.deepEqual(
    added.reduce(applyEvent, board()).tasks.map(({ id }) => id),
    [1, 2, 3],
  );
});

test("Applying an event replaces the entity in it by id: a renamed board keeps its tasks and events", () => {
  const { tasks: _tasks, events: _events, ...entity } = board({ name: "Beta", seq: 1, version: 2 });
  const event = {
    ...taskEvent(1, "Update"),
    entity: "board",
    board: entity,
    changes: { name: ["Alpha", "Beta"] },
  };
  delete event.task;
  const before = board({ tasks: [task(1)] });
  const after = applyEvent(before, event);
  assert.equal(after.name, "Beta");
  assert.equal(after.version, 2);
  assert.deepEqual(after.tasks, [task(1)]);
  assert.equal(before.name, "Alpha", "nothing is changed in place");
});

test("api: a board document keeps the newest 1,000 events", () => {
  let state = board();
  for (let seq = 1; seq <= EVENTS_KEPT + 5; seq += 1) {
    state = applyEvent(state, taskEvent(seq, "Update", task(1, { version: seq })));
  }
  assert.equal(state.events.length, EVENTS_KEPT);
  assert.equal(state.events[0].seq, 6);
  assert.equal(state.tasks.length, 1);
});

test("An event frame repeats the key `board` where the event is about the board: the entity is read", () => {
  const renamed = {
    board_id: 7,
    seq: 4,
    action: "Update",
    entity: "board",
    board: { id: 7, name: "Beta" },
    timestamp: "",
  };
  assert.deepEqual(eventOfFrame(frameOf(renamed)), renamed);
  const added = taskEvent(5, "Add", task(1));
  assert.deepEqual(eventOfFrame(frameOf(added)), added);
});

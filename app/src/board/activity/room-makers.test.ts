/** Guards that moves which only make room are distinguished from those that a user made. */

import { aTask, aTaskEvent } from "../../testing/boards";
import type { BoardEvent } from "../../sync";
import { roomMakers } from "./room-makers";
import { wayBack } from "./undo-events";

it("API-MOVE: a card that only made room was moved by nobody, so Undo does not move it back", () => {
  const card = (id: number) => aTask({ id, status: "todo" });
  const position = { position: ["a", "b"] };
  const room = (seq: number, id: number) => ({
    ...aTaskEvent(seq, "Move", card(id), "ada"),
    changes: position,
  });
  const added = aTaskEvent(4, "Add", card(9), "ada");
  const made = [aTaskEvent(1, "Add", card(1), "ada"), room(2, 1), room(3, 2), added];
  expect(wayBack(made, "ada").undo).toBe(4);
  const back = { ...aTaskEvent(5, "Delete", card(9), "ada"), undoes: 4 };
  expect(wayBack([...made, back], "ada")).toEqual({ undo: 1, redo: 5 });
  // Who moves a card within its column means it, whatever comes next.
  const later = { ...added, timestamp: "2026-01-09T17:00:00.001Z" };
  expect([...roomMakers([room(3, 2), later])]).toEqual([]);
  expect([...roomMakers([room(3, 2), { ...added, task: { ...added.task, id: 2 } }])]).toEqual([]);
  expect([...roomMakers([room(3, 2)])]).toEqual([]);
});

it("API-CHECKLIST: an item or a checklist that only made room was moved by nobody either", () => {
  const { task, ...event } = aTaskEvent(1, "Move", aTask({ id: 1 }), "ada");
  const { id, comment_count, item_count = 0, done_count = 0, version, updated_at } = task;
  const task_patch = { id, comment_count, item_count, done_count, version, updated_at };
  const common = { ...event, task_patch };
  const ids = { board_id: 7, task_id: 1, position: "b", version: 2 };
  const values = { text: "", done: false, assigned_to: null, due_at: null };
  const changes = { position: ["a", "b"] };
  const item = (seq: number, id: number, list = 1): BoardEvent => ({
    ...common,
    seq,
    changes,
    entity: "checklist_item",
    checklist_item: { id, checklist_id: list, ...ids, ...values },
  });
  const list = (seq: number, id: number): BoardEvent => ({
    ...common,
    seq,
    changes,
    entity: "checklist",
    checklist: { id, title: "", ...ids },
  });
  const rename = aTaskEvent(1, "Update", aTask({ id: 1 }), "ada");
  // Two items made room for the third, which is what Undo takes back; then comes what was before.
  const items = [rename, item(2, 1), item(3, 2), item(4, 3)];
  expect([...roomMakers(items)]).toEqual([2, 3]);
  expect(wayBack(items, "ada", new Set([4])).undo).toBe(1);
  const lists = [rename, list(2, 1), list(3, 2)];
  expect([...roomMakers(lists)]).toEqual([2]);
  // Of another checklist, of the checklist itself, or the same item again.
  expect([...roomMakers([item(2, 1), item(3, 2, 2)])]).toEqual([]);
  expect([...roomMakers([item(2, 1), list(3, 1)])]).toEqual([]);
  expect([...roomMakers([item(2, 1), item(3, 1)])]).toEqual([]);
});

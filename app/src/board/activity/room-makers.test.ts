/** Guards that moves which only make room are distinguished from those that a user made. */

import { aTask, aTaskEvent } from "../../testing/boards";
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

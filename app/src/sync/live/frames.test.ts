/** Parsing what comes over the socket. */

import * as fc from "fast-check";
import { aTask, aTaskEvent } from "../../testing/boards";
import { parseFrame } from "./frames";
import { socketAddress } from "./address";

test("an event's keys are inlined in its frame; of a board event, `board` is the entity", () => {
  const event = aTaskEvent(5, "Update", aTask({ id: 1 }));
  expect(parseFrame(JSON.stringify({ type: "event", board: 7, ...event }))).toEqual({
    type: "event",
    board: 7,
    event,
  });
  const { actor, timestamp } = event;
  const board = { id: 7, name: "New" };
  const changed = { board_id: 7, seq: 6, action: "Update", entity: "board", actor, timestamp };
  const text = JSON.stringify({ type: "event", ...changed, board });
  expect(parseFrame(text)).toEqual({ type: "event", board: 7, event: { ...changed, board } });
});

test("an event about something that this app does not know is no frame", () => {
  const event = { type: "event", board: 7, seq: 1, entity: "actor", actor: { id: 1 } };
  expect(parseFrame(JSON.stringify(event))).toBeNull();
});

test("presence says who has what open", () => {
  const online = [{ user: "ada", state: { editing: 12 } }, { user: "grace" }, { state: {} }, 3];
  expect(parseFrame(JSON.stringify({ type: "presence", board: 7, online }))).toEqual({
    type: "presence",
    board: 7,
    online: [
      { user: "ada", editing: 12 },
      { user: "grace", editing: null },
    ],
  });
});

test("whatever comes, it is a frame of the protocol or nothing", () => {
  const names = ["welcome", "event", "subscribed", "reset", "presence", "heartbeat", "error"];
  const frame = fc.record(
    {
      type: fc.oneof(fc.constantFrom(...names), fc.jsonValue()),
      board: fc.oneof(fc.nat(9), fc.jsonValue()),
      seq: fc.oneof(fc.nat(9), fc.jsonValue()),
      entity: fc.oneof(fc.constantFrom("task", "board", "__proto__"), fc.jsonValue()),
      online: fc.jsonValue(),
      heads: fc.jsonValue(),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        frame.map((value) => JSON.stringify(value)),
      ),
      (text) => {
        const parsed = parseFrame(text);
        expect(parsed === null || typeof parsed.type === "string").toBe(true);
        if (parsed?.type === "event") {
          expect(["task", "board", "comment", "member"]).toContain(parsed.event.entity);
        }
      },
    ),
  );
});

test("the socket is at the relay that is configured, else at the page's own host", () => {
  const page = "https://boards.example";
  expect(socketAddress("", page, "teams")).toBe("wss://boards.example/ws");
  expect(socketAddress("", page, "quick-win")).toBe("wss://boards.example/ws/quick-win");
  // The cookie goes with the host's name, so the relay is called by the same one.
  for (const host of ["localhost", "127.0.0.1", "192.168.0.9", "[::1]"]) {
    const there = socketAddress(":3001", `http://${host}:3000`, "teams");
    expect(there).toBe(`ws://${host}:3001/ws`);
  }
  expect(socketAddress(":444", page, "teams")).toBe("wss://boards.example:444/ws");
  expect(socketAddress("http://relay.example:3001/", page, "teams")).toBe(
    "ws://relay.example:3001/ws",
  );
  expect(socketAddress("wss://relay.example/live", page, "teams")).toBe(
    "wss://relay.example/live/ws",
  );
});

test("a relay called localhost is looked for where the server is", () => {
  const phone = socketAddress("http://127.0.0.1:3001", "http://192.168.0.9:3000", "teams");
  expect(phone).toBe("ws://192.168.0.9:3001/ws");
  const own = socketAddress("http://127.0.0.1:3001", "http://localhost:3000", "teams");
  expect(own).toBe("ws://127.0.0.1:3001/ws");
});

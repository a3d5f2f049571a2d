/** Guards what is taken for an absence from a board. */

import { aHead, EPOCH } from "../testing/boards";
import { FakeBoard } from "../testing/fake-board";
import type { Visit } from "./board-cache";
import { type Absence, VisitLog } from "./last-visit";

const HOUR = 3_600_000;
const NOON = Date.parse("2026-11-24T12:00:00.000Z");

/** A device on which the board was last shown at noon with 5 events; it has `seq` now. */
function device(seq: number, last: Visit | null = { epoch: EPOCH, seq: 5, at: NOON }) {
  const board = new FakeBoard();
  board.tell({ head: aHead({ seq }) });
  const state = { kept: last, told: null as Absence | null, now: NOON };
  const kept = {
    load: () => Promise.resolve(state.kept),
    save: (visit: Visit) => {
      state.kept = visit;
      return Promise.resolve();
    },
  };
  const open = async (hours: number) => {
    state.now = NOON + hours * HOUR;
    const log = new VisitLog(
      board,
      kept,
      (absence) => {
        state.told = absence;
      },
      () => state.now,
    );
    const end = log.follow();
    await Promise.resolve();
    return { end, seen: () => log.seen() };
  };
  return { board, state, open };
}

it("after a day's absence the first new entry is marked", async () => {
  const { state, open } = device(9);
  await open(24);
  expect(state.told).toEqual({ seq: 5, since: NOON, head: 9 });
});

it.each([
  ["was away for less than a day", 23, { epoch: EPOCH, seq: 5, at: NOON }],
  ["has seen everything", 48, { epoch: EPOCH, seq: 9, at: NOON }],
  ["saw another board at this address", 48, { epoch: "another", seq: 5, at: NOON }],
  ["was never here", 48, null],
])("whoever %s is told nothing, and this visit is kept", async (_, hours, last) => {
  const { state, open } = device(9, last);
  const { end } = await open(hours);
  expect(state.told).toBeNull();
  state.now += HOUR;
  end();
  expect(state.kept).toEqual({ epoch: EPOCH, seq: 9, at: NOON + (hours + 1) * HOUR });
});

it("an absence is shown again until it is dismissed", async () => {
  const { state, open } = device(9);
  (await open(24)).end();
  expect(state.kept).toEqual({ epoch: EPOCH, seq: 5, at: NOON });
  const { end, seen } = await open(25);
  expect(state.told).toEqual({ seq: 5, since: NOON, head: 9 });
  seen();
  expect(state.told).toBeNull();
  end();
  await open(26);
  expect(state.told).toBeNull();
});

it("what the server has not sent yet is waited for, and later changes are no part of it", async () => {
  const { board, state, open } = device(5);
  board.tell({ connection: { state: "connecting" } });
  await open(24);
  expect(state.told).toBeNull();
  board.tell({ head: aHead({ seq: 7 }), connection: { state: "live" } });
  board.tell({ head: aHead({ seq: 8 }) });
  expect(state.told).toEqual({ seq: 5, since: NOON, head: 7 });
});

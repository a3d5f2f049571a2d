/** Guards Ctrl+Z: the last changes of one's own, wherever they were made, one after the other. */

import type { BoardEvent } from "../../sync";
import { aTask, aTaskEvent } from "../../testing/boards";
import { FakeBoard } from "../../testing/fake-board";
import { undoneTogether } from "./undo-events";
import { UndoSteps, type UndoOutcome } from "./undo-steps";

const by = (seq: number, username = "ada"): BoardEvent =>
  aTaskEvent(seq, "Update", aTask({ id: 1 }), username);

/** A server that undoes what it is asked for, but `refused`, and reports it a little later. */
class Undoing extends FakeBoard {
  readonly asked: number[] = [];
  /** Answered; its event may still be on its way. */
  own = 0;
  override newestOwn = () => this.own;
  /** What can be read of the past, oldest first. */
  older: readonly BoardEvent[] = [];

  constructor(
    activity: readonly BoardEvent[],
    private readonly refused: readonly number[] = [],
  ) {
    super();
    this.tell({ activity });
  }

  override readOlder = () => {
    const page = this.older.slice(-5);
    this.older = this.older.slice(0, -5);
    this.tell({ activity: [...page, ...this.activity()] });
    return Promise.resolve(page.length > 0);
  };

  take = (seq: number): Promise<UndoOutcome> => {
    this.asked.push(seq);
    if (this.refused.includes(seq)) return Promise.resolve("refused");
    setTimeout(() => {
      const next = (this.activity().at(-1)?.seq ?? 0) + 1;
      this.tell({ activity: [...this.activity(), { ...by(next), undoes: seq }] });
    }, 5);
    return Promise.resolve("done");
  };
}

const nothing = jest.fn();
const press = async (board: Undoing, keys: readonly ("undo" | "redo")[]) => {
  const steps = new UndoSteps(board, "ada");
  await Promise.all(keys.map((key) => steps.take(key, board.take, nothing)));
};
const times = (count: number) => Array.from({ length: count }, () => "undo" as const);

beforeEach(() => nothing.mockClear());

it("pressed quickly, each press undoes one change more, the newest first", async () => {
  const board = new Undoing([by(1), by(2, "grace"), by(3), by(4)]);
  await press(board, times(3));
  expect(board.asked).toEqual([4, 3, 1]);
  expect(nothing).not.toHaveBeenCalled();
});

it("what was done last is undone, not what is known to be before it", async () => {
  const board = new Undoing([by(1)]);
  board.own = 2;
  const pressed = press(board, times(1));
  await new Promise((resolve) => setTimeout(resolve, 5));
  board.tell({ activity: [by(1), by(2)] });
  await pressed;
  expect(board.asked).toEqual([2]);
});

it("without the event of what was done last nothing is undone", async () => {
  jest.useFakeTimers();
  const board = new Undoing([by(1)]);
  board.own = 2;
  const pressed = press(board, times(1));
  await jest.advanceTimersByTimeAsync(2_000);
  await pressed;
  jest.useRealTimers();
  expect(board.asked).toEqual([]);
  expect(nothing).toHaveBeenCalledTimes(1);
});

it("what was undone is redone, and what is redone undone", async () => {
  const board = new Undoing([by(1), by(2)]);
  await press(board, ["undo", "undo", "redo", "undo"]);
  // 3 takes 2 back, 4 takes 1 back; 5 does 1 again, and is what is undone then.
  expect(board.asked).toEqual([2, 1, 4, 5]);
});

it("API-UNDO: twenty of one's own changes are found behind any number of others'", async () => {
  const own = Array.from({ length: 20 }, (_, index) => 1 + index * 4);
  const events = Array.from({ length: 80 }, (_, index) =>
    by(index + 1, own.includes(index + 1) ? "ada" : "grace"),
  );
  const board = new Undoing(events.slice(-3));
  board.older = events.slice(0, -3);
  await press(board, times(21));
  expect(board.asked).toEqual([...own].reverse());
  expect(nothing).toHaveBeenCalledTimes(1);
});

it("what the server refuses is passed over the next time", async () => {
  const board = new Undoing([by(1), by(2)], [2]);
  await press(board, times(2));
  expect(board.asked).toEqual([2, 1]);
});

it("members and boards that were made are not undone by a key", async () => {
  const member = {
    id: 2,
    username: "grace",
    role: "editor",
    created_at: "",
    updated_at: "",
  } as const;
  const { task: _task, ...rest } = aTaskEvent(2, "Add", aTask({ id: 1 }), "ada");
  const board = new Undoing([by(1), { ...rest, entity: "member", member }]);
  await press(board, times(1));
  expect(board.asked).toEqual([1]);
});

describe("API-CONVERT: an item that became a card", () => {
  const card = aTask({ id: 2 });
  const item = (seq: number, action: "Add" | "Delete", undoes?: number) =>
    ({
      ...by(seq),
      entity: "checklist_item",
      action,
      checklist_item: { id: 9, checklist_id: 4, task_id: 1 },
      ...(undoes !== undefined && { undoes }),
    }) as unknown as BoardEvent;
  const task = (seq: number, action: "Add" | "Delete", undoes?: number): BoardEvent => ({
    ...aTaskEvent(seq, action, card, "ada"),
    ...(undoes !== undefined && { undoes }),
  });
  const converted = [by(3), item(4, "Delete"), task(5, "Add")];
  const undone = [...converted, task(6, "Delete", 5), item(7, "Add", 4)];
  const again = [...undone, item(8, "Delete", 7), task(9, "Add", 6)];

  it("goes back by one step, the card first, and forth by one, the item first", () => {
    expect(undoneTogether(converted, 5)).toEqual([5, 4]);
    expect(undoneTogether(undone, 7)).toEqual([7, 6]);
    expect(undoneTogether(again, 9)).toEqual([9, 8]);
  });

  it("is one step only as long as both are as they became, and only of one write", () => {
    expect(undoneTogether([...converted, item(6, "Add", 4)], 5)).toEqual([5]);
    expect(undoneTogether(converted, 4)).toEqual([4]);
    expect(undoneTogether(converted, 3)).toEqual([3]);
    const later = { ...task(5, "Add"), timestamp: "2030-01-01T00:00:00Z" };
    expect(undoneTogether([by(3), item(4, "Delete"), later], 5)).toEqual([5]);
  });
});

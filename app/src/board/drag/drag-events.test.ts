/** Guards what carrying a card does to the board, and what is said of it. */

import { announce } from "../../components/announcer";
import { CardFocus } from "../card/card-focus";
import type { Held } from "./drag-controller";
import { refusalWords } from "../trouble/refusal-words";
import { aTask } from "../../testing/boards";
import { FakeBoard } from "../../testing/fake-board";
import { useToasts } from "../../state/toasts";
import type { Place, TaskId, Trouble } from "../../sync";
import { catalogues } from "../../utilities/texts";
import { dragEvents } from "./drag-events";

jest.mock("../../components/announcer", () => ({ announce: jest.fn() }));
const said = jest.mocked(announce);
const texts = catalogues.en.board;

const board = new FakeBoard([
  aTask({ id: 1, title: "Pack" }),
  aTask({ id: 2, title: "Sleep" }),
  aTask({ id: 3, title: "Eat", status: "in_progress" }),
  aTask({ id: 4, title: "Rest", status: "in_progress" }),
]);

function stage(mayEdit = true) {
  const moves: [TaskId, Place, string][] = [];
  const move = (id: TaskId, place: Place, begunIn: string) => moves.push([id, place, begunIn]) > 0;
  return { moves, events: dragEvents({ board, focus: new CardFocus(), texts, mayEdit, move }) };
}

const from = { status: "todo", index: 0, before: 2 };
const held = (over: Held["over"], by: Held["by"] = "keyboard"): Held => ({
  id: 1,
  by,
  from,
  over,
  height: 40,
  full: false,
});

beforeEach(() => said.mockClear());

it("each step of the keyboard is announced, with its place in its column", () => {
  const { events } = stage();
  events.lifted(held(from));
  events.moved(held({ status: "todo", index: 1, before: null }));
  events.moved({ ...held({ status: "in_progress", index: 2, before: null }), full: true });
  events.dropped(held({ status: "finished", index: 0, before: null }));
  events.cancelled(held(from), "given-up");
  expect(said.mock.calls.map(([words]) => words)).toEqual([
    "“Pack” picked up in To do, place 1 of 2. Arrow keys move it, Space drops, Escape cancels.",
    "To do, place 2 of 2",
    "In progress is full: 2 of 2 tasks. The card cannot be dropped here.",
    "“Pack” dropped in Finished, place 1.",
    "Cancelled. “Pack” is back where it was.",
  ]);
});

it.each(["keyboard", "pointer"] as const)(
  "a card that somebody deletes while it is held by %s is told in a toast, for eyes and ears",
  (by) => {
    useToasts.setState({ toasts: [] });
    stage().events.cancelled(held(from, by), "gone");
    expect(useToasts.getState().toasts.map(({ text }) => text)).toEqual([
      "Somebody deleted the card while you were dragging it.",
    ]);
    expect(said).not.toHaveBeenCalled();
  },
);

it("a pointer's moves are seen, not announced", () => {
  const { events } = stage();
  events.lifted(held(from, "pointer"));
  events.moved(held({ status: "finished", index: 0, before: null }, "pointer"));
  events.dropped(held({ status: "finished", index: 0, before: null }, "pointer"));
  expect(said).not.toHaveBeenCalled();
});

it("a card dropped where it was is not moved", () => {
  const { events, moves } = stage();
  events.lifted(held(from));
  events.dropped(held(from));
  expect(moves).toEqual([]);
  events.dropped(held({ status: "in_progress", index: 0, before: 3 }));
  expect(moves).toEqual([[1, { status: "in_progress", before: 3 }, "todo"]]);
});

describe.each(["keyboard", "pointer"] as const)(
  "a card that is moved while it is held by %s",
  (by) => {
    const toasts = () => useToasts.getState().toasts.map(({ text }) => text);
    const MOVED = "“Pack” is in Finished now: somebody moved it while you were dragging it.";
    beforeEach(() => useToasts.setState({ toasts: [] }));
    afterEach(() => board.change(1, { status: "todo", position: "1" }));

    it("stays in the column where the other put it, with a word, if it is put back or let go", () => {
      for (const end of ["dropped", "cancelled"] as const) {
        board.change(1, { status: "todo", position: "1" });
        const { events, moves } = stage();
        events.lifted(held(from, by));
        said.mockClear();
        board.change(1, { status: "finished", position: "2" });
        events[end](held(from, by), "given-up");
        expect([moves, toasts(), said.mock.calls]).toEqual([[], [MOVED], []]);
        useToasts.setState({ toasts: [] });
      }
    });

    it("says from which column it was taken if it is put into a third one", () => {
      const { events, moves } = stage();
      events.lifted(held(from, by));
      board.change(1, { status: "finished", position: "2" });
      events.dropped(held({ status: "in_progress", index: 0, before: 3 }, by));
      expect([moves, toasts()]).toEqual([[[1, { status: "in_progress", before: 3 }, "todo"]], []]);
    });

    it("is where it is put down if the other moved it in its column", () => {
      const { events, moves } = stage();
      events.lifted(held(from, by));
      board.change(1, { position: "2" });
      events.dropped(held(from, by));
      expect(moves).toEqual([[1, { status: "todo", before: 2 }, "todo"]]);
    });
  },
);

it("api: /problems/wip-limit is shown while the card is dragged: a column at its limit is full, except for its own cards", () => {
  const { events } = stage();
  expect(events.isFull(1, "in_progress")).toBe(true);
  expect(events.isFull(3, "in_progress")).toBe(false);
  expect(events.isFull(1, "finished")).toBe(false);
});

it("api: /problems/wip-limit says how many there are and how many there may be, one of each in the singular", () => {
  const { en, de } = catalogues;
  expect(en.board.columnFull("Doing", 4, 2)).toBe(
    "“Doing” is full: 4 of 2 tasks. Move 3 out first.",
  );
  expect(en.board.columnFull("Doing", 1, 1)).toBe(
    "“Doing” is full: 1 of 1 task. Move one out first.",
  );
  expect(de.board.columnFull("Doing", 4, 2)).toContain(": 4 von 2 Aufgaben.");
  expect(de.board.columnFull("Doing", 1, 1)).toContain(": 1 von 1 Aufgabe.");
});

it("viewers lift no card", () => {
  expect(stage().events.mayLift(1)).toBe(true);
  expect(stage(false).events.mayLift(1)).toBe(false);
  expect(stage().events.mayLift(99)).toBe(false);
});

it("api: /problems/wip-limit is explained with the column and its limit", () => {
  const refused = (type: string): Trouble => ({
    id: "t",
    task: 1,
    subject: "Pack",
    at: 0,
    kind: {
      kind: "refused",
      type,
      reason: { code: "server", status: 403, detail: "No.", errors: [] },
      mine: { status: "in_progress" },
    },
  });
  expect(refusalWords(refused("/problems/wip-limit"), board, catalogues.en)).toBe(
    "“Pack” did not fit: “In progress” takes at most 2 tasks.",
  );
  expect(refusalWords(refused("/problems/forbidden"), board, catalogues.en)).toBe("No.");
});

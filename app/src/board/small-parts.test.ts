/** Guards the small pure parts of the board: edges, heights, keys, neighbours, due dates. */

import { assert as check, date, integer, property, string } from "fast-check";
import { edgeSpeed, TOP_SPEED } from "./drag/auto-scroll";
import { cardKeyOf } from "./board-keys";
import { addColumnWidth, COLUMN_GAP, columnWidthFor } from "./columns/column-width";
import { CARD, cardHeight, cardMeasure, titleLines } from "./card/card-metrics";
import { layOut } from "./columns/column-layout";
import { dayOf, dueState, endOfDay } from "./card/due";
import { aTask } from "../testing/boards";
import { neighbour } from "./card/neighbour";

describe("scrolling at the edges", () => {
  it("scrolls towards the near edge, and not in the middle", () => {
    expect(edgeSpeed(0, 0, 600)).toBe(-TOP_SPEED);
    expect(edgeSpeed(600, 0, 600)).toBe(TOP_SPEED);
    expect(edgeSpeed(300, 0, 600)).toBe(0);
  });

  it("is never faster than the top speed, whatever the list and the pointer", () => {
    check(
      property(integer(), integer({ min: 0, max: 2000 }), (at, height) => {
        expect(Math.abs(edgeSpeed(at, 0, height))).toBeLessThanOrEqual(TOP_SPEED);
      }),
    );
  });
});

describe("a card's height", () => {
  const space = { width: 280, fontScale: 1 };

  it("is the same for the same task, and is known without measuring", () => {
    check(
      property(string({ maxLength: 200 }), (title) => {
        const lines = titleLines(title, space);
        expect(lines).toBeGreaterThanOrEqual(1);
        expect(lines).toBeLessThanOrEqual(CARD.titleLines);
        const task = aTask({ id: 1, title });
        expect(cardHeight(task, space)).toBe(2 * 11 + lines * CARD.titleLine);
      }),
    );
  });

  it("grows with labels, with facts and with the size of the text", () => {
    const plain = aTask({ id: 1, title: "Pack" });
    const labelled = { ...plain, labels: ["travel"] };
    const due = { ...labelled, due_at: "2026-01-02T03:04:05.678Z" };
    const all = [plain, labelled, due].map((task) => cardHeight(task, space));
    expect(all).toEqual([42, 68, 100]);
    expect(cardHeight(due, { ...space, fontScale: 2 })).toBeGreaterThan(150);
  });

  it("is measured once for a task", () => {
    const measure = cardMeasure(space);
    const task = aTask({ id: 1, title: "Pack" });
    expect(measure(task)).toBe(measure(task));
  });

  it("gives a long title in a narrow column more lines than in a wide one", () => {
    const title = "Book a train to Bergen and find out whether bicycles may come along";
    expect(titleLines(title, { width: 220, fontScale: 1 })).toBe(3);
    expect(titleLines(title, { width: 900, fontScale: 1 })).toBe(1);
  });
});

describe("columns", () => {
  it("are all in view where there is room", () => {
    const adding = addColumnWidth("Spalte hinzufügen");
    const { width, snap } = columnWidthFor(1280, 3, adding);
    expect(adding).toBeGreaterThan(addColumnWidth("Add column"));
    expect(3 * width + adding + 5 * COLUMN_GAP).toBeLessThanOrEqual(1280);
    expect(snap).toBe(false);
  });

  it("show a strip of the next one on phones of 320 pixels and more", () => {
    for (const room of [320, 360, 390, 430]) {
      const { width, snap } = columnWidthFor(room, 3, 0);
      expect(width).toBeLessThan(room - 24);
      expect(width).toBeGreaterThanOrEqual(220);
      expect(snap).toBe(true);
    }
  });
});

describe("keys", () => {
  const plain = { ctrlKey: false, metaKey: false, altKey: false };

  it("Space picks up on a card and presses elsewhere", () => {
    expect(cardKeyOf({ ...plain, key: " " }, null, true)).toBe("pick-up");
    expect(cardKeyOf({ ...plain, key: " " }, null, false)).toBeNull();
    expect(cardKeyOf({ ...plain, key: "ArrowDown" }, null, false)).toBeNull();
  });

  it("of a held card arrows carry it, Space drops it, Escape puts it back", () => {
    const keys = ["ArrowLeft", " ", "Enter", "Escape", "n"];
    expect(keys.map((key) => cardKeyOf({ ...plain, key }, "keyboard", true))).toEqual([
      "left",
      "drop",
      "drop",
      "cancel",
      null,
    ]);
  });

  it("a card at the pointer knows Escape only, and chords belong to the browser", () => {
    expect(cardKeyOf({ ...plain, key: "Escape" }, "pointer", false)).toBe("cancel");
    expect(cardKeyOf({ ...plain, key: " " }, "pointer", true)).toBeNull();
    expect(cardKeyOf({ ...plain, key: "ArrowLeft", altKey: true }, null, true)).toBeNull();
  });
});

it("arrows lead from card to card, past columns without any", () => {
  const columns = [[1, 2], [], [3]].map((ids) => ({ layout: layOut(ids, () => 50) }));
  expect(neighbour(columns, null, "down")).toBe(1);
  expect(neighbour(columns, 1, "down")).toBe(2);
  expect(neighbour(columns, 2, "down")).toBeNull();
  expect(neighbour(columns, 2, "right")).toBe(3);
  expect(neighbour(columns, 3, "right")).toBeNull();
  expect(neighbour(columns, 3, "left")).toBe(1);
  expect(neighbour([], null, "down")).toBeNull();
});

describe("due dates", () => {
  const noon = new Date(2026, 5, 15, 12).getTime();
  const on = (day: number, hour = 23) => new Date(2026, 5, day, hour).toISOString();

  it("are shown in days as people count them", () => {
    expect(dueState(on(14), noon)).toEqual({ kind: "overdue", days: 1 });
    expect(dueState(on(15), noon)).toEqual({ kind: "today" });
    expect(dueState(on(15, 11), noon)).toEqual({ kind: "overdue", days: 0 });
    expect(dueState(on(16), noon)).toEqual({ kind: "tomorrow" });
    expect(dueState(on(20), noon)).toEqual({ kind: "soon", days: 5 });
    expect(dueState(on(29), noon)).toEqual({ kind: "later" });
  });

  it("a day that is typed comes back as the same day", () => {
    const range = { min: new Date(1900, 0, 1), max: new Date(9998, 0, 1), noInvalidDate: true };
    check(
      property(date(range), (moment) => {
        const day = dayOf(moment.toISOString());
        const due = endOfDay(day);
        expect(due).not.toBeNull();
        expect(dayOf(due)).toBe(day);
      }),
    );
  });

  it.each(["", "2026-02-30", "2026-13-01", "26-01-01", "tomorrow", "2026-1-1"])(
    "“%s” is no day",
    (typed) => {
      expect(endOfDay(typed)).toBeNull();
    },
  );
});

/** Guards the state machine of a column in the air. */

import { ColumnDrag, type HeldColumn } from "./column-drag";
import { placed } from "../columns/column-changes";

const STEP = 312;

/** Four columns, in a row of which 600 pixels show. */
function stage() {
  const told: string[] = [];
  const tell = (what: string) => (held: HeldColumn) => {
    told.push(`${what} ${held.key} ${held.from}→${held.to}`);
  };
  const row = { scrolled: 0, revealed: "" };
  const drag = new ColumnDrag({
    mayLift: () => true,
    lifted: tell("lifted"),
    moved: tell("moved"),
    dropped: tell("dropped"),
    cancelled: tell("cancelled"),
  });
  const set = (keys: readonly string[]) =>
    drag.setRow(keys, STEP, {
      frame: () => ({ left: 0, width: 600, scrolled: row.scrolled, content: 1260 }),
      scrollTo: (x) => {
        row.scrolled = x;
      },
      reveal: (key) => {
        row.revealed = key;
      },
    });
  set(["a", "b", "c", "d"]);
  const shifts = () => ["a", "b", "c", "d"].map((key) => drag.shiftOf(key));
  return { drag, told, row, set, shifts };
}

it("a column follows the pointer, and those that it passes move aside", () => {
  const { drag, told, shifts } = stage();
  expect(drag.lift("a", { x: 100, y: 10 })).toBe(true);
  drag.move({ x: 240, y: 10 });
  expect(shifts()).toEqual([140, 0, 0, 0]);
  drag.move({ x: 100 + 2 * STEP - 10, y: 10 });
  expect(shifts()).toEqual([2 * STEP - 10, -STEP, -STEP, 0]);
  drag.drop();
  expect(shifts()).toEqual([0, 0, 0, 0]);
  expect(told).toEqual(["lifted a 0→0", "moved a 0→2", "dropped a 0→2"]);
});

it("the keyboard carries a column from place to place, and not beyond the ends", () => {
  const { drag, told, row, shifts } = stage();
  drag.pickUp("c");
  drag.step(-1);
  expect(shifts()).toEqual([0, STEP, -STEP, 0]);
  expect(row.revealed).toBe("b");
  drag.step(-1);
  drag.step(-1);
  drag.cancel();
  expect(told).toEqual(["lifted c 2→2", "moved c 2→1", "moved c 2→0", "cancelled c 2→0"]);
});

it("near an edge the row scrolls, and the column is carried on with it", () => {
  const { drag, row } = stage();
  drag.lift("a", { x: 100, y: 10 });
  drag.move({ x: 599, y: 10 });
  const before = drag.shiftOf("a");
  drag.scrollFrame();
  expect(row.scrolled).toBeGreaterThan(0);
  expect(drag.shiftOf("a")).toBe(before + row.scrolled);
});

it("it stays dragged while others change the columns, unless it is deleted", () => {
  const { drag, told, set } = stage();
  drag.pickUp("b");
  set(["new", "a", "b", "c"]);
  expect(drag.held()).toMatchObject({ from: 2, to: 1 });
  set(["new", "a", "c"]);
  expect(told.at(-1)).toMatch(/^cancelled b/);
  expect(drag.held()).toBeNull();
});

it("a column put elsewhere leaves the order of the others", () => {
  expect(placed(["a", "b", "c", "d"], 0, 2)).toEqual(["b", "c", "a", "d"]);
  expect(placed(["a", "b", "c", "d"], 3, 0)).toEqual(["d", "a", "b", "c"]);
});

/** Guards the state machine of a card in the air. */

import { layOut } from "../columns/column-layout";
import { DragController, type DragEvents, type Held } from "./drag-controller";
import type { ColumnHandle } from "./drag-handles";

const CARD = 80;
const SPACING = 8;

/** Three columns, 300 wide, at 0, 312 and 624; their lists begin at y = 100 and show 400. */
class Stage {
  readonly columns: Record<string, number[]>;
  readonly scrolled: Record<string, number> = {};
  readonly told: string[] = [];
  readonly drag: DragController;
  allowed = true;
  full: string | null = null;
  own: number | null = null;
  rowScrolled = 0;
  last: Held | null = null;

  constructor(columns: Record<string, number[]>) {
    this.columns = columns;
    const tell = (what: string) => (held: Held, why?: string) => {
      this.last = held;
      const { status, before } = held.over;
      this.told.push([what, held.id, status, before ?? "end", why ?? ""].join(" ").trim());
    };
    const events: DragEvents = {
      mayLift: () => this.allowed,
      isFull: (_, status) => status === this.full,
      ownPlace: () => this.own,
      lifted: tell("lifted"),
      moved: tell("moved"),
      dropped: tell("dropped"),
      cancelled: tell("cancelled"),
    };
    this.drag = new DragController(events, SPACING);
    const keys = Object.keys(columns);
    this.drag.setOrder(keys);
    this.drag.setRow({
      frame: () => ({ left: 0, width: 600, scrolled: this.rowScrolled, content: 936 }),
      scrollTo: (x) => {
        this.rowScrolled = x;
      },
      reveal: () => undefined,
    });
    keys.forEach((key, index) => this.drag.register(key, this.handle(key, index)));
  }

  private handle(key: string, index: number): ColumnHandle {
    return {
      layout: () => layOut(this.columns[key] ?? [], () => CARD + SPACING),
      frame: () => ({
        left: index * 312 - this.rowScrolled,
        width: 300,
        top: 100,
        height: 400,
        scrolled: this.scrolled[key] ?? 0,
      }),
      scrollTo: (y) => {
        this.scrolled[key] = y;
      },
    };
  }
}

const lift = (stage: Stage, id: number, status: string, index: number) => {
  const corner = { x: 0, y: 100 + index * (CARD + SPACING) };
  return stage.drag.lift(id, status, { x: corner.x + 20, y: corner.y + 20 }, corner);
};

it("a card that is lifted is over its own place", () => {
  const stage = new Stage({ a: [1, 2, 3], b: [] });
  expect(lift(stage, 2, "a", 1)).toBe(true);
  expect(stage.drag.held()?.over).toEqual({ status: "a", index: 1, before: 3 });
  expect(stage.drag.gapIn("a")).toEqual({ index: 1, height: CARD + SPACING });
  expect(stage.drag.gapIn("b")).toBeNull();
});

it("a card that is dropped into another column is reported with the card that it is dropped before", () => {
  const stage = new Stage({ a: [1, 2, 3], b: [4, 5] });
  lift(stage, 1, "a", 0);
  stage.drag.move({ x: 400, y: 120 + CARD + SPACING });
  stage.drag.drop();
  expect(stage.told).toEqual(["lifted 1 a 2", "moved 1 b 5", "dropped 1 b 5"]);
  expect(stage.drag.held()).toBeNull();
  expect(stage.drag.gapIn("b")).toBeNull();
});

it("a full column opens no gap under a card, and opens one as soon as there is room", () => {
  const stage = new Stage({ a: [1, 2], b: [3] });
  stage.full = "b";
  lift(stage, 1, "a", 0);
  stage.drag.move({ x: 400, y: 120 });
  expect([stage.drag.over("a"), stage.drag.over("b")]).toEqual([null, "full"]);
  expect([stage.drag.gapIn("a"), stage.drag.gapIn("b")]).toEqual([null, null]);
  stage.full = null;
  stage.drag.refresh((id) => id);
  expect(stage.drag.over("b")).toBe("open");
  expect(stage.drag.gapIn("b")).toEqual({ index: 0, height: CARD + SPACING });
});

it("where the order is given, the gap opens where the card will be, by pointer and keyboard", () => {
  const stage = new Stage({ a: [1, 2], b: [3, 4, 5] });
  stage.own = 1;
  lift(stage, 1, "a", 0);
  stage.drag.move({ x: 400, y: 500 });
  expect(stage.drag.gapIn("b")).toEqual({ index: 1, height: CARD + SPACING });
  stage.drag.drop();
  expect(stage.told.at(-1)).toBe("dropped 1 b 4");
  stage.drag.pickUp(1, "a");
  stage.drag.step("right");
  stage.drag.step("down");
  stage.drag.drop();
  expect(stage.told.at(-1)).toBe("dropped 1 b 4");
});

it("an empty column takes a card", () => {
  const stage = new Stage({ a: [1], b: [] });
  lift(stage, 1, "a", 0);
  stage.drag.move({ x: 450, y: 300 });
  stage.drag.drop();
  expect(stage.told.at(-1)).toBe("dropped 1 b end");
});

it("only one card is held at a time, and only if it may be", () => {
  const stage = new Stage({ a: [1, 2] });
  stage.allowed = false;
  expect(lift(stage, 1, "a", 0)).toBe(false);
  stage.allowed = true;
  expect(lift(stage, 1, "a", 0)).toBe(true);
  expect(lift(stage, 2, "a", 1)).toBe(false);
  expect(lift(stage, 9, "a", 1)).toBe(false);
});

it("a move that changes nothing is not reported", () => {
  const stage = new Stage({ a: [1, 2], b: [3] });
  let drawn = 0;
  stage.drag.subscribe(() => {
    drawn += 1;
  });
  lift(stage, 1, "a", 0);
  const before = drawn;
  const gap = stage.drag.gapIn("a");
  stage.drag.move({ x: 21, y: 121 });
  stage.drag.move({ x: 25, y: 125 });
  expect(drawn).toBe(before);
  expect(stage.drag.gapIn("a")).toBe(gap);
});

it("the position is reported at every move", () => {
  const stage = new Stage({ a: [1, 2] });
  lift(stage, 1, "a", 0);
  const seen: number[] = [];
  stage.drag.onPosition(({ y }) => seen.push(y));
  stage.drag.move({ x: 21, y: 130 });
  stage.drag.move({ x: 21, y: 131 });
  expect(seen).toEqual([100, 110, 111]);
});

it("Escape puts the card back", () => {
  const stage = new Stage({ a: [1, 2], b: [] });
  lift(stage, 1, "a", 0);
  stage.drag.move({ x: 400, y: 120 });
  stage.drag.cancel();
  expect(stage.told.at(-1)).toBe("cancelled 1 b end given-up");
  stage.drag.drop();
  expect(stage.told.at(-1)).toBe("cancelled 1 b end given-up");
});

it("cards that come and go in mid-drag only move the gap", () => {
  const stage = new Stage({ a: [1, 2, 3], b: [4, 5] });
  lift(stage, 1, "a", 0);
  stage.drag.move({ x: 400, y: 120 + CARD + SPACING });
  stage.columns["b"] = [9, 4, 5];
  stage.drag.refresh((id) => id);
  stage.drag.drop();
  expect(stage.told.at(-1)).toBe("dropped 1 b 4");
});

it("a dragged card that another user moved is still dragged, and lands where it is dropped", () => {
  const stage = new Stage({ a: [1, 2], b: [3] });
  lift(stage, 1, "a", 0);
  stage.columns["a"] = [2];
  stage.columns["b"] = [3, 1];
  stage.drag.refresh((id) => id);
  stage.drag.move({ x: 400, y: 500 });
  stage.drag.drop();
  expect(stage.told.at(-1)).toBe("dropped 1 b end");
});

it("a dragged card that gets its id from the server is the same card, and so is the one that it goes before", () => {
  const stage = new Stage({ a: [-1, 2], b: [-3, 4] });
  lift(stage, -1, "a", 0);
  stage.drag.move({ x: 400, y: 120 });
  const names = new Map([
    [-1, 5],
    [-3, 6],
  ]);
  stage.columns["a"] = [5, 2];
  stage.columns["b"] = [6, 4];
  stage.drag.refresh((id) => names.get(id) ?? id);
  expect([stage.drag.isHeld(5), stage.drag.held()?.over.before]).toEqual([true, 6]);
  stage.drag.move({ x: 100, y: 120 });
  expect(stage.drag.held()?.over).toEqual({ status: "a", index: 0, before: 2 });
  stage.drag.drop();
  expect(stage.told.at(-1)).toBe("dropped 5 a 2");
});

it("a dragged card that another user deleted is released", () => {
  const stage = new Stage({ a: [1, 2] });
  lift(stage, 1, "a", 0);
  stage.columns["a"] = [2];
  stage.drag.refresh((id) => (id === 1 ? null : id));
  expect(stage.drag.held()).toBeNull();
  expect(stage.told.at(-1)).toBe("cancelled 1 a 2 gone");
});

it("the keyboard carries a card within its column and to its neighbours", () => {
  const stage = new Stage({ a: [1, 2, 3], b: [], c: [4] });
  expect(stage.drag.pickUp(1, "a")).toBe(true);
  stage.drag.step("down");
  expect(stage.drag.held()?.over.before).toBe(3);
  stage.drag.step("down");
  stage.drag.step("down");
  expect(stage.drag.held()?.over).toEqual({ status: "a", index: 2, before: null });
  stage.drag.step("right");
  expect(stage.drag.held()?.over).toEqual({ status: "b", index: 0, before: null });
  stage.drag.step("right");
  stage.drag.step("right");
  stage.drag.drop();
  expect(stage.told.at(-1)).toBe("dropped 1 c 4");
});

it("a card held by the keyboard stays before the card it was put before", () => {
  const stage = new Stage({ a: [1, 2, 3, 4] });
  stage.drag.pickUp(1, "a");
  stage.drag.step("down");
  stage.columns["a"] = [1, 8, 9, 2, 3, 4];
  stage.drag.refresh((id) => id);
  stage.drag.drop();
  expect(stage.told.at(-1)).toBe("dropped 1 a 3");
});

it("near the edges both axes scroll by themselves, and the place is found again", () => {
  const stage = new Stage({ a: Array.from({ length: 20 }, (_, index) => index + 1), b: [], c: [] });
  lift(stage, 1, "a", 0);
  stage.drag.move({ x: 100, y: 495 });
  const before = stage.drag.held()?.over.index ?? 0;
  for (let frame = 0; frame < 20; frame += 1) {
    stage.drag.scrollFrame();
  }
  expect(stage.scrolled["a"]).toBeGreaterThan(100);
  expect(stage.drag.held()?.over.index).toBeGreaterThan(before);
  stage.drag.move({ x: 598, y: 300 });
  for (let frame = 0; frame < 100; frame += 1) {
    stage.drag.scrollFrame();
  }
  expect(stage.rowScrolled).toBe(336);
  expect(stage.drag.held()?.over.status).toBe("c");
});

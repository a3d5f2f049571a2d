/**
 * Turns a browser's pointer events into a drag: a mouse drags when it moves, a finger holds first, so
 * that it can still scroll.
 */

import type { ColumnDrag } from "./column-drag";
import type { DragController } from "./drag-controller";
import type { Point } from "./hit-test";

/** How far a mouse may tremble in a click, and a finger while it holds, in CSS pixels. */
const MOUSE_SLACK = 5;
const FINGER_SLACK = 10;
/** How long a finger holds before it lifts, in milliseconds. */
const HOLD_MS = 200;

/** What can be carried from where it was pressed: a card, or a column by its head. */
interface Carried {
  readonly drag: Pick<DragController, "move" | "drop" | "cancel">;
  /** @returns whether it is held now */
  lift(pointer: Point): boolean;
}

/** What is pressed. */
interface Press {
  readonly pointer: number;
  readonly touch: boolean;
  /** The element that was pressed: it is notified of the finger's moves even when it is taken away. */
  readonly target: EventTarget;
  readonly carried: Carried;
  readonly start: { x: number; y: number };
  last: { x: number; y: number };
  lifted: boolean;
}

export class PointerInput {
  private pressed: Press | null = null;
  private hold: ReturnType<typeof setTimeout> | null = null;
  private ended = new AbortController();

  constructor(
    private readonly root: HTMLElement,
    private readonly drag: DragController,
    private readonly columnDrag: ColumnDrag,
  ) {
    const { signal } = this.ended;
    root.addEventListener("pointerdown", (event) => this.down(event), { signal });
    // Added before the first touch: a browser ignores listeners added during a gesture.
    root.addEventListener("touchmove", this.holdStill, { passive: false, signal });
    root.addEventListener("dragstart", (event) => event.preventDefault(), { signal });
    // The menu that a long press opens would end the gesture.
    root.addEventListener("contextmenu", (event) => this.pressed?.touch && event.preventDefault(), {
      signal,
    });
    window.addEventListener("pointermove", (event) => this.move(event), { signal });
    window.addEventListener("pointerup", (event) => this.up(event), { signal });
    window.addEventListener(
      "pointercancel",
      (event) => this.pressed?.pointer === event.pointerId && this.finish(),
      { signal },
    );
  }

  /** Stops listening; what is in the air goes back. */
  end(): void {
    this.finish();
    this.ended.abort();
  }

  private down(event: PointerEvent): void {
    const target = event.target instanceof Element ? event.target : null;
    const carried = target && this.carriedBy(target);
    if (!carried || !event.isPrimary || event.button !== 0) {
      return;
    }
    this.finish();
    const at = { x: event.clientX, y: event.clientY };
    this.pressed = {
      pointer: event.pointerId,
      touch: event.pointerType === "touch",
      target,
      carried,
      start: at,
      last: at,
      lifted: false,
    };
    if (this.pressed.touch) {
      this.pressed.target.addEventListener("touchmove", this.holdStill, { passive: false });
      this.hold = setTimeout(() => this.liftNow(), HOLD_MS);
    }
  }

  private carriedBy(target: Element): Carried | null {
    const { drag, columnDrag } = this;
    const card = target.closest<HTMLElement>("[data-card]");
    const status = target.closest("[data-column]")?.getAttribute("data-column");
    if (card && status) {
      const lift = (pointer: Point) => {
        const { left, top } = card.getBoundingClientRect();
        return drag.lift(Number(card.dataset["card"]), status, pointer, { x: left, y: top });
      };
      return { drag, lift };
    }
    const head = target.closest<HTMLElement>("[data-column-head]");
    const key = head?.dataset["columnHead"];
    // In the field of the name the pointer selects text.
    if (key === undefined || target.closest("input")) {
      return null;
    }
    return { drag: columnDrag, lift: (pointer) => columnDrag.lift(key, pointer) };
  }

  private move(event: PointerEvent): void {
    const press = this.pressed;
    if (press?.pointer !== event.pointerId) {
      return;
    }
    press.last = { x: event.clientX, y: event.clientY };
    const travelled = Math.hypot(press.last.x - press.start.x, press.last.y - press.start.y);
    if (!press.lifted) {
      if (press.touch && travelled > FINGER_SLACK) {
        this.finish();
      } else if (!press.touch && travelled > MOUSE_SLACK) {
        this.liftNow();
      }
    }
    if (this.pressed?.lifted) {
      press.carried.drag.move(press.last);
    }
  }

  private liftNow(): void {
    const press = this.pressed;
    if (!press) {
      return;
    }
    if (!press.carried.lift(press.start)) {
      this.finish();
      return;
    }
    press.lifted = true;
    this.root.setPointerCapture(press.pointer);
    press.carried.drag.move(press.last);
    if (press.touch && "vibrate" in navigator) {
      navigator.vibrate(10);
    }
  }

  private up(event: PointerEvent): void {
    const press = this.pressed;
    if (press?.pointer !== event.pointerId) {
      return;
    }
    if (press.lifted) {
      suppressClick();
      press.carried.drag.drop();
    }
    this.finish();
  }

  private finish(): void {
    const press = this.pressed;
    if (this.hold !== null) {
      clearTimeout(this.hold);
    }
    this.hold = null;
    this.pressed = null;
    press?.target.removeEventListener("touchmove", this.holdStill);
    if (press?.lifted) {
      press.carried.drag.cancel();
    }
  }

  /** Once the card is lifted the page must not scroll under it. */
  private holdStill = (event: Event): void => {
    if (this.pressed?.lifted) {
      event.preventDefault();
    }
  };
}

/** The click that ends a drag is no click. */
function suppressClick(): void {
  const suppress = (event: Event) => {
    event.stopPropagation();
    event.preventDefault();
  };
  window.addEventListener("click", suppress, { capture: true, once: true });
  setTimeout(() => window.removeEventListener("click", suppress, { capture: true }), 50);
}

/**
 * Turns a browser's pointer events into a drag: a mouse drags when it moves, a finger holds first, so
 * that it can still scroll.
 */

import type { DragController } from "./drag-controller";

/** How far a mouse may tremble in a click, and a finger while it holds, in CSS pixels. */
const MOUSE_SLACK = 5;
const FINGER_SLACK = 10;
/** How long a finger holds before it lifts, in milliseconds. */
const HOLD_MS = 200;

/** What is pressed. */
interface Press {
  readonly pointer: number;
  readonly touch: boolean;
  /** The element that was pressed: it is told of the finger's moves even when it is taken away. */
  readonly target: EventTarget;
  readonly card: HTMLElement;
  readonly id: number;
  readonly status: string;
  readonly start: { x: number; y: number };
  last: { x: number; y: number };
  lifted: boolean;
}

export class PointerInput {
  #press: Press | null = null;
  #hold: ReturnType<typeof setTimeout> | null = null;
  #ended = new AbortController();

  constructor(
    private readonly root: HTMLElement,
    private readonly drag: DragController,
  ) {
    const { signal } = this.#ended;
    root.addEventListener("pointerdown", (event) => this.#down(event), { signal });
    // There from the first touch on: a browser asks nobody who begins to listen during a gesture.
    root.addEventListener("touchmove", this.#holdStill, { passive: false, signal });
    root.addEventListener("dragstart", (event) => event.preventDefault(), { signal });
    // The menu that a long press opens would end the gesture.
    root.addEventListener("contextmenu", (event) => this.#press?.touch && event.preventDefault(), {
      signal,
    });
    window.addEventListener("pointermove", (event) => this.#move(event), { signal });
    window.addEventListener("pointerup", (event) => this.#up(event), { signal });
    window.addEventListener(
      "pointercancel",
      (event) => this.#press?.pointer === event.pointerId && this.#end(),
      { signal },
    );
  }

  /** Stops listening; what is in the air goes back. */
  end(): void {
    this.#end();
    this.#ended.abort();
  }

  #down(event: PointerEvent): void {
    const target = event.target instanceof Element ? event.target : null;
    const card = target?.closest("[data-card]");
    const status = target?.closest("[data-column]")?.getAttribute("data-column");
    if (!(card instanceof HTMLElement) || !status || !event.isPrimary || event.button !== 0) {
      return;
    }
    this.#end();
    const at = { x: event.clientX, y: event.clientY };
    this.#press = {
      pointer: event.pointerId,
      touch: event.pointerType === "touch",
      target: event.target ?? card,
      card,
      id: Number(card.dataset.card),
      status,
      start: at,
      last: at,
      lifted: false,
    };
    if (this.#press.touch) {
      this.#press.target.addEventListener("touchmove", this.#holdStill, { passive: false });
      this.#hold = setTimeout(() => this.#lift(), HOLD_MS);
    }
  }

  #move(event: PointerEvent): void {
    const press = this.#press;
    if (press?.pointer !== event.pointerId) {
      return;
    }
    press.last = { x: event.clientX, y: event.clientY };
    const travelled = Math.hypot(press.last.x - press.start.x, press.last.y - press.start.y);
    if (!press.lifted) {
      if (press.touch && travelled > FINGER_SLACK) {
        this.#end();
      } else if (!press.touch && travelled > MOUSE_SLACK) {
        this.#lift();
      }
    }
    if (this.#press?.lifted) {
      this.drag.move(press.last);
    }
  }

  #lift(): void {
    const press = this.#press;
    if (!press) {
      return;
    }
    const { left, top } = press.card.getBoundingClientRect();
    if (!this.drag.lift(press.id, press.status, press.start, { x: left, y: top })) {
      this.#end();
      return;
    }
    press.lifted = true;
    this.root.setPointerCapture(press.pointer);
    this.drag.move(press.last);
    if (press.touch && "vibrate" in navigator) {
      navigator.vibrate(10);
    }
  }

  #up(event: PointerEvent): void {
    const press = this.#press;
    if (press?.pointer !== event.pointerId) {
      return;
    }
    if (press.lifted) {
      swallowClick();
      this.drag.drop();
    }
    this.#end();
  }

  #end(): void {
    const press = this.#press;
    if (this.#hold !== null) {
      clearTimeout(this.#hold);
    }
    this.#hold = null;
    this.#press = null;
    press?.target.removeEventListener("touchmove", this.#holdStill);
    if (press?.lifted) {
      this.drag.cancel();
    }
  }

  /** Once the card is lifted the page must not scroll under it. */
  #holdStill = (event: Event): void => {
    if (this.#press?.lifted) {
      event.preventDefault();
    }
  };
}

/** The click that ends a drag is no click. */
function swallowClick(): void {
  const swallow = (event: Event) => {
    event.stopPropagation();
    event.preventDefault();
  };
  window.addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => window.removeEventListener("click", swallow, { capture: true }), 50);
}

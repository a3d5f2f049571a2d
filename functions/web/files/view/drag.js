/**
 * Moving cards with a pointer: a mouse drags at once, a finger holds first (so that it can still
 * scroll). The card itself stays where it is; a likeness follows the pointer.
 */

import { likeness } from "./motion.js";

/** How far a mouse may tremble in a click, and a finger while it holds, in CSS pixels. */
const MOUSE_SLACK = 5;
const FINGER_SLACK = 10;
const HOLD_MS = 260;
/** How near to an edge scrolling begins, and its top speed per frame, in CSS pixels. */
const EDGE = 56;
const SPEED = 14;

/** @typedef {import("../model/types.js").Status} Status */

/**
 * @typedef {object} Grip what is held, in CSS pixels of the window
 * @property {number} id of the task
 * @property {HTMLElement} card
 * @property {number} pointer
 * @property {boolean} touch
 * @property {number} x where the pointer is
 * @property {number} y
 * @property {number} dx where in the card it holds
 * @property {number} dy
 * @property {number} height of the card
 * @property {HTMLElement | null} ghost once it is lifted
 * @property {Status | null} over the column under the pointer
 * @property {boolean} docking whether that is told by the dock
 *
 * @typedef {object} DragListener
 * @property {(id: number) => boolean} lift may this one be dragged?
 * @property {(id: number, over: Status | null, height: number) => void} hover
 * @property {(id: number, over: Status | null, from: DOMRect) => void} drop `over` is null when the
 *   drag ended nowhere or was given up
 */

export class Drag {
  /** @type {Grip | null} */
  #grip = null;
  #holdTimer = 0;
  #scrollFrame = 0;

  /** @param {HTMLElement} root @param {DragListener} listener @param {AbortSignal} signal */
  constructor(root, listener, signal) {
    this.listener = listener;
    const options = { signal };
    root.addEventListener("pointerdown", (event) => this.#down(event), options);
    root.addEventListener("dragstart", (event) => event.preventDefault(), options);
    root.addEventListener(
      "contextmenu",
      (event) => this.#grip?.touch && event.preventDefault(),
      options,
    );
    // Once the card is lifted the page must not scroll under it.
    root.addEventListener("touchmove", (event) => this.lifted && event.preventDefault(), {
      signal,
      passive: false,
    });
    window.addEventListener("pointermove", (event) => this.#move(event), options);
    window.addEventListener("pointerup", (event) => this.#up(event), options);
    window.addEventListener(
      "pointercancel",
      (event) => this.#isOurs(event) && this.#end(null),
      options,
    );
    window.addEventListener(
      "keydown",
      (event) => event.key === "Escape" && this.lifted && this.cancel(),
      options,
    );
    signal.addEventListener("abort", () => this.cancel());
  }

  /** @returns {number | null} the task in the air */
  get lifted() {
    return this.#grip?.ghost ? this.#grip.id : null;
  }

  /** Gives up: the card was never moved. */
  cancel() {
    this.#end(null);
  }

  /** @param {PointerEvent} event */
  #down(event) {
    const target = /** @type {Element} */ (event.target);
    const card = /** @type {HTMLElement | null} */ (target.closest(".card"));
    if (!card || !event.isPrimary || event.button !== 0 || target.closest(".card-more")) {
      return;
    }
    this.cancel();
    const rect = card.getBoundingClientRect();
    this.#grip = {
      id: Number(card.dataset.task),
      card,
      pointer: event.pointerId,
      touch: event.pointerType === "touch",
      x: event.clientX,
      y: event.clientY,
      dx: event.clientX - rect.left,
      dy: event.clientY - rect.top,
      height: rect.height,
      ghost: null,
      over: null,
      docking: false,
    };
    if (this.#grip.touch) {
      this.#holdTimer = window.setTimeout(() => this.#lift(), HOLD_MS);
    }
  }

  /** @param {PointerEvent} event */
  #isOurs(event) {
    return this.#grip?.pointer === event.pointerId;
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const grip = this.#grip;
    if (!grip || !this.#isOurs(event)) {
      return;
    }
    const travelled = Math.hypot(event.clientX - grip.x, event.clientY - grip.y);
    if (!grip.ghost) {
      if (grip.touch && travelled > FINGER_SLACK) {
        this.#end(null);
      } else if (!grip.touch && travelled > MOUSE_SLACK) {
        this.#lift();
      }
    }
    if (grip.ghost) {
      grip.x = event.clientX;
      grip.y = event.clientY;
      this.#follow();
    }
  }

  #lift() {
    const grip = this.#grip;
    if (!grip || !this.listener.lift(grip.id)) {
      this.#grip = null;
      return;
    }
    grip.ghost = likeness(grip.card, grip.card.getBoundingClientRect());
    grip.ghost.classList.add("is-carried");
    grip.ghost.style.transformOrigin = `${grip.dx}px ${grip.dy}px`;
    document.body.append(grip.ghost);
    grip.card.classList.add("is-lifted");
    document.documentElement.classList.add("is-dragging");
    if (grip.touch) {
      navigator.vibrate?.(10);
    }
    this.#follow();
    this.#scroll();
  }

  #follow() {
    const grip = this.#grip;
    if (!grip?.ghost) {
      return;
    }
    grip.ghost.style.translate = `${grip.x - grip.dx}px ${grip.y - grip.dy}px`;
    const under = /** @type {any} */ (
      document.elementFromPoint(grip.x, grip.y)?.closest("[data-drop]")
    );
    grip.over = under?.dataset.drop ?? null;
    grip.docking = Boolean(under?.closest(".dock"));
    grip.ghost.classList.toggle("is-docking", grip.docking);
    this.listener.hover(grip.id, grip.over, grip.height);
  }

  /** @param {PointerEvent} event */
  #up(event) {
    if (!this.#isOurs(event)) {
      return;
    }
    if (this.lifted) {
      swallowClick();
    }
    this.#end(this.#grip?.over ?? null);
  }

  /** @param {Status | null} over */
  #end(over) {
    clearTimeout(this.#holdTimer);
    cancelAnimationFrame(this.#scrollFrame);
    const grip = this.#grip;
    this.#grip = null;
    if (!grip?.ghost) {
      return;
    }
    const from = grip.ghost.getBoundingClientRect();
    grip.ghost.remove();
    grip.card.classList.remove("is-lifted");
    document.documentElement.classList.remove("is-dragging");
    this.listener.drop(grip.id, over, from);
  }

  /** Near an edge, scrolls the window and the column under the pointer. */
  #scroll() {
    const grip = this.#grip;
    if (!grip?.ghost) {
      return;
    }
    if (!grip.docking) {
      window.scrollBy(0, pull(grip.y, 0, innerHeight));
      const list = document
        .elementFromPoint(grip.x, grip.y)
        ?.closest(".lane")
        ?.querySelector(".cards");
      if (list) {
        const { top, bottom } = list.getBoundingClientRect();
        list.scrollBy(0, pull(grip.y, top, bottom));
      }
    }
    this.#scrollFrame = requestAnimationFrame(() => this.#scroll());
  }
}

/** @param {number} y @param {number} top @param {number} bottom @returns {number} pixels for this frame */
function pull(y, top, bottom) {
  if (y < top + EDGE) {
    return -SPEED * Math.min(1, (top + EDGE - y) / EDGE);
  }
  return y > bottom - EDGE ? SPEED * Math.min(1, (y - bottom + EDGE) / EDGE) : 0;
}

/** The click that ends a drag is no click. */
function swallowClick() {
  const swallow = (/** @type {Event} */ event) => {
    event.stopPropagation();
    event.preventDefault();
  };
  window.addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => window.removeEventListener("click", swallow, { capture: true }), 50);
}

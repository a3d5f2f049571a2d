/**
 * The three columns. Cards are kept and moved, never made anew, so that focus, drags and drafts
 * survive whatever arrives; what moved is seen to move.
 */

import { COLUMNS, byColumn } from "../model/columns.js";
import { counted } from "../model/words.js";
import { makeCard, updateCard } from "./card.js";
import { find, fromTemplate, make, motionAllowed, setText } from "./dom.js";
import { fly, glide } from "./motion.js";

/** @typedef {import("../model/types.js").Task} Task */
/** @typedef {import("../model/types.js").Status} Status */

/** Above this many cards, changes appear without motion. */
const MOTION_LIMIT = 300;
const FRESH_MS = 2_200;
const EMPTY = {
  todo: "Nothing to do yet. Add a task below, or drop a card here.",
  in_progress: "Nobody is on anything. Drop a card here to begin.",
  finished: "Nothing finished yet. It will come.",
};

export class Lanes {
  /** @type {Map<number, HTMLElement>} */
  #cards = new Map();
  /** @type {Record<string, {lane: any, list: any, count: any, empty: any}>} */
  #lanes = {};
  /** Tasks that others changed since the last rendering. @type {Set<number>} */
  #fresh = new Set();
  /** Where a dropped card's ghost was, for it to land from there. @type {Map<number, DOMRect>} */
  #origins = new Map();
  /** The card under the pointer stays in its column until it is dropped. @type {{id: number, status: Status} | null} */
  held = null;
  /** @type {HTMLElement | null} */
  #slot = null;

  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    for (const { key, name } of COLUMNS) {
      const lane = fromTemplate("lane");
      lane.classList.add(`lane-${key}`);
      lane.dataset.drop = key;
      find(lane, "h2").textContent = name;
      const input = find(lane, ".add input");
      input.setAttribute("aria-label", `Add a task to ${name}`);
      find(lane, ".add button").setAttribute("aria-label", `Add to ${name}`);
      find(lane, ".lane-empty").textContent = EMPTY[key];
      this.#lanes[key] = {
        lane,
        list: find(lane, ".cards"),
        count: find(lane, ".lane-count"),
        empty: find(lane, ".lane-empty"),
      };
      root.append(lane);
    }
  }

  /** @param {number} id somebody else changed it: draw the eye there */
  freshen(id) {
    this.#fresh.add(id);
  }

  /** @param {number} id @param {DOMRect} from */
  landFrom(id, from) {
    this.#origins.set(id, from);
  }

  /** @param {readonly Task[]} tasks */
  render(tasks) {
    const moving = this.#cards.size <= MOTION_LIMIT && this.#cards.size > 0 && motionAllowed();
    const before = moving ? this.#places() : new Map();
    const focused = /** @type {HTMLElement | null} */ (document.activeElement);
    const columns = byColumn(tasks.map((task) => this.#asHeld(task)));
    const slot = this.#slot;
    slot?.remove();
    this.#dropVanished(new Set(tasks.map((task) => task.id)));
    for (const { key, name } of COLUMNS) {
      this.#renderLane(key, name, columns[key]);
    }
    if (slot) {
      this.#putSlot(slot);
    }
    if (focused && focused !== document.activeElement && focused.isConnected) {
      focused.focus({ preventScroll: true });
    }
    if (moving) {
      this.#animate(before);
    }
    this.#origins.clear();
    this.#highlight();
  }

  /** @param {number} id @returns {HTMLElement | undefined} */
  card(id) {
    return this.#cards.get(id);
  }

  /** @param {Status} key @returns {HTMLElement} the list of that column's cards */
  list(key) {
    return this.#lanes[key].list;
  }

  /** Shows where a dragged card would land. @param {Status | null} key @param {number} id @param {number} height px */
  showSlot(key, id, height) {
    if (this.#slot?.dataset.status === (key ?? "")) {
      return;
    }
    this.#slot?.remove();
    this.#slot = null;
    for (const [name, { lane }] of Object.entries(this.#lanes)) {
      lane.classList.toggle("is-target", name === key);
    }
    if (key !== null && key !== this.held?.status) {
      const slot = make("li", {
        class: "slot",
        "aria-hidden": "true",
        "data-status": key,
        "data-before": String(id),
      });
      slot.style.height = `${height}px`;
      this.#slot = slot;
      this.#putSlot(slot);
      this.#revealSlot();
    }
  }

  /** @param {HTMLElement} slot */
  #putSlot(slot) {
    const list = this.#lanes[String(slot.dataset.status)].list;
    const id = Number(slot.dataset.before);
    const next = [...list.children].find((card) => Number(card.dataset.task) > id);
    list.insertBefore(slot, next ?? null);
  }

  /** The column scrolls to the slot, the window stays where it is. */
  #revealSlot() {
    const list = this.#slot?.parentElement;
    if (list) {
      const slot = /** @type {HTMLElement} */ (this.#slot).getBoundingClientRect();
      const { top, bottom } = list.getBoundingClientRect();
      list.scrollTop += Math.max(0, slot.bottom - bottom) - Math.max(0, top - slot.top);
    }
  }

  /** @param {Task} task @returns {Task} */
  #asHeld(task) {
    return this.held?.id === task.id ? { ...task, status: this.held.status } : task;
  }

  /** @param {Set<number>} present */
  #dropVanished(present) {
    for (const [id, card] of this.#cards) {
      if (!present.has(id)) {
        card.remove();
        this.#cards.delete(id);
      }
    }
  }

  /** @param {Status} key @param {string} name @param {Task[]} tasks */
  #renderLane(key, name, tasks) {
    const { lane, list, count, empty } = this.#lanes[key];
    // Those that moved away first, or all below them would be put in anew, one by one.
    const here = new Set(tasks.map((task) => this.#cardOf(task)));
    for (const card of [...list.children]) {
      if (!here.has(card)) {
        card.remove();
      }
    }
    let next = list.firstElementChild;
    for (const card of here) {
      if (card === next) {
        next = next.nextElementSibling;
      } else {
        list.insertBefore(card, next);
      }
    }
    setText(count, String(tasks.length));
    lane.setAttribute("aria-label", `${name}, ${counted(tasks.length, "task")}`);
    empty.hidden = tasks.length > 0;
    list.hidden = tasks.length === 0;
  }

  /** @param {Task} task @returns {HTMLElement} its card, up to date */
  #cardOf(task) {
    let card = this.#cards.get(task.id);
    if (card) {
      updateCard(card, task);
    } else {
      card = makeCard(task);
      this.#cards.set(task.id, card);
    }
    return card;
  }

  /** @returns {Map<number, {rect: DOMRect, list: Element | null}>} */
  #places() {
    const places = new Map();
    for (const [id, card] of this.#cards) {
      places.set(id, { rect: card.getBoundingClientRect(), list: card.parentElement });
    }
    return places;
  }

  /** @param {Map<number, {rect: DOMRect, list: Element | null}>} before */
  #animate(before) {
    for (const [id, card] of this.#cards) {
      const origin = this.#origins.get(id);
      const was = before.get(id);
      if (origin || (was && was.list !== card.parentElement)) {
        fly(card, origin ?? /** @type {any} */ (was).rect);
      } else if (was) {
        glide(card, was.rect);
      } else {
        glide(card, null);
      }
    }
  }

  #highlight() {
    for (const id of this.#fresh) {
      const card = this.#cards.get(id);
      if (card) {
        card.classList.add("is-fresh");
        setTimeout(() => card.classList.remove("is-fresh"), FRESH_MS);
      }
    }
    this.#fresh.clear();
  }
}

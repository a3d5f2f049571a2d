/** What happened on the board, newest first, in words. */

import { ago, eventWords } from "../model/words.js";
import { make } from "./dom.js";

/** @typedef {import("../model/types.js").BoardEvent} BoardEvent */

/** How many entries are shown at first, and how many more at a time. */
const PAGE = 40;

export class Activity {
  #newest = 0;
  #epoch = "";
  #limit = PAGE;
  /** @type {import("../model/types.js").Board | null} */
  #board = null;

  /** @param {HTMLElement} root */
  constructor(root) {
    this.list = make("ol", { class: "entries" });
    this.none = make(
      "p",
      { class: "small" },
      "Nothing yet. Every change on this board will be told here.",
    );
    const more = () => {
      this.#limit += PAGE;
      this.#newest = 0;
      if (this.#board) {
        this.render(this.#board);
      }
    };
    this.more = make(
      "button",
      { class: "button button-quiet", type: "button", click: more },
      "Show earlier",
    );
    root.append(this.none, this.list, this.more);
  }

  /** @param {import("../model/types.js").Board} board */
  render(board) {
    this.#board = board;
    const { events, epoch } = board;
    const first = events[0]?.seq ?? 1;
    const last = events.at(-1)?.seq ?? 0;
    // The events are dense, so the place of one is known by its number.
    const known = epoch === this.#epoch && this.#newest >= first && this.#newest <= last;
    const unseen = known ? events.slice(this.#newest + 1 - first) : events;
    if (!known) {
      this.list.replaceChildren();
    }
    for (const event of unseen.slice(-this.#limit)) {
      this.list.prepend(entry(event));
    }
    while (this.list.children.length > this.#limit) {
      this.list.lastElementChild.remove();
    }
    this.#newest = last;
    this.#epoch = epoch;
    this.none.hidden = events.length > 0;
    this.more.hidden = events.length <= this.#limit;
  }
}

/** @param {BoardEvent} event @returns {HTMLElement} */
function entry(event) {
  const words = eventWords(event).map(({ text, strong }) => (strong ? make("b", {}, text) : text));
  const column = event.task?.status ?? "board";
  const time = make("time", { datetime: event.timestamp }, ago(event.timestamp, Date.now()));
  return make(
    "li",
    {
      class: `entry entry-${event.action.toLowerCase()} entry-in-${column}`,
      "data-seq": String(event.seq),
    },
    make("p", {}, ...words),
    make("p", { class: "entry-facts" }, make("span", {}, `№ ${event.seq}`), " ", time),
  );
}

/** The board by keyboard: plain arrows walk among the cards, with Alt or Ctrl they move the card. */

import { neighbour } from "../model/columns.js";

/** @typedef {import("../model/types.js").Status} Status */

/**
 * @param {HTMLElement} root
 * @param {{
 *   statusOf: (id: number) => Status | undefined,
 *   move: (id: number, status: Status) => void,
 *   remove: (id: number) => void,
 * }} board
 * @param {AbortSignal} signal
 */
export function listenToKeys(root, board, signal) {
  const press = (/** @type {KeyboardEvent} */ event) => {
    const card = /** @type {HTMLElement | null} */ (
      /** @type {Element} */ (event.target).closest(".card")
    );
    if (!card) {
      return;
    }
    const id = Number(card.dataset.task);
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if ((event.altKey || event.ctrlKey) && step) {
      // Alt and an arrow would leave the page.
      event.preventDefault();
      const status = board.statusOf(id);
      const to = status && neighbour(status, /** @type {-1 | 1} */ (step));
      if (to) {
        board.move(id, to);
      }
    } else if (event.key === "Delete") {
      event.preventDefault();
      board.remove(id);
    } else if (!event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      walk(event, root, card);
    }
  };
  root.addEventListener("keydown", press, { signal });
}

/** @param {KeyboardEvent} event @param {HTMLElement} root @param {HTMLElement} card */
function walk(event, root, card) {
  const lists = [...root.querySelectorAll(".cards")];
  const column = lists.findIndex((list) => list.contains(card));
  const row = [...lists[column].children].indexOf(card);
  /** @type {Element | undefined} */
  let to;
  switch (event.key) {
    case "ArrowUp":
      to = lists[column].children[row - 1];
      break;
    case "ArrowDown":
      to = lists[column].children[row + 1];
      break;
    case "ArrowLeft":
      to = beside(lists.slice(0, column).reverse(), row);
      break;
    case "ArrowRight":
      to = beside(lists.slice(column + 1), row);
      break;
    default:
      return;
  }
  event.preventDefault();
  /** @type {HTMLElement | null | undefined} */ (to?.querySelector(".card-open"))?.focus();
}

/** @param {Element[]} lists nearest first @param {number} row @returns {Element | undefined} */
function beside(lists, row) {
  const list = lists.find(({ children }) => children.length > 0);
  return list?.children[Math.min(row, list.children.length - 1)];
}

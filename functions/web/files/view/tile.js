/** A board in the list: its name, a miniature of it, and how far it is. */

import { COLUMNS, byColumn } from "../model/columns.js";
import { ago } from "../model/words.js";
import { find, icon, make, setText } from "./dom.js";

/** @typedef {import("../model/types.js").Board} Board */

/** How many cards a column of the miniature shows at most. */
const MOST = 7;

/** @param {Board} board @returns {HTMLElement} */
export function makeTile(board) {
  const lanes = COLUMNS.map(({ key }) => make("span", { class: `mini-lane mini-${key}` }));
  return make(
    "li",
    { class: "tile", "data-board": String(board.id) },
    make("span", { class: "mini", "aria-hidden": "true" }, ...lanes),
    make(
      "div",
      { class: "tile-words" },
      make("h2", {}, make("a", { class: "tile-open", href: `#/boards/${board.id}` })),
      make("p", { class: "tile-counts" }),
      make("p", { class: "tile-time" }, "Changed ", make("time")),
    ),
    make(
      "button",
      { class: "button button-icon tile-more", type: "button", "aria-haspopup": "menu" },
      icon("dots"),
    ),
  );
}

/** @param {HTMLElement} tile @param {Board} board */
export function updateTile(tile, board) {
  const stamp = `${board.version} ${board.seq}`;
  if (tile.dataset.stamp === stamp) {
    return;
  }
  tile.dataset.stamp = stamp;
  setText(find(tile, ".tile-open"), board.name);
  find(tile, ".tile-more").setAttribute("aria-label", `Actions for ${board.name}`);
  const columns = byColumn(board.tasks);
  for (const { key } of COLUMNS) {
    const blocks = columns[key].slice(0, MOST).map(() => make("span", { class: "mini-card" }));
    find(tile, `.mini-${key}`).replaceChildren(...blocks);
  }
  setText(
    find(tile, ".tile-counts"),
    COLUMNS.map(({ key, name }) => `${columns[key].length} ${name.toLowerCase()}`).join(" · "),
  );
  const time = find(tile, "time");
  time.dateTime = board.updated_at;
  setText(time, ago(board.updated_at, Date.now()));
}

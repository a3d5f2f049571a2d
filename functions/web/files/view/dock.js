/** On small screens the columns stand below each other; while a card is in the air, all three are within reach here. */

import { COLUMNS } from "../model/columns.js";
import { make } from "./dom.js";

/** @typedef {import("../model/types.js").Status} Status */

/**
 * @param {HTMLElement} dock
 * @returns {{show: (from: Status) => void, point: (over: Status | null) => void, hide: () => void}}
 */
export function dockFor(dock) {
  const zones = COLUMNS.map(({ key, name }) =>
    make("div", { class: `dock-zone dock-${key}`, "data-drop": key }, name),
  );
  dock.replaceChildren(...zones);
  return {
    show: (from) => {
      dock.hidden = false;
      zones.forEach((zone) => zone.classList.toggle("is-home", zone.dataset.drop === from));
    },
    point: (over) =>
      zones.forEach((zone) => zone.classList.toggle("is-target", zone.dataset.drop === over)),
    hide: () => {
      dock.hidden = true;
    },
  };
}

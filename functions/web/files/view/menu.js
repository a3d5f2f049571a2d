/** One small menu, put beside whatever opened it. */

import { find, make } from "./dom.js";

const GAP = 4;
const menu = find(document, "#menu");

/**
 * @typedef {{label: string, run: () => void, danger?: boolean}} Item
 * @param {HTMLElement} anchor the button that opens it; focus returns there
 * @param {string} label
 * @param {Item[]} items
 */
export function openMenu(anchor, label, items) {
  // Inside the content, where those who go from landmark to landmark find it.
  find(document, "main").append(menu);
  menu.setAttribute("aria-label", label);
  menu.replaceChildren(...items.map((item) => button(anchor, item)));
  menu.onkeydown = (/** @type {KeyboardEvent} */ event) => key(anchor, event);
  menu.ontoggle = (/** @type {any} */ event) => {
    anchor.setAttribute("aria-expanded", String(event.newState === "open"));
  };
  menu.showPopover();
  place(anchor);
  menu.firstElementChild.focus();
}

/** @param {HTMLElement} anchor @param {Item} item */
function button(anchor, { label, run, danger }) {
  const click = () => {
    menu.hidePopover();
    anchor.focus();
    run();
  };
  const kind = danger ? "menu-item menu-danger" : "menu-item";
  return make(
    "button",
    { class: kind, type: "button", role: "menuitem", tabindex: "-1", click },
    label,
  );
}

/** @param {HTMLElement} anchor */
function place(anchor) {
  const from = anchor.getBoundingClientRect();
  const size = menu.getBoundingClientRect();
  const left = Math.max(GAP, Math.min(from.right - size.width, innerWidth - size.width - GAP));
  const below = from.bottom + GAP;
  const top = below + size.height > innerHeight ? from.top - size.height - GAP : below;
  menu.style.left = `${left}px`;
  menu.style.top = `${Math.max(GAP, top)}px`;
}

/** @param {HTMLElement} anchor @param {KeyboardEvent} event */
function key(anchor, event) {
  const items = [...menu.children];
  const at = items.indexOf(document.activeElement);
  const to = {
    ArrowDown: (at + 1) % items.length,
    ArrowUp: (at - 1 + items.length) % items.length,
    Home: 0,
    End: items.length - 1,
  }[event.key];
  if (to !== undefined) {
    event.preventDefault();
    items[to].focus();
  } else if (event.key === "Tab" || event.key === "Escape") {
    event.preventDefault();
    menu.hidePopover();
    anchor.focus();
  }
}

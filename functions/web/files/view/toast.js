/** Short messages at the edge of the window, which wait while one reads or reaches for them. */

import { find, icon, make } from "./dom.js";

const STAY_MS = 6_000;
const STAY_WITH_ACTION_MS = 12_000;
/** More than these would cover the board: the oldest goes. */
const MOST = 3;

/**
 * @param {string} text
 * @param {{kind?: "error", action?: {label: string, run: () => void}}} [options]
 */
export function toast(text, { kind, action } = {}) {
  const element = make("div", { class: "toast", role: kind === "error" ? "alert" : "status" });
  const dismiss = () => {
    clearTimeout(timer);
    element.remove();
  };
  element.append(make("p", {}, text));
  if (kind === "error") {
    element.classList.add("toast-error");
  }
  if (action) {
    const run = () => {
      dismiss();
      action.run();
    };
    element.append(
      make("button", { class: "button toast-action", type: "button", click: run }, action.label),
    );
  }
  const properties = {
    class: "button button-icon",
    type: "button",
    "aria-label": "Dismiss",
    click: dismiss,
  };
  element.append(make("button", properties, icon("close")));

  let timer = 0;
  const wait = () => {
    clearTimeout(timer);
    timer = window.setTimeout(dismiss, action || kind ? STAY_WITH_ACTION_MS : STAY_MS);
  };
  const hold = () => clearTimeout(timer);
  element.addEventListener("pointerenter", hold);
  element.addEventListener("pointerleave", wait);
  element.addEventListener("focusin", hold);
  element.addEventListener("focusout", wait);
  place(element);
  wait();
}

/** A modal dialog makes the rest of the page inert, so its messages go inside it. @param {HTMLElement} element */
function place(element) {
  const region = find(document, "#toasts");
  const home = document.querySelector("dialog[open]") ?? document.body;
  if (region.parentElement !== home) {
    home.append(region);
  }
  region.append(element);
  while (region.children.length > MOST) {
    region.firstElementChild.remove();
  }
}

// A dialog that closes hands its messages back: they stay in sight. (The event does not bubble.)
document.addEventListener(
  "close",
  () => {
    const region = find(document, "#toasts");
    if (region.parentElement !== document.body && !document.querySelector("dialog[open]")) {
      document.body.append(region);
    }
  },
  { capture: true },
);

/** Asks before something that cannot be taken back. */

import { find } from "./dom.js";

/**
 * @param {{title: string, text: string, yes: string}} words
 * @returns {Promise<boolean>}
 */
export function confirmed({ title, text, yes }) {
  const dialog = find(document, "#confirm-dialog");
  find(dialog, "h2").textContent = title;
  find(dialog, "#confirm-text").textContent = text;
  find(dialog, "[value=yes]").textContent = yes;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

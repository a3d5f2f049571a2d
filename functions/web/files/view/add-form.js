/** Adding a task with one line of text, at the foot of a column. */

import { sentences } from "../model/problem.js";
import { find } from "./dom.js";
import { showErrors } from "./fields.js";
import { toast } from "./toast.js";

/** @typedef {import("../model/types.js").Status} Status */

/**
 * @param {HTMLElement} lanes
 * @param {(title: string, status: Status) => Promise<void>} add
 */
export function listenToAdding(lanes, add) {
  for (const form of lanes.querySelectorAll("form.add")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      submit(/** @type {HTMLFormElement} */ (form), add);
    });
  }
}

/** @param {HTMLElement} lanes @returns {string[]} what was typed and not yet added */
export function typedTitles(lanes) {
  const inputs = /** @type {NodeListOf<HTMLInputElement>} */ (lanes.querySelectorAll(".add input"));
  return [...inputs].map((input) => input.value.trim()).filter(Boolean);
}

/** @param {HTMLFormElement} form @param {(title: string, status: Status) => Promise<void>} add */
async function submit(form, add) {
  const input = find(form, "input");
  const title = input.value;
  if (form.dataset.busy) {
    return;
  }
  form.dataset.busy = "yes";
  try {
    await add(title, /** @type {any} */ (form.closest("[data-drop]")).dataset.drop);
    // Whoever typed on while it was sent keeps what they typed.
    if (input.value === title) {
      input.value = "";
    }
  } catch (error) {
    const { fields, rest } = sentences(error, { title: "Title" });
    showErrors(form, fields);
    if (rest) {
      toast(`Not added. ${rest}`, { kind: "error" });
    }
  } finally {
    delete form.dataset.busy;
  }
}

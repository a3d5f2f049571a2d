/** What is wrong with a field is said at the field, and goes when one types there again. */

import { find, make } from "./dom.js";

/** @param {HTMLElement} form @param {string} name @returns {any} the wrapper of one field, or null */
export function fieldOf(form, name) {
  return form.querySelector(`[data-field="${name}"]`);
}

/**
 * @param {HTMLElement} form
 * @param {Record<string, string>} errors field to sentence; the first one is focused
 */
export function showErrors(form, errors) {
  clearErrors(form);
  const names = Object.keys(errors);
  for (const name of names) {
    const field = fieldOf(form, name);
    const control = find(field, "input, textarea");
    const id = `error-${form.id || name}-${Math.random().toString(36).slice(2, 8)}`;
    field.append(make("p", { class: "field-error", id }, errors[name]));
    control.setAttribute("aria-invalid", "true");
    control.setAttribute("aria-describedby", id);
    control.addEventListener("input", () => clear(field), { once: true });
  }
  if (names.length > 0) {
    find(fieldOf(form, names[0]), "input, textarea").focus();
  }
}

/** @param {HTMLElement} form */
export function clearErrors(form) {
  for (const field of form.querySelectorAll("[data-field]")) {
    clear(field);
  }
}

/** @param {Element} field */
function clear(field) {
  const error = field.querySelector(".field-error");
  if (error) {
    error.remove();
    const control = find(field, "input, textarea");
    control.removeAttribute("aria-invalid");
    control.removeAttribute("aria-describedby");
  }
}

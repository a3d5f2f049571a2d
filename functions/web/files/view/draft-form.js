/**
 * A form over something that others change meanwhile: binds its fields to a draft, shows both values
 * where they collide, and saves with `If-Match`.
 */

import * as draft from "../model/draft.js";
import { sentences } from "../model/problem.js";
import { announce, find, make } from "./dom.js";
import { clearErrors, fieldOf, showErrors } from "./fields.js";
import { toast } from "./toast.js";

/** How often a save is tried again after somebody else's change to other fields. */
const MERGES = 5;

/**
 * @typedef {object} Saving
 * @property {(changes: draft.Values, version: number) => Promise<unknown>} send
 * @property {() => Promise<{values: draft.Values, version: number}>} fresh what the server has now
 */

export class DraftForm {
  /** @type {draft.Draft} */
  draft = draft.beginDraft({}, 0);

  /**
   * @param {HTMLFormElement} form
   * @param {Record<string, string>} labels field to what people call it
   * @param {{words?: (field: string, value: string) => string, signal?: AbortSignal}} [options]
   *   how to show a value in a sentence, and when to stop listening to the form
   */
  constructor(form, labels, { words = (_field, value) => value, signal } = {}) {
    this.form = form;
    this.labels = labels;
    this.words = words;
    form.addEventListener("input", ({ target }) => this.#typed(/** @type {any} */ (target)), {
      signal,
    });
  }

  /** @param {draft.Values} values @param {number} version */
  begin(values, version) {
    this.resume(draft.beginDraft(values, version));
  }

  /** @param {draft.Draft} kept */
  resume(kept) {
    this.draft = kept;
    clearErrors(this.form);
    this.#show();
  }

  /** Somebody else's change arrived. @param {draft.Values} values @param {number} version */
  rebase(values, version) {
    const before = this.draft;
    this.draft = draft.rebased(before, values, version);
    if (this.draft !== before) {
      this.#show();
      this.#tell(before);
    }
  }

  /** @returns {boolean} whether there is something typed that the server does not have */
  get dirty() {
    return Object.keys(draft.changed(this.draft)).length > 0;
  }

  /**
   * @param {Saving} saving
   * @returns {Promise<"saved" | "choose" | "gone" | "refused">}
   */
  async save({ send, fresh }) {
    for (let round = 0; round < MERGES; round += 1) {
      if (draft.collisions(this.draft).length > 0) {
        this.#askToChoose();
        return "choose";
      }
      const changes = draft.changed(this.draft);
      if (Object.keys(changes).length === 0) {
        return "saved";
      }
      try {
        await this.busy(() => send(changes, this.draft.version));
        return "saved";
      } catch (error) {
        const { status } = /** @type {any} */ (error);
        if (status === 404) {
          return "gone";
        }
        if (status !== 412 || !(await this.#merge(fresh))) {
          this.refuse(error);
          return "refused";
        }
      }
    }
    this.#askToChoose();
    return "choose";
  }

  /** Says what is wrong, at the field where it can. @param {unknown} error */
  refuse(error) {
    const { fields, rest } = sentences(error, this.labels);
    showErrors(this.form, fields);
    if (rest) {
      toast(rest, { kind: "error" });
    }
  }

  /** @template T @param {() => Promise<T>} work @returns {Promise<T>} */
  async busy(work) {
    const button = find(this.form, "[data-save]");
    button.setAttribute("aria-disabled", "true");
    try {
      return await work();
    } finally {
      button.removeAttribute("aria-disabled");
    }
  }

  /** @param {Saving["fresh"]} fresh @returns {Promise<boolean>} */
  async #merge(fresh) {
    try {
      const { values, version } = await fresh();
      this.rebase(values, version);
      return true;
    } catch {
      return false;
    }
  }

  /** @param {HTMLInputElement} control */
  #typed(control) {
    if (control.name in this.draft.mine) {
      this.draft = draft.typed(this.draft, control.name, control.value);
      this.#showCollision(control.name);
    }
  }

  #show() {
    for (const [field, value] of Object.entries(this.draft.mine)) {
      const control = /** @type {any} */ (this.form.elements.namedItem(field));
      if (control.value !== value) {
        control.value = value;
      }
      this.#showCollision(field);
    }
  }

  /** @param {string} field */
  #showCollision(field) {
    const wrapper = fieldOf(this.form, field);
    const theirs = this.draft.theirs[field];
    const shown = wrapper.querySelector(".collision");
    if (shown?.dataset.theirs === theirs && theirs !== undefined) {
      find(shown, "[data-mine]").textContent = this.#inWords(field, this.draft.mine[field]);
      return;
    }
    shown?.remove();
    if (theirs !== undefined) {
      wrapper.append(this.#collision(field, theirs));
    }
  }

  /** @param {string} field @param {string} theirs */
  #collision(field, theirs) {
    const choose = (/** @type {"mine" | "theirs"} */ side) => () => {
      this.draft = draft.chosen(this.draft, field, side);
      this.#show();
      find(fieldOf(this.form, field), "input, textarea").focus();
    };
    const side = (
      /** @type {string} */ name,
      /** @type {any} */ value,
      /** @type {any} */ button,
    ) =>
      make(
        "div",
        { class: "collision-side" },
        make("p", { class: "collision-name" }, name),
        value,
        button,
      );
    const label = this.labels[field];
    const mine = make(
      "p",
      { class: "collision-value", "data-mine": "" },
      this.#inWords(field, this.draft.mine[field]),
    );
    const box = make(
      "div",
      {
        class: "collision",
        role: "group",
        "aria-label": `Two versions of: ${label}`,
        "data-theirs": theirs,
      },
      make("p", {}, "Somebody changed this while you were writing. Which one shall stay?"),
      side(
        "Yours",
        mine,
        make("button", { class: "button", type: "button", click: choose("mine") }, "Keep mine"),
      ),
      side(
        "Theirs",
        make("p", { class: "collision-value" }, this.#inWords(field, theirs)),
        make("button", { class: "button", type: "button", click: choose("theirs") }, "Take theirs"),
      ),
    );
    return box;
  }

  /** @param {string} field @param {string} value */
  #inWords(field, value) {
    return this.words(field, value) || "(empty)";
  }

  /** @param {draft.Draft} before */
  #tell(before) {
    const followed = Object.keys(this.draft.mine).filter(
      (field) => this.draft.mine[field] !== before.mine[field],
    );
    for (const field of followed) {
      const wrapper = fieldOf(this.form, field);
      wrapper.classList.remove("is-fresh");
      // Reading the size lets the highlight start again.
      void wrapper.offsetWidth;
      wrapper.classList.add("is-fresh");
    }
    const names = (/** @type {string[]} */ fields) =>
      fields.map((field) => this.labels[field]).join(", ");
    const collides = draft.collisions(this.draft);
    if (collides.length > 0) {
      announce(
        `Somebody else changed what you are writing: ${names(collides)}. Choose which one shall stay.`,
      );
    } else if (followed.length > 0) {
      announce(`Somebody changed: ${names(followed)}.`);
    }
  }

  #askToChoose() {
    const first = this.form.querySelector(".collision");
    if (first) {
      first.scrollIntoView({ block: "nearest" });
      find(first, "button").focus();
      announce("Somebody else saved first. Choose which version shall stay, then save again.");
    } else {
      toast("Others are changing this all the time. Try again.", { kind: "error" });
    }
  }
}

/** Editing one task in a dialog, while it may change or vanish underneath. */

import { columnName } from "../model/columns.js";
import { ago, counted } from "../model/words.js";
import { find, make } from "./dom.js";
import { DraftForm } from "./draft-form.js";
import { toast } from "./toast.js";

/** @typedef {import("../model/types.js").Task} Task */
/** @typedef {import("../model/draft.js").Values} Values */

const LABELS = {
  title: "Title",
  status: "Column",
  assigned_to: "Who does it",
  description: "Description",
};

/** @param {Task} task @returns {Values} as the form shows it */
function valuesOf({ title, description, status, assigned_to }) {
  return { title, description, status, assigned_to: assigned_to ?? "" };
}

/** @param {Values} values @returns {any} as the API wants it: nobody is null */
function patchOf(values) {
  const { assigned_to, ...rest } = values;
  return assigned_to === undefined ? rest : { ...rest, assigned_to: assigned_to.trim() || null };
}

/** @param {Values} values @returns {any} as the API wants a new task: what is empty is left out */
function newTaskOf({ title, description, status, assigned_to }) {
  return {
    title,
    status,
    ...(description && { description }),
    ...(assigned_to.trim() && { assigned_to }),
  };
}

export class TaskDialog {
  /** @type {number | null} */
  #id = null;
  #deleted = false;

  /**
   * @param {() => import("../net/board-session.js").BoardSession} session
   * @param {{remove: (task: Task) => void}} actions
   */
  constructor(session, actions) {
    this.session = session;
    this.actions = actions;
    this.dialog = find(document, "#task-dialog");
    this.form = find(this.dialog, "form");
    this.abort = new AbortController();
    const { signal } = this.abort;
    const words = (/** @type {string} */ field, /** @type {string} */ value) =>
      field === "status" ? columnName(value) : value;
    this.draftForm = new DraftForm(this.form, LABELS, { words, signal });
    this.form.addEventListener("submit", (event) => this.#submit(event), { signal });
    this.dialog.addEventListener("close", () => this.#closed(), { signal });
    for (const button of this.dialog.querySelectorAll("[data-close]")) {
      button.addEventListener("click", () => this.dialog.close(), { signal });
    }
    find(this.dialog, "[data-delete]").addEventListener("click", () => this.#delete(), { signal });
    this.form.addEventListener("keydown", (event) => this.#key(event), { signal });
  }

  /** @param {Task} task @param {import("../model/draft.js").Draft} [kept] a draft to go on with */
  open(task, kept) {
    this.#id = task.id;
    this.#deleted = false;
    find(this.dialog, "h2").textContent = `Task ${task.id}`;
    find(this.dialog, "[data-banner]").hidden = true;
    find(this.dialog, "[data-delete]").hidden = false;
    find(this.dialog, "[data-save]").textContent = "Save";
    this.draftForm.begin(valuesOf(task), task.version);
    if (kept) {
      this.draftForm.resume(kept);
    }
    this.#people();
    this.#facts(task);
    this.dialog.showModal();
    this.refresh();
  }

  /** The board changed: follow what was not touched. */
  refresh() {
    if (this.#id === null || this.#deleted) {
      return;
    }
    const task = this.session().task(this.#id);
    if (!task) {
      this.vanish();
      return;
    }
    this.draftForm.rebase(valuesOf(task), task.version);
    this.#facts(task);
  }

  /** The task is gone. What was typed stays here and can become a new one. */
  vanish() {
    if (this.#id === null || this.#deleted) {
      return;
    }
    this.#deleted = true;
    if (!this.draftForm.dirty) {
      this.dialog.close();
      toast("Somebody deleted the task that you had open.");
      return;
    }
    const banner = find(this.dialog, "[data-banner]");
    banner.replaceChildren(
      make(
        "p",
        { role: "alert" },
        "Somebody deleted this task. What you wrote is still here: add it as a new task, or let it go.",
      ),
    );
    banner.hidden = false;
    find(this.dialog, "[data-delete]").hidden = true;
    find(this.dialog, "[data-save]").textContent = "Add as a new task";
  }

  /** @returns {string} what was typed and not saved, "" when there is nothing */
  unsaved() {
    if (this.#id === null || !this.draftForm.dirty) {
      return "";
    }
    const { title, description } = this.draftForm.draft.mine;
    return [title, description].filter(Boolean).join("\n");
  }

  /** The page is being left. */
  dispose() {
    this.#id = null;
    this.dialog.close();
    this.abort.abort();
  }

  #people() {
    const names = this.session().tasks.map((task) => task.assigned_to);
    const people = [...new Set(names)].filter((name) => name !== null).sort();
    find(this.dialog, "datalist").replaceChildren(
      ...people.map((name) => make("option", { value: name })),
    );
  }

  /** @param {Task} task */
  #facts(task) {
    const now = Date.now();
    const changes = task.version - 1;
    find(this.dialog, "[data-facts]").textContent =
      `Added ${ago(task.created_at, now)}` +
      (changes > 0
        ? `, changed ${counted(changes, "time")}, last ${ago(task.updated_at, now)}`
        : "");
  }

  /** @param {SubmitEvent} event */
  async #submit(event) {
    event.preventDefault();
    const id = this.#id;
    if (id === null || find(this.form, "[data-save]").hasAttribute("aria-disabled")) {
      return;
    }
    if (this.#deleted) {
      await this.#addAgain();
      return;
    }
    const session = this.session();
    const outcome = await this.draftForm.save({
      send: (changes, version) => session.saveTask(id, patchOf(changes), version),
      fresh: async () => {
        const task = await session.freshTask(id);
        return { values: valuesOf(task), version: task.version };
      },
    });
    if (outcome === "saved") {
      this.#finish();
    } else if (outcome === "gone") {
      this.vanish();
    }
  }

  async #addAgain() {
    try {
      await this.draftForm.busy(() => this.session().addTask(newTaskOf(this.draftForm.draft.mine)));
      this.#finish();
    } catch (error) {
      this.draftForm.refuse(error);
    }
  }

  #delete() {
    const task = this.#id === null ? undefined : this.session().task(this.#id);
    this.#finish();
    if (task) {
      this.actions.remove(task);
    }
  }

  #finish() {
    this.#id = null;
    this.dialog.close();
  }

  /** Closing without saving keeps what was typed for a while. */
  #closed() {
    const id = this.#id;
    this.#id = null;
    const task = id === null ? undefined : this.session().task(id);
    if (task && this.draftForm.dirty) {
      const kept = this.draftForm.draft;
      const action = { label: "Go on writing", run: () => this.#reopen(task.id, kept) };
      toast("Your changes were not saved.", { action });
    }
  }

  /** @param {number} id @param {import("../model/draft.js").Draft} kept */
  #reopen(id, kept) {
    const task = this.session().task(id);
    if (task) {
      this.open(task, kept);
    } else {
      toast("Somebody deleted that task meanwhile.");
    }
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.form.requestSubmit();
    }
  }
}

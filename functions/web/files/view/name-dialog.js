/** Renaming a board, from the list or from the board itself. */

import { find } from "./dom.js";
import { DraftForm } from "./draft-form.js";
import { toast } from "./toast.js";

/** @type {DraftForm | null} */
let form = null;

/**
 * @typedef {object} Renaming
 * @property {{name: string, version: number}} board
 * @property {(name: string, version: number) => Promise<unknown>} send
 * @property {() => Promise<{name: string, version: number}>} fresh
 */

/**
 * @param {Renaming} renaming
 * @returns {{rebase: (board: {name: string, version: number}) => void, unsaved: () => string, close: () => void}}
 *   to be told of others' changes while it is open
 */
export function openNameDialog({ board, send, fresh }) {
  const dialog = find(document, "#name-dialog");
  const element = find(dialog, "form");
  // One for the page's life: a second would listen to the same form.
  form ??= new DraftForm(element, { name: "Name" });
  const draftForm = form;
  const abort = new AbortController();
  const { signal } = abort;
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const outcome = await draftForm.save({
      send: ({ name }, version) => send(name, version),
      fresh: async () => {
        const { name, version } = await fresh();
        return { values: { name }, version };
      },
    });
    if (outcome === "gone") {
      toast("Somebody deleted that board meanwhile.");
    }
    if (outcome === "saved" || outcome === "gone") {
      dialog.close();
    }
  };
  const closed = () => abort.abort();
  element.addEventListener("submit", submit, { signal });
  dialog.addEventListener("close", closed, { signal });
  find(dialog, "[data-close]").addEventListener("click", () => dialog.close(), { signal });
  draftForm.begin({ name: board.name }, board.version);
  dialog.showModal();
  find(dialog, "input").select();
  return {
    rebase: ({ name, version }) => {
      if (!signal.aborted) {
        draftForm.rebase({ name }, version);
      }
    },
    unsaved: () => (!signal.aborted && draftForm.dirty ? draftForm.draft.mine.name : ""),
    close: () => dialog.close(),
  };
}

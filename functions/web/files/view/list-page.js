/** All boards: making, renaming and deleting them, kept up to date while one looks. */

import * as api from "../net/api.js";
import { sentences, summary } from "../model/problem.js";
import { counted } from "../model/words.js";
import { refreshTimes } from "./card.js";
import { confirmed } from "./confirm-dialog.js";
import { find, fromTemplate, make, setText } from "./dom.js";
import { makeExample } from "./example.js";
import { showErrors } from "./fields.js";
import { openMenu } from "./menu.js";
import { openNameDialog } from "./name-dialog.js";
import { makeTile, updateTile } from "./tile.js";
import { toast } from "./toast.js";

/** @typedef {import("../model/types.js").Board} Board */

const REFRESH_EVERY_MS = 4_000;

export class ListPage {
  /** @type {Board[]} */
  #boards = [];
  /** @type {Map<string, HTMLElement>} by id and epoch */
  #tiles = new Map();
  #abort = new AbortController();
  #refreshing = false;

  /** @param {{text: string, kept: string[]} | null} farewell why one came here from a board */
  constructor(farewell) {
    this.root = fromTemplate("list-page");
    this.heading = find(this.root, "h1");
    this.tiles = find(this.root, "[data-tiles]");
    if (farewell) {
      this.#bidFarewell(farewell);
    }
    const { signal } = this.#abort;
    const again = () => this.refresh();
    document.addEventListener("visibilitychange", again, { signal });
    window.addEventListener("focus", again, { signal });
    window.addEventListener("online", again, { signal });
    find(this.root, ".create").addEventListener("submit", (/** @type {Event} */ event) =>
      this.#create(event),
    );
    find(this.root, "[data-example]").addEventListener("click", () => this.#example());
    this.tiles.addEventListener("click", (/** @type {Event} */ event) =>
      this.#click(/** @type {Element} */ (event.target)),
    );
  }

  start() {
    document.title = "Boards · Taskboard";
    this.refresh();
    this.timer = setInterval(() => this.refresh(), REFRESH_EVERY_MS);
  }

  stop() {
    clearInterval(this.timer);
    this.#abort.abort();
  }

  async refresh() {
    if (document.hidden || this.#refreshing) {
      return;
    }
    this.#refreshing = true;
    const trouble = find(this.root, "[data-trouble]");
    try {
      this.#boards = await api.listBoards();
      this.#render();
      trouble.hidden = true;
    } catch (error) {
      setText(
        trouble,
        `${summary(error)} The list is shown as it was last known and will refresh by itself.`,
      );
      trouble.hidden = false;
    } finally {
      find(this.root, "[data-loading]").hidden = true;
      this.#refreshing = false;
    }
  }

  #render() {
    const present = new Set();
    // The newest first, and never shuffled under somebody's pointer.
    const boards = this.#boards.toSorted((one, other) => other.id - one.id);
    boards.forEach((board, index) => {
      const key = `${board.id} ${board.epoch}`;
      present.add(key);
      const tile = this.#tiles.get(key) ?? makeTile(board);
      this.#tiles.set(key, tile);
      updateTile(tile, board);
      if (this.tiles.children[index] !== tile) {
        this.tiles.insertBefore(tile, this.tiles.children[index] ?? null);
      }
    });
    for (const [key, tile] of this.#tiles) {
      if (!present.has(key)) {
        tile.remove();
        this.#tiles.delete(key);
      }
    }
    this.tiles.hidden = boards.length === 0;
    find(this.root, "[data-empty]").hidden = boards.length > 0;
    refreshTimes(this.tiles);
  }

  /** @param {{text: string, kept: string[]}} farewell */
  #bidFarewell({ text, kept }) {
    toast(text);
    if (kept.length > 0) {
      const box = find(this.root, "[data-kept]");
      const area = make("textarea", { id: "kept-text", rows: "4", readonly: "" });
      area.value = kept.join("\n\n");
      const label = make(
        "label",
        { for: "kept-text" },
        "The board went while you were writing. This is what you had typed:",
      );
      box.append(label, area);
      box.hidden = false;
    }
  }

  /** @param {Event} event */
  async #create(event) {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (form.dataset.busy) {
      return;
    }
    form.dataset.busy = "yes";
    try {
      const board = await api.createBoard(find(form, "input").value);
      location.hash = `#/boards/${board.id}`;
    } catch (error) {
      const { fields, rest } = sentences(error, { name: "Name" });
      showErrors(form, fields);
      if (rest) {
        toast(rest, { kind: "error" });
      }
    } finally {
      delete form.dataset.busy;
    }
  }

  async #example() {
    try {
      const id = await makeExample();
      location.hash = `#/boards/${id}`;
    } catch (error) {
      toast(summary(error), { kind: "error" });
    }
  }

  /** @param {Element} target */
  #click(target) {
    const more = /** @type {HTMLElement | null} */ (target.closest(".tile-more"));
    const tile = /** @type {HTMLElement | null} */ (target.closest(".tile"));
    const board = this.#boards.find(({ id }) => String(id) === tile?.dataset.board);
    if (more && board) {
      openMenu(more, `Actions for ${board.name}`, [
        { label: "Open", run: () => (location.hash = `#/boards/${board.id}`) },
        { label: "Rename", run: () => this.#rename(board) },
        { label: "Delete", danger: true, run: () => this.#delete(board) },
      ]);
    }
  }

  /** @param {Board} board */
  #rename(board) {
    openNameDialog({
      board,
      send: async (name, version) => {
        await api.renameBoard(board.id, name, version);
        this.refresh();
      },
      fresh: () => api.getBoard(board.id),
    });
  }

  /** @param {Board} board */
  async #delete(board) {
    const sure = await confirmed({
      title: `Delete “${board.name}”?`,
      text: `The board and its ${counted(board.tasks.length, "task")} will be gone for everybody. This cannot be undone.`,
      yes: "Delete board",
    });
    if (!sure) {
      return;
    }
    try {
      await api.deleteBoard(board.id);
      toast(`Deleted “${board.name}”.`);
      this.heading.focus();
    } catch (error) {
      toast(`“${board.name}” was not deleted. ${summary(error)}`, { kind: "error" });
    }
    await this.refresh();
  }
}

/** A board: its columns, its activity, and everything one can do there. */

import * as api from "../net/api.js";
import { BoardSession } from "../net/board-session.js";
import { COLUMNS, columnName } from "../model/columns.js";
import { summary } from "../model/problem.js";
import { counted, eventWords, plain } from "../model/words.js";
import { Activity } from "./activity.js";
import { listenToAdding, typedTitles } from "./add-form.js";
import { refreshTimes } from "./card.js";
import { confirmed } from "./confirm-dialog.js";
import { showConnection } from "./connection.js";
import { announce, find, fromTemplate, motionAllowed, setText } from "./dom.js";
import { Drag } from "./drag.js";
import { dockFor } from "./dock.js";
import { listenToKeys } from "./keys.js";
import { Lanes } from "./lanes.js";
import { openMenu } from "./menu.js";
import { openNameDialog } from "./name-dialog.js";
import { TaskDialog } from "./task-dialog.js";
import { toast } from "./toast.js";

/** @typedef {import("../model/types.js").Task} Task */
/** @typedef {import("../model/types.js").Status} Status */
/** @typedef {import("../model/types.js").BoardEvent} BoardEvent */

const TIMES_EVERY_MS = 30_000;
/** Where there is room for the activity beside the columns, it is open from the start. */
const WIDE = "(min-width: 76rem)";

export class BoardPage {
  #frame = 0;
  #abort = new AbortController();
  /** @type {ReturnType<typeof openNameDialog> | null} */
  #renaming = null;
  #left = false;

  /**
   * @param {import("../model/types.js").Board} board
   * @param {string} address of the relay's socket
   * @param {(farewell: {text: string, kept: string[]}) => void} leave to the list, saying why, with
   *   what was typed and not yet saved
   */
  constructor(board, address, leave) {
    this.leaveToList = leave;
    this.root = fromTemplate("board-page");
    this.heading = find(this.root, "h1");
    this.lanes = new Lanes(find(this.root, "[data-lanes]"));
    this.activity = new Activity(find(this.root, "[data-log]"));
    this.session = new BoardSession(board, address, {
      changed: () => this.#schedule(),
      applied: (event, own) => this.#applied(event, own),
      renewed: () => this.#renewed(),
      gone: () => this.#gone(),
    });
    this.dialog = new TaskDialog(() => this.session, { remove: (task) => this.#remove(task) });
    this.dock = dockFor(find(document, "#dock"));
    // What happened before one came is no news: it is there before the log is.
    this.activity.render(board);
    this.#listen();
    if (matchMedia(WIDE).matches) {
      this.#toggleActivity();
    }
  }

  /** Begins to follow the board; the page is in the document now. */
  start() {
    this.#render();
    this.session.start();
    this.timesTimer = setInterval(() => refreshTimes(this.root), TIMES_EVERY_MS);
  }

  /** The page is being left. */
  stop() {
    this.#left = true;
    this.session.stop();
    this.#abort.abort();
    this.#renaming?.close();
    this.dialog.dispose();
    clearInterval(this.timesTimer);
    cancelAnimationFrame(this.#frame);
    showConnection(null);
  }

  #listen() {
    const { signal } = this.#abort;
    const lanes = this.lanes.root;
    this.drag = new Drag(
      lanes,
      {
        lift: (id) => this.#lift(id),
        hover: (id, over, height) => this.#hover(id, over, height),
        drop: (id, over, from) => this.#drop(id, over, from),
      },
      signal,
    );
    const keyboard = {
      statusOf: (/** @type {number} */ id) => this.session.task(id)?.status,
      move: (/** @type {number} */ id, /** @type {Status} */ status) => this.#move(id, status),
      remove: (/** @type {number} */ id) => this.#removeById(id),
    };
    listenToKeys(lanes, keyboard, signal);
    listenToAdding(lanes, (title, status) => this.#add(title, status));
    lanes.addEventListener("click", (event) => this.#click(/** @type {Element} */ (event.target)));
    const on = (/** @type {string} */ selector, /** @type {() => void} */ run) =>
      find(this.root, selector).addEventListener("click", run);
    on("[data-rename]", () => this.#rename());
    on("[data-board-menu]", () => this.#boardMenu());
    on("[data-link]", () => this.#copyLink());
    on("[data-toggle-activity]", () => this.#toggleActivity());
  }

  /** Many events at once are drawn once. */
  #schedule() {
    if (this.#frame || this.#left) {
      return;
    }
    const draw = () => {
      this.#frame = 0;
      if (!this.#left) {
        this.#render();
      }
    };
    // A hidden window gets no animation frames, but its title and drafts must not be stale.
    this.#frame = document.hidden ? window.setTimeout(draw, 50) : requestAnimationFrame(draw);
  }

  #render() {
    const { board, tasks, connection } = this.session;
    setText(this.heading, board.name);
    document.title = `${board.name} · Taskboard`;
    if (this.drag?.lifted && !tasks.some((task) => task.id === this.drag?.lifted)) {
      this.drag.cancel();
      toast("Somebody deleted the task you were dragging.");
    }
    this.lanes.render(tasks);
    this.activity.render(board);
    showConnection(connection);
    this.dialog.refresh();
    this.#renaming?.rebase(board);
  }

  /** @param {BoardEvent} event @param {boolean} own */
  #applied(event, own) {
    if (own) {
      return;
    }
    if (event.task && event.action !== "Delete") {
      this.lanes.freshen(event.task.id);
    }
    if (event.entity === "board" && event.changes?.name) {
      toast(`${plain(eventWords(event))}.`);
    }
  }

  #renewed() {
    this.drag?.cancel();
    this.dialog.vanish();
    toast(
      "The server was restarted and has forgotten the board you had open. This is the new one at its address.",
    );
  }

  #gone() {
    const kept = [
      this.dialog.unsaved(),
      this.#renaming?.unsaved() ?? "",
      ...typedTitles(this.lanes.root),
    ].filter(Boolean);
    const text = this.deleting
      ? `You deleted “${this.session.board.name}”.`
      : `“${this.session.board.name}” is gone: somebody deleted it, or the server was restarted.`;
    this.leaveToList({ text, kept });
  }

  /** @param {Element} target */
  #click(target) {
    const card = /** @type {HTMLElement | null} */ (target.closest(".card"));
    const task = card && this.session.task(Number(card.dataset.task));
    const more = /** @type {HTMLElement | null} */ (target.closest(".card-more"));
    if (task && more) {
      this.#menu(more, task);
    } else if (task) {
      this.dialog.open(task);
    }
  }

  /** @param {HTMLElement} anchor @param {Task} task */
  #menu(anchor, task) {
    const moves = COLUMNS.filter(({ key }) => key !== task.status).map(({ key, name }) => ({
      label: `Move to ${name}`,
      run: () => this.#move(task.id, key),
    }));
    openMenu(anchor, `Actions for ${task.title}`, [
      { label: "Edit", run: () => this.#open(task.id) },
      ...moves,
      { label: "Delete", danger: true, run: () => this.#removeById(task.id) },
    ]);
  }

  #boardMenu() {
    openMenu(find(this.root, "[data-board-menu]"), "Board actions", [
      { label: "Rename board", run: () => this.#rename() },
      { label: "Delete board", danger: true, run: () => this.#deleteBoard() },
    ]);
  }

  /** @param {number} id */
  #open(id) {
    const task = this.session.task(id);
    if (task) {
      this.dialog.open(task);
    }
  }

  /** @param {string} title @param {Status} status */
  async #add(title, status) {
    const task = await this.session.addTask({ title, status });
    announce(`Added ${title} to ${columnName(status)}.`);
    requestAnimationFrame(() => {
      this.lanes
        .card(task.id)
        ?.scrollIntoView({ block: "nearest", behavior: motionAllowed() ? "smooth" : "auto" });
    });
  }

  /** @param {number} id @param {Status} status */
  async #move(id, status) {
    const task = this.session.task(id);
    if (!task || task.status === status) {
      return;
    }
    announce(`Moved ${task.title} to ${columnName(status)}.`);
    try {
      await this.session.moveTask(id, status);
    } catch (error) {
      toast(`“${task.title}” stays in ${columnName(task.status)}. ${summary(error)}`, {
        kind: "error",
      });
    }
  }

  /** @param {number} id */
  #removeById(id) {
    const task = this.session.task(id);
    if (task) {
      this.#remove(task);
    }
  }

  /** @param {Task} task */
  async #remove(task) {
    this.#focusBeside(task.id);
    try {
      await this.session.deleteTask(task.id);
      toast(`Deleted “${task.title}”.`, {
        action: { label: "Undo", run: () => this.#restore(task) },
      });
    } catch (error) {
      toast(`“${task.title}” was not deleted. ${summary(error)}`, { kind: "error" });
    }
  }

  /** A deleted task comes back as a new one with another number. @param {Task} task */
  async #restore(task) {
    const { title, description, status, assigned_to } = task;
    try {
      await this.session.addTask({
        title,
        status,
        ...(description && { description }),
        ...(assigned_to && { assigned_to }),
      });
      announce(`${title} is back.`);
    } catch (error) {
      const action = { label: "Try again", run: () => this.#restore(task) };
      toast(`“${title}” could not be brought back. ${summary(error)}`, { kind: "error", action });
    }
  }

  /** Where a card with the focus goes, the focus stays near. @param {number} id */
  #focusBeside(id) {
    const card = this.lanes.card(id);
    if (card?.contains(document.activeElement)) {
      const beside = card.nextElementSibling ?? card.previousElementSibling;
      const next =
        beside?.querySelector(".card-open") ?? card.closest(".lane")?.querySelector(".add input");
      /** @type {HTMLElement | null | undefined} */ (next)?.focus();
    }
  }

  /** @param {number} id @returns {boolean} */
  #lift(id) {
    const task = this.session.task(id);
    if (!task) {
      return false;
    }
    this.lanes.held = { id, status: task.status };
    this.dock.show(task.status);
    return true;
  }

  /** @param {number} id @param {Status | null} over @param {number} height */
  #hover(id, over, height) {
    this.lanes.showSlot(over, id, height);
    this.dock.point(over);
  }

  /** @param {number} id @param {Status | null} over @param {DOMRect} from */
  #drop(id, over, from) {
    const home = this.lanes.held?.status;
    this.lanes.showSlot(null, id, 0);
    this.lanes.held = null;
    this.dock.hide();
    if (motionAllowed()) {
      this.lanes.landFrom(id, from);
    }
    // Put back where it was lifted means: thought better of it, wherever others moved it meanwhile.
    if (over && over !== home) {
      this.#move(id, over);
    }
    this.#schedule();
  }

  #rename() {
    const { board } = this.session;
    this.#renaming = openNameDialog({
      board,
      send: (name, version) => api.renameBoard(board.id, name, version),
      fresh: () => api.getBoard(board.id),
    });
  }

  async #deleteBoard() {
    const { board, tasks } = this.session;
    const sure = await confirmed({
      title: `Delete “${board.name}”?`,
      text: `The board and its ${counted(tasks.length, "task")} will be gone for everybody. This cannot be undone.`,
      yes: "Delete board",
    });
    if (!sure) {
      return;
    }
    this.deleting = true;
    try {
      await api.deleteBoard(board.id);
      this.#gone();
    } catch (error) {
      this.deleting = false;
      toast(`The board was not deleted. ${summary(error)}`, { kind: "error" });
    }
  }

  async #copyLink() {
    try {
      await navigator.clipboard.writeText(location.href);
      toast("Link copied. Open it in another window and watch both.");
    } catch {
      toast(`Open this address in another window: ${location.href}`);
    }
  }

  #toggleActivity() {
    const open = this.root.classList.toggle("is-activity-open");
    find(this.root, "[data-toggle-activity]").setAttribute("aria-expanded", String(open));
  }
}

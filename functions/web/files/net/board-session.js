/**
 * One open board: the confirmed document, our own changes laid over it, and the live connection that
 * keeps it true. Views read `board`, `tasks` and `connection` and call the commands.
 */

import * as api from "./api.js";
import { LiveSocket } from "./live-socket.js";
import { applyEvent } from "../model/apply.js";
import { retryDelay } from "../model/backoff.js";
import * as follow from "../model/follow.js";
import * as overlay from "../model/overlay.js";

/** @typedef {import("../model/types.js").Board} Board */
/** @typedef {import("../model/types.js").BoardEvent} BoardEvent */
/** @typedef {import("../model/types.js").Task} Task */
/** @typedef {import("../model/types.js").Status} Status */

/**
 * @typedef {object} Listener
 * @property {() => void} changed something to be shown is different
 * @property {(event: BoardEvent, own: boolean) => void} applied an event arrived; `own` when this
 *   page caused it
 * @property {() => void} renewed the host restarted: another board has this address now
 * @property {() => void} gone the board was deleted
 */

export class BoardSession {
  #overlay = overlay.noOverlay();
  #follow;
  #ended = false;
  #fetches = 0;
  /** The tail of each task's queue of moves: they reach the server in the order they were made. */
  #moves = new Map();

  /**
   * @param {Board} board
   * @param {string} address of the socket
   * @param {Listener} listener
   */
  constructor(board, address, listener) {
    /** The board as the events confirm it. */
    this.board = board;
    this.listener = listener;
    this.#follow = follow.begin(board);
    this.socket = new LiveSocket(address, {
      welcomed: () => this.#take(follow.opened(this.#follow)),
      frame: (frame) => this.#take(follow.received(this.#follow, frame)),
      state: (state) => {
        if (state === "offline" || state === "stopped") {
          this.#take(follow.closed(this.#follow));
        }
        this.listener.changed();
      },
    });
  }

  start() {
    this.socket.start();
  }

  stop() {
    this.#ended = true;
    this.socket.stop();
  }

  /** @returns {Task[]} by id, with our own changes */
  get tasks() {
    return overlay.shown(this.board.tasks, this.#overlay);
  }

  /** @param {number} id @returns {Task | undefined} */
  task(id) {
    return this.tasks.find((task) => task.id === id);
  }

  /** @returns {{state: import("../model/words.js").LiveState, last: number, behind: number}} */
  get connection() {
    const { last, phase } = this.#follow;
    const behind = follow.behind(this.#follow);
    return { state: this.#connectionState(phase, behind), last, behind };
  }

  /** @param {string} phase @param {number} behind */
  #connectionState(phase, behind) {
    switch (this.socket.state) {
      case "open":
        return phase === "following" && behind === 0 ? "live" : "catching-up";
      default:
        return this.socket.state;
    }
  }

  /** @param {follow.Step} step */
  #take([state, deeds]) {
    this.#follow = state;
    if (state.phase === "following") {
      this.#fetches = 0;
    }
    for (const deed of deeds) {
      switch (deed.do) {
        case "send":
          this.socket.send(deed.message);
          break;
        case "apply":
          this.#apply(deed.event);
          break;
        case "fetch":
          this.#fetch();
          break;
        case "gone":
          this.#end();
          break;
      }
    }
    this.listener.changed();
  }

  /** @param {BoardEvent} event */
  #apply(event) {
    const own = isOwn(this.#overlay, event);
    this.board = applyEvent(this.board, event);
    this.#overlay = overlay.confirmed(this.#overlay, event);
    this.listener.applied(event, own);
  }

  /** Gets the board anew, again and again until there is an answer. */
  async #fetch() {
    if (this.#fetches > 0) {
      await pause(retryDelay(this.#fetches, Math.random));
    }
    this.#fetches += 1;
    try {
      const fresh = await api.getBoard(this.board.id);
      if (!this.#ended) {
        this.#replace(fresh);
      }
    } catch (error) {
      if (this.#ended) {
        return;
      }
      if (/** @type {any} */ (error).status === 404) {
        this.#end();
      } else {
        await this.#fetch();
      }
    }
  }

  /** @param {Board} fresh */
  #replace(fresh) {
    const renewed = fresh.epoch !== this.board.epoch;
    this.board = fresh;
    this.#overlay = renewed ? overlay.noOverlay() : overlay.refetched(this.#overlay);
    if (renewed) {
      this.listener.renewed();
    }
    this.#take(follow.snapshot(this.#follow, fresh, this.socket.ready));
  }

  #end() {
    if (!this.#ended) {
      this.stop();
      this.listener.gone();
    }
  }

  /** @param {overlay.Overlay} next */
  #lay(next) {
    this.#overlay = next;
    this.listener.changed();
  }

  /** @param {Task} task */
  #answer(task) {
    this.#lay(overlay.answered(this.#overlay, task, this.board.tasks));
  }

  /** @param {Parameters<typeof api.addTask>[1]} task @returns {Promise<Task>} */
  async addTask(task) {
    const answer = await api.addTask(this.board.id, task);
    this.#answer(answer);
    return answer;
  }

  /**
   * Shows the move at once and takes it back if it is refused.
   *
   * @param {number} id
   * @param {Status} status
   * @returns {Promise<void>}
   */
  async moveTask(id, status) {
    const hope = { status };
    this.#lay(overlay.hoped(this.#overlay, id, hope));
    const before = this.#moves.get(id) ?? Promise.resolve();
    const move = before.then(() => api.patchTask(this.board.id, id, hope));
    const settled = move.then(
      () => {},
      () => {},
    );
    this.#moves.set(id, settled);
    try {
      const answer = await move;
      this.#withdraw(id, hope);
      this.#answer(answer);
    } catch (error) {
      this.#withdraw(id, hope);
      throw error;
    } finally {
      if (this.#moves.get(id) === settled) {
        this.#moves.delete(id);
      }
    }
  }

  /** Only if no later move of the same task was made since. @param {number} id @param {Partial<Task>} hope */
  #withdraw(id, hope) {
    if (this.#overlay.hopes.get(id) === hope) {
      this.#lay(overlay.unhoped(this.#overlay, id));
    }
  }

  /** @param {number} id @param {Partial<Task>} patch @param {number} version @returns {Promise<Task>} */
  async saveTask(id, patch, version) {
    const answer = await api.patchTask(this.board.id, id, patch, version);
    this.#answer(answer);
    return answer;
  }

  /** @param {number} id @returns {Promise<Task>} as it is on the server now */
  async freshTask(id) {
    const answer = await api.getTask(this.board.id, id);
    this.#answer(answer);
    return answer;
  }

  /** @param {number} id @returns {Promise<void>} */
  async deleteTask(id) {
    this.#lay(overlay.removed(this.#overlay, id));
    try {
      await api.deleteTask(this.board.id, id);
    } catch (error) {
      // Somebody else deleted it first: that is what was wanted.
      if (/** @type {any} */ (error).status !== 404) {
        this.#lay(overlay.unremoved(this.#overlay, id));
        throw error;
      }
    }
  }
}

/** @param {overlay.Overlay} mine @param {BoardEvent} event @returns {boolean} */
function isOwn(mine, event) {
  const task = event.task;
  if (!task) {
    return false;
  }
  return (
    mine.hopes.has(task.id) ||
    mine.removals.has(task.id) ||
    mine.answers.get(task.id)?.version === task.version
  );
}

/** @param {number} milliseconds @returns {Promise<void>} */
function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/**
 * One WebSocket to the relay that comes back by itself: back-off with jitter, a watchdog that notices
 * a dead connection, and a plain word for how things stand.
 */

import { retryDelay } from "../model/backoff.js";

/** The relay does not understand this page; trying again would not help. */
const NOT_THE_PROTOCOL = 4400;
/** Not allowed; quick-win knows no tokens, so trying again would not help either. */
const NOT_AUTHENTICATED = 4401;
/** How long a socket may take to open and be welcomed, in milliseconds. */
const OPEN_TIMEOUT_MS = 10_000;
/** How long after a missed heartbeat we ask, and how long the answer may take, in milliseconds. */
const GRACE_MS = 5_000;

/** @typedef {"connecting" | "open" | "checking" | "offline" | "stopped"} SocketState */

/**
 * @param {string} relay the configured address (http, https, ws or wss), "" for the default
 * @param {{protocol: string, hostname: string}} location the page's
 * @returns {string} the address of the quick-win socket
 */
export function socketAddress(relay, location) {
  const secure = location.protocol === "https:";
  const base = relay || `${secure ? "wss" : "ws"}://${location.hostname}:3001`;
  return `${base.replace(/^http/u, "ws").replace(/\/+$/u, "")}/ws/quick-win`;
}

export class LiveSocket {
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {SocketState} */
  #state = "connecting";
  #attempt = 0;
  #heartbeat = 25_000;
  /** The relay may ask its clients to spread their return, in milliseconds. */
  #spread = 0;
  #heardAt = 0;
  #retryTimer = 0;
  #watchTimer = 0;
  #ended = false;

  /**
   * @param {string} address
   * @param {{
   *   welcomed: () => void,
   *   frame: (frame: Record<string, any>) => void,
   *   state: (state: SocketState) => void,
   * }} listener
   */
  constructor(address, listener) {
    this.address = address;
    this.listener = listener;
    this.wake = this.wake.bind(this);
  }

  /** @returns {SocketState} */
  get state() {
    return this.#state;
  }

  /** @returns {boolean} whether messages can be sent */
  get ready() {
    return this.#state === "open" || this.#state === "checking";
  }

  start() {
    window.addEventListener("online", this.wake);
    document.addEventListener("visibilitychange", this.wake);
    this.#open();
  }

  /** Closes for good. */
  stop() {
    this.#ended = true;
    window.removeEventListener("online", this.wake);
    document.removeEventListener("visibilitychange", this.wake);
    clearTimeout(this.#retryTimer);
    this.#drop();
  }

  /** @param {Record<string, unknown>} message */
  send(message) {
    if (this.ready) {
      this.#socket?.send(JSON.stringify(message));
    }
  }

  /** The network or the person came back: do not wait any longer. */
  wake() {
    if (document.hidden || this.#ended) {
      return;
    }
    if (this.#state === "offline") {
      clearTimeout(this.#retryTimer);
      this.#open();
    } else if (this.#state === "open" && Date.now() - this.#heardAt > this.#heartbeat) {
      this.#check();
    }
  }

  #open() {
    const socket = new WebSocket(this.address);
    this.#socket = socket;
    socket.onmessage = ({ data }) => this.#heard(socket, data);
    socket.onclose = ({ code }) => this.#lost(socket, code);
    this.#watch(OPEN_TIMEOUT_MS, () => this.#lost(socket, 0));
  }

  /** @param {WebSocket} socket @param {string} data */
  #heard(socket, data) {
    if (socket !== this.#socket) {
      return;
    }
    this.#heardAt = Date.now();
    const frame = JSON.parse(data);
    if (frame.type === "welcome") {
      this.#heartbeat = frame.heartbeat_ms ?? this.#heartbeat;
      this.#spread = frame.reconnect_jitter_ms ?? 0;
      this.#attempt = 0;
    }
    if (this.ready || frame.type === "welcome") {
      this.#expectHeartbeat();
      this.#become("open");
    }
    if (frame.type === "welcome") {
      this.listener.welcomed();
    } else {
      this.listener.frame(frame);
    }
  }

  /** @param {WebSocket} socket @param {number} code */
  #lost(socket, code) {
    if (socket !== this.#socket || this.#ended) {
      return;
    }
    this.#drop();
    if (code === NOT_THE_PROTOCOL || code === NOT_AUTHENTICATED) {
      this.#become("stopped");
      return;
    }
    // A relay that closes in good order asks for a spread; one that crashed could not ask.
    const delay = retryDelay(this.#attempt, Math.random, code === 1012 ? this.#spread : 0);
    this.#attempt += 1;
    this.#retryTimer = window.setTimeout(() => this.#open(), delay);
    this.#become("offline");
  }

  #drop() {
    clearTimeout(this.#watchTimer);
    const socket = this.#socket;
    this.#socket = null;
    if (socket) {
      socket.onmessage = null;
      socket.onclose = null;
      socket.close();
    }
  }

  #expectHeartbeat() {
    this.#watch(this.#heartbeat + GRACE_MS, () => this.#check());
  }

  /** Nothing was heard for longer than the relay promised: ask, and say so. */
  #check() {
    const socket = this.#socket;
    if (!socket) {
      return;
    }
    this.send({ type: "ping" });
    this.#become("checking");
    this.#watch(GRACE_MS, () => this.#lost(socket, 0));
  }

  /** @param {number} milliseconds @param {() => void} then */
  #watch(milliseconds, then) {
    clearTimeout(this.#watchTimer);
    this.#watchTimer = window.setTimeout(then, milliseconds);
  }

  /** @param {SocketState} state */
  #become(state) {
    if (this.#state !== state) {
      this.#state = state;
      this.listener.state(state);
    }
  }
}

/**
 * One WebSocket to the relay, shared by all open boards of a mode, that comes back by itself:
 * back-off with jitter, a watchdog that notices a dead connection, one word for the state.
 */

import { retryDelay } from "../../utilities/backoff";
import { parseFrame } from "./frames";
import type { Relay, RelayListener, RelayPorts, SocketState } from "../ports";

/** Not the protocol: only another version of the app could talk to this relay. */
const NOT_THE_PROTOCOL = 4400;
const UNAUTHORIZED = 4401;
const TOO_MANY_CONNECTIONS = 4409;
const RESTARTING = 1012;
/** `WebSocket.readyState`. */
const CLOSING = 2;
const CLOSED = 3;
/** How long a socket may take to open and be welcomed, in milliseconds. */
const OPEN_TIMEOUT = 10_000;
/**
 * How long after a heartbeat was due we ask, and how long the answer may take, in milliseconds. Together
 * they are the ten seconds after which a connection counts as dead (RT8).
 */
const ASK_AFTER = 2_000;
const ANSWER_WITHIN = 8_000;
/** How often a device without network looks anyway, in milliseconds. */
const SELDOM = 15_000;
/** Somebody who opens too many connections is given time to close some; in milliseconds. */
const CROWDED = 10_000;

export class RelayConnection implements Relay {
  private readonly listeners = new Set<RelayListener>();
  private socket: WebSocket | null = null;
  private current: SocketState = "idle";
  private nextAttempt: number | null = null;
  private attempt = 0;
  private refusedAsCrowded = false;
  private heartbeat = 25_000;
  private jitter = 0;
  private receivedAt = 0;
  /** The token that the relay knows us by. */
  private introducedWith: string | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private watchdog: ReturnType<typeof setTimeout> | undefined;
  private endWatching: (() => void) | null = null;
  /** Counts attempts to open, so that one that was given up changes nothing when it ends. */
  private generation = 0;

  constructor(private readonly ports: RelayPorts) {}

  get state(): SocketState {
    return this.current;
  }

  get retryAt(): number | null {
    return this.nextAttempt;
  }

  get crowded(): boolean {
    return this.refusedAsCrowded;
  }

  join(listener: RelayListener): () => void {
    this.listeners.add(listener);
    if (this.current === "idle") {
      this.begin();
    } else if (this.current === "open") {
      listener.opened();
    }
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) {
        this.end();
      }
    };
  }

  send(message: Readonly<Record<string, unknown>>): void {
    if (this.current === "open") {
      this.socket?.send(JSON.stringify(message));
    }
  }

  wake(): void {
    if (this.current === "open" && (this.socket?.readyState ?? CLOSED) >= CLOSING) {
      // Closed while the page was frozen, when no event could be delivered.
      this.lose(0);
    }
    if (this.current === "offline") {
      this.attempt = 0;
      void this.connect();
    } else if (this.current === "open" && Date.now() - this.receivedAt > this.heartbeat) {
      this.ask();
    }
  }

  private begin(): void {
    const { device } = this.ports;
    const woken = device.onWake(() => this.wake());
    const lost = device.onNetworkLost(() => this.lose(0));
    this.endWatching = () => {
      woken();
      lost();
    };
    void this.connect();
  }

  private end(): void {
    this.endWatching?.();
    this.endWatching = null;
    this.drop();
    this.attempt = 0;
    this.become("idle", null);
  }

  private async connect(): Promise<void> {
    this.drop();
    const generation = this.generation;
    this.become("connecting", null);
    let address: string;
    try {
      address = await this.ports.address();
    } catch {
      if (generation === this.generation) {
        this.lose(0);
      }
      return;
    }
    if (generation !== this.generation) {
      return;
    }
    const socket = this.ports.open?.(address) ?? new WebSocket(address);
    this.socket = socket;
    const mine = () => socket === this.socket;
    socket.onopen = () => mine() && this.introduce(socket);
    socket.onmessage = ({ data }) => mine() && this.handleMessage(String(data));
    socket.onclose = ({ code }) => mine() && this.lose(code ?? 0);
    socket.onerror = () => undefined;
    this.watchdog = setTimeout(() => mine() && this.lose(0), OPEN_TIMEOUT);
  }

  private introduce(socket: WebSocket): void {
    const token = this.ports.token();
    this.introducedWith = token;
    if (token !== null) {
      socket.send(JSON.stringify({ type: "auth", token }));
    }
  }

  private handleMessage(text: string): void {
    this.receivedAt = Date.now();
    const frame = parseFrame(text);
    if (frame?.type === "welcome") {
      this.heartbeat = frame.heartbeat;
      this.jitter = frame.jitter;
      this.attempt = 0;
      this.refusedAsCrowded = false;
      this.become("open", null);
      this.expectLife();
      [...this.listeners].forEach((listener) => listener.opened());
    } else if (frame !== null && this.current === "open") {
      this.expectLife();
      if (frame.type === "token-expiring") {
        this.renewToken();
      }
      [...this.listeners].forEach((listener) => listener.frame(frame));
    }
  }

  /** With a newer token than the one that is about to end the socket lives on. */
  private renewToken(): void {
    if (this.socket !== null && this.ports.token() !== this.introducedWith) {
      this.introduce(this.socket);
    }
  }

  private lose(code: number): void {
    if (this.current === "idle" || this.current === "stopped") {
      return;
    }
    const wasOpen = this.current === "open";
    this.refusedAsCrowded = code === TOO_MANY_CONNECTIONS;
    this.drop();
    if (code === NOT_THE_PROTOCOL) {
      this.become("stopped", null);
    } else if (code === UNAUTHORIZED) {
      // Somebody must log in first; that wakes this connection.
      this.become("offline", null);
    } else {
      // A relay that closes in good order asks for a spread; one that crashed could not ask.
      const spread = code === RESTARTING ? this.jitter : 0;
      const delay =
        retryDelay(this.attempt, this.ports.random ?? Math.random, spread) +
        (this.refusedAsCrowded ? CROWDED : 0);
      this.attempt += 1;
      // Without a network only its return counts; a server on this very device is still looked for.
      const without = this.ports.device.isWithoutNetwork();
      this.timer = setTimeout(() => void this.connect(), without ? SELDOM : delay);
      this.become("offline", without ? null : Date.now() + delay);
    }
    if (wasOpen) {
      [...this.listeners].forEach((listener) => listener.closed());
    }
    if (code === UNAUTHORIZED) {
      this.ports.unauthorized();
    }
  }

  private drop(): void {
    this.generation += 1;
    clearTimeout(this.timer);
    clearTimeout(this.watchdog);
    const socket = this.socket;
    this.socket = null;
    if (socket !== null) {
      socket.onopen = null;
      socket.onmessage = null;
      socket.onclose = null;
      socket.close();
    }
  }

  private expectLife(): void {
    clearTimeout(this.watchdog);
    this.watchdog = setTimeout(() => this.ask(), this.heartbeat + ASK_AFTER);
  }

  /** Nothing was received for longer than the relay promised: ping, and close if there is no answer. */
  private ask(): void {
    this.send({ type: "ping" });
    clearTimeout(this.watchdog);
    this.watchdog = setTimeout(() => this.lose(0), ANSWER_WITHIN);
  }

  private become(state: SocketState, retryAt: number | null): void {
    if (this.current !== state || this.nextAttempt !== retryAt) {
      this.current = state;
      this.nextAttempt = retryAt;
      [...this.listeners].forEach((listener) => listener.stateChanged());
    }
  }
}

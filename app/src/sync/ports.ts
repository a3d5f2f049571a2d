/**
 * What the engine needs from outside, and all of it: the server, the relay, the device, who we are. The
 * app gives it in `state/open-boards.ts`, tests give their own.
 */

import type { BoardPatch, NewTask, TaskPatch } from "../generated/api";
import type { Store } from "../utilities/store";
import type { Frame } from "./live/frames";
import type { Snapshot } from "./replica";
import type { ListPart, TickLine, Values } from "./changes/commands";
import type {
  BoardAddress,
  BoardEvent,
  BoardHead,
  BoardTask,
  Checklist,
  ChecklistItem,
  Comment,
  TaskId,
} from "./types";
import type { KeptBoard } from "./view";

/** What one open board is given. */
export interface BoardPorts {
  readonly service: BoardService;
  readonly relay: Relay;
  /** Where the queue and what was answered are kept. */
  readonly storage: Store;
  /** Removes something that can be fetched again, when `storage` is full. @returns whether there was anything */
  readonly makeRoom: () => Promise<boolean>;
  readonly copies: BoardCopies;
  /** Whose board it is on this device: the user, the mode, the board. Keys of `storage` begin with it. */
  readonly owner: string;
  /** `null` in quick-win mode. */
  readonly username: string | null;
  readonly exclusively: Exclusively;
  /** Whether changes may be sent now: in teams mode only while somebody is logged in. */
  readonly maySend: () => boolean;
  /** Before each attempt: is it still this user? @throws if it is not, or if that is unknown */
  readonly makeSure: () => Promise<void>;
  /** The server has given an id to a task that began in the queue. */
  readonly named: (from: TaskId, to: TaskId) => void;
  /** In milliseconds since 1970. */
  readonly now: () => number;
  readonly newId: () => string;
}

/** Runs `work` in at most one tab at a time. */
export type Exclusively = (work: () => Promise<void>) => Promise<void>;

/** This device's copy of the board, which can be had again. */
export interface BoardCopies {
  load(): Promise<KeptBoard | null>;
  save(board: KeptBoard): Promise<void>;
  forget(): Promise<void>;
}

/** The socket that the boards of a mode share: `live/socket.ts`. */
export interface Relay {
  readonly state: SocketState;
  /** When the next attempt is made, in milliseconds since 1970; `null` where none is planned. */
  readonly retryAt: number | null;
  /** The relay took no more connections of this person (4409), and has taken none since. */
  readonly crowded: boolean;
  /** Opens with the first listener and closes with the last. @returns what ends it */
  join(listener: RelayListener): () => void;
  /** Does nothing while there is no welcomed socket: listeners subscribe again once there is. */
  send(message: Readonly<Record<string, unknown>>): void;
  /** The network, the person or the login came back: do not wait any longer. */
  wake(): void;
}

/**
 * `idle`: nobody needs it. `offline`: waits for `retryAt`, or for a login. `stopped`: the relay speaks
 * another protocol, trying again would not help.
 */
export type SocketState = "idle" | "connecting" | "open" | "offline" | "stopped";

/** What a board is told about the connection. */
export interface RelayListener {
  /** Welcomed: subscribe now. */
  opened(): void;
  closed(): void;
  frame(frame: Frame): void;
  /** `state` or `retryAt` changed. */
  stateChanged(): void;
}

/** What that socket is given. */
export interface RelayPorts {
  /** Asked before each attempt. @throws if it cannot be known now */
  readonly address: () => Promise<string>;
  /** What to send first; `null` where a cookie says who we are. */
  readonly token: () => string | null;
  /** The relay refused the token (4401). */
  readonly unauthorized: () => void;
  readonly device: Device;
  /** Replaced by tests. */
  readonly open?: (address: string) => WebSocket;
  readonly random?: () => number;
}

/** What the device reports. Each `on…` returns what ends it. */
export interface Device {
  /** The network or the person came back. */
  onWake(listener: () => void): () => void;
  onNetworkLost(listener: () => void): () => void;
  /** Whether the device knows that it has no network. */
  isWithoutNetwork(): boolean;
}

/** What a write says: what is there now, and which event it made (`null`: it was already so). */
export interface Acknowledged<T> {
  readonly value: T;
  readonly seq: number | null;
}

export interface EventsAfter {
  readonly events: readonly BoardEvent[];
  readonly next: number | null;
}

/**
 * What is asked of the server about one board, the same for both modes.
 *
 * Every call @throws RequestError (the server said no) or NetworkError (no answer came)
 */
export interface BoardService {
  readonly address: BoardAddress;
  read(signal?: AbortSignal): Promise<Snapshot>;
  /** The newest events up to `seq`, at most `count`. */
  recent(seq: number, count: number): Promise<readonly BoardEvent[]>;
  /** What happened after `seq`, oldest first; `next`: where to continue, null where there is no more. */
  after(seq: number, count: number): Promise<EventsAfter>;
  /** The board without its tasks, as it is now. */
  readHead(): Promise<BoardHead>;
  readTask(id: TaskId): Promise<BoardTask>;
  readComment(task: TaskId, comment: number): Promise<Comment | null>;
  addTask(body: NewTask, key: string): Promise<Acknowledged<BoardTask>>;
  changeTask(id: TaskId, patch: TaskPatch, version: number): Promise<Acknowledged<BoardTask>>;
  deleteTask(id: TaskId, version: number | undefined): Promise<Acknowledged<undefined>>;
  addComment(task: TaskId, body: string, key: string): Promise<Acknowledged<Comment>>;
  changeComment(
    task: TaskId,
    comment: number,
    body: string,
    version: number,
  ): Promise<Acknowledged<Comment>>;
  deleteComment(task: TaskId, comment: number): Promise<Acknowledged<undefined>>;
  /** @param list the checklist that gets a new item */
  addPart(
    task: TaskId,
    list: number | null,
    body: Values,
    key: string,
  ): Promise<Acknowledged<{ readonly id: number }>>;
  /** Without a version, whatever it has become. */
  changePart(
    task: TaskId,
    of: ListPart,
    part: number,
    patch: Values,
    version: number | undefined,
  ): Promise<Acknowledged<unknown>>;
  deletePart(task: TaskId, of: ListPart, part: number): Promise<Acknowledged<unknown>>;
  /** `null`: it is gone. */
  readPart(task: TaskId, of: ListPart, part: number): Promise<Checklist | ChecklistItem | null>;
  /** Makes a task of an item. */
  convertItem(task: TaskId, item: number, key: string): Promise<Acknowledged<BoardTask>>;
  tick(
    task: TaskId,
    line: Pick<TickLine, "line" | "nth" | "done">,
    key: string,
  ): Promise<Acknowledged<BoardTask>>;
  changeBoard(patch: BoardPatch, version: number): Promise<Acknowledged<BoardHead>>;
  /** The event that takes another back; `null`: nothing had to change. */
  undo(seq: number, key: string): Promise<Acknowledged<BoardEvent | null>>;
}

/**
 * What can be had again from the server, kept on this device so that it opens at once and without
 * network: the last boards, what was last read about tasks. Bounded; the oldest goes first.
 */

import { isRecord } from "../utilities/problem";
import type { Comment, Event, WholeChecklist } from "../generated/api";
import { StorageFull, type Store, deviceStorage } from "../utilities/storage";
import type { BoardCopies, KeptBoard } from "../sync";

export interface CacheOptions<T> {
  /** What its keys begin with. */
  readonly kind: string;
  /** Under which key it is kept what is newest. */
  readonly order: string;
  readonly most: number;
  readonly is: (value: unknown) => value is T;
}

export class DeviceCache<T> {
  constructor(
    private readonly store: Store,
    private readonly options: CacheOptions<T>,
  ) {}

  get kind(): string {
    return this.options.kind;
  }

  /** @param owner whose copy of what: a path that begins with the user */
  async load(owner: string): Promise<T | null> {
    const text = await this.store.get(this.key(owner));
    if (text === null) {
      return null;
    }
    try {
      const value: unknown = JSON.parse(text);
      return this.options.is(value) ? value : null;
    } catch {
      return null;
    }
  }

  /** Makes room by evicting what was not written for longest; keeps nothing if there is no room. */
  async save(owner: string, value: T): Promise<void> {
    const { most } = this.options;
    const order = [owner, ...(await this.order()).filter((other) => other !== owner)];
    await Promise.all(order.slice(most).map((old) => this.store.remove(this.key(old))));
    const kept = order.slice(0, most);
    const text = JSON.stringify(value);
    for (;;) {
      try {
        await this.store.set(this.key(owner), text);
        await this.keepOrder(kept);
        return;
      } catch (error) {
        const last = kept.pop();
        if (!(error instanceof StorageFull) || last === undefined) {
          return;
        }
        await this.store.remove(this.key(last));
      }
    }
  }

  /** For something that cannot be had again. @returns whether there was anything to give up */
  async evictOldest(): Promise<boolean> {
    const kept = await this.order();
    const last = kept.pop();
    if (last === undefined) {
      return false;
    }
    await this.store.remove(this.key(last));
    await this.keepOrder(kept).catch(() => undefined);
    return true;
  }

  async forget(owner: string): Promise<void> {
    await this.store.remove(this.key(owner));
  }

  /** Forgets everything whose owner begins so. */
  async forgetAll(owner: string): Promise<void> {
    const keys = await this.store.keys(this.key(owner));
    await Promise.all(keys.map((key) => this.store.remove(key)));
  }

  private key(owner: string): string {
    return `${this.options.kind}/${owner}`;
  }

  private keepOrder(owners: readonly string[]): Promise<void> {
    return this.store.set(this.options.order, JSON.stringify(owners));
  }

  /** What is there, newest first; what is in no order is oldest. */
  private async order(): Promise<string[]> {
    const prefix = this.key("");
    const keys = await this.store.keys(prefix);
    const there = new Set(keys.map((key) => key.slice(prefix.length)));
    const ordered = (await this.storedOrder()).filter((owner) => there.has(owner));
    return [...ordered, ...[...there].filter((owner) => !ordered.includes(owner))];
  }

  private async storedOrder(): Promise<string[]> {
    try {
      const text = await this.store.get(this.options.order);
      const value: unknown = JSON.parse(text ?? "[]");
      return Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : [];
    } catch {
      return [];
    }
  }
}

/** A list that is cut to fit into a number of characters. */
class ListCache<T> extends DeviceCache<readonly T[]> {
  /** @param keep which end is kept where not all fits */
  constructor(
    store: Store,
    names: { readonly kind: string; readonly order: string },
    private readonly keep: "first" | "last",
    is: (value: unknown) => value is T,
  ) {
    const all = (value: unknown): value is readonly T[] => Array.isArray(value) && value.every(is);
    super(store, { ...names, most: MOST_TASKS, is: all });
  }

  override save(owner: string, list: readonly T[]): Promise<void> {
    const newestFirst = this.keep === "first" ? list : [...list].reverse();
    let room = MOST_CHARACTERS;
    const kept = newestFirst.filter((entry) => {
      room -= JSON.stringify(entry).length + 1;
      return room >= 0;
    });
    return super.save(owner, this.keep === "first" ? kept : kept.reverse());
  }
}

const MOST_BOARDS = 20;
const MOST_VISITS = 200;
/** Of how many tasks comments and history are kept. */
const MOST_TASKS = 100;
/** How much of one task's comments, and of its history, is kept: the newest. */
const MOST_CHARACTERS = 16_000;

/** When this device last showed a board. */
export interface Visit {
  /** Of the board whose events `seq` counts. */
  readonly epoch: string;
  /** The newest event that was shown. */
  readonly seq: number;
  /** In milliseconds since 1970. */
  readonly at: number;
}

/** The last boards on this device, and what was last said of their tasks. */
export class BoardCache {
  readonly boards: DeviceCache<KeptBoard>;
  readonly visits: DeviceCache<Visit>;
  /** Oldest first. */
  readonly comments: DeviceCache<readonly Comment[]>;
  readonly checklists: DeviceCache<readonly WholeChecklist[]>;
  /** Newest first. */
  readonly histories: DeviceCache<readonly Event[]>;

  constructor(store: Store) {
    const boards = { kind: "board", order: "boards" };
    this.boards = new DeviceCache(store, { ...boards, most: MOST_BOARDS, is: isKeptBoard });
    const visits = { kind: "visit", order: "visited" };
    this.visits = new DeviceCache(store, { ...visits, most: MOST_VISITS, is: isVisit });
    const comments = { kind: "comments", order: "commented" };
    this.comments = new ListCache(store, comments, "last", isComment);
    const checklists = { kind: "checklists", order: "listed" };
    this.checklists = new ListCache(store, checklists, "first", isChecklist);
    const histories = { kind: "history", order: "histories" };
    this.histories = new ListCache(store, histories, "first", isEvent);
  }

  /** One board's copy, as the board itself keeps it. */
  copiesOf(owner: string): BoardCopies {
    return {
      load: () => this.boards.load(owner),
      save: (board) => this.boards.save(owner, board),
      forget: () => this.forget(owner),
    };
  }

  /** A board is gone, with what was said on it. */
  async forget(owner: string): Promise<void> {
    await Promise.all([this.boards, this.visits].map((cache) => cache.forget(owner)));
    await Promise.all(this.ofTasks().map((cache) => cache.forgetAll(`${owner}/`)));
  }

  /** Forgets everything whose owner begins so. */
  async forgetAll(owner: string): Promise<void> {
    const all = [this.boards, this.visits, ...this.ofTasks()];
    await Promise.all(all.map((cache) => cache.forgetAll(owner)));
  }

  /** For something that cannot be had again. @returns whether there was anything to give up */
  async evictOldest(): Promise<boolean> {
    for (const cache of [...this.ofTasks(), this.boards]) {
      if (await cache.evictOldest()) {
        return true;
      }
    }
    return false;
  }

  private ofTasks() {
    return [this.histories, this.comments, this.checklists];
  }
}

/** This device's. */
export const boardCache = new BoardCache(deviceStorage);

function isKeptBoard(value: unknown): value is KeptBoard {
  return (
    isRecord(value) &&
    isRecord(value["head"]) &&
    Array.isArray(value["tasks"]) &&
    Array.isArray(value["members"])
  );
}

function isVisit(value: unknown): value is Visit {
  return (
    isRecord(value) &&
    typeof value["epoch"] === "string" &&
    typeof value["seq"] === "number" &&
    typeof value["at"] === "number"
  );
}

function isComment(value: unknown): value is Comment {
  return isRecord(value) && typeof value["id"] === "number" && typeof value["body"] === "string";
}

function isChecklist(value: unknown): value is WholeChecklist {
  return isRecord(value) && typeof value["id"] === "number" && Array.isArray(value["items"]);
}

function isEvent(value: unknown): value is Event {
  return isRecord(value) && typeof value["seq"] === "number" && isRecord(value["actor"]);
}

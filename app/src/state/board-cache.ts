/**
 * What can be had again from the server, kept on this device so that it opens at once and without
 * network: the last boards, what was last read about tasks. Bounded; the oldest goes first.
 */

import { isRecord } from "../utilities/problem";
import { StorageFull, type Store } from "../utilities/storage";
import type { Snapshot } from "./replica";

export interface CacheOptions<T> {
  /** What its keys begin with; its order stands under this and an "s". */
  readonly kind: string;
  readonly most: number;
  readonly is: (value: unknown) => value is T;
}

export class DeviceCache<T> {
  constructor(
    private readonly store: Store,
    private readonly options: CacheOptions<T>,
  ) {}

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

  /** Makes room by giving up what was not written for longest; keeps nothing where there is none. */
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
  async giveUpOldest(): Promise<boolean> {
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
    return this.store.set(`${this.options.kind}s`, JSON.stringify(owners));
  }

  /** What is there, newest first; what no order tells of is oldest. */
  private async order(): Promise<string[]> {
    const prefix = this.key("");
    const keys = await this.store.keys(prefix);
    const there = new Set(keys.map((key) => key.slice(prefix.length)));
    const told = (await this.toldOrder()).filter((owner) => there.has(owner));
    return [...told, ...[...there].filter((owner) => !told.includes(owner))];
  }

  private async toldOrder(): Promise<string[]> {
    try {
      const text = await this.store.get(`${this.options.kind}s`);
      const value: unknown = JSON.parse(text ?? "[]");
      return Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : [];
    } catch {
      return [];
    }
  }
}

/** The last boards on this device. */
export class BoardCache extends DeviceCache<Snapshot> {
  constructor(store: Store) {
    super(store, { kind: "board", most: 20, is: isSnapshot });
  }
}

function isSnapshot(value: unknown): value is Snapshot {
  return (
    isRecord(value) &&
    isRecord(value["head"]) &&
    Array.isArray(value["tasks"]) &&
    Array.isArray(value["members"])
  );
}

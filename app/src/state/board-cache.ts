/** The last boards on this device, so that a board opens at once and without network. Bounded. */

import { isRecord } from "../utilities/problem";
import { StorageFull, type Store } from "../utilities/storage";
import type { Snapshot } from "./replica";

const MOST_BOARDS = 20;

export class BoardCache {
  constructor(private readonly store: Store) {}

  /** @param owner whose copy of which board */
  async load(owner: string): Promise<Snapshot | null> {
    const text = await this.store.get(`board/${owner}`);
    if (text === null) {
      return null;
    }
    try {
      const value: unknown = JSON.parse(text);
      return isSnapshot(value) ? value : null;
    } catch {
      return null;
    }
  }

  /** Makes room by giving up the boards not used for longest; keeps nothing where there is none. */
  async save(owner: string, snapshot: Snapshot): Promise<void> {
    const order = [owner, ...(await this.order()).filter((other) => other !== owner)];
    await Promise.all(order.slice(MOST_BOARDS).map((old) => this.store.remove(`board/${old}`)));
    const kept = order.slice(0, MOST_BOARDS);
    const text = JSON.stringify(snapshot);
    for (;;) {
      try {
        await this.store.set(`board/${owner}`, text);
        await this.store.set("boards", JSON.stringify(kept));
        return;
      } catch (error) {
        const last = kept.pop();
        if (!(error instanceof StorageFull) || last === undefined) {
          return;
        }
        await this.store.remove(`board/${last}`);
      }
    }
  }

  async forget(owner: string): Promise<void> {
    await this.store.remove(`board/${owner}`);
  }

  /** Forgets all boards whose owner begins so. */
  async forgetAll(owner: string): Promise<void> {
    const keys = await this.store.keys(`board/${owner}`);
    await Promise.all(keys.map((key) => this.store.remove(key)));
  }

  /** Newest first. */
  private async order(): Promise<string[]> {
    try {
      const value: unknown = JSON.parse((await this.store.get("boards")) ?? "[]");
      return Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : [];
    } catch {
      return [];
    }
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

/**
 * What this device keeps: text by key. Browsers have localStorage, where a write has happened when
 * the call returns and other tabs are notified; phones have AsyncStorage.
 */

import AsyncStorage from "@react-native-async-storage/async-storage";
import { StorageFull, type Store } from "./store";

export { StorageFull, type Store } from "./store";

/** Everything of ours begins with this, so that nothing of others is touched. */
const PREFIX = "taskboard/";

class BrowserStore implements Store {
  constructor(private readonly area: Storage) {}

  get(key: string): Promise<string | null> {
    return Promise.resolve(this.area.getItem(PREFIX + key));
  }

  set(key: string, value: string): Promise<void> {
    try {
      this.area.setItem(PREFIX + key, value);
      return Promise.resolve();
    } catch (error) {
      return Promise.reject(new StorageFull(String(error)));
    }
  }

  remove(key: string): Promise<void> {
    this.area.removeItem(PREFIX + key);
    return Promise.resolve();
  }

  keys(prefix: string): Promise<readonly string[]> {
    const found: string[] = [];
    for (let index = 0; index < this.area.length; index += 1) {
      const key = this.area.key(index);
      if (key?.startsWith(PREFIX + prefix) === true) {
        found.push(key.slice(PREFIX.length));
      }
    }
    return Promise.resolve(found.sort());
  }

  watch(listener: (key: string) => void): () => void {
    const onStorage = ({ key }: StorageEvent) => {
      if (key?.startsWith(PREFIX) === true) {
        listener(key.slice(PREFIX.length));
      }
    };
    window.addEventListener("storage", onStorage);
    return () => window.removeEventListener("storage", onStorage);
  }
}

class PhoneStore implements Store {
  get(key: string): Promise<string | null> {
    return AsyncStorage.getItem(PREFIX + key);
  }

  async set(key: string, value: string): Promise<void> {
    try {
      await AsyncStorage.setItem(PREFIX + key, value);
    } catch (error) {
      throw new StorageFull(String(error));
    }
  }

  remove(key: string): Promise<void> {
    return AsyncStorage.removeItem(PREFIX + key);
  }

  async keys(prefix: string): Promise<readonly string[]> {
    const all = await AsyncStorage.getAllKeys();
    return all
      .filter((key) => key.startsWith(PREFIX + prefix))
      .map((key) => key.slice(PREFIX.length))
      .sort();
  }

  /** A phone runs one of us. */
  watch(): () => void {
    return () => undefined;
  }
}

/** For tests: kept until the page goes. */
export class MemoryStore implements Store {
  readonly entries = new Map<string, string>();
  private readonly listeners = new Set<(key: string) => void>();

  get(key: string): Promise<string | null> {
    return Promise.resolve(this.entries.get(key) ?? null);
  }

  set(key: string, value: string): Promise<void> {
    this.entries.set(key, value);
    return Promise.resolve();
  }

  remove(key: string): Promise<void> {
    this.entries.delete(key);
    return Promise.resolve();
  }

  keys(prefix: string): Promise<readonly string[]> {
    return Promise.resolve([...this.entries.keys()].filter((key) => key.startsWith(prefix)).sort());
  }

  watch(listener: (key: string) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** What another tab's write would do here. */
  announce(key: string): void {
    this.listeners.forEach((listener) => listener(key));
  }
}

/** For browsers that forbid storage: it has what was written until the page goes, and says each time that it is not kept. */
class PageStore extends MemoryStore {
  override async set(key: string, value: string): Promise<void> {
    await super.set(key, value);
    throw new StorageFull("this browser forbids storage");
  }
}

function deviceStore(): Store {
  try {
    if (typeof localStorage !== "undefined") {
      // Some have the name and nothing behind it.
      const area: Storage | null = localStorage;
      return area === null ? new PageStore() : new BrowserStore(area);
    }
  } catch {
    // Others throw at the mere name.
    return new PageStore();
  }
  return new PhoneStore();
}

export const deviceStorage: Store = deviceStore();

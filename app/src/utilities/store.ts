/** What keeps text by key: the device's storage, as those see it who do not know the device. */

export interface Store {
  get(key: string): Promise<string | null>;
  /** @throws StorageFull */
  set(key: string, value: string): Promise<void>;
  remove(key: string): Promise<void>;
  /** Keys that begin with `prefix`, in byte order. */
  keys(prefix: string): Promise<readonly string[]>;
  /** Reports keys that another tab wrote or removed. Returns what ends it. */
  watch(listener: (key: string) => void): () => void;
}

/** There is no room left on this device, or it may not be used. */
export class StorageFull extends Error {
  override readonly name = "StorageFull";
}

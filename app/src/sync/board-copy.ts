/** This device's copy of one board: written a while after each change, and at the last moment. */

import type { BoardCache } from "../state/board-cache";
import type { KeptBoard } from "./view";

/** How long after a change the copy is written, in milliseconds. */
const WRITE_AFTER = 3_000;

export class BoardCopy {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private stopped = false;

  /**
   * @param owner under which name it is kept
   * @param snapshot what is to be kept; `null`: nothing
   */
  constructor(
    private readonly cache: BoardCache,
    private readonly owner: string,
    private readonly snapshot: () => KeptBoard | null,
  ) {}

  load(): Promise<KeptBoard | null> {
    return this.cache.boards.load(this.owner);
  }

  /** There is something new to keep. */
  changed(): void {
    if (!this.stopped) this.timer ??= setTimeout(() => void this.write(), WRITE_AFTER);
  }

  /** Writes what is not yet written: there may be no later moment. */
  keepNow(): void {
    if (this.timer !== undefined) {
      clearTimeout(this.timer);
      void this.write();
    }
  }

  /** Leaves the copy as it was last written, for good: what is answered later is not kept. */
  stop(): void {
    this.stopped = true;
    this.drop();
  }

  forget(): void {
    this.drop();
    void this.cache.forget(this.owner);
  }

  private drop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private async write(): Promise<void> {
    this.timer = undefined;
    const snapshot = this.snapshot();
    if (snapshot !== null) {
      await this.cache.boards.save(this.owner, snapshot);
    }
  }
}

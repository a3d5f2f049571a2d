/** This device's copy of one board: written a while after each change, and at the last moment. */

import type { BoardCopies } from "./ports";
import type { KeptBoard } from "./view";

/** How long after a change the copy is written, in milliseconds. */
const WRITE_AFTER = 3_000;

export class BoardCopy {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private stopped = false;

  /** @param snapshot what is to be kept; `null`: nothing */
  constructor(
    private readonly copies: BoardCopies,
    private readonly snapshot: () => KeptBoard | null,
  ) {}

  load(): Promise<KeptBoard | null> {
    return this.copies.load();
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
    void this.copies.forget();
  }

  private drop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private async write(): Promise<void> {
    this.timer = undefined;
    const snapshot = this.snapshot();
    if (snapshot !== null) {
      await this.copies.save(snapshot);
    }
  }
}

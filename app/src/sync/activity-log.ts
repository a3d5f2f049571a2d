/** The newest events of a board, for the activity panel, and which of them are our own. */

import type { BoardEvent } from "./types";

const MOST = 200;
/** How many events of the past the panel begins with, and how many more are read at a time. */
const PAST = 50;
const MORE = 200;
/** How many are held at most for who asks further back. */
export const FURTHEST = 1_000;

export class ActivityLog {
  private shown: readonly BoardEvent[] = [];
  private most = MOST;
  private pastAsked = false;
  /** Another number whenever what was oldest has gone: what was asked for before does not join any more. */
  private beginning = 0;
  private newest = 0;
  private readonly ownSeqs = new Set<number>();
  private readonly byCommand = new Map<string, number | null>();

  /** Oldest first. */
  get events(): readonly BoardEvent[] {
    return this.shown;
  }

  /** The server answered that this event is ours. It may come later, or have come already. */
  markOwn(seq: number): void {
    this.ownSeqs.add(seq);
    this.newest = Math.max(seq, this.newest);
  }

  /**
   * What a command made. An answer has the last word, but for one that says that all was so already:
   * the event may have come when the answer before it was lost.
   *
   * @param seq `null`: no event
   */
  madeBy(command: string, seq: number | null): void {
    if (seq !== null) {
      this.markOwn(seq);
    }
    this.byCommand.set(command, seq ?? this.byCommand.get(command) ?? null);
  }

  /** Our newest event, which may not have come yet; 0: none is known. */
  get newestOwn(): number {
    return this.newest;
  }

  isOwn(seq: number): boolean {
    return this.ownSeqs.has(seq);
  }

  /** The event that a command made; `null`: it made none; undefined: that is not known. */
  eventOf(command: string): number | null | undefined {
    return this.byCommand.get(command);
  }

  add(event: BoardEvent): void {
    if (this.shown.length >= this.most) {
      this.beginning += 1;
    }
    this.shown = [...this.shown, event].slice(-this.most);
  }

  /** The board was fetched again and is at `seq`: what is missing before that is read like the past. */
  renewed(seq: number): void {
    // While there is nothing, the past may have been asked for as it was before.
    const newest = this.shown.at(-1)?.seq ?? 0;
    if (newest < seq) {
      this.shown = [];
      this.beginning += 1;
      this.pastAsked = false;
    }
  }

  /**
   * What happened before the board was opened. Read once, and again only if that failed.
   *
   * @param read gives the newest events, at most this many
   * @returns whether there is more to be shown
   */
  async loadPast(read: (count: number) => Promise<readonly BoardEvent[]>): Promise<boolean> {
    if (this.pastAsked) {
      return false;
    }
    this.pastAsked = true;
    const { beginning } = this;
    try {
      const past = await read(PAST);
      return beginning === this.beginning && this.putBefore(past);
    } catch {
      if (beginning === this.beginning) {
        this.pastAsked = false;
      }
      return false;
    }
  }

  /**
   * What happened before the oldest event that is here.
   *
   * @param head gives the board's newest event
   * @param read gives the newest events up to a number, at most this many
   * @returns whether there was more: not at the beginning, far enough back, or without an answer
   */
  async loadOlder(
    head: () => number,
    read: (upTo: number, count: number) => Promise<readonly BoardEvent[]>,
  ): Promise<boolean> {
    const before = this.shown[0]?.seq ?? head() + 1;
    const count = Math.min(MORE, FURTHEST - this.shown.length);
    if (before <= 1 || count <= 0) {
      return false;
    }
    // What comes in meanwhile must not push out what the answer joins.
    this.most = Math.max(this.most, this.shown.length + count);
    const { beginning } = this;
    try {
      const past = await read(before - 1, count);
      if (beginning !== this.beginning) {
        return await this.loadOlder(head, read);
      }
      this.putBefore(past);
      // Another call may have had the same answer.
      return (this.shown[0]?.seq ?? before) < before;
    } catch {
      return false;
    }
  }

  /** @returns whether any of it was missing */
  private putBefore(past: readonly BoardEvent[]): boolean {
    const oldest = this.shown[0]?.seq ?? Infinity;
    const older = past.filter(({ seq }) => seq < oldest);
    this.shown = [...older, ...this.shown].slice(-FURTHEST);
    this.most = Math.max(this.most, this.shown.length);
    return older.length > 0;
  }
}

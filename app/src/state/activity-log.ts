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
    this.shown = [...this.shown, event].slice(-this.most);
  }

  /** The board was read anew and is at `seq`: what is missing before that is read like the past. */
  renewed(seq: number): void {
    const newest = this.shown.at(-1)?.seq ?? seq;
    if (newest < seq) {
      this.shown = [];
      this.pastAsked = false;
    }
  }

  /**
   * What happened before the board was opened. Asked once, and again only where it failed.
   *
   * @param read gives the newest events, at most so many
   * @returns whether there is more to be shown
   */
  async loadPast(read: (count: number) => Promise<readonly BoardEvent[]>): Promise<boolean> {
    if (this.pastAsked) {
      return false;
    }
    this.pastAsked = true;
    try {
      const past = await read(PAST);
      const oldest = this.shown[0]?.seq ?? Infinity;
      const older = past.filter(({ seq }) => seq < oldest);
      this.shown = [...older, ...this.shown].slice(-this.most);
      return older.length > 0;
    } catch {
      this.pastAsked = false;
      return false;
    }
  }

  /**
   * What happened before the oldest event that is here.
   *
   * @param head the board's newest event
   * @param read gives the newest events up to a number, at most so many
   * @returns whether there was more: not at the beginning, far enough back, or without an answer
   */
  async loadOlder(
    head: number,
    read: (upTo: number, count: number) => Promise<readonly BoardEvent[]>,
  ): Promise<boolean> {
    const before = this.shown[0]?.seq ?? head + 1;
    const count = Math.min(MORE, FURTHEST - this.shown.length);
    if (before <= 1 || count <= 0) {
      return false;
    }
    try {
      const past = await read(before - 1, count);
      const oldest = this.shown[0]?.seq ?? head + 1;
      const older = past.filter(({ seq }) => seq < oldest);
      this.shown = [...older, ...this.shown];
      this.most = Math.max(this.most, this.shown.length);
      return older.length > 0;
    } catch {
      return false;
    }
  }
}

/** The newest events of a board, for the activity panel, and which of them are our own. */

import type { BoardEvent, TaskId } from "./types";

const MOST = 200;
/** How many events of the past the panel begins with. */
const PAST = 50;

export class ActivityLog {
  private shown: readonly BoardEvent[] = [];
  private pastAsked = false;
  private readonly ownSeqs = new Set<number>();
  private readonly lastOwn = new Map<TaskId, number>();

  /** Oldest first. */
  get events(): readonly BoardEvent[] {
    return this.shown;
  }

  /** The server answered that this event is ours. It may come later, or have come already. */
  markOwn(seq: number, task: TaskId | null): void {
    this.ownSeqs.add(seq);
    if (task !== null) {
      this.lastOwn.set(task, Math.max(seq, this.lastOwn.get(task) ?? 0));
    }
  }

  isOwn(seq: number): boolean {
    return this.ownSeqs.has(seq);
  }

  /** The event that our newest change of this task made. */
  lastOwnOf(task: TaskId): number | null {
    return this.lastOwn.get(task) ?? null;
  }

  add(event: BoardEvent): void {
    this.shown = [...this.shown, event].slice(-MOST);
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
      this.shown = [...older, ...this.shown].slice(-MOST);
      return older.length > 0;
    } catch {
      this.pastAsked = false;
      return false;
    }
  }
}

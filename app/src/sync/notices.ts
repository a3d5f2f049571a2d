/**
 * Who is notified when something of an open board changed. A listener to a part is notified of that
 * part only, so that an event costs in proportion to what it changed, however many cards are rendered.
 */

import type { TaskId } from "./types";

/** What can be followed by itself: one task, the tasks of one column, who is here. */
export type BoardPart = `task/${TaskId}` | `column/${string}` | "presence";

/** Parts that changed; `everything`: the board was installed again. */
export type Changed = ReadonlySet<BoardPart> | "everything";

/** Changes from the network are announced at most once a frame, in milliseconds. */
const FRAME = 16;

export class Notices {
  private readonly ofAny = new Set<() => void>();
  private readonly ofPart = new Map<BoardPart, Set<() => void>>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** @param take returns what changed since it was last called */
  constructor(private readonly take: () => Changed) {}

  /** @param part what the listener follows; without it, whatever changes. @returns what ends it */
  subscribe(listener: () => void, part?: BoardPart): () => void {
    const listeners = part === undefined ? this.ofAny : this.listenersOf(part);
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
      if (part !== undefined && listeners.size === 0 && this.ofPart.get(part) === listeners) {
        this.ofPart.delete(part);
      }
    };
  }

  /** In the turn in which somebody changed something themselves. */
  now(): void {
    this.stop();
    const changed = this.take();
    const parts = changed === "everything" ? [...this.ofPart.keys()] : [...changed];
    const concerned = parts.flatMap((part) => [...(this.ofPart.get(part) ?? [])]);
    [...this.ofAny, ...concerned].forEach((listener) => listener());
  }

  soon(): void {
    this.timer ??= setTimeout(() => this.now(), FRAME);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private listenersOf(part: BoardPart): Set<() => void> {
    const known = this.ofPart.get(part);
    if (known !== undefined) {
      return known;
    }
    const fresh = new Set<() => void>();
    this.ofPart.set(part, fresh);
    return fresh;
  }
}

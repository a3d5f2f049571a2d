/** A column in the air: which is held, where it would stand, and how far each stands aside. No view in here. */

import { scrollSideways, type RowHandle } from "./drag-handles";
import type { Point } from "./hit-test";

/** What is in the air; places count from 0. */
export interface HeldColumn {
  readonly key: string;
  readonly by: "pointer" | "keyboard";
  readonly from: number;
  readonly to: number;
}

export interface ColumnDragEvents {
  mayLift(): boolean;
  lifted(held: HeldColumn): void;
  /** Another place than before. */
  moved(held: HeldColumn): void;
  dropped(held: HeldColumn): void;
  cancelled(held: HeldColumn): void;
}

/**
 * The state machine: idle → held → idle. Columns are all of one width, so that where a held one would
 * stand is told by how many widths it was carried. Nothing changes its place in the page before the
 * drop: lists that are put elsewhere there lose how far they are scrolled.
 */
export class ColumnDrag {
  #held: HeldColumn | null = null;
  #keys: readonly string[] = [];
  /** From one column to the next, in pixels. */
  #step = 1;
  #row: RowHandle | null = null;
  #start = 0;
  #pointer = 0;
  #listeners = new Set<() => void>();

  constructor(private readonly events: ColumnDragEvents) {}

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  held = (): HeldColumn | null => this.#held;

  /** How far to the right of its place a column is drawn, in pixels. */
  shiftOf(key: string): number {
    const held = this.#held;
    if (!held) {
      return 0;
    }
    if (key === held.key) {
      return held.by === "pointer" ? this.#carried() : (held.to - held.from) * this.#step;
    }
    const index = this.#keys.indexOf(key);
    if (index > held.from && index <= held.to) {
      return -this.#step;
    }
    return index < held.from && index >= held.to ? this.#step : 0;
  }

  /** @param step from one column to the next, in pixels */
  setRow(keys: readonly string[], step: number, row: RowHandle | null): void {
    this.#keys = keys;
    this.#step = step;
    this.#row = row;
    const held = this.#held;
    const from = held ? keys.indexOf(held.key) : -1;
    if (held && from < 0) {
      this.cancel();
    } else if (held && (from !== held.from || held.to >= keys.length)) {
      this.#set({ ...held, from, to: Math.min(held.to, keys.length - 1) });
    }
  }

  /** Takes a column with the pointer. @returns whether it is held now */
  lift(key: string, pointer: Point): boolean {
    this.#start = pointer.x + this.#scrolled();
    this.#pointer = pointer.x;
    return this.#take(key, "pointer");
  }

  /** Takes a column with the keyboard. @returns whether it is held now */
  pickUp(key: string): boolean {
    return this.#take(key, "keyboard");
  }

  move(pointer: Point): void {
    if (this.#held?.by === "pointer") {
      this.#pointer = pointer.x;
      this.#aim();
    }
  }

  /** A step with the keyboard. */
  step(direction: -1 | 1): void {
    const held = this.#held;
    if (held?.by === "keyboard") {
      this.#to(held.to + direction);
      this.#row?.reveal(this.#keys[this.#held?.to ?? 0] ?? held.key);
    }
  }

  drop(): void {
    const held = this.#end();
    if (held) {
      this.events.dropped(held);
    }
  }

  cancel(): void {
    const held = this.#end();
    if (held) {
      this.events.cancelled(held);
    }
  }

  /** One frame of scrolling by itself, where the pointer is near an edge. */
  scrollFrame(): void {
    if (this.#held?.by === "pointer" && this.#row && scrollSideways(this.#row, this.#pointer)) {
      this.#aim();
    }
  }

  #take(key: string, by: HeldColumn["by"]): boolean {
    const from = this.#keys.indexOf(key);
    if (this.#held || from < 0 || !this.events.mayLift()) {
      return false;
    }
    const held = { key, by, from, to: from };
    this.#set(held);
    this.events.lifted(held);
    return true;
  }

  #aim(): void {
    const held = this.#held;
    if (held) {
      this.#to(held.from + Math.round(this.#carried() / this.#step));
      this.#tell();
    }
  }

  #to(place: number): void {
    const held = this.#held;
    const to = Math.max(0, Math.min(this.#keys.length - 1, place));
    if (held && held.to !== to) {
      const next = { ...held, to };
      this.#set(next);
      this.events.moved(next);
    }
  }

  /** How far the pointer has carried it, in pixels. */
  #carried(): number {
    return this.#pointer + this.#scrolled() - this.#start;
  }

  #scrolled(): number {
    return this.#row?.frame().scrolled ?? 0;
  }

  #end(): HeldColumn | null {
    const held = this.#held;
    this.#set(null);
    return held;
  }

  #set(held: HeldColumn | null): void {
    this.#held = held;
    this.#tell();
  }

  #tell(): void {
    this.#listeners.forEach((listener) => listener());
  }
}

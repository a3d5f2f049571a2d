/** A column that is being dragged: which one, where it would go, and how far each other moves aside. No view in here. */

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
 * The state machine: idle → held → idle. All columns have the same width, so the number of widths that
 * one was carried says where it would go. Nothing changes its place in the page before the
 * drop: lists that are put elsewhere there lose how far they are scrolled.
 */
export class ColumnDrag {
  private dragged: HeldColumn | null = null;
  private keys: readonly string[] = [];
  /** From one column to the next, in pixels. */
  private width = 1;
  private row: RowHandle | null = null;
  private start = 0;
  private pointer = 0;
  private listeners = new Set<() => void>();

  constructor(private readonly events: ColumnDragEvents) {}

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  held = (): HeldColumn | null => this.dragged;

  /** How far to the right of its place a column is drawn, in pixels. */
  shiftOf(key: string): number {
    const held = this.dragged;
    if (!held) {
      return 0;
    }
    if (key === held.key) {
      return held.by === "pointer" ? this.carried() : (held.to - held.from) * this.width;
    }
    const index = this.keys.indexOf(key);
    if (index > held.from && index <= held.to) {
      return -this.width;
    }
    return index < held.from && index >= held.to ? this.width : 0;
  }

  /** @param step from one column to the next, in pixels */
  setRow(keys: readonly string[], step: number, row: RowHandle | null): void {
    this.keys = keys;
    this.width = step;
    this.row = row;
    const held = this.dragged;
    const from = held ? keys.indexOf(held.key) : -1;
    if (held && from < 0) {
      this.cancel();
    } else if (held && (from !== held.from || held.to >= keys.length)) {
      this.set({ ...held, from, to: Math.min(held.to, keys.length - 1) });
    }
  }

  /** Takes a column with the pointer. @returns whether it is held now */
  lift(key: string, pointer: Point): boolean {
    this.start = pointer.x + this.scrolled();
    this.pointer = pointer.x;
    return this.take(key, "pointer");
  }

  /** Takes a column with the keyboard. @returns whether it is held now */
  pickUp(key: string): boolean {
    return this.take(key, "keyboard");
  }

  move(pointer: Point): void {
    if (this.dragged?.by === "pointer") {
      this.pointer = pointer.x;
      this.aim();
    }
  }

  /** A step with the keyboard. */
  step(direction: -1 | 1): void {
    const held = this.dragged;
    if (held?.by === "keyboard") {
      this.moveTo(held.to + direction);
      this.row?.reveal(this.keys[this.dragged?.to ?? 0] ?? held.key);
    }
  }

  drop(): void {
    const held = this.end();
    if (held) {
      this.events.dropped(held);
    }
  }

  cancel(): void {
    const held = this.end();
    if (held) {
      this.events.cancelled(held);
    }
  }

  /** One frame of scrolling by itself, where the pointer is near an edge. */
  scrollFrame(): void {
    if (this.dragged?.by === "pointer" && this.row && scrollSideways(this.row, this.pointer)) {
      this.aim();
    }
  }

  private take(key: string, by: HeldColumn["by"]): boolean {
    const from = this.keys.indexOf(key);
    if (this.dragged || from < 0 || !this.events.mayLift()) {
      return false;
    }
    const held = { key, by, from, to: from };
    this.set(held);
    this.events.lifted(held);
    return true;
  }

  private aim(): void {
    const held = this.dragged;
    if (held) {
      this.moveTo(held.from + Math.round(this.carried() / this.width));
      this.notify();
    }
  }

  private moveTo(place: number): void {
    const held = this.dragged;
    const to = Math.max(0, Math.min(this.keys.length - 1, place));
    if (held && held.to !== to) {
      const next = { ...held, to };
      this.set(next);
      this.events.moved(next);
    }
  }

  /** How far the pointer has carried it, in pixels. */
  private carried(): number {
    return this.pointer + this.scrolled() - this.start;
  }

  private scrolled(): number {
    return this.row?.frame().scrolled ?? 0;
  }

  private end(): HeldColumn | null {
    const held = this.dragged;
    this.set(null);
    return held;
  }

  private set(held: HeldColumn | null): void {
    this.dragged = held;
    this.notify();
  }

  private notify(): void {
    this.listeners.forEach((listener) => listener());
  }
}

/** A card in the air: what is held, where it would fall, and who needs to know. No view in here. */

import type { TaskId } from "../../sync";
import { contentHeight, heightAt, without, type ColumnLayout } from "../columns/column-layout";
import {
  scrollAlong,
  scrollSideways,
  show,
  type ColumnHandle,
  type RowHandle,
} from "./drag-handles";
import { hitTest, type ColumnGeometry, type DropTarget, type Point } from "./hit-test";

/** What is in the air. */
export interface Held {
  readonly id: TaskId;
  readonly by: "pointer" | "keyboard";
  /** Where it was taken from. */
  readonly from: DropTarget;
  /** Its height without the gap. */
  readonly height: number;
  readonly over: DropTarget;
  /** The column there takes no more cards: no gap opens in it. */
  readonly full: boolean;
}

/** Where a gap is open in a column. */
export interface Gap {
  readonly index: number;
  readonly height: number;
}

export interface DragEvents {
  /** Whether this card may be taken. */
  mayLift(id: TaskId): boolean;
  /** Whether a column has no room for this card. */
  isFull(id: TaskId, status: string): boolean;
  /** The place that a card has among these whatever is asked for; null: it goes where it is put. */
  ownPlace(id: TaskId, others: readonly TaskId[]): number | null;
  lifted(held: Held): void;
  /** Another place than before. */
  moved(held: Held): void;
  dropped(held: Held): void;
  cancelled(held: Held, why: "given-up" | "gone"): void;
}

const EMPTY: ColumnLayout = { ids: [], tops: [0] };

type Direction = "up" | "down" | "left" | "right";

/**
 * The state machine: idle → held → idle. Views subscribe to what concerns them (`gapIn`, `isHeld`,
 * `held`), each of which keeps its identity until it changes, so that a move of the pointer renders
 * only the columns whose gap moved.
 */
export class DragController {
  private dragged: Held | null = null;
  private pointer: Point = { x: 0, y: 0 };
  /** Where in the card it is held. */
  private grip: Point = { x: 0, y: 0 };
  private gap: { status: string; gap: Gap } | null = null;
  private columns = new Map<string, ColumnHandle>();
  private order: readonly string[] = [];
  private row: RowHandle | null = null;
  private listeners = new Set<() => void>();
  private position = new Set<(point: Point) => void>();
  /** Layouts without the held card: each is made once, not at each move. */
  private withoutDragged = new WeakMap<ColumnLayout, ColumnLayout>();

  constructor(
    private readonly events: DragEvents,
    /** The gap between two cards. */
    private readonly spacing: number,
  ) {}

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Called with the dragged card's corner at each move, without rendering anything. */
  onPosition(listener: (point: Point) => void): () => void {
    this.position.add(listener);
    listener(this.corner());
    return () => this.position.delete(listener);
  }

  held = (): Held | null => this.dragged;
  isHeld = (id: TaskId): boolean => this.dragged?.id === id;
  gapIn = (status: string): Gap | null => (this.gap?.status === status ? this.gap.gap : null);
  /** Whether a card is held over this column, and whether it would fall there. */
  over = (status: string): "open" | "full" | null =>
    this.dragged?.over.status === status ? (this.dragged.full ? "full" : "open") : null;

  register(key: string, handle: ColumnHandle): () => void {
    this.columns.set(key, handle);
    return () => {
      if (this.columns.get(key) === handle) {
        this.columns.delete(key);
      }
    };
  }

  setRow(row: RowHandle | null): void {
    this.row = row;
  }

  /** The columns from left to right. */
  setOrder(order: readonly string[]): void {
    this.order = order;
  }

  /** The columns on the screen, without the held card. */
  geometry(): ColumnGeometry[] {
    const found: ColumnGeometry[] = [];
    for (const key of this.order) {
      const handle = this.columns.get(key);
      if (handle) {
        found.push({ key, layout: this.layoutOf(key), ...handle.frame() });
      }
    }
    return found;
  }

  /** Takes a card with the pointer. @param corner of the card @returns whether it is held now */
  lift(id: TaskId, status: string, pointer: Point, corner: Point): boolean {
    if (!this.take(id, status, "pointer")) {
      return false;
    }
    this.pointer = pointer;
    this.grip = { x: pointer.x - corner.x, y: pointer.y - corner.y };
    this.notifyPosition();
    return true;
  }

  /** Takes a card with the keyboard. @returns whether it is held now */
  pickUp(id: TaskId, status: string): boolean {
    return this.take(id, status, "keyboard");
  }

  move(pointer: Point): void {
    if (this.dragged?.by === "pointer") {
      this.pointer = pointer;
      this.notifyPosition();
      this.aim();
    }
  }

  /** A step with the keyboard. */
  step(direction: Direction): void {
    const held = this.dragged;
    if (held?.by !== "keyboard") {
      return;
    }
    const { status, index } = held.over;
    if (direction === "up" || direction === "down") {
      const layout = this.layoutOf(status);
      const next = index + (direction === "up" ? -1 : 1);
      this.hoverOver(target(status, layout, next));
    } else {
      const at = this.order.indexOf(status) + (direction === "left" ? -1 : 1);
      const key = this.order[at];
      if (key !== undefined) {
        this.row?.reveal(key);
        this.hoverOver(target(key, this.layoutOf(key), index));
      }
    }
    this.revealColumn();
  }

  drop(): void {
    const held = this.dragged;
    if (held) {
      this.clear();
      this.events.dropped(held);
    }
  }

  cancel(why: "given-up" | "gone" = "given-up"): void {
    const held = this.dragged;
    if (held) {
      this.clear();
      this.events.cancelled(held, why);
    }
  }

  /**
   * The board changed under the held card: the place is found again, or the card is gone.
   *
   * @param idOf the id that a card has by now; null: there is none of it any more
   */
  refresh(idOf: (id: TaskId) => TaskId | null): void {
    if (!this.dragged) {
      return;
    }
    const held = this.rename(this.dragged, idOf);
    if (idOf(held.id) === null) {
      this.cancel("gone");
    } else if (held.by === "pointer") {
      this.aim();
    } else {
      const { status, index, before } = held.over;
      const key = this.order.includes(status) ? status : this.order[0];
      if (key === undefined) {
        this.cancel("gone");
        return;
      }
      const layout = this.layoutOf(key);
      const found = before === null ? layout.ids.length : layout.ids.indexOf(before);
      this.hoverOver(target(key, layout, found < 0 ? index : found), true);
    }
  }

  /** The server may have named the held card, or one that it was or would be before. */
  private rename(held: Held, idOf: (id: TaskId) => TaskId | null): Held {
    const now = (id: TaskId) => idOf(id) ?? id;
    const named = ({ before, ...place }: DropTarget) => ({
      ...place,
      before: before === null ? null : now(before),
    });
    const renamed = { ...held, id: now(held.id), from: named(held.from), over: named(held.over) };
    const same =
      renamed.id === held.id &&
      renamed.from.before === held.from.before &&
      renamed.over.before === held.over.before;
    if (same) {
      return held;
    }
    this.withoutDragged = new WeakMap();
    this.set(renamed);
    return renamed;
  }

  /** One frame of scrolling by itself, where the pointer is near an edge. */
  scrollFrame(): void {
    const held = this.dragged;
    if (held?.by !== "pointer") {
      return;
    }
    const { x, y } = this.pointer;
    const row = this.row;
    const list = this.columns.get(held.over.status);
    const content = contentHeight(this.layoutOf(held.over.status)) + held.height;
    const sideways = row !== null && scrollSideways(row, x);
    const along = list !== undefined && scrollAlong(list, y, content);
    if (sideways || along) {
      this.aim();
    }
  }

  /** The held card's upper left corner: at the pointer, or in its gap. */
  corner(): Point {
    const held = this.dragged;
    if (held?.by === "keyboard") {
      const frame = this.columns.get(held.over.status)?.frame();
      const top = this.layoutOf(held.over.status).tops[held.over.index] ?? 0;
      return frame ? { x: frame.left, y: frame.top + top - frame.scrolled } : { x: 0, y: 0 };
    }
    return { x: this.pointer.x - this.grip.x, y: this.pointer.y - this.grip.y };
  }

  /** Scrolls a card into view, in both directions. */
  reveal(id: TaskId): void {
    for (const [key, handle] of this.columns) {
      const layout = handle.layout();
      const index = layout.ids.indexOf(id);
      if (index >= 0) {
        this.row?.reveal(key);
        show(handle, layout.tops[index] ?? 0, layout.tops[index + 1] ?? 0);
        return;
      }
    }
  }

  /** Something scrolled: a card held by the keyboard moves with its gap. */
  scrolled(): void {
    if (this.dragged?.by === "keyboard") {
      this.notifyPosition();
    }
  }

  private take(id: TaskId, status: string, by: Held["by"]): boolean {
    const handle = this.columns.get(status);
    if (this.dragged || !handle || !this.events.mayLift(id)) {
      return false;
    }
    const whole = handle.layout();
    const index = whole.ids.indexOf(id);
    if (index < 0) {
      return false;
    }
    const height = heightAt(whole, index) - this.spacing;
    const from = { status, index, before: whole.ids[index + 1] ?? null };
    const held = { id, by, from, height, over: from, full: false };
    this.withoutDragged = new WeakMap();
    this.set(held);
    this.events.lifted(held);
    this.notifyPosition();
    return true;
  }

  private aim(): void {
    const corner = this.corner();
    const over = hitTest(this.geometry(), this.pointer, corner.y);
    if (over) {
      this.hoverOver(over);
    }
  }

  private hoverOver(wanted: DropTarget, always = false): void {
    const held = this.dragged;
    if (!held) {
      return;
    }
    const layout = this.layoutOf(wanted.status);
    const own = this.events.ownPlace(held.id, layout.ids);
    const over = own === null ? wanted : target(wanted.status, layout, own);
    const full = this.events.isFull(held.id, over.status);
    const same =
      held.full === full &&
      held.over.status === over.status &&
      held.over.index === over.index &&
      held.over.before === over.before;
    if (same && !always) {
      return;
    }
    const next = { ...held, over, full };
    this.set(next);
    this.notifyPosition();
    if (!same) {
      this.events.moved(next);
    }
  }

  private set(held: Held): void {
    this.dragged = held;
    const { status, index } = held.over;
    const height = held.height + this.spacing;
    const gap = this.gap;
    if (held.full) {
      this.gap = null;
    } else if (gap?.status !== status || gap.gap.index !== index || gap.gap.height !== height) {
      this.gap = { status, gap: { index, height } };
    }
    this.notify();
  }

  private clear(): void {
    this.dragged = null;
    this.gap = null;
    this.notify();
  }

  private layoutOf(status: string): ColumnLayout {
    const layout = this.columns.get(status)?.layout() ?? EMPTY;
    const held = this.dragged;
    if (!held) {
      return layout;
    }
    let bare = this.withoutDragged.get(layout);
    if (!bare) {
      bare = without(layout, held.id);
      this.withoutDragged.set(layout, bare);
    }
    return bare;
  }

  /** Scrolls a column so that the gap shows. */
  private revealColumn(): void {
    const held = this.dragged;
    const handle = held ? this.columns.get(held.over.status) : undefined;
    if (!held || !handle) {
      return;
    }
    const top = this.layoutOf(held.over.status).tops[held.over.index] ?? 0;
    show(handle, top, top + held.height + this.spacing);
    this.notifyPosition();
  }

  private notify(): void {
    for (const listener of this.listeners) {
      listener();
    }
  }

  private notifyPosition(): void {
    const corner = this.corner();
    for (const listener of this.position) {
      listener(corner);
    }
  }
}

function target(status: string, layout: ColumnLayout, wanted: number): DropTarget {
  const index = clamp(wanted, 0, layout.ids.length);
  return { status, index, before: layout.ids[index] ?? null };
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value));
}

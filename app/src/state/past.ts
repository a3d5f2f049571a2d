/**
 * A board at each of its moments. The log is cut into stretches; of each, the board at its beginning and
 * its events are read once, and every moment in it is made of them by the client rule. So stepping and
 * playing ask the server only now and then, however large the board is.
 */

import { type BoardEvent, Replica, type Snapshot, toChange } from "../sync";

/** How many stretches are kept. */
const KEPT = 8;

/** Which moments there are, by the numbers of the events that made them. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

/** A board, and the events that follow on it without holes. */
export interface Stretch {
  readonly start: Snapshot;
  readonly events: readonly BoardEvent[];
}

/** Where a past comes from. What it asks may throw a RequestError or a NetworkError. */
export interface PastSource {
  readonly range: Range;
  /** How many events are read at a time; 0: each moment by itself, without its event. */
  readonly step: number;
  read(from: number, to: number): Promise<Stretch>;
  /** The newest event that is not later than a time (RFC 3339); `null`: there was no board yet. */
  seqAt(time: string): Promise<number | null>;
}

export interface Moment {
  /** The event that made the board so. */
  readonly seq: number;
  /** That event; `null` at the beginning of what is known. */
  readonly event: BoardEvent | null;
  /** When it was, RFC 3339. */
  readonly at: string;
  readonly board: Replica;
}

export class Past {
  private readonly stretches = new Map<number, Promise<Stretch>>();
  private readonly loaded = new Set<number>();

  constructor(private readonly source: PastSource) {}

  get range(): Range {
    return this.source.range;
  }

  /** Whether a moment can be shown without asking the server. */
  has(seq: number): boolean {
    return this.loaded.has(this.startOf(seq));
  }

  /** @throws what the source throws; the next time it is asked again */
  async moment(seq: number): Promise<Moment> {
    const { start, events } = await this.stretch(this.startOf(seq));
    const board = new Replica(start, null);
    const happened = events.filter((event) => event.seq <= seq);
    happened.forEach((event) => board.apply(toChange(event)));
    const event = happened.at(-1) ?? null;
    return { seq, event, at: event?.timestamp ?? start.head.updated_at, board };
  }

  /** The moment of a time; the first where that was before, the last where it is to come. */
  async seqAt(time: string): Promise<number> {
    const { first, last } = this.range;
    const seq = (await this.source.seqAt(time)) ?? first;
    return Math.min(Math.max(seq, first), last);
  }

  /** A stretch begins before its first event, so that each of its moments has one. */
  private startOf(seq: number): number {
    const { first } = this.range;
    const { step } = this.source;
    if (step === 0) return seq;
    return first + Math.floor(Math.max(0, seq - first - 1) / step) * step;
  }

  private stretch(from: number): Promise<Stretch> {
    const stretch = this.stretches.get(from) ?? this.begin(from);
    // What was asked for last goes last.
    this.stretches.delete(from);
    this.stretches.set(from, stretch);
    [...this.stretches.keys()].slice(0, -KEPT).forEach((old) => this.forget(old));
    return stretch;
  }

  private begin(from: number): Promise<Stretch> {
    const { step, range } = this.source;
    const stretch = this.source.read(from, Math.min(from + step, range.last));
    stretch.then(
      () => this.loaded.add(from),
      () => this.forget(from),
    );
    return stretch;
  }

  private forget(from: number): void {
    this.stretches.delete(from);
    this.loaded.delete(from);
  }
}

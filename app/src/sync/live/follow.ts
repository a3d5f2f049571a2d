/**
 * The client rule of the real-time contract as a pure state machine: frames go in, a new state and
 * a list of things to do come out. `seq <= last`: drop. `seq == last + 1`: apply. Else: resubscribe
 * with `after: last`.
 */

import type { BoardEvent } from "../types";
import type { Frame } from "./frames";

/**
 * `offline`: no welcomed socket. `subscribing`: asked, no answer yet. `following`: answered.
 * `fetching`: a new snapshot is needed. `ended`: the board is gone for this user.
 */
export type Phase = "offline" | "subscribing" | "following" | "fetching" | "ended";

export interface Follow {
  readonly board: number;
  /** Of the board that `last` counts. */
  readonly epoch: string;
  /** The newest event applied. */
  readonly last: number;
  /** The newest event known to exist, never below `last`. */
  readonly head: number;
  readonly phase: Phase;
}

export interface Cursor {
  readonly id: number;
  readonly epoch: string;
  readonly seq: number;
}

export type Deed =
  | { readonly do: "send"; readonly message: Readonly<Record<string, unknown>> }
  | { readonly do: "apply"; readonly event: BoardEvent }
  /** Fetch the board again, then call `snapshot`. */
  | { readonly do: "fetch" }
  | { readonly do: "gone"; readonly reason: "deleted" | "removed" };

export type Step = readonly [Follow, readonly Deed[]];

export function begin({ id, epoch, seq }: Cursor): Follow {
  return { board: id, epoch, last: seq, head: seq, phase: "offline" };
}

/** The socket was welcomed: ask for what came after the cursor. */
export function opened(state: Follow): Step {
  return state.phase === "ended" || state.phase === "fetching" ? [state, []] : subscribe(state);
}

/** The socket is gone; the cursor stays. A running fetch continues. */
export function closed(state: Follow): Step {
  const keeps = state.phase === "ended" || state.phase === "fetching";
  return [keeps ? state : { ...state, phase: "offline" }, []];
}

/** A newly fetched board. `open`: whether there is a welcomed socket. */
export function snapshot(state: Follow, board: Cursor, open: boolean): Step {
  if (state.phase === "ended") {
    return [state, []];
  }
  const fresh = begin(board);
  return open ? subscribe(fresh) : [fresh, []];
}

export function received(state: Follow, frame: Frame): Step {
  if (state.phase === "ended" || state.phase === "fetching") {
    return [state, []];
  }
  switch (frame.type) {
    case "event":
      return frame.board === state.board ? happened(state, frame.event) : [state, []];
    case "subscribed":
      return frame.board === state.board ? subscribed(state, frame) : [state, []];
    case "reset":
      return frame.board === state.board ? refetch(state) : [state, []];
    case "unsubscribed":
      return frame.board === state.board ? unsubscribed(state, frame.reason) : [state, []];
    case "heartbeat":
      return heartbeat(state, frame.heads[String(state.board)]);
    case "error":
      // The relay may know the board later than we do, or the board is gone: the API decides.
      return frame.code === "not-found" && frame.board === state.board
        ? refetch(state)
        : [state, []];
    default:
      return [state, []];
  }
}

/** How many events are known to exist that are not yet applied. */
export function behind(state: Follow): number {
  return Math.max(0, state.head - state.last);
}

function happened(state: Follow, event: BoardEvent): Step {
  if (event.seq <= state.last) {
    return [state, []];
  }
  const head = Math.max(state.head, event.seq);
  if (event.seq !== state.last + 1) {
    // One request is enough, however many frames come before its answer.
    return state.phase === "following" ? subscribe({ ...state, head }) : [{ ...state, head }, []];
  }
  const deeds: Deed[] = [{ do: "apply", event }];
  const ends = event.entity === "board" && event.action === "Delete";
  if (ends) {
    deeds.push({ do: "gone", reason: "deleted" });
  }
  return [{ ...state, last: event.seq, head, phase: ends ? "ended" : state.phase }, deeds];
}

function subscribed(state: Follow, frame: { seq: number; epoch: string | null }): Step {
  if (frame.epoch !== null && frame.epoch !== state.epoch) {
    return refetch(state);
  }
  return [{ ...state, head: Math.max(state.last, frame.seq), phase: "following" }, []];
}

function unsubscribed(state: Follow, reason: string): Step {
  return reason === "deleted" || reason === "removed"
    ? [{ ...state, phase: "ended" }, [{ do: "gone", reason }]]
    : [state, []];
}

function heartbeat(state: Follow, head: number | undefined): Step {
  if (head === undefined && state.phase === "subscribing") {
    // The relay has nothing else to send and knows of no subscription: it did not take ours.
    return subscribe(state);
  }
  if (head === undefined || head <= state.last || state.phase !== "following") {
    return [state, []];
  }
  // A heartbeat comes only when the relay has nothing else to send, so something was lost.
  return subscribe({ ...state, head: Math.max(state.head, head) });
}

function refetch(state: Follow): Step {
  return [{ ...state, phase: "fetching" }, [{ do: "fetch" }]];
}

function subscribe(state: Follow): Step {
  const { board, last: after, epoch } = state;
  const message = { type: "subscribe", board, after, epoch };
  return [{ ...state, phase: "subscribing" }, [{ do: "send", message }]];
}

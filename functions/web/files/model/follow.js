/**
 * The client rule of the real-time contract as a pure state machine: frames go in, a new state and
 * a list of things to do come out. `seq <= last`: drop. `seq == last + 1`: apply. Else:
 * resubscribe with `after: last`.
 */

import { eventOfFrame } from "./apply.js";

/** @typedef {import("./types.js").BoardEvent} BoardEvent */

/**
 * @typedef {object} Follow
 * @property {number} board the board's id
 * @property {string} epoch of the board that `last` counts
 * @property {number} last the newest event applied
 * @property {number} head the newest event known to exist, never below `last`
 * @property {"offline" | "subscribing" | "following" | "fetching" | "ended"} phase
 *
 * @typedef {{do: "send", message: Record<string, unknown>}} Send
 * @typedef {{do: "apply", event: BoardEvent}} Apply
 * @typedef {{do: "fetch"}} Fetch get the board anew, then call `snapshot`
 * @typedef {{do: "gone"}} Gone the board was deleted
 * @typedef {Send | Apply | Fetch | Gone} Deed
 *
 * @typedef {[Follow, Deed[]]} Step
 */

/**
 * @param {{id: number, epoch: string, seq: number}} board a snapshot
 * @returns {Follow}
 */
export function begin(board) {
  return {
    board: board.id,
    epoch: board.epoch,
    last: board.seq,
    head: board.seq,
    phase: "offline",
  };
}

/**
 * The socket was welcomed: ask for what came after the cursor.
 *
 * @param {Follow} state
 * @returns {Step}
 */
export function opened(state) {
  return state.phase === "ended" || state.phase === "fetching" ? [state, []] : subscribe(state);
}

/**
 * The socket is gone; the cursor stays. A fetch that is under way goes on.
 *
 * @param {Follow} state
 * @returns {Step}
 */
export function closed(state) {
  const keeps = state.phase === "ended" || state.phase === "fetching";
  return [keeps ? state : { ...state, phase: "offline" }, []];
}

/**
 * A board fetched anew, after `{do: "fetch"}`.
 *
 * @param {Follow} state
 * @param {{id: number, epoch: string, seq: number}} board
 * @param {boolean} open whether there is a welcomed socket
 * @returns {Step}
 */
export function snapshot(state, board, open) {
  if (state.phase === "ended") {
    return [state, []];
  }
  const fresh = begin(board);
  return open ? subscribe(fresh) : [fresh, []];
}

/**
 * @param {Follow} state
 * @param {Record<string, any>} frame parsed from the relay
 * @returns {Step}
 */
export function received(state, frame) {
  if (state.phase === "ended" || state.phase === "fetching") {
    return [state, []];
  }
  switch (frame.type) {
    case "event":
      return isOurs(state, frame) ? event(state, eventOfFrame(frame)) : [state, []];
    case "subscribed":
      return frame.board === state.board ? subscribed(state, frame) : [state, []];
    case "reset":
      return frame.board === state.board ? refetch(state) : [state, []];
    case "unsubscribed":
      return frame.board === state.board ? unsubscribed(state, frame) : [state, []];
    case "heartbeat":
      return heartbeat(state, frame.heads?.[String(state.board)]);
    case "error":
      // The relay may know the board later than we do, or the board is gone: the API decides.
      return frame.code === "not-found" && frame.board === state.board
        ? refetch(state)
        : [state, []];
    default:
      return [state, []];
  }
}

/**
 * @param {Follow} state
 * @returns {number} how many events are known to exist that are not yet applied
 */
export function behind(state) {
  return Math.max(0, state.head - state.last);
}

/** @param {Follow} state @param {Record<string, any>} frame */
function isOurs(state, frame) {
  return (frame.board_id ?? frame.board) === state.board;
}

/** @param {Follow} state @param {BoardEvent} event @returns {Step} */
function event(state, event) {
  if (event.seq <= state.last) {
    return [state, []];
  }
  const head = Math.max(state.head, event.seq);
  if (event.seq === state.last + 1) {
    /** @type {Deed[]} */
    const deeds = [{ do: "apply", event }];
    const ends = event.entity === "board" && event.action === "Delete";
    if (ends) {
      deeds.push({ do: "gone" });
    }
    return [{ ...state, last: event.seq, head, phase: ends ? "ended" : state.phase }, deeds];
  }
  // One request is enough, however many frames come before its answer.
  return state.phase === "subscribing" ? [{ ...state, head }, []] : subscribe({ ...state, head });
}

/** @param {Follow} state @param {Record<string, any>} frame @returns {Step} */
function subscribed(state, frame) {
  if (typeof frame.epoch === "string" && frame.epoch !== state.epoch) {
    return refetch(state);
  }
  const head = Math.max(state.last, Number(frame.seq) || 0);
  return [{ ...state, head, phase: "following" }, []];
}

/** @param {Follow} state @param {Record<string, any>} frame @returns {Step} */
function unsubscribed(state, frame) {
  if (frame.reason === "deleted" || frame.reason === "removed") {
    return [{ ...state, phase: "ended" }, [{ do: "gone" }]];
  }
  return [state, []];
}

/** @param {Follow} state @param {number | undefined} head @returns {Step} */
function heartbeat(state, head) {
  if (typeof head !== "number" || head <= state.last || state.phase !== "following") {
    return [state, []];
  }
  // A heartbeat comes only when the relay has nothing else to send, so something went missing.
  return subscribe({ ...state, head: Math.max(state.head, head) });
}

/** @param {Follow} state @returns {Step} */
function refetch(state) {
  return [{ ...state, phase: "fetching" }, [{ do: "fetch" }]];
}

/** @param {Follow} state @returns {Step} */
function subscribe(state) {
  const message = {
    type: "subscribe",
    board: state.board,
    after: state.last,
    epoch: state.epoch,
  };
  return [{ ...state, phase: "subscribing" }, [{ do: "send", message }]];
}

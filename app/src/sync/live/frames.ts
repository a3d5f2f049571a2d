/** What the relay sends, parsed: a frame that is not of the protocol becomes `null`, never a crash. */

import type { BoardEvent, Presence } from "../types";
import { isRecord } from "../../utilities/problem";

export type Frame =
  | {
      readonly type: "welcome";
      readonly user: string | null;
      readonly heartbeat: number;
      readonly jitter: number;
    }
  | {
      readonly type: "subscribed";
      readonly board: number;
      readonly seq: number;
      readonly epoch: string | null;
    }
  | { readonly type: "event"; readonly board: number; readonly event: BoardEvent }
  | { readonly type: "reset"; readonly board: number; readonly reason: string }
  | { readonly type: "unsubscribed"; readonly board: number; readonly reason: string }
  | { readonly type: "presence"; readonly board: number; readonly online: readonly Presence[] }
  | { readonly type: "heartbeat"; readonly heads: Readonly<Record<string, number>> }
  | { readonly type: "token-expiring"; readonly at: string }
  | { readonly type: "error"; readonly code: string; readonly board: number | null }
  | { readonly type: "pong" }
  /** Of a feed, like `activity`: its subscriber knows what is in it. */
  | {
      readonly type: "feed";
      readonly feed: string;
      readonly value: Readonly<Record<string, unknown>>;
    };

/** One text frame of the relay, or `null` for what this protocol does not know. */
export function parseFrame(text: string): Frame | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  return isRecord(value) ? frameOf(value) : null;
}

function frameOf(value: Record<string, unknown>): Frame | null {
  const { type } = value;
  const feed = string(value["feed"]);
  if (feed !== null) {
    return { type: "feed", feed, value };
  }
  switch (type) {
    case "welcome":
      return {
        type,
        user: string(value["user"]),
        heartbeat: number(value["heartbeat_ms"]) ?? 25_000,
        jitter: number(value["reconnect_jitter_ms"]) ?? 0,
      };
    case "heartbeat":
      return { type, heads: heads(value["heads"]) };
    case "token-expiring":
      return { type, at: string(value["at"]) ?? "" };
    case "error":
      return { type, code: string(value["code"]) ?? "", board: number(value["board"]) };
    case "pong":
      return { type };
    case "event":
      return eventOf(value);
    default:
      return boardFrameOf(value);
  }
}

function boardFrameOf(value: Record<string, unknown>): Frame | null {
  const { type } = value;
  const board = number(value["board"]);
  if (board === null) {
    return null;
  }
  switch (type) {
    case "subscribed": {
      const seq = number(value["seq"]);
      return seq === null ? null : { type, board, seq, epoch: string(value["epoch"]) };
    }
    case "reset":
    case "unsubscribed":
      return { type, board, reason: string(value["reason"]) ?? "" };
    case "presence":
      return { type, board, online: online(value["online"]) };
    default:
      return null;
  }
}

/**
 * The event whose keys are inlined in its frame. The frame's own `board` is a number; an event about
 * the board itself repeats the key with the entity, which comes later and wins.
 */
function eventOf(value: Record<string, unknown>): Frame | null {
  const { type: _type, board, ...rest } = value;
  const id = number(rest["board_id"]) ?? number(board);
  if (id === null || number(rest["seq"]) === null) {
    return null;
  }
  const event = isRecord(board) ? { ...rest, board } : rest;
  return isEvent(event) ? { type: "event", board: id, event } : null;
}

/** The entity that the event names is there; its own shape is what the API's description says. */
function isEvent(value: Record<string, unknown>): value is Record<string, unknown> & BoardEvent {
  const { entity } = value;
  const inTask = entity === "comment" || entity === "checklist" || entity === "checklist_item";
  const known = inTask || entity === "task" || entity === "board" || entity === "member";
  return (
    known &&
    isRecord(value[entity]) &&
    isRecord(value["actor"]) &&
    (!inTask || isRecord(value["task_patch"]) || (entity === "comment" && isRecord(value["task"])))
  );
}

function heads(value: unknown): Record<string, number> {
  const entries = isRecord(value) ? Object.entries(value) : [];
  return Object.fromEntries(
    entries.filter((entry): entry is [string, number] => number(entry[1]) !== null),
  );
}

function online(value: unknown): readonly Presence[] {
  return (Array.isArray(value) ? value : []).flatMap((entry: unknown) => {
    const user = isRecord(entry) ? string(entry["user"]) : null;
    if (!isRecord(entry) || user === null) {
      return [];
    }
    const state = entry["state"];
    return [{ user, editing: isRecord(state) ? number(state["editing"]) : null }];
  });
}

function string(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function number(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

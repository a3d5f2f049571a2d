/** What the relay says of the feed `activity`, parsed (RT-ACTIVITY). */

import type { Activity } from "../generated/api";
import { isRecord } from "../utilities/problem";
import type { Frame } from "../sync";

export type ActivityFrame =
  | { readonly said: "subscribed"; readonly cursor: string }
  | { readonly said: "event"; readonly cursor: string; readonly activity: Activity }
  /** The database has lost what the cursor knew: the pages are to be read again. */
  | { readonly said: "reset" }
  /** `requested`, or `removed`: the subscriber is no longer an admin. */
  | { readonly said: "unsubscribed"; readonly reason: string }
  /** Whoever asks is not an admin. (No board is named: then it is about a feed.) */
  | { readonly said: "refused" };

const ENTITIES = new Set<unknown>(["board", "task", "comment", "member", "user"]);

/** `null` for frames of others, and for what this protocol does not know. */
export function activityFrame(frame: Frame): ActivityFrame | null {
  if (frame.type === "error" && frame.board === null && frame.code === "not-found") {
    return { said: "refused" };
  }
  if (frame.type !== "feed" || frame.feed !== "activity") {
    return null;
  }
  const { type, feed: _feed, cursor, reason, ...rest } = frame.value;
  switch (type) {
    case "subscribed":
      return typeof cursor === "string" ? { said: "subscribed", cursor } : null;
    case "event":
      return typeof cursor === "string" && isActivity(rest)
        ? { said: "event", cursor, activity: rest }
        : null;
    case "reset":
      return { said: "reset" };
    case "unsubscribed":
      return { said: "unsubscribed", reason: String(reason) };
    default:
      return null;
  }
}

/** The entity that it names is there; its own shape is what the API's description says. */
function isActivity(value: Record<string, unknown>): value is Record<string, unknown> & Activity {
  const { entity, seq, actor, timestamp } = value;
  return (
    ENTITIES.has(entity) &&
    isRecord(value[String(entity)]) &&
    isRecord(actor) &&
    typeof seq === "number" &&
    typeof timestamp === "string"
  );
}

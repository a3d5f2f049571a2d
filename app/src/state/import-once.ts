/**
 * The same key for the same document until there is an answer: asked for again, also after a reload in the
 * midst of it, no second board is made.
 */

import { fingerprint } from "../utilities/fingerprint";
import { isRecord } from "../utilities/problem";
import { RequestError } from "../utilities/request";
import { type Store, deviceStorage } from "../utilities/storage";
import { uniqueId } from "../utilities/unique-id";

interface Sent {
  readonly key: string;
  /** In milliseconds since 1970. */
  readonly at: number;
}

const PREFIX = "import/";
/** Whoever chooses the file again later than this wants another board; in milliseconds. */
const AGAIN_WITHIN = 15 * 60_000;

/** Imports that no answer came to, by fingerprint and length of what was sent; a device may have no room. */
const unanswered = new Map<string, Sent>();

/** @param send is given the idempotency key */
export async function importOnce<T>(
  document: unknown,
  send: (key: string) => Promise<T>,
  store: Store = deviceStorage,
): Promise<T> {
  const text = JSON.stringify(document);
  const name = `${PREFIX}${fingerprint(text)}-${text.length}`;
  const { key } = await sentBefore(name, store);
  const forget = async () => {
    unanswered.delete(name);
    await store.remove(name);
  };
  try {
    const answer = await send(key);
    await forget();
    return answer;
  } catch (error) {
    if (error instanceof RequestError && error.status < 500) {
      await forget();
    }
    throw error;
  }
}

/** What was sent under this name a while ago, else something new; and what is older is forgotten. */
async function sentBefore(name: string, store: Store): Promise<Sent> {
  for (const key of await store.keys(PREFIX)) {
    const sent = parsed(await store.get(key));
    if (sent === null || !isLately(sent)) await store.remove(key);
    else unanswered.set(key, sent);
  }
  const before = unanswered.get(name);
  if (before !== undefined && isLately(before)) {
    return before;
  }
  const sent = { key: uniqueId(), at: Date.now() };
  unanswered.set(name, sent);
  await store.set(name, JSON.stringify(sent)).catch(() => undefined);
  return sent;
}

/** A clock may be put back: what seems to come from the future is old. */
function isLately({ at }: Sent): boolean {
  const age = Date.now() - at;
  return age >= 0 && age < AGAIN_WITHIN;
}

function parsed(text: string | null): Sent | null {
  try {
    const value: unknown = JSON.parse(text ?? "null");
    return isRecord(value) && typeof value["key"] === "string" && typeof value["at"] === "number"
      ? { key: value["key"], at: value["at"] }
      : null;
  } catch {
    return null;
  }
}

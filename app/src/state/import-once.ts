/** The same key for the same document until there is an answer: asked for again, no second board is made. */

import { fingerprint } from "../utilities/fingerprint";
import { RequestError } from "../utilities/request";
import { uniqueId } from "../utilities/unique-id";

/** The keys of what was sent, by its fingerprint and length. */
const unanswered = new Map<string, string>();

/** @param send is given the idempotency key */
export async function importOnce<T>(
  document: unknown,
  send: (key: string) => Promise<T>,
): Promise<T> {
  const text = JSON.stringify(document);
  const name = `${fingerprint(text)}-${text.length}`;
  const key = unanswered.get(name) ?? uniqueId();
  unanswered.set(name, key);
  try {
    const answer = await send(key);
    unanswered.delete(name);
    return answer;
  } catch (error) {
    if (error instanceof RequestError && error.status < 500) {
      unanswered.delete(name);
    }
    throw error;
  }
}

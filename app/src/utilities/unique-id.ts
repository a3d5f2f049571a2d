/** Ids that nobody else makes: for idempotency keys. */

/** A UUID; where the engine has no `crypto` or the page is not secure, something as unique. */
export function uniqueId(): string {
  return globalThis.crypto?.randomUUID?.() ?? randomId();
}

function randomId(): string {
  const part = () =>
    Math.floor(Math.random() * 2 ** 32)
      .toString(16)
      .padStart(8, "0");
  return `${Date.now().toString(16)}-${part()}-${part()}-${part()}`;
}

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

/** Earlier versions counted down from -1, in each tab: far enough to be distinguished from those. */
const FIRST_NUMBER = 2 ** 31;

/** A whole number below 0 that no tab of this device takes as well, for tasks that have no id yet. */
export function uniqueNumber(): number {
  return -(FIRST_NUMBER + Math.floor(Math.random() * 2 ** 52));
}

/** Whether nothing else is called so, ever. */
export function isUniqueNumber(number: number): boolean {
  return number <= -FIRST_NUMBER;
}

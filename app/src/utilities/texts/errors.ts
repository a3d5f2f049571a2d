/** What went wrong, in words for people. */

import { NetworkError, RequestError } from "../problem";
import { texts, type Catalogue } from "./index";

/** What the server says of a refusal. */
type Refused = Pick<RequestError, "status" | "type" | "errors" | "detail">;

/** Why the server refused, else what the lack of an answer means. */
export function errorText(error: unknown, { shell }: Catalogue): string {
  if (error instanceof RequestError) return refusalWords(error);
  if (error instanceof NetworkError) return error.timedOut ? shell.timedOut : shell.networkError;
  return shell.unknownError;
}

/** Whether the server has no accounts and no boards of teams, because it has no database. */
export function isNotConfigured(error: unknown): boolean {
  return error instanceof RequestError && error.type === "/problems/not-configured";
}

/** What is wrong with a value, in the reader's language where it is known there. */
export function faultWords(detail: string): string {
  return texts().engine.fault(detail) ?? detail;
}

/**
 * What is wrong with each field of a form, by the name of the body's member: the pointer
 * `/columns/1/name` is found under `columns/1/name`, `?limit` under `limit`, the whole body under "".
 */
export function fieldErrors(error: unknown): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  if (error instanceof RequestError) {
    for (const { pointer, detail } of error.errors) {
      const field = fieldOf(pointer);
      const words = faultWords(detail);
      found[field] = found[field] === undefined ? words : `${found[field]}; ${words}`;
    }
  }
  return found;
}

/**
 * Why the server refused, for people: the reasons themselves where `detail` only counts them, each
 * with its field as the app calls it ("Column: is not a column of this board"); where it gives none,
 * what a problem of this type means, for readers without English.
 */
export function refusalWords({ type, status, errors, detail }: Refused): string {
  const reasons = errors.map(({ pointer, detail: why }) => {
    const field = fieldName(fieldOf(pointer));
    const words = faultWords(why);
    return field === "" ? words : `${field}: ${words}`;
  });
  if (reasons.length > 0) return reasons.join("; ");
  return texts().engine.refusal(type) ?? (detail === "" ? unexplained(status) : detail);
}

/** What people know a member of a body as; deeper members are named by their place in it. */
function fieldName(field: string): string {
  const names: Readonly<Record<string, string>> = texts().board.fields;
  const [member = "", ...deeper] = field.split("/");
  const name = Object.hasOwn(names, member) ? names[member] : member;
  return [name, ...deeper].join("/");
}

/** For what is no problem document: what is in front of a server may answer for it, in words of its own. */
function unexplained(status: number): string {
  const { tooLarge, noReason, away } = texts().engine.unexplained;
  if (status >= 500) return away(status);
  return [413, 414, 431].includes(status) ? tooLarge(status) : noReason(status);
}

/** RFC 6901: `~1` is a slash, `~0` a tilde, in that order. */
function fieldOf(pointer: string): string {
  return pointer.replace(/^[/?]/u, "").replace(/~1/gu, "/").replace(/~0/gu, "~");
}

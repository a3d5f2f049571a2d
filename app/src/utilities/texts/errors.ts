/** What went wrong, in words for people. */

import { NetworkError, RequestError, refusalWords } from "../problem";
import type { Catalogue } from "./index";

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

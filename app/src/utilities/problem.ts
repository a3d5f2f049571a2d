/** What can go wrong with a request, as typed errors: the server's problem documents, and silence. */

/** One fault of a request: `pointer` is a JSON Pointer into the body, or `?name` of the query. */
export interface Fault {
  readonly pointer: string;
  readonly detail: string;
}

/** A problem document (RFC 9457) with whatever members its type adds. */
export type ProblemDocument = Readonly<Record<string, unknown>>;

/** The server answered, and the answer was no. */
export class RequestError extends Error {
  override readonly name = "RequestError";
  readonly status: number;
  /** Stable: `/problems/validation`, `/problems/wip-limit`, …; `about:blank` if there is none. */
  readonly type: string;
  readonly title: string;
  /** What went wrong this time, for people; in the server's English. "": it said nothing. */
  readonly detail: string;
  readonly errors: readonly Fault[];
  /** Finds the request in the server's log. */
  readonly requestId: string | null;
  /** In milliseconds; `null` where the server did not say. */
  readonly retryAfter: number | null;
  readonly problem: ProblemDocument;

  constructor(status: number, problem: ProblemDocument, retryAfter: number | null = null) {
    const title = text(problem["title"]) ?? "";
    const detail = text(problem["detail"]) ?? title;
    super(detail === "" ? `HTTP ${status}` : detail);
    this.status = status;
    this.type = text(problem["type"]) ?? "about:blank";
    this.title = title;
    this.detail = detail;
    this.errors = faults(problem["errors"]);
    this.requestId = text(problem["request_id"]);
    this.retryAfter = retryAfter;
    this.problem = problem;
  }
}

/** No answer came: no network, an unavailable server, or one that took too long. */
export class NetworkError extends Error {
  override readonly name = "NetworkError";
  /** Whether time ran out; what was asked for may have been done anyway. */
  readonly timedOut: boolean;

  constructor(timedOut: boolean, cause?: unknown) {
    super(timedOut ? "no answer in time" : "no answer");
    this.timedOut = timedOut;
    this.cause = cause;
  }
}

/** The name or the password is wrong: the other refusals with 401 say that nobody is logged in. */
export function isWrongCredentials(error: unknown): boolean {
  return error instanceof RequestError && error.type === "/problems/invalid-credentials";
}

/** A link that is unknown, forged, expired, used up or revoked: the server does not say which. */
export function isInvalidLink(error: unknown): boolean {
  return error instanceof RequestError && error.type === "/problems/link-invalid";
}

/** The problem document in an answer's text; an empty one if it is none. */
export function parseProblem(body: string): ProblemDocument {
  try {
    const value: unknown = JSON.parse(body);
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

/** Whether the server itself sent this problem, and not a proxy in front of it. */
export function isOfTheServer(problem: ProblemDocument): boolean {
  return text(problem["type"])?.startsWith("/problems/") ?? false;
}

/** `Retry-After` (RFC 9110, 10.2.3: seconds or a date) in milliseconds from `now`. */
export function retryAfterOf(header: string | null, now: number): number | null {
  if (header === null || header.trim() === "") {
    return null;
  }
  const seconds = Number(header);
  const milliseconds = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now;
  return Number.isFinite(milliseconds) ? Math.max(0, milliseconds) : null;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function faults(value: unknown): readonly Fault[] {
  if (!Array.isArray(value)) {
    return [];
  }
  return value.flatMap((entry: unknown) => {
    if (!isRecord(entry)) {
      return [];
    }
    const pointer = text(entry["pointer"]);
    const detail = text(entry["detail"]);
    return pointer === null || detail === null ? [] : [{ pointer, detail }];
  });
}

function text(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

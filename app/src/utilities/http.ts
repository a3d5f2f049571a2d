/** One HTTP exchange: address, headers, timeout, retries of safe calls, errors. `request.ts` uses it. */

import {
  NetworkError,
  RequestError,
  isOfTheServer,
  isRecord,
  parseProblem,
  retryAfterOf,
} from "./problem";
import { newTraceparent } from "./trace";

/** What is used of a response, and all that a stand-in for `fetch` must give. */
export interface HttpResponse {
  readonly ok: boolean;
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
}

/** Where requests go and as whom; the session sets it. */
export interface ClientSettings {
  /** "" on the web, where the page's own server is asked; else like `https://boards.example`. */
  server: string;
  /** On phones; browsers have the cookie. */
  token: string | null;
  /** The server says that nobody is logged in (any more). */
  onUnauthorized: () => void;
  /** Replaced by tests. */
  fetch: (input: string, init: RequestInit) => Promise<HttpResponse>;
  /** Milliseconds after which a request is given up. */
  timeout: number;
  /** What share of the changes is traced, 0 to 1, as the server's operator set it. */
  traceRatio: number;
}

export const settings: ClientSettings = {
  server: "",
  token: null,
  onUnauthorized: () => undefined,
  fetch: (input, init) => fetch(input, init),
  timeout: 15_000,
  traceRatio: 0,
};

export interface Call {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  /** A version that the entity must still have: `If-Match`. */
  readonly ifMatch?: number;
  /** An entity tag that the caller has already: `If-None-Match`. */
  readonly ifNoneMatch?: string;
  readonly idempotencyKey?: string;
  /** Milliseconds, where the default is not enough. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
  /** A 401 that is about what was typed, not about the session. */
  readonly credentials?: boolean;
  /** The answer is a text, not JSON. */
  readonly text?: boolean;
}

export interface Answer<T> {
  readonly status: number;
  readonly value: T;
  /** `Event-Seq`: the event that the request made; `null` where everything was already so. */
  readonly seq: number | null;
  readonly etag: string | null;
  /** `Idempotency-Replayed`. */
  readonly replayed: boolean;
  /** `Next-After`: where the next part of a text begins. */
  readonly nextAfter: string | null;
}

/** How long to wait before each further try of a safe call, in milliseconds. */
const RETRIES = [300, 1200];
/** A server that asks for more patience than this is not asked again by itself; in milliseconds. */
const MOST_PATIENCE = 3_000;

/**
 * Makes a call. Reads are tried again where that may help; writes are the caller's to repeat, who
 * knows whether they were idempotent.
 *
 * @throws RequestError the server said no
 * @throws NetworkError nothing came back
 */
export async function exchange<T>(call: Call): Promise<Answer<T>> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await once<T>(call);
    } catch (error) {
      const pause = call.method === "GET" ? pauseAfter(error, attempt) : null;
      if (pause === null || call.signal?.aborted === true) {
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

function pauseAfter(error: unknown, attempt: number): number | null {
  const planned = RETRIES[attempt];
  // A device that knows that it has no network need not be asked three times.
  if (planned === undefined || globalThis.navigator?.onLine === false) {
    return null;
  }
  if (error instanceof NetworkError) {
    return error.timedOut ? null : planned;
  }
  if (error instanceof RequestError && [502, 503, 504].includes(error.status)) {
    const asked = error.retryAfter ?? 0;
    return asked > MOST_PATIENCE ? null : Math.max(planned, asked);
  }
  return null;
}

/** What the slowest line that is waited for takes of a body, in bytes a millisecond. */
const SLOWEST = 16;

/** Half a character, as a cut text may end with: no JSON may hold it. */
const HALF = /[\uD800-\uDFFF]/gu;

function bodyOf({ body }: Call): string | undefined {
  if (body === undefined) return undefined;
  return JSON.stringify(body, (_, value: unknown) => {
    if (typeof value === "string") return whole(value);
    return isRecord(value)
      ? Object.fromEntries(Object.entries(value).map(([name, each]) => [whole(name), each]))
      : value;
  });
}

const whole = (text: string) => text.replace(HALF, "\uFFFD");

async function once<T>(call: Call): Promise<Answer<T>> {
  const body = bodyOf(call);
  const upload = (body?.length ?? 0) / SLOWEST;
  const controller = new AbortController();
  let timedOut = false;
  const timer = setTimeout(
    () => {
      timedOut = true;
      controller.abort();
    },
    (call.timeout ?? settings.timeout) + upload,
  );
  const abort = () => controller.abort();
  call.signal?.addEventListener("abort", abort);
  try {
    const response = await settings.fetch(addressOf(call), {
      method: call.method,
      headers: headersOf(call),
      body,
      // A phone's cookies may belong to the previous user.
      credentials: settings.token === null ? "include" : "omit",
      cache: "no-store",
      signal: controller.signal,
    });
    return await answerOf<T>(call, response);
  } catch (error) {
    const isKnown = error instanceof RequestError || error instanceof NetworkError;
    throw isKnown ? error : new NetworkError(timedOut, error);
  } finally {
    clearTimeout(timer);
    call.signal?.removeEventListener("abort", abort);
  }
}

function addressOf({ path, query }: Call): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined) {
      parameters.set(name, String(value));
    }
  }
  const search = parameters.toString();
  return `${settings.server}${path}${search === "" ? "" : `?${search}`}`;
}

function headersOf(call: Call): Record<string, string> {
  const headers: Record<string, string> = {
    Accept: call.text === true ? "text/*, application/problem+json" : "application/json",
  };
  if (call.body !== undefined) {
    headers["Content-Type"] =
      call.method === "PATCH" ? "application/merge-patch+json" : "application/json";
  }
  if (settings.token !== null) {
    headers["Authorization"] = `Bearer ${settings.token}`;
  }
  if (call.ifMatch !== undefined) {
    headers["If-Match"] = `"${call.ifMatch}"`;
  }
  if (call.ifNoneMatch !== undefined) {
    headers["If-None-Match"] = call.ifNoneMatch;
  }
  if (call.idempotencyKey !== undefined) {
    headers["Idempotency-Key"] = call.idempotencyKey;
  }
  if (call.method !== "GET") {
    headers["traceparent"] = newTraceparent(settings.traceRatio);
  }
  return headers;
}

/** What these say, that something is gone or a login is, is believed of the server itself alone. */
const OF_THE_SERVER = [401, 404, 410];

async function answerOf<T>(call: Call, response: HttpResponse): Promise<Answer<T>> {
  const body = await response.text();
  if (!response.ok && response.status !== 304) {
    const problem = parseProblem(body);
    if (OF_THE_SERVER.includes(response.status) && !isOfTheServer(problem)) {
      throw new NetworkError(false, `${response.status} from a proxy in front of the server`);
    }
    if (response.status === 401 && call.credentials !== true) {
      settings.onUnauthorized();
    }
    const retryAfter = retryAfterOf(response.headers.get("Retry-After"), Date.now());
    throw new RequestError(response.status, problem, retryAfter);
  }
  const seq = response.headers.get("Event-Seq");
  return {
    status: response.status,
    // The one place where what came over the wire is believed to be what the API's description says.
    value: (call.text === true ? body : body === "" ? undefined : JSON.parse(body)) as T,
    seq: seq === null ? null : Number(seq),
    etag: response.headers.get("ETag"),
    replayed: response.headers.get("Idempotency-Replayed") === "true",
    nextAfter: response.headers.get("Next-After"),
  };
}

/** A server for tests of screens: answers by method and path, and remembers what it was asked. */

import { settings } from "../utilities/request";

export interface Asked {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly body: unknown;
  /** The header `If-Match`. */
  readonly ifMatch?: string;
  /** The header `Idempotency-Key`. */
  readonly key?: string;
}

export interface FakeAnswer {
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** `"POST /api/boards"` → what is answered; a function is asked each time, `null` is no network. */
export type FakeRoutes = Readonly<
  Record<string, FakeAnswer | null | ((asked: Asked) => FakeAnswer | null)>
>;

/** Puts itself in the network's place; what has no route is 404. */
export function fakeApi(routes: FakeRoutes): { readonly asked: Asked[] } {
  const asked: Asked[] = [];
  settings.fetch = (input, init) => {
    const [path = ""] = input.split("?");
    const body: unknown = typeof init.body === "string" ? JSON.parse(init.body) : undefined;
    const headers = new Headers(init.headers);
    const ifMatch = headers.get("If-Match") ?? undefined;
    const key = headers.get("Idempotency-Key") ?? undefined;
    const call = { method: init.method ?? "GET", path: input, body, ifMatch, key };
    asked.push(call);
    const route = routes[`${call.method} ${path}`];
    const answer = typeof route === "function" ? route(call) : route;
    if (answer === null) return Promise.reject(new TypeError("Network request failed"));
    const {
      status = 200,
      body: sent,
      headers: told,
    } = answer ?? problem(404, "not-found", "Unknown.");
    return Promise.resolve(
      new Response(sent === undefined ? null : JSON.stringify(sent), { status, headers: told }),
    );
  };
  return { asked };
}

/** A problem document (RFC 9457) as the server sends it. */
export function problem(
  status: number,
  type: string,
  detail: string,
  more: Readonly<Record<string, unknown>> = {},
  headers: Readonly<Record<string, string>> = {},
): FakeAnswer {
  return {
    status,
    headers,
    body: { type: `/problems/${type}`, title: type, status, detail, request_id: "1-1", ...more },
  };
}

/** A user as the server reports them. */
export function user(username: string) {
  return {
    id: username.length,
    username,
    display_name: username,
    role: "user" as const,
    created_at: "2026-11-01T08:00:00.000Z",
  };
}

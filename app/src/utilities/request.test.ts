/// <reference types="node" />
/** The HTTP client against a real HTTP server. */

import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import * as fc from "fast-check";
import { nodeFetch } from "../testing/node-fetch";
import { parseProblem, retryAfterOf } from "./problem";
import { catalogues } from "./texts";
import { errorText } from "./texts/errors";
import { useLanguageChoice } from "./texts/language";
import {
  NetworkError,
  RequestError,
  accounts,
  boards,
  fieldErrors,
  members,
  refusalWords,
  settings,
  tasks,
} from "./request";

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

type Handler = (request: Seen, response: ServerResponse, count: number) => void;

let server: Server;
let seen: Seen[] = [];
let handler: Handler;
const defaults = { ...settings };

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const { method, url, headers } = request;
      const one = { method, url, headers, body };
      seen.push(one);
      handler(one, response, seen.length);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});

beforeEach(() => {
  seen = [];
  Object.assign(settings, defaults, {
    server: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fetch: nodeFetch,
    timeout: 2_000,
  });
});

afterAll(() => new Promise((resolve) => server.close(resolve)));

function answers(status: number, value: unknown, headers: Record<string, string> = {}): Handler {
  return (_request, response) => {
    response.writeHead(status, headers);
    response.end(value === undefined ? undefined : JSON.stringify(value));
  };
}

async function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => "no failure",
    (error: unknown) => error,
  );
}

test("api: a problem document becomes a typed error with its faults at their fields", async () => {
  const problem = {
    type: "/problems/validation",
    title: "Validation failed",
    status: 422,
    detail: "2 members are wrong.",
    request_id: "abc-1",
    errors: [
      { pointer: "/title", detail: "is required" },
      { pointer: "/title", detail: "is a text" },
      { pointer: "/columns/1/name", detail: "is too long" },
      { pointer: "/fields/a~1b~0c", detail: "is odd" },
      { pointer: "/fields/d~01", detail: "is odder" },
      { pointer: "?limit", detail: "is too high" },
    ],
  };
  handler = answers(422, problem, { "Content-Type": "application/problem+json" });
  const error = await failure(tasks.add(7, { title: "" }));
  expect(error).toBeInstanceOf(RequestError);
  expect(error).toMatchObject({
    status: 422,
    type: "/problems/validation",
    title: "Validation failed",
    detail: "2 members are wrong.",
    message: "2 members are wrong.",
    requestId: "abc-1",
    retryAfter: null,
    problem,
  });
  expect(fieldErrors(error)).toEqual({
    title: "is required; is a text",
    "columns/1/name": "is too long",
    "fields/a/b~c": "is odd",
    "fields/d~1": "is odder",
    limit: "is too high",
  });
});

test("a rejection is shown by its reasons, not by their number", () => {
  const detail = "One field is not acceptable.";
  const errors = [{ pointer: "/status", detail: "is not a column of this board" }];
  const refusal = new RequestError(422, { detail, errors });
  expect(refusalWords(refusal)).toBe("Column: is not a column of this board");
  expect(refusalWords(new RequestError(409, { detail }))).toBe(detail);
});

test("a refusal names the field as the app does in its language, and leaves the rest as it is", () => {
  useLanguageChoice.setState("de");
  const errors = [
    { pointer: "/columns/1/name", detail: "must not be empty" },
    { pointer: "/elsewhere", detail: "is odd" },
    { pointer: "", detail: "must be a JSON object" },
  ];
  expect(refusalWords(new RequestError(422, { errors }))).toBe(
    "Spalten/1/name: darf nicht leer sein; elsewhere: is odd; must be a JSON object",
  );
  useLanguageChoice.setState("en");
});

test("a rejection is shown in the reader's language by its type", () => {
  const refusal = new RequestError(403, {
    type: "/problems/forbidden",
    detail: "This needs the role editor.",
  });
  expect(refusalWords(refusal)).toBe("This needs the role editor.");
  useLanguageChoice.setState("de");
  expect(refusalWords(refusal)).toBe("Dazu haben Sie auf diesem Board nicht das Recht.");
  const unknown = new RequestError(418, { type: "/problems/teapot", detail: "A teapot." });
  expect(refusalWords(unknown)).toBe("A teapot.");
  useLanguageChoice.setState("en");
});

test.each([
  [500, /^The server, or the way to it, is not working \(HTTP 500\)\.$/u, /gestört \(HTTP 500/u],
  [502, /not working \(HTTP 502\)/u, /gestört \(HTTP 502/u],
  [431, /^That is more than the server accepts at once \(HTTP 431\)\.$/u, /auf einmal .*431/u],
  [418, /^The server refused this without saying why \(HTTP 418\)\.$/u, /Begründung .*418/u],
])(
  "an answer %i that is no problem document is an error in a sentence all the same",
  async (status, english, german) => {
    handler = (_request, response) => response.writeHead(status).end("<html>");
    const error = await failure(boards.create({ name: "x" }));
    expect(error).toMatchObject({ status, type: "about:blank", errors: [] });
    expect(errorText(error, catalogues.en)).toMatch(english);
    useLanguageChoice.setState("de");
    expect(refusalWords(new RequestError(status, {}))).toMatch(german);
    useLanguageChoice.setState("en");
  },
);

test("api: a PATCH is a merge patch with `If-Match`, and returns which event it made", async () => {
  handler = answers(200, { id: 3 }, { "Event-Seq": "12", ETag: '"5"' });
  const answer = await tasks.change(7, 3, { title: "New", assigned_to: null }, 4);
  const told = { status: 200, seq: 12, etag: '"5"', replayed: false, nextAfter: null };
  expect(answer).toEqual({ ...told, value: { id: 3 } });
  expect(seen).toMatchObject([
    {
      method: "PATCH",
      url: "/api/boards/7/tasks/3",
      headers: { "if-match": '"4"', "content-type": "application/merge-patch+json" },
      body: '{"title":"New","assigned_to":null}',
    },
  ]);
});

test("api: a POST carries its idempotency key, and a replay is recognised", async () => {
  handler = answers(201, { id: 3 }, { "Idempotency-Replayed": "true" });
  const answer = await tasks.add(7, { title: "New" }, { key: "k-1" });
  expect([answer.replayed, answer.seq]).toEqual([true, null]);
  expect(seen[0]?.headers).toMatchObject({
    "idempotency-key": "k-1",
    "content-type": "application/json",
  });
});

test("names and filters are escaped in addresses; filters that are not set are left out", async () => {
  handler = answers(200, { items: [], next_cursor: null });
  await members.set(7, "a/b?c", "viewer");
  await tasks.list(7, { q: "a&b=c d", status: undefined, limit: 5 });
  expect(seen.map(({ url }) => url)).toEqual([
    "/api/boards/7/members/a%2Fb%3Fc",
    "/api/boards/7/tasks?q=a%26b%3Dc+d&limit=5",
  ]);
});

test("a phone sends its token; the web sends none", async () => {
  handler = answers(200, { items: [], next_cursor: null });
  await boards.list();
  settings.token = "t0ken";
  await boards.list();
  expect(seen.map(({ headers }) => headers.authorization)).toEqual([undefined, "Bearer t0ken"]);
});

test("a read is tried again after a 503 and after silence; a write is not", async () => {
  handler = (request, response, count) => {
    if (count === 1) {
      response.writeHead(503, { "Retry-After": "0" }).end("{}");
    } else if (count === 2) {
      response.destroy();
    } else {
      answers(200, { items: [], next_cursor: null })(request, response, count);
    }
  };
  await boards.list();
  expect(seen).toHaveLength(3);
  handler = answers(503, {});
  expect(await failure(boards.create({ name: "x" }))).toMatchObject({ status: 503 });
  expect(seen).toHaveLength(4);
});

test("a read is not tried again where that cannot help, nor where the server asks for patience", async () => {
  for (const [status, headers] of [
    [404, {}],
    [429, { "Retry-After": "1" }],
    [503, { "Retry-After": "60" }],
  ] as const) {
    seen = [];
    handler = answers(status, { type: "/problems/any" }, headers);
    expect(await failure(boards.read(7))).toBeInstanceOf(RequestError);
    expect(seen).toHaveLength(1);
  }
});

test.each([401, 404, 410])(
  "a %i that is not the server's own is no word about a board or a login",
  async (status) => {
    let told = 0;
    settings.onUnauthorized = () => (told += 1);
    for (const body of ["<h1>Not here</h1>", { status: "error" }, { type: "about:blank" }]) {
      handler = answers(status, body, {});
      expect(await failure(boards.change(7, { name: "Trip" }))).toBeInstanceOf(NetworkError);
    }
    expect(told).toBe(0);
  },
);

test("silence beyond the timeout is a `NetworkError` that says so", async () => {
  settings.timeout = 50;
  handler = () => undefined;
  const error = await failure(boards.list());
  expect(error).toBeInstanceOf(NetworkError);
  expect(error).toMatchObject({ timedOut: true });
  server.closeAllConnections();
});

test("a large body has the time that a slow line takes for it", async () => {
  settings.timeout = 50;
  handler = (_request, response) => {
    setTimeout(() => response.end("{}"), 150);
  };
  const name = "x".repeat(100_000);
  expect(await failure(boards.change(7, { name }))).toBe("no failure");
});

test("half a character is sent as the one that says so", async () => {
  handler = answers(200, {}, {});
  await tasks.change(7, 1, {
    title: "Cut \ud83d off \ud83d\ude00",
    fields: { "\ude00": ["\ude00"] },
  });
  expect(JSON.parse(seen[0]?.body ?? "")).toEqual({
    title: "Cut \ufffd off \ud83d\ude00",
    fields: { "\ufffd": ["\ufffd"] },
  });
});

test("a 401 of the session is reported to the session store; one about the input is not", async () => {
  let told = 0;
  settings.onUnauthorized = () => (told += 1);
  handler = answers(401, { type: "/problems/unauthorized", login: "/login" });
  await failure(boards.list());
  expect(told).toBe(1);
  await failure(accounts.logIn({ username: "ada", password: "wrong" }));
  await failure(accounts.changeMe({ password: "new password", current_password: "wrong" }));
  await failure(accounts.readMe());
  expect(told).toBe(1);
});

test("204 has no value", async () => {
  handler = answers(204, undefined);
  expect(await boards.delete(7)).toBeUndefined();
});

test("`Retry-After` is seconds or a date; nonsense is nothing", () => {
  const now = Date.parse("2026-01-09T17:00:00Z");
  expect(retryAfterOf("30", now)).toBe(30_000);
  expect(retryAfterOf("Fri, 09 Jan 2026 17:01:00 GMT", now)).toBe(60_000);
  expect(retryAfterOf("Fri, 09 Jan 2026 16:00:00 GMT", now)).toBe(0);
  expect([retryAfterOf(null, now), retryAfterOf("", now), retryAfterOf("soon", now)]).toEqual([
    null,
    null,
    null,
  ]);
});

test("no text that a server may send is more than a problem can be made of", () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.json()),
      fc.integer({ min: 400, max: 599 }),
      (text, status) => {
        const error = new RequestError(status, parseProblem(text));
        expect(typeof error.detail).toBe("string");
        expect(Object.values(fieldErrors(error)).every((told) => typeof told === "string")).toBe(
          true,
        );
      },
    ),
  );
});

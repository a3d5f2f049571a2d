/// <reference types="node" />
/** The service worker of `public/`, run as a browser runs it: install, update, requests with and without a network. */

import { readFileSync } from "node:fs";
import { join } from "node:path";

const SOURCE = readFileSync(join(__dirname, "../../public/service-worker.js"), "utf8");
const PAGE = readFileSync(join(__dirname, "../../public/index.html"), "utf8");
const ORIGIN = "https://boards.example";

interface FakeRequest {
  readonly url: string;
  readonly method: string;
  readonly mode: string;
}

const pathOf = (what: string | FakeRequest) =>
  new URL(typeof what === "string" ? what : what.url, ORIGIN).pathname;

/** The caches of one origin, by name and path; they outlive a worker, and refuse what a browser's do. */
class FakeCaches {
  readonly byName = new Map<string, Map<string, Response>>();

  paths(): string[] {
    return [...this.byName.values()].flatMap((entries) => [...entries.keys()]).sort();
  }

  open(name: string) {
    const entries = this.byName.get(name) ?? new Map<string, Response>();
    this.byName.set(name, entries);
    return Promise.resolve({
      match: (what: string | FakeRequest) => Promise.resolve(entries.get(pathOf(what))?.clone()),
      put: async (what: string | FakeRequest, answer: Response) => {
        const method = typeof what === "string" ? "GET" : what.method;
        if (method !== "GET" || answer.status === 206 || answer.headers.get("Vary") === "*") {
          throw new TypeError("Failed to execute 'put' on 'Cache'");
        }
        // Reads it, as the browser does: a body that was read before is refused.
        const body = await answer.arrayBuffer();
        const { status, headers } = answer;
        entries.set(pathOf(what), new Response(body, { status, headers }));
      },
      delete: (what: FakeRequest) => Promise.resolve(entries.delete(pathOf(what))),
      keys: () => Promise.resolve([...entries.keys()].map((path) => ({ url: ORIGIN + path }))),
    });
  }
}

const html = (script: string) => ({
  type: "text/html; charset=utf-8",
  body: PAGE.replace("</body>", `<script src="/_expo/${script}.js"></script></body>`),
});
const text = (body: string) => ({ type: "text/plain", body });
const files = { "/page.css": text("css"), "/react-native.css": text(""), "/favicon.svg": text("") };
const FILES = Object.keys(files);

interface Served {
  readonly type: string;
  readonly body: string;
  readonly status?: number;
  /** It is elsewhere, and the browser was led there. */
  readonly redirected?: boolean;
}

const MISSING: Served = { ...text("not found"), status: 404 };

/** What the server has, by path; `null`: no network at all. `slow`: it does not answer. */
let server: Record<string, Served> | null;
let slow: Promise<void> | null;
let fetched: string[];
let caches: FakeCaches;
let listeners: Map<string, (event: object) => void>;
let claimed: number;
let skipped: number;

async function fetchFake(
  what: string | FakeRequest,
  { redirect = "follow" }: RequestInit = {},
): Promise<Response> {
  const path = pathOf(what);
  fetched.push(path);
  if (slow) {
    await slow;
  }
  if (server === null) {
    throw new TypeError("Failed to fetch");
  }
  // The server answers every path of the app with its one page.
  const found = server[path] ?? (path.startsWith("/_expo/") ? undefined : server["/"]);
  const { type, body, status = 200, redirected = false } = found ?? MISSING;
  if (redirected && redirect === "error") {
    throw new TypeError("Failed to fetch");
  }
  const answer = new Response(body, { status, headers: { "Content-Type": type } });
  return Object.defineProperty(answer, "redirected", { value: redirected });
}

/** Starts the worker's script, as at each visit: nothing but the caches is left of the one before. */
function start(): void {
  listeners = new Map();
  const self = {
    location: { origin: ORIGIN },
    addEventListener: (type: string, listener: (event: object) => void) =>
      listeners.set(type, listener),
    skipWaiting: () => Promise.resolve((skipped += 1)),
    clients: { claim: () => Promise.resolve((claimed += 1)) },
  };
  // The script is not a module: what a worker has as globals is handed in.
  new Function("self", "caches", "fetch", SOURCE)(self, caches, fetchFake);
}

async function happens(type: "install" | "activate"): Promise<void> {
  const { waitUntil, done } = lifetime();
  listeners.get(type)?.({ waitUntil });
  await done();
}

/** As long as an event of the worker lasts; what comes later is refused (Service Workers, 4.4.1). */
function lifetime() {
  const work: Promise<unknown>[] = [];
  let over = false;
  return {
    waitUntil: (more: Promise<unknown>) => {
      if (over) {
        throw new DOMException("The event handler is already finished", "InvalidStateError");
      }
      work.push(more);
    },
    /** Resolves when all is done that was begun in time. */
    done: async () => {
      for (let count = 0; count < work.length; count = work.length) {
        await Promise.all(work);
      }
      over = true;
    },
  };
}

interface Answered {
  readonly status: number;
  readonly body: string;
}

/**
 * What a page gets for a request; `null`: the worker leaves it to the browser.
 *
 * @param left collects what the worker still has to do when the page has its answer
 */
async function request(
  path: string,
  more: Partial<FakeRequest> = {},
  left: Promise<unknown>[] = [],
): Promise<Answered | null> {
  const { waitUntil, done } = lifetime();
  const answers: Promise<Response>[] = [];
  listeners.get("fetch")?.({
    request: { url: new URL(path, ORIGIN).href, method: "GET", mode: "cors", ...more },
    waitUntil,
    respondWith: (given: Promise<Response>) => {
      answers.push(given);
      waitUntil(given.catch(() => undefined));
    },
  });
  const ended = done();
  left.push(ended);
  const response = await answers[0];
  if (slow === null) {
    await ended;
  }
  if (response?.redirected === true && more.mode === "navigate") {
    throw new TypeError("a redirected response was used for a request that is not to follow");
  }
  return response === undefined ? null : { status: response.status, body: await response.text() };
}

const navigate = (path: string) => request(path, { mode: "navigate" });

beforeEach(() => {
  slow = null;
  fetched = [];
  claimed = 0;
  skipped = 0;
  caches = new FakeCaches();
  server = {
    ...files,
    "/": html("one"),
    "/_expo/one.js": text("one"),
    "/api/boards": { type: "application/json", body: "[]" },
  };
  start();
});

test("install keeps the page with all that it needs, and takes over at once", async () => {
  await happens("install");
  await happens("activate");
  expect(caches.paths()).toEqual(["/", "/_expo/one.js", ...FILES].sort());
  expect([skipped, claimed]).toEqual([1, 1]);
});

test("without a network every path of the app opens with the page that is kept", async () => {
  await happens("install");
  server = null;
  start();
  for (const path of ["/", "/boards/7", "/quick-win/boards/3/tasks/12", "/login?next=/boards/7"]) {
    expect((await navigate(path))?.body).toBe(html("one").body);
  }
  expect((await request("/_expo/one.js"))?.body).toBe("one");
  expect((await request("/page.css"))?.body).toBe("css");
});

test("a server that answers too late, or with a failure, does not keep the page from opening", async () => {
  await happens("install");
  server = { "/": { ...text("down"), status: 503 } };
  expect((await navigate("/boards/7"))?.body).toBe(html("one").body);
  jest.useFakeTimers();
  slow = new Promise(() => undefined);
  const opening = [navigate("/boards/7"), request("/page.css")];
  await jest.advanceTimersByTimeAsync(3_000);
  expect((await opening[0])?.body).toBe(html("one").body);
  expect((await opening[1])?.body).toBe("css");
  jest.useRealTimers();
});

test("a page that arrives too late is cached for the next time, and the one shown instead finds its script", async () => {
  await happens("install");
  server = { ...files, "/": html("two"), "/_expo/two.js": text("two") };
  jest.useFakeTimers();
  let answer = () => {};
  slow = new Promise((resolve) => (answer = resolve));
  const left: Promise<unknown>[] = [];
  const opening = request("/boards", { mode: "navigate" }, left);
  await jest.advanceTimersByTimeAsync(3_000);
  expect((await opening)?.body).toBe(html("one").body);
  jest.useRealTimers();
  answer();
  await Promise.all(left);
  slow = null;
  server = null;
  expect((await request("/_expo/one.js"))?.body).toBe("one");
  expect((await navigate("/boards"))?.body).toBe(html("two").body);
});

test("a new page replaces the old one with everything it needs; what only older pages needed is removed", async () => {
  await happens("install");
  for (const [now, paths] of [
    ["two", ["/_expo/one.js", "/_expo/two.js"]],
    ["three", ["/_expo/three.js", "/_expo/two.js"]],
  ] as const) {
    server = { ...files, "/": html(now), [`/_expo/${now}.js`]: text(now) };
    start();
    expect((await navigate("/boards"))?.body).toBe(html(now).body);
    expect(caches.paths()).toEqual(["/", ...paths, ...FILES].sort());
  }
  server = null;
  expect((await navigate("/boards"))?.body).toBe(html("three").body);
});

test("a new page whose script cannot be had does not take the old one's place", async () => {
  await happens("install");
  server = { ...files, "/": html("two") };
  await navigate("/boards").catch(() => undefined);
  server = null;
  expect((await navigate("/boards"))?.body).toBe(html("one").body);
  expect((await request("/_expo/one.js"))?.body).toBe("one");
});

const logIn = { type: "text/html", body: "<h1>Log in to the network</h1>" };

test.each<[string, Record<string, Served>]>([
  ["answers with a page of its own", { "/": logIn }],
  ["leads elsewhere", { "/": { ...logIn, redirected: true } }],
  ["leads our page elsewhere", { ...files, "/": { ...html("two"), redirected: true } }],
  ["wants a login", { "/": { ...logIn, status: 401 } }],
  [
    "answers for a script with a page",
    { ...files, "/": html("two"), "/_expo/two.js": { ...logIn, redirected: true } },
  ],
  [
    "answers for a script with a page, at its address",
    { ...files, "/": html("two"), "/_expo/two.js": logIn },
  ],
])("a network or a server that %s does not take the kept page's place", async (_, given) => {
  await happens("install");
  server = given;
  start();
  await happens("install").catch(() => undefined);
  await navigate("/boards").catch(() => undefined);
  await request("/page.css");
  server = null;
  expect((await navigate("/boards"))?.body).toBe(html("one").body);
  expect((await request("/_expo/one.js"))?.body).toBe("one");
  expect((await request("/page.css"))?.body).toBe("css");
});

test("what has a hash in its name is asked for once; the rest is the server's while it answers", async () => {
  await happens("install");
  fetched = [];
  await request("/_expo/one.js");
  expect(fetched).toEqual([]);
  server = { "/page.css": text("newer") };
  expect((await request("/page.css"))?.body).toBe("newer");
  server = null;
  expect((await request("/page.css"))?.body).toBe("newer");
});

test("a part that was loaded when it was needed is there without a network, until there is another page", async () => {
  await happens("install");
  server = { ...server, "/_expo/part.js": text("part") };
  expect((await request("/_expo/part.js"))?.body).toBe("part");
  server = null;
  start();
  expect((await request("/_expo/part.js"))?.body).toBe("part");
  server = { ...files, "/": html("two"), "/_expo/two.js": text("two") };
  await navigate("/boards");
  expect(caches.paths()).not.toContain("/_expo/part.js");
  expect(await request("/_expo/part.js")).toEqual({ status: 404, body: "not found" });
  expect(caches.paths()).not.toContain("/_expo/part.js");
});

test("nothing of the API, no other origin and no write is handled here, or ever cached", async () => {
  await happens("install");
  const foreign = ["/api/boards", "/api", "/docs", "/healthz", "/readyz", "/config.json", "/ws"];
  for (const path of [...foreign, "/sse/boards/7", "https://elsewhere.example/_expo/one.js"]) {
    expect(await request(path)).toBeNull();
  }
  expect(await navigate("/api/boards")).toBeNull();
  expect(await request("/boards", { method: "POST" })).toBeNull();
  expect(caches.paths()).toEqual(["/", "/_expo/one.js", ...FILES].sort());
});

test("the first visit without a network fails as it would without a worker", async () => {
  server = null;
  await expect(navigate("/")).rejects.toThrow("Failed to fetch");
  await expect(request("/favicon.svg")).rejects.toThrow("Failed to fetch");
});

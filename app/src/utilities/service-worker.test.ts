/// <reference types="node" />
/** The service worker of `public/`, run as a browser runs it: install, update, requests with and without a network. */

import { readFileSync } from "node:fs";
import { join } from "node:path";

const SOURCE = readFileSync(join(__dirname, "../../public/service-worker.js"), "utf8");
const ORIGIN = "https://boards.example";

interface FakeRequest {
  readonly url: string;
  readonly method: string;
  readonly mode: string;
}

const pathOf = (what: string | FakeRequest) =>
  new URL(typeof what === "string" ? what : what.url, ORIGIN).pathname;

/** The caches of one origin, by name and path; they outlive a worker. */
class FakeCaches {
  readonly byName = new Map<string, Map<string, Response>>();

  constructor(private readonly fetch: (what: string) => Promise<Response>) {}

  paths(): string[] {
    return [...this.byName.values()].flatMap((entries) => [...entries.keys()]).sort();
  }

  open(name: string) {
    const entries = this.byName.get(name) ?? new Map<string, Response>();
    this.byName.set(name, entries);
    return Promise.resolve({
      match: (what: string | FakeRequest) => Promise.resolve(entries.get(pathOf(what))?.clone()),
      put: (what: string, answer: Response) => Promise.resolve(entries.set(pathOf(what), answer)),
      delete: (what: FakeRequest) => Promise.resolve(entries.delete(pathOf(what))),
      keys: () => Promise.resolve([...entries.keys()].map((path) => ({ url: ORIGIN + path }))),
      addAll: async (paths: readonly string[]) => {
        const answers = await Promise.all(paths.map((path) => this.fetch(path)));
        if (answers.some(({ ok }) => !ok)) {
          throw new TypeError("not all could be had");
        }
        paths.forEach((path, index) => {
          const answer = answers[index];
          return answer && entries.set(path, answer);
        });
      },
    });
  }
}

const html = (script: string) => ({
  type: "text/html; charset=utf-8",
  body: `<link rel="stylesheet" href="/page.css"><script src="/_expo/${script}.js"></script>`,
});
const text = (body: string) => ({ type: "text/plain", body });

/** What the server has, by path; `null`: no network at all. `slow`: it does not answer. */
let server: Record<string, { type: string; body: string; status?: number }> | null;
let slow: boolean;
let fetched: string[];
let caches: FakeCaches;
let listeners: Map<string, (event: object) => void>;
let claimed: number;
let skipped: number;

function fetchFake(what: string | FakeRequest): Promise<Response> {
  const path = pathOf(what);
  fetched.push(path);
  if (slow) {
    return new Promise(() => undefined);
  }
  if (server === null) {
    return Promise.reject(new TypeError("Failed to fetch"));
  }
  // The server answers every path of the app with its one page.
  const found = server[path] ?? (path.startsWith("/_expo/") ? undefined : server["/"]);
  const { type, body, status = 200 } = found ?? { ...text("not found"), status: 404 };
  return Promise.resolve(new Response(body, { status, headers: { "Content-Type": type } }));
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
  const waits: Promise<unknown>[] = [];
  listeners.get(type)?.({ waitUntil: (work: Promise<unknown>) => waits.push(work) });
  await Promise.all(waits);
}

interface Answered {
  readonly status: number;
  readonly body: string;
}

/** What a page gets for a request; `null`: the worker leaves it to the browser. */
async function request(path: string, more: Partial<FakeRequest> = {}): Promise<Answered | null> {
  const waits: Promise<unknown>[] = [];
  const answers: Promise<Response>[] = [];
  listeners.get("fetch")?.({
    request: { url: new URL(path, ORIGIN).href, method: "GET", mode: "cors", ...more },
    waitUntil: (work: Promise<unknown>) => waits.push(work),
    respondWith: (given: Promise<Response>) => answers.push(given),
  });
  const response = await answers[0];
  await Promise.all(waits);
  return response === undefined ? null : { status: response.status, body: await response.text() };
}

const navigate = (path: string) => request(path, { mode: "navigate" });

beforeEach(() => {
  slow = false;
  fetched = [];
  claimed = 0;
  skipped = 0;
  caches = new FakeCaches(fetchFake);
  server = {
    "/": html("one"),
    "/page.css": text("css"),
    "/_expo/one.js": text("one"),
    "/api/boards": { type: "application/json", body: "[]" },
  };
  start();
});

test("install keeps the page with all that it needs, and takes over at once", async () => {
  await happens("install");
  await happens("activate");
  expect(caches.paths()).toEqual(["/", "/_expo/one.js", "/page.css"]);
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
  slow = true;
  const opening = navigate("/boards/7");
  await jest.advanceTimersByTimeAsync(3_000);
  expect((await opening)?.body).toBe(html("one").body);
  jest.useRealTimers();
});

test("a new page takes the old one's place with what it needs, and what only the old one needed goes", async () => {
  await happens("install");
  server = { "/": html("two"), "/page.css": text("css"), "/_expo/two.js": text("two") };
  expect((await navigate("/boards"))?.body).toBe(html("two").body);
  expect(caches.paths()).toEqual(["/", "/_expo/two.js", "/page.css"]);
  server = null;
  expect((await navigate("/boards"))?.body).toBe(html("two").body);
});

test("a new page whose script cannot be had does not take the old one's place", async () => {
  await happens("install");
  server = { "/": html("two"), "/page.css": text("css") };
  await navigate("/boards").catch(() => undefined);
  server = null;
  expect((await navigate("/boards"))?.body).toBe(html("one").body);
  expect((await request("/_expo/one.js"))?.body).toBe("one");
});

test("what has a hash in its name is asked for once; the rest is the server's while it answers", async () => {
  await happens("install");
  fetched = [];
  await request("/_expo/one.js");
  expect(fetched).toEqual([]);
  server = { "/page.css": text("newer") };
  expect((await request("/page.css"))?.body).toBe("newer");
});

test("nothing of the API, nothing foreign and no write goes through here, or is ever kept", async () => {
  await happens("install");
  const foreign = ["/api/boards", "/api", "/docs", "/healthz", "/readyz", "/config.json", "/ws"];
  for (const path of [...foreign, "/sse/boards/7", "https://elsewhere.example/_expo/one.js"]) {
    expect(await request(path)).toBeNull();
  }
  expect(await navigate("/api/boards")).toBeNull();
  expect(await request("/boards", { method: "POST" })).toBeNull();
  expect(caches.paths()).toEqual(["/", "/_expo/one.js", "/page.css"]);
});

test("the first visit without a network fails as it would without a worker", async () => {
  server = null;
  await expect(navigate("/")).rejects.toThrow("Failed to fetch");
  await expect(request("/favicon.svg")).rejects.toThrow("Failed to fetch");
});

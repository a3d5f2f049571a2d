/**
 * Keeps the page itself (its HTML, script and styles), so that it opens without network; what the page
 * shows is kept by the page. Nothing of the API goes through here.
 */

const CACHE = "taskboard-page";
/** One HTML is the answer to every path of the app. */
const PAGE = "/";
/** Paths that are not the app's: they go to the server, and to nothing else. */
const FOREIGN = /^\/(api|docs|healthz|readyz|config\.json|ws|sse)\b/u;
/** Names that contain a hash of what they name never change. */
const HASHED = /^\/_expo\//u;
/** How long a server may take before the page kept here is shown, in milliseconds. */
const PATIENCE = 3000;

self.addEventListener("install", (event) => {
  event.waitUntil(keepNewPage().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(self.clients.claim());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin || FOREIGN.test(pathname)) {
    return;
  }
  if (request.mode === "navigate") {
    event.respondWith(fresh(event, PAGE, keepPage));
  } else if (HASHED.test(pathname)) {
    event.respondWith(kept(request).then((answer) => answer ?? loaded(event)));
  } else {
    event.respondWith(fresh(event, request, renew));
  }
});

/**
 * What the server answers; where it has nothing in time, or fails, what is kept under `name`.
 *
 * @param keep is given a copy of the server's answer, whenever it comes
 */
async function fresh(event, name, keep) {
  const answer = fetch(event.request);
  // Now: once the page is answered the browser takes no more work for this event.
  event.waitUntil(answer.then((given) => keep(given.clone(), name)).catch(() => undefined));
  const old = await kept(name);
  if (old === undefined) {
    return answer;
  }
  const inTime = await Promise.race([answer.catch(() => null), pause(PATIENCE)]);
  return inTime !== null && inTime.status < 500 ? inTime : old;
}

async function keepNewPage() {
  await keepPage(await fetch(PAGE, { cache: "no-store" }));
}

/** First what the page needs, then the page; what neither it nor the one before needs is let go. */
async function keepPage(answer) {
  if (!isWhole(answer) || !isHtml(answer)) {
    return;
  }
  const html = await answer.clone().text();
  const needed = neededBy(html);
  const old = await (await kept(PAGE))?.text();
  // A log-in page or a network's own page is no page of ours: ours has its script.
  if (html === old || !needed.some((path) => HASHED.test(path))) {
    return;
  }
  const parts = await Promise.all(needed.map(part));
  const cache = await caches.open(CACHE);
  for (const [index, path] of needed.entries()) {
    await cache.put(path, parts[index]);
  }
  await cache.put(PAGE, answer);
  // The page before may be on its way to somebody, and asks for its script then.
  const wanted = new Set([PAGE, ...needed, ...neededBy(old ?? "")]);
  const keys = await cache.keys();
  const outdated = keys.filter(({ url }) => !wanted.has(new URL(url).pathname));
  await Promise.all(outdated.map((request) => cache.delete(request)));
}

/** The paths that a page names, each once. */
function neededBy(html) {
  const named = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/gu)].map((match) => match[1]);
  return [...new Set(named)];
}

/** @throws TypeError it cannot be had: a server that wants a login first answers with that page */
async function part(path) {
  const answer = await fetch(path, { redirect: "error" });
  if (!isWhole(answer) || isHtml(answer)) {
    throw new TypeError(`${path} cannot be had`);
  }
  return answer;
}

/** A part of the app that the page does not name: kept once it was needed, until there is another page. */
async function loaded(event) {
  const answer = await fetch(event.request);
  if (isWhole(answer) && !isHtml(answer)) {
    const copy = answer.clone();
    event.waitUntil(caches.open(CACHE).then((cache) => cache.put(event.request, copy)));
  }
  return answer;
}

/** What a page needs and what has no hash in its name may change without the page. */
async function renew(answer, request) {
  if (isWhole(answer) && !isHtml(answer) && (await kept(request)) !== undefined) {
    const cache = await caches.open(CACHE);
    await cache.put(request, answer);
  }
}

async function kept(request) {
  const cache = await caches.open(CACHE);
  return cache.match(request);
}

/** Whether it is the answer of this very address. One that was led elsewhere answers no navigation. */
function isWhole(answer) {
  return answer.status === 200 && !answer.redirected;
}

function isHtml(answer) {
  return (answer.headers.get("Content-Type") ?? "").startsWith("text/html");
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(() => resolve(null), milliseconds));
}

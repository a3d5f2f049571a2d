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
    event.respondWith(page(event));
  } else if (HASHED.test(pathname)) {
    event.respondWith(kept(request).then((answer) => answer ?? fetch(request)));
  } else {
    event.respondWith(fetch(request).catch(async (error) => (await kept(request)) ?? raise(error)));
  }
});

/** The server's page; where there is none in time, the one kept. */
async function page(event) {
  const fresh = fetch(event.request).then((answer) => {
    if (answer.ok && isHtml(answer)) {
      event.waitUntil(keep(answer.clone()));
    }
    return answer;
  });
  const old = await kept(PAGE);
  if (old === undefined) {
    return fresh;
  }
  const inTime = await Promise.race([fresh.catch(() => null), pause(PATIENCE)]);
  return inTime !== null && inTime.status < 500 ? inTime : old;
}

async function keepNewPage() {
  const answer = await fetch(PAGE, { cache: "no-store" });
  if (answer.ok && isHtml(answer)) {
    await keep(answer);
  }
}

/** First what the page needs, then the page, then what only the one before needed is let go. */
async function keep(answer) {
  const cache = await caches.open(CACHE);
  const html = await answer.clone().text();
  const needed = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/gu)].map((match) => match[1]);
  const old = await cache.match(PAGE);
  if (old !== undefined && (await old.text()) === html) {
    return;
  }
  await cache.addAll(needed);
  await cache.put(PAGE, answer);
  const wanted = new Set([PAGE, ...needed]);
  const keys = await cache.keys();
  const outdated = keys.filter(({ url }) => !wanted.has(new URL(url).pathname));
  await Promise.all(outdated.map((request) => cache.delete(request)));
}

async function kept(request) {
  const cache = await caches.open(CACHE);
  return cache.match(request);
}

function isHtml(answer) {
  return (answer.headers.get("Content-Type") ?? "").startsWith("text/html");
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(() => resolve(null), milliseconds));
}

function raise(error) {
  throw error;
}

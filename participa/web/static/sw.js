/**
 * Works between the pages and the network: keeps the threads read last, as a visitor sees them,
 * and sends what was written without a connection, once.
 */

/** @typedef {import("./types.js").Entry} Entry */

const worker = /** @type {any} */ (self);
const PAGES = "hilos-1";
const ASSETS = "partes-1";
const MOST_PAGES = 20;
const MOST_ASSETS = 60;
const KEEP_EVERY_MS = 60000;
const THREAD = /^\/(hilos|apartados)\/\d+$/;
const LANGUAGE = /<html lang="(\w+)"/;
/** What a kept page needs, though parts of it were not needed while there was a connection. */
const PARTS = ["app.css", "live.js", "conversation.js", "writing.js", "publishing.js", "offline.js"];
const OUTBOX = "outbox";
const RESULTS = "results";
/** @type {Map<string, number>} */
const keptAt = new Map();

worker.addEventListener("install", () => worker.skipWaiting());
worker.addEventListener("activate", (/** @type {any} */ event) => {
  event.waitUntil(worker.clients.claim());
});

worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname.startsWith("/static/")) event.respondWith(asset(request));
  else if (request.mode === "navigate") event.respondWith(page(event, url));
});

worker.addEventListener("message", (/** @type {any} */ event) => {
  const acts = { keep, queue, flush: flushed, told, forget };
  const { type, ...what } = event.data;
  const act = acts[/** @type {keyof typeof acts} */ (type)];
  if (act) event.waitUntil(act(what).then((answer) => event.ports[0]?.postMessage(answer), () => {}));
});

worker.addEventListener("sync", (/** @type {any} */ event) => event.waitUntil(flushUnseen()));

/** @param {Request} request */
async function asset(request) {
  const cache = await caches.open(ASSETS);
  const kept = await cache.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await cache.put(request, answer.clone());
  return answer;
}

/**
 * @param {any} event
 * @param {URL} url
 */
async function page(event, url) {
  try {
    const answer = await fetch(event.request);
    if (answer.ok && THREAD.test(url.pathname)) {
      event.waitUntil(keepAnswer(url, answer.clone()).catch(() => {}));
    }
    return answer;
  } catch {
    return (await (await caches.open(PAGES)).match(url.pathname)) ?? noPage();
  }
}

/**
 * Pages of who is signed in, or with something else in their address, are never kept: the plain
 * page is read for that, as a visitor.
 * @param {URL} url
 * @param {Response} answer
 */
async function keepAnswer(url, answer) {
  if (answer.redirected) return;
  const isPlain = !url.search && !(answer.headers.get("Cache-Control") ?? "no-store").includes("no-store");
  if (isPlain) await put(url.pathname, answer);
  else await keepAsVisitor(url.pathname, LANGUAGE.exec(await answer.text())?.[1] ?? "es");
}

/**
 * @param {string} path
 * @param {string} lang
 */
async function keepAsVisitor(path, lang) {
  const before = keptAt.get(path) ?? 0;
  if (!THREAD.test(path) || Date.now() - before < KEEP_EVERY_MS) return;
  keptAt.set(path, Date.now());
  const answer = await fetch(`${path}?idioma=${lang}`, { credentials: "omit" });
  if (answer.ok && !answer.redirected) await put(path, answer);
}

/**
 * @param {string} path
 * @param {Response} answer
 */
async function put(path, answer) {
  const cache = await caches.open(PAGES);
  const html = await answer.text();
  const headers = new Headers(answer.headers);
  headers.delete("Content-Encoding");
  headers.delete("Content-Length");
  const marked = html.replace("<html ", `<html data-kept="${new Date().toISOString()}" `);
  await cache.delete(path);
  await cache.put(path, new Response(marked, { headers }));
  await trim(cache, MOST_PAGES);
}

/**
 * What was put last is at the end of the list.
 * @param {Cache} cache
 * @param {number} most
 */
async function trim(cache, most) {
  const keys = await cache.keys();
  await Promise.all(keys.slice(0, -most).map((old) => cache.delete(old)));
}

/**
 * Keeps the page that asks, which was perhaps read before there was a worker, and its parts.
 * @param {{path: string, lang: string, parts: string}} what
 */
async function keep({ path, lang, parts }) {
  const cache = await caches.open(ASSETS);
  const urls = PARTS.map((name) => new URL(name, parts).href);
  await Promise.all(urls.map(async (url) => await cache.match(url) ?? cache.add(url)));
  await trim(cache, MOST_ASSETS);
  await keepAsVisitor(path, lang);
}

/** Somebody signs out: nothing is left for who comes next. */
async function forget() {
  keptAt.clear();
  await caches.delete(PAGES);
  await inStore(OUTBOX, (store) => store.clear());
  await inStore(RESULTS, (store) => store.clear());
}

async function noPage() {
  const parts = await (await caches.open(ASSETS)).keys();
  const sheet = parts.map((each) => each.url).filter((url) => url.endsWith("app.css")).pop();
  const head = '<!doctype html><html lang="es"><meta charset="utf-8"><meta name="viewport" '
    + 'content="width=device-width, initial-scale=1"><title>Sin conexión</title>'
    + (sheet ? `<link rel="stylesheet" href="${sheet}">` : "");
  const words = "<h1>Sin conexión</h1><p>Esta página no quedó guardada en este equipo. Vuelva a "
    + 'intentarlo cuando tenga conexión.</p><p><a class="btn" href="">Volver a intentar</a></p>'
    + '<p lang="en">No connection. This page was not kept on this device. Try again when you are '
    + "connected.</p>";
  return new Response(`${head}<main><div class="wrap">${words}</div></main></html>`, {
    status: 503,
    headers: {
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy": "default-src 'none'; style-src 'self'",
    },
  });
}

/** @returns {Promise<IDBDatabase>} */
function database() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open("participa", 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore(OUTBOX, { keyPath: "key" });
      asked.result.createObjectStore(RESULTS, { keyPath: "number", autoIncrement: true });
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

/**
 * @param {string} name
 * @param {(store: IDBObjectStore) => IDBRequest} act
 * @returns {Promise<any>}
 */
async function inStore(name, act) {
  const open = await database();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = open.transaction(name, "readwrite");
      const asked = act(transaction.objectStore(name));
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    open.close();
  }
}

/** @param {{entry: Entry}} what */
async function queue({ entry }) {
  await inStore(OUTBOX, (store) => store.put(entry));
  return true;
}

/** @type {Promise<void>} */
let flushing = Promise.resolve();

/** Sends what waits, one round at a time, and gives what came of it and was not told yet. */
async function flushed() {
  flushing = flushing.catch(() => {}).then(sendAll);
  await flushing.catch(() => {});
  return inStore(RESULTS, (store) => store.getAll());
}

/** Sends while perhaps no page is open; one that is comes for the results. */
async function flushUnseen() {
  const results = await flushed();
  const pages = await worker.clients.matchAll({ type: "window" });
  if (results.length) pages.forEach((/** @type {any} */ each) => each.postMessage("results"));
}

async function sendAll() {
  for (const entry of await inStore(OUTBOX, (store) => store.getAll())) {
    const said = await sent(entry);
    if (!said) return;
    await inStore(RESULTS, (store) => store.add({ entry, said }));
    await inStore(OUTBOX, (store) => store.delete(entry.key));
  }
}

/**
 * Sends one entry. Nothing where there is still no connection or the server is not well: it is
 * tried again, and its key makes it count once. Its token is of who wrote it: in nobody else's name.
 * @param {Entry} entry
 */
async function sent(entry) {
  const headers = { Accept: "application/json" };
  try {
    const body = new URLSearchParams(entry.fields);
    const answer = await fetch(entry.url, { method: "POST", body, headers });
    return answer.status >= 500 || answer.status === 429 ? null : await answer.json();
  } catch {
    return null;
  }
}

/** @param {{numbers: number[]}} what */
async function told({ numbers }) {
  await Promise.all(numbers.map((number) => inStore(RESULTS, (store) => store.delete(number))));
}

/**
 * Works between the pages and the network: keeps the threads read last, as a visitor sees them,
 * and sends what was written without a connection, once.
 */

/** @typedef {{key: string, url: string, fields: string, path: string}} Entry */

const worker = /** @type {any} */ (self);
const PAGES = "hilos-1";
const ASSETS = "partes-1";
const MOST_PAGES = 20;
const KEEP_EVERY_MS = 60000;
const THREAD = /^\/(hilos|apartados)\/\d+$/;
const TOKEN = /name="csrf" value="([^"]+)"/;
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
    if (answer.ok && THREAD.test(url.pathname)) event.waitUntil(keepAnswer(url.pathname, answer.clone()));
    return answer;
  } catch {
    return (await keptPage(url.pathname)) ?? noPage();
  }
}

/**
 * Pages of who is signed in are never kept: the visitor's page is read for that.
 * @param {string} path
 * @param {Response} answer
 */
async function keepAnswer(path, answer) {
  if (answer.redirected) return;
  const isPublic = !(answer.headers.get("Cache-Control") ?? "").includes("no-store");
  if (isPublic) await put(path, answer);
  else await keepAsVisitor(path, "");
}

/**
 * @param {string} path
 * @param {string} lang
 */
async function keepAsVisitor(path, lang) {
  const before = keptAt.get(path) ?? 0;
  if (!THREAD.test(path) || Date.now() - before < KEEP_EVERY_MS) return;
  keptAt.set(path, Date.now());
  const query = lang ? `?idioma=${lang}` : "";
  const answer = await fetch(path + query, { credentials: "omit" });
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
  // The one read last goes to the end of the list.
  await cache.delete(path);
  await cache.put(path, new Response(marked, { headers }));
  const keys = await cache.keys();
  await Promise.all(keys.slice(0, -MOST_PAGES).map((old) => cache.delete(old)));
}

/** @param {string} path */
async function keptPage(path) {
  return (await caches.open(PAGES)).match(path);
}

function noPage() {
  const words = "<h1>Sin conexión</h1><p>Esta página no quedó guardada en este equipo. Vuelva a "
    + 'intentarlo cuando tenga conexión.</p><p lang="en">No connection. This page was not kept '
    + "on this device. Try again when you are connected.</p>";
  const head = '<!doctype html><html lang="es"><meta charset="utf-8"><meta name="viewport" '
    + 'content="width=device-width, initial-scale=1"><title>Sin conexión</title>';
  return new Response(`${head}<main>${words}</main></html>`, {
    status: 503,
    headers: { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": "default-src 'none'" },
  });
}

/** @returns {Promise<IDBDatabase>} */
function database() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open("participa", 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("outbox", { keyPath: "key" });
      asked.result.createObjectStore("results", { autoIncrement: true });
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

/**
 * @param {string} store
 * @param {(store: IDBObjectStore) => IDBRequest} act
 * @returns {Promise<any>}
 */
async function inStore(store, act) {
  const open = await database();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = open.transaction(store, "readwrite");
      const asked = act(transaction.objectStore(store));
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    open.close();
  }
}

worker.addEventListener("message", (/** @type {any} */ event) => {
  const { type, entry, path, lang } = event.data;
  if (type === "queue") event.waitUntil(queued(entry, event.ports[0]));
  if (type === "flush") event.waitUntil(flush());
  if (type === "keep") event.waitUntil(keepAsVisitor(path, lang).catch(() => {}));
});
worker.addEventListener("sync", (/** @type {any} */ event) => event.waitUntil(flush()));

/**
 * @param {Omit<Entry, "key">} entry
 * @param {MessagePort} port
 */
async function queued(entry, port) {
  const key = new URLSearchParams(entry.fields).get("request_key") ?? String(Date.now());
  await inStore("outbox", (store) => store.put({ ...entry, key }));
  port.postMessage("kept");
}

/** @type {Promise<void>} */
let flushing = Promise.resolve();

function flush() {
  flushing = flushing.catch(() => {}).then(sendAll);
  return flushing;
}

async function sendAll() {
  const entries = await inStore("outbox", (store) => store.getAll());
  for (const entry of entries) {
    const result = await sent(entry);
    if (!result) break;
    await inStore("results", (store) => store.add(result));
    await inStore("outbox", (store) => store.delete(entry.key));
  }
  await tellResults();
}

/**
 * Sends one entry. Nothing where there is still no connection or the server is not well: it is
 * tried again, and its key makes it count once.
 * @param {Entry} entry
 */
async function sent(entry) {
  const fields = new URLSearchParams(entry.fields);
  const text = fields.get("body") ?? "";
  try {
    if (!fields.get("csrf")) await addToken(entry.path, fields);
    const answer = await fetch(entry.url, {
      method: "POST", body: fields, headers: { Accept: "application/json" },
    });
    if (answer.status >= 500 || answer.status === 429) return null;
    const said = await answer.json();
    const words = Object.values(said.errors ?? {}).join(" ") || [said.title, said.advice].filter(Boolean).join(" ");
    return { id: answer.status === 201 ? said.id : "", words, to: said.to ?? "", path: entry.path, text };
  } catch {
    return null;
  }
}

/**
 * A page kept as a visitor sees it has no token; the one of whoever is signed in now is read.
 * @param {string} path
 * @param {URLSearchParams} fields
 */
async function addToken(path, fields) {
  const page = await (await fetch(path, { cache: "no-store" })).text();
  const token = TOKEN.exec(page);
  if (token) fields.set("csrf", token[1]);
}

/** Tells an open page what came of it; without one, it is told by the next. */
async function tellResults() {
  const pages = await worker.clients.matchAll({ type: "window" });
  if (!pages.length) return;
  const results = await inStore("results", (store) => store.getAll());
  if (!results.length) return;
  await inStore("results", (store) => store.clear());
  pages[0].postMessage({ type: "results", results });
}

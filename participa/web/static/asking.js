/** Asks again and again for what happened, where sockets are blocked on the way. */

/** @typedef {import("./types.js").Message} Message */
/** @typedef {import("./live.js").Stream} Stream */

const FIRST_MS = 10000;
const LONGEST_MS = 60000;
/** Every so many times the socket is tried again. */
const ASKS_BEFORE_LISTENING = 6;

let wait = FIRST_MS;
let etag = "";
let asked = 0;

/** @param {Stream} stream */
export async function ask(stream) {
  const before = stream.number;
  try {
    await fetchNews(stream);
    stream.bar.showOffline(false);
  } catch {
    stream.bar.showOffline(true);
  }
  const isIdle = stream.number === before || document.hidden;
  wait = isIdle ? Math.min(wait * 1.5, LONGEST_MS) : FIRST_MS;
  asked += 1;
  const listens = asked % ASKS_BEFORE_LISTENING === 0 && !document.hidden;
  if (!stream.socket) stream.later(() => (listens ? stream.connect() : stream.ask()), wait);
}

/** @param {Stream} stream */
async function fetchNews(stream) {
  const answer = await fetch(`/hilos/${stream.thread}/novedades?${stream.query()}`, {
    cache: "no-store",
    headers: { Accept: "application/json", "If-None-Match": etag },
  });
  if (answer.status === 404) stream.end("gone");
  if (answer.status !== 200) return;
  etag = answer.headers.get("ETag") ?? "";
  const news = await answer.json();
  news.messages.forEach((/** @type {Message} */ message) => stream.take(message));
  stream.number = Math.max(stream.number, news.n);
}

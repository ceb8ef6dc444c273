/**
 * Tells the reader of a thread that there is something new, and moves nothing by itself.
 *
 * The page works without this file. It announces a count; the words are read by reloading,
 * with the permission of that moment, at the place where the reader was.
 */

/** @typedef {{number: number, new: number}} News */

const RETRY_FIRST_MS = 1000;
const RETRY_LONGEST_MS = 60000;
/** A screen reader hears about news at most this often. */
const ANNOUNCE_EVERY_MS = 10000;

/**
 * @param {HTMLElement} place the hidden element that names the thread and the last event read
 * @param {HTMLElement} status the polite region for screen readers
 */
export function watch(place, status) {
  const button = /** @type {HTMLButtonElement} */ (place.querySelector("button"));
  const words = /** @type {HTMLElement} */ (place.querySelector("[data-words]"));
  let wait = RETRY_FIRST_MS;
  let announced = 0;

  /** @param {News} news */
  function tell(news) {
    if (news.new < 1) return;
    const text = news.new === 1
      ? place.dataset.one ?? ""
      : (place.dataset.many ?? "").replace("{n}", String(news.new));
    words.textContent = text;
    place.hidden = false;
    if (Date.now() - announced > ANNOUNCE_EVERY_MS) {
      announced = Date.now();
      status.textContent = text;
    }
  }

  function connect() {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const path = `/en-vivo/hilos/${place.dataset.thread}?despues=${place.dataset.after}`;
    const socket = new WebSocket(`${scheme}//${location.host}${path}`);
    socket.addEventListener("open", () => { wait = RETRY_FIRST_MS; });
    socket.addEventListener("message", (event) => tell(JSON.parse(event.data)));
    socket.addEventListener("close", (event) => {
      if (event.code === 4404) return;
      setTimeout(connect, wait * (0.5 + Math.random()));
      wait = Math.min(wait * 2, RETRY_LONGEST_MS);
    });
  }

  button.addEventListener("click", () => {
    const writing = document.querySelector("#escribir textarea");
    // What is being written is worth more than what is new.
    if (writing instanceof HTMLTextAreaElement && writing.value.trim()) {
      sessionStorage.setItem(`borrador:${location.pathname}`, writing.value);
    }
    location.reload();
  });
  connect();
}

/** Puts back what was being written before the page was reloaded for news. */
function restore() {
  const key = `borrador:${location.pathname}`;
  const kept = sessionStorage.getItem(key);
  const writing = document.querySelector("#escribir textarea");
  if (kept && writing instanceof HTMLTextAreaElement && !writing.value) writing.value = kept;
  sessionStorage.removeItem(key);
}

const place = document.getElementById("live");
const status = document.getElementById("live-status");
restore();
if (place && status && "WebSocket" in window) watch(place, status);

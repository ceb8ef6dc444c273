/**
 * Keeps a part of a page up to date, ready as HTML from the server's socket.
 *
 * The page is complete without this file. Nothing is replaced while somebody reads on in it with
 * the keyboard or has opened something in it.
 */

const RETRY_FIRST_MS = 2000;
const RETRY_LONGEST_MS = 60000;
/** It is over, is sealed again, or the sign-in ended: the page is left as it is. */
const ENDED = new Set([4401, 4404]);

/** @typedef {{t: string, n?: number, html?: string}} Message */

export class Part {
  /** @param {HTMLElement} place @param {HTMLElement | null} line */
  constructor(place, line) {
    this.place = place;
    this.status = line?.querySelector("[role=status]") ?? document.createElement("span");
    this.button = line?.querySelector("button") ?? document.createElement("button");
    this.number = Number(place.dataset.after);
    this.wait = RETRY_FIRST_MS;
    this.paused = false;
    /** @type {string | null} */
    this.late = null;
    /** @type {WebSocket | null} */
    this.socket = null;
    this.button.addEventListener("click", () => this.pause());
    place.addEventListener("focusout", () => setTimeout(() => this.show()));
    place.addEventListener("toggle", () => this.show(), true);
    if (line) line.hidden = false;
    this.connect();
  }

  connect() {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const path = `${this.place.dataset.live}?despues=${this.number}`;
    const socket = new WebSocket(`${scheme}//${location.host}${path}`);
    this.socket = socket;
    socket.addEventListener("message", (event) => this.take(JSON.parse(event.data)));
    socket.addEventListener("close", (event) => {
      if (socket !== this.socket || this.paused || ENDED.has(event.code)) return;
      this.say("cut");
      setTimeout(() => this.paused || this.connect(), this.wait * (0.5 + Math.random()));
      this.wait = Math.min(this.wait * 2, RETRY_LONGEST_MS);
      this.missed();
    });
  }

  /** The line was lost: a page that has another way to ask may use it. */
  missed() {}

  /** @param {Message} message */
  take(message) {
    this.wait = RETRY_FIRST_MS;
    if (message.t === "hello") this.say("");
    this.number = message.n ?? this.number;
    if (message.t !== this.place.dataset.part) return;
    this.late = message.html ?? "";
    this.show();
  }

  /** Whether somebody is reading what would be replaced. */
  isRead() {
    return this.place.contains(document.activeElement) || this.place.querySelector("details[open]");
  }

  show() {
    if (this.late === null || this.isRead()) return;
    this.place.innerHTML = this.late;
    this.late = null;
    this.say("updated");
  }

  /** @param {string} what the name of the words in the line, or none */
  say(what) {
    this.status.textContent = (what && /** @type {HTMLElement} */ (this.status).dataset[what]) || "";
  }

  pause() {
    this.paused = !this.paused;
    this.button.textContent = this.button.dataset[this.paused ? "resume" : "pause"] ?? "";
    this.say("");
    if (this.paused) this.socket?.close();
    else this.connect();
  }
}

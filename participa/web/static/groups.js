/**
 * Keeps the opinion groups of an open round up to date on their page.
 *
 * The page is complete without this file. What arrives is the whole part, ready as HTML; nothing
 * is replaced while somebody reads on in it with the keyboard or has opened its explanation.
 */

const RETRY_FIRST_MS = 2000;
const RETRY_LONGEST_MS = 60000;
/** The round is over, is sealed again, or the sign-in ended: the page is left as it is. */
const ENDED = new Set([4401, 4404]);

class Groups {
  /** @param {HTMLElement} place @param {HTMLElement} line */
  constructor(place, line) {
    this.place = place;
    this.status = /** @type {HTMLElement} */ (line.querySelector("[role=status]"));
    this.button = /** @type {HTMLButtonElement} */ (line.querySelector("button"));
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
    line.hidden = false;
    this.connect();
  }

  connect() {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const path = `/en-vivo/opiniones/${this.place.dataset.round}?despues=${this.number}`;
    const socket = new WebSocket(`${scheme}//${location.host}${path}`);
    this.socket = socket;
    socket.addEventListener("message", (event) => this.take(JSON.parse(event.data)));
    socket.addEventListener("close", (event) => {
      if (socket !== this.socket || this.paused || ENDED.has(event.code)) return;
      this.status.textContent = this.status.dataset.cut ?? "";
      setTimeout(() => this.paused || this.connect(), this.wait * (0.5 + Math.random()));
      this.wait = Math.min(this.wait * 2, RETRY_LONGEST_MS);
    });
  }

  /** @param {{t: string, n?: number, html?: string}} message */
  take(message) {
    this.wait = RETRY_FIRST_MS;
    if (message.t === "hello") this.status.textContent = "";
    if (message.t !== "groups") return;
    this.number = message.n ?? this.number;
    this.late = message.html ?? "";
    this.show();
  }

  /** Shows what came, unless somebody is reading what would be replaced. */
  show() {
    const isRead = this.place.contains(document.activeElement) || this.place.querySelector("details[open]");
    if (this.late === null || isRead) return;
    this.place.innerHTML = this.late;
    this.late = null;
    this.status.textContent = this.status.dataset.updated ?? "";
  }

  pause() {
    this.paused = !this.paused;
    this.button.textContent = this.button.dataset[this.paused ? "resume" : "pause"] ?? "";
    this.status.textContent = "";
    if (this.paused) this.socket?.close();
    else this.connect();
  }
}

const place = document.getElementById("grupos-vivos");
const line = document.getElementById("grupos-linea");
if (place && line) new Groups(place, line);

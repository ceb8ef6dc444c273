/**
 * Keeps the page of a thread up to date: a socket where there can be one, questions where not.
 *
 * The page is complete without this file. What arrives are ready pieces of HTML with a number
 * (docs/decisions/0008); `conversation.js` shows them, `writing.js` sends what is written.
 */

import { Conversation } from "./conversation.js";
import { prepareWriting } from "./writing.js";

/**
 * @typedef {object} Message
 * @property {"hello"|"event"|"count"|"phase"|"here"|"reload"} t
 * @property {number} [n]
 * @property {string} [k]
 * @property {string} [id]
 * @property {string} [p]
 * @property {string} [html]
 * @property {string} [state]
 * @property {number} [here]
 */

const RETRY_FIRST_MS = 1000;
const RETRY_LONGEST_MS = 60000;
/** Failed tries in a row after which the page asks instead of listening. */
const TRIES_BEFORE_ASKING = 2;
const ASK_FIRST_MS = 10000;
const ASK_LONGEST_MS = 60000;
const GONE = 4404;
const SIGNED_OUT = 4401;
const PAUSED = "participa:pausa";

class Stream {
  /**
   * @param {HTMLElement} place
   * @param {Conversation} conversation
   */
  constructor(place, conversation) {
    this.thread = place.dataset.thread ?? "";
    this.number = Number(place.dataset.after);
    this.state = place.dataset.state ?? "";
    this.conversation = conversation;
    this.paused = sessionStorage.getItem(PAUSED) === "1";
    this.ended = false;
    this.failures = 0;
    this.wait = RETRY_FIRST_MS;
    this.askAfter = ASK_FIRST_MS;
    this.etag = "";
    /** @type {WebSocket | null} */
    this.socket = null;
    this.timer = 0;
  }

  start() {
    this.conversation.showPaused(this.paused);
    addEventListener("online", () => this.again());
    addEventListener("offline", () => this.conversation.showOffline(true));
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden && !this.isListening()) this.again();
    });
    if (!navigator.onLine) this.conversation.showOffline(true);
    if (!this.paused) this.connect();
  }

  isListening() {
    return this.socket !== null && this.socket.readyState <= WebSocket.OPEN;
  }

  again() {
    if (this.paused || this.ended || this.isListening()) return;
    clearTimeout(this.timer);
    this.wait = RETRY_FIRST_MS;
    this.connect();
  }

  /** @param {boolean} paused */
  pause(paused) {
    this.paused = paused;
    sessionStorage.setItem(PAUSED, paused ? "1" : "");
    this.conversation.showPaused(paused);
    clearTimeout(this.timer);
    if (!paused) this.connect();
    else this.socket?.close();
  }

  query() {
    return `despues=${this.number}&estado=${this.state}`;
  }

  connect() {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const url = `${scheme}//${location.host}/en-vivo/hilos/${this.thread}?${this.query()}`;
    const socket = new WebSocket(url);
    this.socket = socket;
    socket.addEventListener("message", (event) => {
      this.failures = 0;
      this.wait = RETRY_FIRST_MS;
      this.take(JSON.parse(event.data));
    });
    socket.addEventListener("close", (event) => this.closed(event.code));
  }

  /** @param {number} code */
  closed(code) {
    this.socket = null;
    if (code === GONE || code === SIGNED_OUT) {
      this.end(code === GONE ? "gone" : "signedout");
    } else if (!this.paused && !this.ended) {
      this.failures += 1;
      const asks = this.failures >= TRIES_BEFORE_ASKING;
      this.later(asks ? () => this.ask() : () => this.connect(), asks ? 0 : this.wait);
      this.wait = Math.min(this.wait * 2, RETRY_LONGEST_MS);
    }
  }

  /** @param {"gone"|"signedout"|"reload"} why */
  end(why) {
    this.ended = true;
    clearTimeout(this.timer);
    this.socket?.close();
    this.conversation.showEnd(why);
  }

  /**
   * @param {() => void} act
   * @param {number} wait in milliseconds; spread out, so that a restarted server is not overrun
   */
  later(act, wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(act, wait * (0.5 + Math.random()));
  }

  /** Asks once for what was missed; every few times the socket is tried again. */
  async ask() {
    if (this.paused || this.ended) return;
    const said = this.number;
    try {
      await this.fetchNews();
    } catch {
      this.conversation.showOffline(true);
    }
    const idle = this.number === said || document.hidden;
    this.askAfter = idle ? Math.min(this.askAfter * 1.5, ASK_LONGEST_MS) : ASK_FIRST_MS;
    this.failures += 1;
    const listensAgain = this.failures % 6 === 0 && !document.hidden;
    this.later(listensAgain ? () => this.connect() : () => this.ask(), this.askAfter);
  }

  async fetchNews() {
    const answer = await fetch(`/hilos/${this.thread}/novedades?${this.query()}`, {
      cache: "no-store",
      headers: { Accept: "application/json", "If-None-Match": this.etag },
    });
    this.conversation.showOffline(false);
    if (answer.status === 404) this.end("gone");
    if (answer.status !== 200) return;
    this.etag = answer.headers.get("ETag") ?? "";
    const news = await answer.json();
    news.messages.forEach((/** @type {Message} */ message) => this.take(message));
    this.number = Math.max(this.number, news.n);
  }

  /** @param {Message} message */
  take(message) {
    if (message.t === "event") {
      const number = message.n ?? 0;
      if (number <= this.number) return;
      this.number = number;
      this.conversation.happened(message);
    } else if (message.t === "phase") {
      this.state = message.state ?? "";
      this.conversation.showPhase(this.state, message.html ?? "");
    } else if (message.t === "count") {
      this.conversation.showCount(message.html ?? "");
    } else if (message.t === "reload") {
      this.end("reload");
    } else {
      this.conversation.showOffline(false);
      this.conversation.showHere(message.here ?? 0);
    }
  }
}

const place = document.getElementById("live");
if (place) {
  const conversation = new Conversation(place);
  const stream = new Stream(place, conversation);
  conversation.onPause = () => stream.pause(!stream.paused);
  prepareWriting(conversation);
  stream.start();
}

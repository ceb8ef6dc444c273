/**
 * Keeps the page of a thread up to date: a socket where there can be one, questions where not.
 *
 * The page is complete without this file. What arrives are ready pieces of HTML with a number
 * (docs/decisions/0008); `conversation.js` shows them. What is needed only by who writes, supports
 * or is cut off is loaded then.
 */

import { Conversation, shelf } from "./conversation.js";

/** @typedef {import("./types.js").Message} Message */

const RETRY_FIRST_MS = 1000;
const RETRY_LONGEST_MS = 60000;
/** Failed tries in a row after which the page asks instead of listening. */
const TRIES_BEFORE_ASKING = 2;
const GONE = 4404;
const SIGNED_OUT = 4401;
const PAUSED = "participa:pausa";

export class Stream {
  /**
   * @param {HTMLElement} place
   * @param {Conversation} conversation
   */
  constructor(place, conversation) {
    this.thread = place.dataset.thread ?? "";
    this.number = Number(place.dataset.after);
    this.state = place.dataset.state ?? "";
    this.conversation = conversation;
    this.bar = new Bar(conversation, () => this.pause(!this.paused));
    this.paused = sessionStorage.getItem(PAUSED) === "1";
    this.ended = false;
    this.failures = 0;
    this.wait = RETRY_FIRST_MS;
    /** @type {WebSocket | null} */
    this.socket = null;
    this.timer = 0;
  }

  start() {
    this.bar.showPaused(this.paused);
    this.bar.showOffline(!navigator.onLine);
    addEventListener("online", () => this.again());
    addEventListener("offline", () => {
      this.hangUp();
      this.bar.showOffline(true);
      this.later(() => this.connect(), RETRY_LONGEST_MS);
    });
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden && !this.socket) this.again();
    });
    this.connect();
  }

  /** Tries at once, after the line has come back. */
  again() {
    this.hangUp();
    this.bar.showOffline(false);
    this.wait = RETRY_FIRST_MS;
    this.connect();
  }

  /** Leaves the socket; whatever it still says is not listened to. */
  hangUp() {
    clearTimeout(this.timer);
    const socket = this.socket;
    this.socket = null;
    socket?.close();
  }

  /** @param {boolean} paused */
  pause(paused) {
    this.paused = paused;
    sessionStorage.setItem(PAUSED, paused ? "1" : "");
    this.bar.showPaused(paused);
    this.hangUp();
    this.connect();
  }

  query() {
    return `despues=${this.number}&estado=${this.state}`;
  }

  connect() {
    if (this.paused || this.ended) return;
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const url = `${scheme}//${location.host}/en-vivo/hilos/${this.thread}?${this.query()}`;
    const socket = new WebSocket(url);
    this.socket = socket;
    socket.addEventListener("message", (event) => {
      if (socket !== this.socket) return;
      this.failures = 0;
      this.wait = RETRY_FIRST_MS;
      this.take(JSON.parse(event.data));
    });
    socket.addEventListener("close", (event) => {
      if (socket === this.socket) this.closed(event.code);
    });
  }

  /** @param {number} code */
  closed(code) {
    this.socket = null;
    if (code === GONE || code === SIGNED_OUT) {
      this.end(code === GONE ? "gone" : "signedout");
      return;
    }
    this.failures += 1;
    if (this.failures >= TRIES_BEFORE_ASKING) this.later(() => this.ask(), 0);
    else this.later(() => this.connect(), this.wait);
    this.wait = Math.min(this.wait * 2, RETRY_LONGEST_MS);
  }

  /** @param {"gone"|"signedout"|"reload"} why */
  end(why) {
    this.ended = true;
    this.hangUp();
    import("./endings.js").then(({ showEnd }) => showEnd(this.conversation, why));
  }

  /**
   * @param {() => void} act
   * @param {number} wait in milliseconds; spread out, so that a restarted server is not overrun
   */
  later(act, wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(act, wait * (0.5 + Math.random()));
  }

  /** Asks what was missed, with a script that few ever need. */
  ask() {
    if (this.paused || this.ended) return;
    import("./asking.js").then(({ ask }) => ask(this), () => {
      this.bar.showOffline(true);
      this.later(() => this.connect(), this.wait);
    });
  }

  /** @param {Message} message */
  take(message) {
    const html = message.html ?? "";
    if (message.t === "event") {
      const number = message.n ?? 0;
      if (number <= this.number) return;
      this.number = number;
      this.conversation.happened(message);
    } else if (message.t === "phase") {
      this.state = message.state ?? "";
      import("./endings.js").then(({ showPhase }) => showPhase(this.conversation, this.state, html));
    } else if (message.t === "heading") {
      import("./endings.js").then(({ showHeading }) => showHeading(html));
    } else if (message.t === "count") {
      this.conversation.showCount(html);
    } else if (message.t === "reload") {
      this.end("reload");
    } else {
      this.bar.showOffline(false);
      this.bar.showHere(message.here ?? 0);
    }
  }
}

/** The line above the conversation: live or not, with how many others, and the pause. */
class Bar {
  /**
   * @param {Conversation} conversation
   * @param {() => void} toggle
   */
  constructor(conversation, toggle) {
    this.conversation = conversation;
    this.element = /** @type {HTMLElement} */ (document.getElementById("vivo"));
    this.button = /** @type {HTMLButtonElement} */ (this.element.querySelector("button"));
    this.button.addEventListener("click", toggle);
    this.element.hidden = false;
    this.isPaused = false;
    this.isOffline = false;
  }

  /** @param {boolean} paused */
  showPaused(paused) {
    this.isPaused = paused;
    this.button.textContent = this.conversation.say(paused ? "resume" : "pause");
    if (paused) this.showHere(0);
    this.showState();
  }

  /** @param {boolean} offline */
  showOffline(offline) {
    const kept = document.documentElement.dataset.kept;
    const when = new Date(kept ?? 0).toLocaleString(document.documentElement.lang, {
      day: "numeric", month: "long", hour: "numeric", minute: "2-digit", hour12: true,
    });
    const words = this.conversation.say(kept ? "kept" : "offline", { when });
    this.isOffline = offline;
    this.conversation.note("line", offline ? words : "");
    if (offline) this.showHere(0);
    this.showState();
  }

  showState() {
    const isLive = !this.isPaused && !this.isOffline;
    const name = isLive ? "live" : this.isPaused ? "paused" : "cut";
    this.element.classList.toggle("still", !isLive);
    this.write("[data-state]", this.conversation.say(name));
  }

  /** @param {number} here */
  showHere(here) {
    this.write("[data-here]", here > 1 ? this.conversation.say("here", { n: here }) : "");
  }

  /** @param {string} selector @param {string} text */
  write(selector, text) {
    const place = this.element.querySelector(selector);
    if (place && place.textContent !== text) place.textContent = text;
  }
}

/** @param {string} kind */
function hasKept(kind) {
  return Object.keys(shelf ?? {}).some((key) => key.startsWith(kind));
}

/**
 * Loads what sends and keeps drafts when somebody begins to write, or has drafts.
 * @param {Conversation} conversation
 */
function prepareForm(conversation) {
  const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form.write"));
  if (!form) return;
  const load = async () => (await import("./writing.js")).writingOn(form, conversation);
  keepUntilLoaded(form);
  form.addEventListener("focusin", () => load().catch(() => {}));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    load().then((writing) => writing.submit(), () => conversation.note("act", "failed_act"));
  });
  if (form.querySelector("textarea")?.value.trim() || hasKept("borrador:")) load();
}

/**
 * On a slow line words may be typed, and the tab closed, before what keeps drafts has come. An
 * older draft that is still to be put back is not written over.
 * @param {HTMLFormElement} form
 */
function keepUntilLoaded(form) {
  const field = form.querySelector("textarea");
  const name = `borrador:${location.pathname}:${new FormData(form).get("parent") ?? ""}`;
  if (!field || shelf?.getItem(name)) return;
  field.addEventListener("input", () => {
    if (form.dataset.kept === undefined && field.value.trim()) {
      shelf?.setItem(name, JSON.stringify({ text: field.value, at: Date.now() }));
    }
  });
}

/** @param {Conversation} conversation */
function prepareSupports(conversation) {
  document.addEventListener("click", (event) => {
    const pressed = event.target instanceof Element
      ? event.target.closest('button[form="acto"][aria-pressed]') : null;
    if (!(pressed instanceof HTMLButtonElement)) return;
    event.preventDefault();
    import("./supporting.js").then(
      ({ support }) => support(pressed, conversation),
      () => conversation.note("act", "failed_act"),
    );
  });
}

/**
 * What answers something on this page leads there without leaving it.
 * @param {Conversation} conversation
 */
function prepareReplies(conversation) {
  conversation.list.addEventListener("click", (event) => {
    const link = event.target instanceof Element
      ? event.target.closest('.who > a[href^="/aportes/"]') : null;
    const target = document.getElementById(link?.getAttribute("href")?.slice(9) ?? "");
    if (!target || target.contains(link)) return;
    event.preventDefault();
    conversation.show(target);
  });
}

/**
 * Lets the service worker keep this page, and loads the rest where something waits to be sent.
 * @param {Conversation} conversation
 */
function prepareOffline(conversation) {
  const workers = navigator.serviceWorker;
  if (!workers) return;
  workers.register("/sw.js").then(() => workers.ready).then(({ active }) => {
    const { lang } = document.documentElement;
    active?.postMessage({ type: "keep", path: location.pathname, lang, parts: import.meta.url });
  }).catch(() => {});
  const token = document.querySelector('#acto [name="csrf"]');
  const isKept = "kept" in document.documentElement.dataset;
  if (token instanceof HTMLInputElement) shelf?.setItem("participa:firma", token.value);
  else if (!isKept) shelf?.removeItem("participa:firma");
  if (isKept || hasKept("pendiente:")) {
    import("./offline.js").then(({ prepare }) => prepare(conversation), () => {});
  }
}

const place = document.getElementById("live");
if (place) {
  const conversation = new Conversation(place);
  prepareForm(conversation);
  prepareSupports(conversation);
  prepareReplies(conversation);
  const stream = new Stream(place, conversation);
  conversation.isLive = () => stream.socket?.readyState === WebSocket.OPEN;
  conversation.onMissing = () => stream.ask();
  stream.start();
  prepareOffline(conversation);
}

/**
 * The conversation on the page: shows what happened without getting in the reader's way.
 *
 * New contributions wait for a press of the button. Nothing that is being read moves, and no
 * field that is being filled in is touched.
 */

/** @typedef {import("./live.js").Message} Message */

/** A screen reader hears about news at most this often. */
const ANNOUNCE_EVERY_MS = 10000;

/**
 * @param {string} html
 * @returns {HTMLElement | null}
 */
function elementOf(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return /** @type {HTMLElement | null} */ (template.content.firstElementChild);
}

/** @param {HTMLElement} item */
function isBeingFilledIn(item) {
  const fields = /** @type {NodeListOf<HTMLTextAreaElement>} */ (item.querySelectorAll("textarea"));
  const isTyped = [...fields].some((field) => field.value !== field.defaultValue);
  return isTyped || (document.activeElement?.matches("textarea, select, input") === true
    && item.contains(document.activeElement));
}

/** @param {Element} item */
function isInView(item) {
  const box = item.getBoundingClientRect();
  return box.bottom > 0 && box.top < innerHeight;
}

/**
 * Gives a fragment, which is made for nobody in particular, what the reader has on the old one.
 * @param {HTMLElement} old
 * @param {HTMLElement} fresh
 */
function carryOver(old, fresh) {
  const was = old.querySelector("button[aria-pressed]");
  const is = fresh.querySelector("button[aria-pressed]");
  if (was && is) {
    is.setAttribute("aria-pressed", was.getAttribute("aria-pressed") ?? "false");
    is.setAttribute("value", was.getAttribute("value") ?? "apoyar");
  }
  const mine = old.querySelector(".own");
  fresh.querySelector(".own")?.toggleAttribute("hidden", mine === null || mine.hasAttribute("hidden"));
}

export class Conversation {
  /** @param {HTMLElement} place the element that carries the thread's data and the words */
  constructor(place) {
    this.place = place;
    /** @type {Record<string, string>} */
    this.words = JSON.parse(place.dataset.words ?? "{}");
    this.list = /** @type {HTMLElement} */ (document.getElementById("posts"));
    this.status = /** @type {HTMLElement} */ (document.getElementById("live-status"));
    this.bar = /** @type {HTMLElement} */ (document.getElementById("vivo"));
    this.button = /** @type {HTMLButtonElement} */ (place.querySelector("button"));
    /** @type {Map<string, HTMLElement>} */
    this.held = new Map();
    this.elsewhere = 0;
    this.announcedAt = -ANNOUNCE_EVERY_MS;
    this.announceTimer = 0;
    this.onPause = () => {};
    this.button.addEventListener("click", () => this.release());
    this.bar.querySelector("button")?.addEventListener("click", () => this.onPause());
    this.list.addEventListener("click", (event) => this.followReply(event));
    this.bar.hidden = false;
  }

  /**
   * @param {string} name
   * @param {Record<string, string | number>} [values]
   */
  say(name, values = {}) {
    return Object.entries(values).reduce(
      (text, [key, value]) => text.replace(`{${key}}`, String(value)), this.words[name] ?? "");
  }

  /** @param {Message} message */
  happened(message) {
    const id = message.id ?? "";
    const old = document.getElementById(id);
    if (message.k === "supported") {
      const count = old?.querySelector("button[aria-pressed] .n");
      if (count) count.textContent = message.html ?? "";
      return;
    }
    const fresh = elementOf(message.html ?? "");
    if (!fresh) return;
    if (old) this.change(old, fresh, message.k ?? "");
    else this.hold(fresh, message);
  }

  /**
   * @param {HTMLElement} old
   * @param {HTMLElement} fresh
   * @param {string} kind
   */
  change(old, fresh, kind) {
    carryOver(old, fresh);
    const isUrgent = kind === "hidden" || kind === "removed";
    if (isBeingFilledIn(old) || (!isUrgent && kind !== "published" && isInView(old))) {
      this.held.set(fresh.id, fresh);
      this.tell();
    } else {
      this.held.delete(fresh.id);
      this.still(() => this.swap(old, fresh));
      this.tell();
    }
  }

  /**
   * @param {HTMLElement} old
   * @param {HTMLElement} fresh
   */
  swap(old, fresh) {
    const focused = old.contains(document.activeElement) ? document.activeElement : null;
    old.replaceWith(fresh);
    if (!focused) return;
    const again = focused.matches("button[aria-pressed]")
      ? fresh.querySelector("button[aria-pressed]") : null;
    this.focus(/** @type {HTMLElement} */ (again ?? fresh));
  }

  /** @param {HTMLElement} element */
  focus(element) {
    if (element.tabIndex < 0) element.tabIndex = -1;
    element.focus({ preventScroll: true });
  }

  /**
   * Changes the list without moving what is being read.
   * @param {() => void} act
   */
  still(act) {
    const items = [...this.list.children];
    const anchor = items.find((item) => item.getBoundingClientRect().bottom > 0) ?? this.list;
    const before = anchor.getBoundingClientRect().top;
    act();
    if (anchor.isConnected) scrollBy(0, anchor.getBoundingClientRect().top - before);
  }

  /** @param {string} path */
  isOnThisPage(path) {
    const { order, from = "", to = "" } = this.place.dataset;
    return order === "conversacion" && path >= from && (to === "" || path < to);
  }

  /**
   * @param {HTMLElement} fresh
   * @param {Message} message
   */
  hold(fresh, message) {
    if (this.isOnThisPage(message.p ?? "")) this.held.set(fresh.id, fresh);
    else if (message.k === "published") this.elsewhere += 1;
    this.tell();
  }

  /** Says how much is new; the button shows it at once, a screen reader hears it now and then. */
  tell() {
    const fresh = [...this.held.keys()].filter((id) => !document.getElementById(id)).length;
    const edited = this.held.size - fresh;
    const news = fresh + this.elsewhere;
    const text = [
      news === 1 ? this.say("one") : news > 1 ? this.say("many", { n: news }) : "",
      edited === 1 ? this.say("edited_one") : edited > 1 ? this.say("edited_many", { n: edited }) : "",
    ].filter(Boolean).join(", ");
    this.place.hidden = text === "";
    this.button.textContent = text === "" ? "" : `${text} · ${this.say("show")}`;
    if (text) this.announceNews(text);
  }

  /** @param {string} text */
  announceNews(text) {
    clearTimeout(this.announceTimer);
    const wait = this.announcedAt + ANNOUNCE_EVERY_MS - performance.now();
    this.announceTimer = setTimeout(() => {
      this.announcedAt = performance.now();
      this.status.textContent = text;
    }, Math.max(wait, 0));
  }

  /** Puts what was held where it belongs; what belongs elsewhere is read by going there. */
  release() {
    if (this.elsewhere && !this.held.size) {
      location.reload();
      return;
    }
    const items = [...this.held.values()];
    this.held.clear();
    const first = items.find((item) => !document.getElementById(item.id)) ?? items[0];
    items.forEach((item) => this.insert(item));
    this.tell();
    if (first) this.show(first);
  }

  /** @param {HTMLElement} fresh */
  insert(fresh) {
    const old = document.getElementById(fresh.id);
    document.getElementById("ninguno")?.remove();
    if (old) {
      carryOver(old, fresh);
      this.swap(old, fresh);
      return;
    }
    const path = fresh.dataset.p ?? "";
    const items = /** @type {HTMLElement[]} */ ([...this.list.querySelectorAll(":scope > [data-p]")]);
    this.list.insertBefore(fresh, items.find((item) => (item.dataset.p ?? "") > path) ?? null);
    fresh.classList.add("fresh");
  }

  /** @param {HTMLElement} item */
  show(item) {
    this.focus(item);
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    item.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
  }

  /**
   * Shows what its own reader has just published, at its place.
   * @param {string} html
   */
  publishOwn(html) {
    const fresh = elementOf(html);
    if (!fresh) return;
    this.held.delete(fresh.id);
    document.getElementById(fresh.id)?.remove();
    this.insert(fresh);
    this.tell();
    this.show(fresh);
  }

  /** @param {Event} event */
  followReply(event) {
    const link = event.target instanceof Element ? event.target.closest('.who > a[href^="/aportes/"]') : null;
    const id = link?.getAttribute("href")?.slice("/aportes/".length) ?? "";
    const target = document.getElementById(id);
    if (!target || target.contains(link)) return;
    event.preventDefault();
    this.show(target);
  }

  /** @param {string} html */
  showCount(html) {
    const heading = document.getElementById("cuenta");
    if (heading) heading.innerHTML = html;
  }

  /** @param {number} here */
  showHere(here) {
    const text = this.bar.querySelector("[data-here]");
    if (text) text.textContent = here > 1 ? this.say("here", { n: here }) : "";
  }

  /**
   * @param {string} state
   * @param {string} html
   */
  showPhase(state, html) {
    this.list.classList.toggle("shut", state !== "open");
    const box = document.getElementById("escribir");
    const notice = document.getElementById("fase") ?? document.createElement("div");
    notice.id = "fase";
    notice.className = "closed-note";
    notice.innerHTML = html;
    box?.before(notice);
    this.status.textContent = notice.textContent;
  }

  /** @param {boolean} paused */
  showPaused(paused) {
    const button = this.bar.querySelector("button");
    if (button) button.textContent = this.say(paused ? "resume" : "pause");
    this.bar.classList.toggle("paused", paused);
    const state = this.bar.querySelector("[data-state]");
    if (state) state.textContent = this.say(paused ? "paused" : "live");
  }

  /** @param {boolean} offline */
  showOffline(offline) {
    const note = this.note();
    const kept = document.documentElement.dataset.kept;
    const when = kept ? new Date(kept).toLocaleString(document.documentElement.lang) : "";
    note.textContent = !offline ? "" : kept ? this.say("kept", { when }) : this.say("offline");
    note.hidden = !offline;
  }

  /** @param {"gone"|"signedout"|"reload"} why */
  showEnd(why) {
    const note = this.note();
    note.textContent = `${this.say(why)} `;
    const link = document.createElement("a");
    link.href = why === "signedout"
      ? `/ingresar?next=${encodeURIComponent(location.pathname)}` : location.pathname;
    link.textContent = this.say(why === "signedout" ? "signin" : "reload_link");
    note.append(link);
    note.hidden = false;
  }

  note() {
    return /** @type {HTMLElement} */ (document.getElementById("aviso-vivo"));
  }
}

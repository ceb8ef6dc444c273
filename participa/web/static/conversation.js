/**
 * The conversation on the page: shows what happened without getting in the reader's way.
 *
 * New contributions wait for a press of the button. Nothing that is being read moves, and no
 * field that is being filled in is touched.
 */

/** @typedef {import("./types.js").Message} Message */
/** @typedef {import("./types.js").Own} Own */

/** A screen reader hears about news at most this often. */
const ANNOUNCE_EVERY_MS = 10000;
const FIELDS = "textarea, select, input:not([type=hidden])";
const PARTS = "a, button, summary";

/** What this browser keeps for the site; null where it keeps nothing. */
export const shelf = (() => {
  try {
    return localStorage;
  } catch {
    return null;
  }
})();

/**
 * @param {string} html
 * @returns {HTMLElement | null}
 */
export function elementOf(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return /** @type {HTMLElement | null} */ (template.content.firstElementChild);
}

/** @param {Element} field */
function isTouched(field) {
  if (field === document.activeElement) return true;
  if (field instanceof HTMLSelectElement) return field.selectedIndex > 0;
  return /** @type {HTMLTextAreaElement} */ (field).value
    !== /** @type {HTMLTextAreaElement} */ (field).defaultValue;
}

/** @param {Element} item */
function isBeingFilledIn(item) {
  return [...item.querySelectorAll(FIELDS)].some(isTouched);
}

/** @param {Element} item */
function isInView(item) {
  const box = item.getBoundingClientRect();
  return box.bottom > 0 && box.top < innerHeight;
}

/** @param {Element} item */
function supportOf(item) {
  return /** @type {HTMLButtonElement | null} */ (item.querySelector("button[aria-pressed]"));
}

export class Conversation {
  /** @param {HTMLElement} place the element that carries the thread's data and the words */
  constructor(place) {
    this.place = place;
    /** @type {Record<string, string>} */
    this.words = JSON.parse(place.dataset.words ?? "{}");
    this.list = /** @type {HTMLElement} */ (document.getElementById("posts"));
    this.status = /** @type {HTMLElement} */ (document.getElementById("live-status"));
    this.button = /** @type {HTMLButtonElement} */ (place.querySelector("button"));
    /** @type {Map<string, HTMLElement>} what waits for a press of the button */
    this.held = new Map();
    /** @type {string[]} places of what is new on other pages */
    this.elsewhere = [];
    /** @type {Map<string, Own>} what the reader had on items that were taken away */
    this.own = new Map();
    /** While a form is being sent, what arrives may be the reader's own. */
    this.isSending = false;
    /** @type {Map<string, (fresh: HTMLElement) => void>} own words that the stream will bring */
    this.awaited = new Map();
    this.isLive = () => false;
    this.onMissing = () => {};
    this.announcedAt = -ANNOUNCE_EVERY_MS;
    this.announceTimer = 0;
    this.button.addEventListener("click", () => this.release());
    place.hidden = false;
  }

  /** @param {string} name @param {Record<string, string | number>} [values] */
  say(name, values = {}) {
    return Object.entries(values).reduce(
      (text, [key, value]) => text.replace(`{${key}}`, String(value)), this.words[name] ?? name);
  }

  /**
   * Says something above the lower edge of the window.
   * @param {"line"|"act"} kind what it is about: the line to the server, or what was done
   * @param {string} words or their name; none takes the note away
   */
  note(kind, words) {
    const note = /** @type {HTMLElement} */ (this.place.querySelector(`[data-${kind}]`));
    const text = this.say(words);
    if (note.textContent !== text) note.textContent = text;
    note.hidden = !text;
    if (kind === "act" && text) this.status.textContent = text;
    return note;
  }

  /** @param {Message} message */
  happened(message) {
    const { id = "", k = "", html = "" } = message;
    let old = document.getElementById(id);
    if (old && k === "arrived") {
      // It has been here before, and gets another place.
      old.remove();
      old = null;
    }
    if (k === "supported") {
      const count = old && supportOf(old)?.querySelector(".n");
      if (count) count.textContent = html;
      return;
    }
    // Its own reader's, shown already.
    if (old && k === "published") return;
    const fresh = elementOf(html);
    const isUrgent = k === "hidden" || k === "removed" || k === "moved";
    const show = this.awaited.get(id);
    if (!fresh || (!old && isUrgent)) {
      this.held.delete(id);
      // It went along with what it answers.
      if (old) this.still(old, () => old?.remove());
    }
    else if (show) show(fresh);
    else if (old) this.change(old, fresh, isUrgent);
    else this.hold(fresh, message);
    this.tell();
  }

  /**
   * @param {HTMLElement} old
   * @param {HTMLElement} fresh
   * @param {boolean} isUrgent
   */
  change(old, fresh, isUrgent) {
    if (isBeingFilledIn(old) || (!isUrgent && isInView(old))) {
      this.held.set(fresh.id, fresh);
    } else {
      this.held.delete(fresh.id);
      this.still(old, () => this.swap(old, fresh));
    }
  }

  /** @param {HTMLElement} old @param {HTMLElement} fresh */
  swap(old, fresh) {
    this.keepOwn(old, fresh);
    const focused = document.activeElement;
    const at = focused && old.contains(focused) ? [...old.querySelectorAll(PARTS)].indexOf(focused) : null;
    old.replaceWith(fresh);
    if (at === null) return;
    const again = fresh.querySelectorAll(PARTS)[at];
    this.focus(again?.textContent === focused?.textContent ? again : supportOf(fresh) ?? fresh);
  }

  /**
   * Gives a fragment, which is made for nobody in particular, what the reader has on the old one.
   * @param {HTMLElement} old
   * @param {HTMLElement} fresh
   */
  keepOwn(old, fresh) {
    const mine = old.querySelector(".own");
    if (mine) {
      const value = supportOf(old)?.value ?? "apoyar";
      this.own.set(old.id, { value, isMine: !mine.hasAttribute("hidden") });
    }
    const had = this.own.get(old.id);
    const button = supportOf(fresh);
    if (button && had) {
      button.value = had.value;
      button.setAttribute("aria-pressed", String(had.value === "quitar"));
    }
    if (had?.isMine) fresh.querySelector(".own")?.removeAttribute("hidden");
    const tools = old.querySelector(".acts > details");
    if (tools) fresh.querySelector(".acts")?.append(tools);
  }

  /** @param {Element} element */
  focus(element) {
    const target = /** @type {HTMLElement} */ (element);
    if (target.tabIndex < 0) target.tabIndex = -1;
    target.focus({ preventScroll: true });
  }

  /**
   * Changes the list without moving what is being read.
   * @param {Element | null} changed what is about to go
   * @param {() => void} act
   */
  still(changed, act) {
    const anchor = [...this.list.children, document.getElementById("escribir")].find(
      (item) => item && item !== changed && item.getBoundingClientRect().bottom > 0);
    const before = anchor?.getBoundingClientRect().top ?? 0;
    act();
    if (anchor) scrollBy({ top: anchor.getBoundingClientRect().top - before, behavior: "instant" });
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
    const path = message.p ?? "";
    if (this.isOnThisPage(path)) this.held.set(fresh.id, fresh);
    else if (message.k === "published" || message.k === "arrived") this.elsewhere.push(path);
  }

  /** Says how much is new; the button shows it at once, a screen reader hears it now and then. */
  tell() {
    if (this.isSending) return;
    const fresh = [...this.held.keys()].filter((id) => !document.getElementById(id)).length;
    const text = [
      this.counted(fresh + this.elsewhere.length, "one", "many"),
      this.counted(this.held.size - fresh, "edited_one", "edited_many"),
    ].filter(Boolean).join(", ");
    this.button.hidden = text === "";
    this.button.textContent = text && `${text} · ${this.say("show")}`;
    this.announceNews(text);
  }

  /**
   * @param {number} n
   * @param {string} one
   * @param {string} many
   */
  counted(n, one, many) {
    return n === 0 ? "" : this.say(n === 1 ? one : many, { n });
  }

  /** @param {string} text */
  announceNews(text) {
    clearTimeout(this.announceTimer);
    if (!text) return;
    const wait = this.announcedAt + ANNOUNCE_EVERY_MS - performance.now();
    this.announceTimer = setTimeout(() => {
      this.announcedAt = performance.now();
      this.status.textContent = text;
    }, Math.max(wait, 0));
  }

  /** Puts what was held where it belongs; what belongs elsewhere is read by going there. */
  release() {
    if (!this.held.size) {
      import("./endings.js").then(({ goTo }) => goTo(this.place.dataset, this.elsewhere[0]));
      return;
    }
    const items = [...this.held.values()];
    const news = items.filter((item) => !document.getElementById(item.id));
    this.held.clear();
    items.forEach((item) => this.insert(item));
    this.tell();
    const wanted = news.length ? news : items;
    const first = [...this.list.children].find((item) => wanted.includes(/** @type {any} */ (item)));
    this.show(/** @type {HTMLElement} */ (first));
  }

  /** @param {HTMLElement} fresh */
  insert(fresh) {
    const old = document.getElementById(fresh.id);
    document.getElementById("ninguno")?.remove();
    if (old) {
      this.swap(old, fresh);
      return;
    }
    this.list.insertBefore(fresh, this.next(fresh.dataset.p ?? ""));
    fresh.classList.add("fresh");
    const tools = this.list.querySelector(".acts > details");
    if (tools) import("./tools.js").then(({ lend }) => lend(tools, fresh));
  }

  /**
   * Finds the item before which a place comes, in the order of this page.
   * @param {string} path
   */
  next(path) {
    const { order } = this.place.dataset;
    const items = [...this.list.querySelectorAll(":scope > [data-p]")];
    if (order === "recientes") return items[0] ?? null;
    return items.find((item) => order === "conversacion"
      && (/** @type {HTMLElement} */ (item).dataset.p ?? "") > path) ?? null;
  }

  /** @param {HTMLElement} item */
  show(item) {
    this.focus(item);
    const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    item.scrollIntoView({ block: "center", behavior: isCalm ? "auto" : "smooth" });
  }

  /** @param {string} html */
  showCount(html) {
    const heading = document.getElementById("cuenta");
    if (heading) heading.innerHTML = html;
  }
}

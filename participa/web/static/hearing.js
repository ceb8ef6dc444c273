/**
 * A hearing in course: the hall on a telephone, the projector, the desk, who speaks.
 *
 * The hall and the projector get their part ready as HTML; the pages of the staff, which have forms
 * of their own, are asked for again when something happened. All work without this file.
 */

import { Part } from "./parts.js";
import { support } from "./supporting.js";

const ASK_MS = 10000;
const SUPPORTS = "button[aria-pressed]";

/** @typedef {import("./parts.js").Message} Message */

class Hearing extends Part {
  /** @type {Set<string>} the receipts of the questions that the reader supports */
  mine = new Set();
  asking = false;

  /** @param {Message} message */
  take(message) {
    super.take(message);
    if (message.t === "event" && this.place.dataset.part === "page") this.fetchPage();
  }

  missed() {
    if (this.place.dataset.news && !this.asking) this.ask();
  }

  /** Asks where sockets are blocked on the way, until one stands. */
  async ask() {
    this.asking = true;
    while (this.socket?.readyState !== WebSocket.OPEN && !this.paused) {
      try {
        const answer = await fetch(`${this.place.dataset.news}?despues=${this.number}`);
        if (answer.status === 404) break;
        const news = await answer.json();
        news.messages.forEach((/** @type {Message} */ message) => this.take(message));
        this.number = Math.max(this.number, news.n);
      } catch {
        this.say("cut");
      }
      await new Promise((done) => setTimeout(done, ASK_MS * (0.8 + 0.4 * Math.random())));
    }
    this.asking = false;
  }

  async fetchPage() {
    try {
      const answer = await fetch(location.href.split("#")[0], { cache: "no-store" });
      if (!answer.ok || answer.redirected) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      this.late = page.getElementById(this.place.id)?.innerHTML ?? null;
      this.show();
    } catch {
      this.say("cut");
    }
  }

  /** Who has pressed a button goes on from there: only what is being typed or chosen waits. */
  isRead() {
    const at = document.activeElement;
    const types = at !== null && at.matches("input, select, textarea") && this.place.contains(at);
    return types || this.place.querySelector("details[open]");
  }

  show() {
    if (this.late === null || this.isRead()) return;
    const at = document.activeElement;
    const held = at && this.place.contains(at) ? at.closest("li")?.id : "";
    const which = at?.matches(SUPPORTS) ? SUPPORTS : "a, button";
    this.note();
    super.show();
    this.press();
    tick();
    if (!held) return;
    const item = document.getElementById(held);
    /** @type {HTMLElement | null} */ (item?.querySelector(which))?.focus({ preventScroll: true });
  }

  /** Keeps which questions are supported: the new part is made for everybody. */
  note() {
    for (const button of this.place.querySelectorAll(SUPPORTS)) {
      const id = button.closest("li")?.id ?? "";
      if (button.getAttribute("aria-pressed") === "true") this.mine.add(id);
      else this.mine.delete(id);
    }
  }

  press() {
    for (const button of this.place.querySelectorAll(SUPPORTS)) {
      const pressed = this.mine.has(button.closest("li")?.id ?? "");
      button.setAttribute("aria-pressed", String(pressed));
      /** @type {HTMLButtonElement} */ (button).value = pressed ? "quitar" : "apoyar";
    }
  }
}

/** Says how long ago, or how long from now, each moment of the page is. */
function tick() {
  for (const each of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-since], [data-until]"))) {
    const { since, until } = each.dataset;
    const ms = since ? Date.now() - Date.parse(since) : Date.parse(until ?? "") - Date.now();
    const seconds = Math.floor(Math.abs(ms) / 1000);
    const sign = ms < 0 ? "−" : "";
    each.textContent = `${sign}${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  }
}

const place = /** @type {HTMLElement | null} */ (document.querySelector("[data-live]"));
const line = /** @type {HTMLElement | null} */ (document.querySelector("[data-line]"));
if (place) {
  const hearing = new Hearing(place, line);
  const told = /** @type {any} */ ({
    note: (/** @type {string} */ _kind, /** @type {string} */ words) => hearing.say(words ? "failed" : ""),
  });
  document.addEventListener("click", (event) => {
    const pressed = /** @type {Element} */ (event.target).closest(SUPPORTS);
    if (!(pressed instanceof HTMLButtonElement) || !pressed.form) return;
    event.preventDefault();
    support(pressed, told);
  });
  tick();
  setInterval(tick, 1000);
}

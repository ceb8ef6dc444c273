/**
 * Sends what is written on the page of a thread without leaving it, and loses nothing of it.
 *
 * Drafts stay in this browser until they are sent, also for who has not signed in. Without these
 * scripts the same forms work as forms do.
 */

import { shelf } from "./conversation.js";
import { publishOwn } from "./publishing.js";

/** @typedef {import("./conversation.js").Conversation} Conversation */
/** @typedef {import("./types.js").Said} Said */

const SAVE_AFTER_MS = 400;
const KEPT_MS = 7 * 86400000;
const TITLE = "Error: ";
/** @type {WeakMap<HTMLFormElement, Writing>} */
const begun = new WeakMap();

/**
 * @param {HTMLFormElement} form
 * @param {Conversation} conversation
 */
export function writingOn(form, conversation) {
  const writing = begun.get(form) ?? new Writing(form, conversation);
  begun.set(form, writing);
  return writing;
}

/** @param {FormData} data */
export function encoded(data) {
  return new URLSearchParams(/** @type {[string, string][]} */ ([...data.entries()]));
}

/**
 * @param {string} url
 * @param {URLSearchParams} body
 * @param {boolean} [isLive] whether what the stream brings anyway need not come twice
 */
export function send(url, body, isLive = false) {
  const headers = new Headers({ Accept: "application/json" });
  if (isLive) headers.set("Prefer", "return=minimal");
  return fetch(url, { method: "POST", headers, body });
}

/** Sixteen characters that no other sending of a form has. */
function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A machine that many use keeps nobody's words for longer than they may want them. */
function forgetOldDrafts() {
  Object.keys(shelf ?? {}).filter((key) => key.startsWith("borrador:")).forEach((key) => {
    const { at } = JSON.parse(shelf?.getItem(key) ?? "{}");
    if (!(Date.now() - at < KEPT_MS)) shelf?.removeItem(key);
  });
}

class Writing {
  /**
   * @param {HTMLFormElement} form
   * @param {Conversation} conversation
   */
  constructor(form, conversation) {
    this.form = form;
    this.conversation = conversation;
    this.text = /** @type {HTMLTextAreaElement} */ (form.querySelector("textarea"));
    this.button = /** @type {HTMLButtonElement} */ (form.querySelector("button.btn"));
    this.note = /** @type {HTMLElement} */ (form.querySelector("[data-note]"));
    this.key = this.keyField();
    this.draft = `borrador:${location.pathname}:${new FormData(form).get("parent") ?? ""}`;
    /** The text that was last sent under this key, whether or not it arrived. */
    this.tried = "";
    this.timer = 0;
    this.isSending = false;
    forgetOldDrafts();
    this.restore();
    form.dataset.kept = "";
    form.addEventListener("input", () => this.saveSoon());
    addEventListener("pagehide", () => this.save());
  }

  /** The field with the key that makes a form sent twice count once; made where it is missing. */
  keyField() {
    const found = this.form.querySelector('[name="request_key"]');
    if (found instanceof HTMLInputElement) return found;
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "request_key", value: newKey() });
    this.form.append(field);
    return field;
  }

  saveSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), SAVE_AFTER_MS);
  }

  /** Keeps the text with its key: sent again from another tab, it still counts once. */
  save() {
    clearTimeout(this.timer);
    if (this.isSending || "leaving" in document.documentElement.dataset) return;
    const kept = { text: this.text.value, key: this.key.value, tried: this.tried,
      choices: this.choices(), more: this.more().map((each) => each.value), at: Date.now() };
    try {
      if (kept.text.trim()) shelf?.setItem(this.draft, JSON.stringify(kept));
      else shelf?.removeItem(this.draft);
    } catch {
      // A full shelf keeps no draft; the text is still on the page.
    }
  }

  /** @returns {string[]} */
  choices() {
    return [...this.form.querySelectorAll("input:checked")].map((each) => each.id);
  }

  /**
   * What else the form holds: the passage of a comment on a text and where that was chosen, and
   * of which place it speaks.
   * @returns {HTMLInputElement[]}
   */
  more() {
    return [...this.form.querySelectorAll(".about textarea, .about [type=hidden], [name=area]")];
  }

  /** Puts back what was being written, or came back unsent, where nothing is written now. */
  restore() {
    const name = [this.draft, `${this.draft}!`].find((each) => shelf?.getItem(each));
    if (!name || this.text.value.trim()) return;
    const kept = JSON.parse(shelf?.getItem(name) ?? "{}");
    shelf?.removeItem(name);
    this.text.value = kept.text;
    this.key.value = kept.key || this.key.value;
    this.tried = kept.tried ?? "";
    (kept.choices ?? []).forEach((/** @type {string} */ id) => this.choose(id));
    this.more().forEach((field, at) => { field.value ||= kept.more?.[at] ?? ""; });
    this.save();
    this.tell("recovered", "discard", () => this.discard());
  }

  /** @param {string} id */
  choose(id) {
    const choice = document.getElementById(id);
    if (choice instanceof HTMLInputElement) choice.checked = true;
  }

  discard() {
    this.empty();
    this.save();
    this.tell("");
    this.text.focus();
  }

  /** Makes room for the next text, which gets a key of its own. */
  empty() {
    [this.text, ...this.more()].forEach((field) => { field.value = field.defaultValue = ""; });
    this.form.querySelectorAll("input[type=radio]").forEach((choice) => {
      /** @type {HTMLInputElement} */ (choice).checked = false;
    });
    this.renew();
  }

  renew() {
    this.key.value = newKey();
    this.tried = "";
  }

  /**
   * Says something below the text, with something to press where that helps.
   * @param {string} words or their name
   * @param {string} [action]
   * @param {() => void} [act]
   */
  tell(words, action, act) {
    const text = this.conversation.say(words);
    this.note.textContent = text;
    this.note.hidden = !text;
    if (text) this.conversation.status.textContent = text;
    if (!action || !act) return;
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "linklike" });
    button.textContent = this.conversation.say(action);
    button.addEventListener("click", act);
    this.note.append(" ", button);
  }

  async submit() {
    if (this.isSending) return;
    const text = this.text.value;
    // Another text under the same key would be answered with the first one, and be lost.
    if (this.tried && this.tried !== text) this.key.value = newKey();
    this.tried = text;
    this.save();
    this.setSending(true);
    this.tell("sending");
    try {
      const body = encoded(new FormData(this.form));
      await this.answered(await send(this.form.action, body, this.conversation.isLive()), text);
    } catch {
      await this.failed();
    }
    this.setSending(false);
    this.save();
    this.restore();
  }

  /** @param {boolean} isSending */
  setSending(isSending) {
    this.isSending = this.conversation.isSending = isSending;
    this.button.setAttribute("aria-disabled", String(isSending));
    this.conversation.tell();
  }

  /**
   * @param {Response} answer
   * @param {string} text that was sent
   */
  async answered(answer, text) {
    /** @type {Said} */
    const said = await answer.json();
    clear(this.form);
    if (answer.status === 201) this.published(said, text);
    else if (said.to) location.assign(said.to);
    else if (said.errors) {
      this.tell("");
      mend(this.form, said.errors, this.conversation);
    }
    else this.tell([said.title, said.advice].filter(Boolean).join(". "), "retry", () => this.submit());
  }

  /**
   * @param {Said} said
   * @param {string} text
   */
  published(said, text) {
    // What was written on meanwhile is the beginning of the next one.
    if (this.text.value === text) this.empty();
    else this.renew();
    this.tell("");
    if (!this.text.value) this.closeReply();
    publishOwn(this.conversation, said);
  }

  /** A reply that was sent leaves no box behind. */
  closeReply() {
    const box = this.form.closest(".answering");
    if (!box) return;
    const page = new URL(location.href);
    page.searchParams.delete("responder");
    page.hash = "";
    history.replaceState(null, "", page);
    box.remove();
  }

  /** Without a connection it waits and goes by itself; otherwise its writer decides. */
  async failed() {
    const fields = encoded(new FormData(this.form));
    const isKept = !navigator.onLine && await import("./offline.js").then(
      ({ queue }) => queue(this.form.action, fields, this.conversation)).catch(() => false);
    if (isKept) this.empty();
    if (isKept) this.tell("queued");
    else this.tell("failed", "retry", () => this.submit());
  }
}

/**
 * What has to be mended is shown as the server does (components/forms.html).
 * @param {HTMLFormElement} form
 */
function clear(form) {
  document.title = document.title.replace(TITLE, "");
  document.querySelectorAll(".problem").forEach((old) => old.remove());
  form.querySelectorAll(".field.bad").forEach((field) => {
    field.classList.remove("bad");
    field.querySelector(".error")?.remove();
    described(field).removeAttribute("aria-invalid");
    describe(field);
  });
}

/**
 * @param {HTMLFormElement} form
 * @param {Record<string, string>} errors
 * @param {Conversation} conversation
 */
function mend(form, errors, conversation) {
  const summary = document.createElement("div");
  Object.assign(summary, { className: "problem", tabIndex: -1 });
  summary.setAttribute("role", "alert");
  const heading = document.createElement("h2");
  const count = Object.keys(errors).length;
  heading.textContent = conversation.say(count === 1 ? "problem" : "problems", { n: count });
  const list = document.createElement("ul");
  Object.entries(errors).forEach(([name, words]) => list.append(mark(form, name, words)));
  summary.append(heading, list);
  form.prepend(summary);
  document.title = TITLE + document.title;
  summary.focus();
}

/**
 * Puts a message beside its field, and gives the line of the summary that leads there.
 * @param {HTMLFormElement} form
 * @param {string} name
 * @param {string} words
 */
function mark(form, name, words) {
  const line = document.createElement("li");
  const link = document.createElement("a");
  link.href = `#f-${name}`;
  link.textContent = words;
  line.append(link);
  const field = form.querySelector(`#f-${name}`)?.closest(".field");
  if (field) say(field, name, words);
  return line;
}

/**
 * @param {Element} field
 * @param {string} name
 * @param {string} words
 */
function say(field, name, words) {
  const message = document.createElement("p");
  Object.assign(message, { className: "error", id: `e-${name}` });
  message.textContent = words;
  const input = described(field);
  const before = input === field ? field.querySelector(".choices") : input;
  before?.before(message);
  field.classList.add("bad");
  if (input !== field) input.setAttribute("aria-invalid", "true");
  describe(field);
}

/**
 * The element whose description the messages are: the group of choices, or the one input.
 * @param {Element} field
 */
function described(field) {
  return field.tagName === "FIELDSET" ? field : field.querySelector("input, select, textarea") ?? field;
}

/** @param {Element} field */
function describe(field) {
  const ids = [...field.querySelectorAll(".hint, .error")].map((each) => each.id);
  if (ids.length) described(field).setAttribute("aria-describedby", ids.join(" "));
  else described(field).removeAttribute("aria-describedby");
}

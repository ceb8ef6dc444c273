/**
 * Sends what is written on the page of a thread without leaving it, and loses nothing of it.
 *
 * Drafts stay in this browser until they are sent, also for who has not signed in. Without these
 * scripts the same forms work as forms do.
 */

/** @typedef {import("./conversation.js").Conversation} Conversation */

const DRAFT_DAYS = 7;
const DRAFT_PREFIX = "borrador:";
const SAVE_AFTER_MS = 400;
const JSON_TYPE = "application/json";

/** @param {Conversation} conversation */
export function prepareWriting(conversation) {
  document.querySelectorAll("form.write").forEach((form) => {
    new Writing(/** @type {HTMLFormElement} */ (form), conversation).start();
  });
  document.addEventListener("click", (event) => support(event, conversation));
  warnBeforeLeaving(conversation);
  if ("serviceWorker" in navigator) {
    import("./offline.js").then((offline) => offline.prepare(conversation));
  }
}

/** @param {FormData} data */
function encoded(data) {
  return new URLSearchParams(/** @type {[string, string][]} */ ([...data.entries()]));
}

/**
 * @param {string} url
 * @param {FormData} data
 */
function send(url, data) {
  return fetch(url, { method: "POST", headers: { Accept: JSON_TYPE }, body: encoded(data) });
}

/** Sixteen characters that no other sending of a form has. */
function newKey() {
  return crypto.getRandomValues(new Uint32Array(4)).reduce(
    (key, part) => key + part.toString(36).padStart(7, "0").slice(-4), "");
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
    const parent = /** @type {HTMLInputElement | null} */ (form.querySelector('[name="parent"]'));
    this.draft = `${DRAFT_PREFIX}${location.pathname}:${parent?.value ?? ""}`;
    this.timer = 0;
    this.isSending = false;
  }

  start() {
    this.key();
    this.restore();
    this.text.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.save(), SAVE_AFTER_MS);
    });
    addEventListener("pagehide", () => this.save());
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
  }

  /** The field with the key that makes a form sent twice count once; made where it is missing. */
  key() {
    const name = "request_key";
    let field = /** @type {HTMLInputElement | null} */ (this.form.querySelector(`[name="${name}"]`));
    if (!field) {
      field = document.createElement("input");
      field.type = "hidden";
      field.name = name;
      field.value = newKey();
      this.form.append(field);
    }
    return field;
  }

  save() {
    if (this.isSending) return;
    const text = this.text.value;
    if (text.trim()) localStorage.setItem(this.draft, JSON.stringify({ text, at: Date.now() }));
    else localStorage.removeItem(this.draft);
  }

  restore() {
    const kept = JSON.parse(localStorage.getItem(this.draft) ?? "null");
    if (!kept || this.text.value.trim()) return;
    if (Date.now() - kept.at > DRAFT_DAYS * 86400000) {
      localStorage.removeItem(this.draft);
      return;
    }
    this.text.value = kept.text;
    this.tell("recovered", "discard", () => {
      this.text.value = "";
      this.save();
      this.tell("");
      this.text.focus();
    });
  }

  /**
   * Says something below the text, with something to press where that helps.
   * @param {string} name of the words, or the words themselves
   * @param {string} [action]
   * @param {() => void} [act]
   */
  tell(name, action, act) {
    this.note.textContent = this.conversation.say(name) || name;
    this.note.hidden = name === "";
    if (!action || !act) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "linklike";
    button.textContent = this.conversation.say(action);
    button.addEventListener("click", act);
    this.note.append(" ", button);
  }

  async submit() {
    if (this.isSending) return;
    this.save();
    this.isSending = true;
    this.button.setAttribute("aria-disabled", "true");
    this.tell("sending");
    try {
      await this.answered(await send(this.form.action, new FormData(this.form)));
    } catch {
      await this.failed();
    } finally {
      this.isSending = false;
      this.button.removeAttribute("aria-disabled");
    }
  }

  /** @param {Response} answer */
  async answered(answer) {
    const said = await answer.json();
    if (answer.status === 201) this.published(said);
    else if (said.to) location.assign(said.to);
    else if (said.errors) this.mend(said.errors);
    else this.tell([said.title, said.advice].filter(Boolean).join(" "), "retry", () => this.submit());
  }

  /** @param {{id: string, html: string, words: string}} said */
  published(said) {
    this.clearErrors();
    this.text.value = "";
    this.text.defaultValue = "";
    localStorage.removeItem(this.draft);
    this.key().value = newKey();
    this.tell("");
    this.conversation.status.textContent = said.words;
    const answering = this.form.closest("li.answering");
    if (answering) {
      const page = new URL(location.href);
      page.searchParams.delete("responder");
      history.replaceState(null, "", page);
      answering.remove();
    }
    this.conversation.publishOwn(said.html);
  }

  async failed() {
    if ("serviceWorker" in navigator && !navigator.onLine) {
      const offline = await import("./offline.js");
      if (await offline.queue(this.form.action, encoded(new FormData(this.form)))) {
        this.text.value = "";
        localStorage.removeItem(this.draft);
        this.key().value = newKey();
        this.tell("queued");
        return;
      }
    }
    this.tell("failed", "retry", () => this.submit());
  }

  clearErrors() {
    document.querySelectorAll(".problem, form.write .error").forEach((old) => old.remove());
    this.form.querySelectorAll("[aria-invalid]").forEach((field) => {
      field.removeAttribute("aria-invalid");
      field.setAttribute("aria-describedby", `h-${field.getAttribute("name")}`);
      field.closest(".field")?.classList.remove("bad");
    });
  }

  /** @param {Record<string, string>} errors */
  mend(errors) {
    this.clearErrors();
    this.tell("");
    Object.entries(errors).forEach(([name, message]) => this.mark(name, message));
    const first = /** @type {HTMLElement | null} */ (this.form.querySelector("[aria-invalid]"));
    first?.focus();
  }

  /**
   * @param {string} name
   * @param {string} message
   */
  mark(name, message) {
    const field = this.form.querySelector(`#f-${name}`);
    if (!field) {
      this.tell(message);
      return;
    }
    const words = document.createElement("p");
    words.className = "error";
    words.id = `e-${name}`;
    words.textContent = message;
    field.before(words);
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", `h-${name} e-${name}`);
    field.closest(".field")?.classList.add("bad");
  }
}

/**
 * @param {Event} event
 * @param {Conversation} conversation
 */
async function support(event, conversation) {
  const pressed = event.target instanceof Element
    ? event.target.closest('button[form="acto"][aria-pressed]') : null;
  const form = /** @type {HTMLFormElement | null} */ (document.getElementById("acto"));
  if (!(pressed instanceof HTMLButtonElement) || !form) return;
  event.preventDefault();
  const data = new FormData(form);
  data.set("hacer", pressed.value);
  const wanted = pressed.value === "apoyar";
  setPressed(pressed, wanted);
  try {
    const answer = await send(pressed.formAction, data);
    const said = await answer.json();
    if (said.to) location.assign(said.to);
    else if (!answer.ok) throw new Error([said.title, said.advice].filter(Boolean).join(" "));
    else shown(said, pressed);
  } catch (error) {
    setPressed(pressed, !wanted);
    const words = error instanceof TypeError ? conversation.say("failed_act") : String(error).slice(7);
    conversation.status.textContent = words;
    conversation.note().textContent = words;
    conversation.note().hidden = false;
  }
}

/**
 * @param {{id: string, pressed: boolean, html: string}} said
 * @param {HTMLButtonElement} pressed
 */
function shown(said, pressed) {
  const now = document.getElementById(said.id)?.querySelector("button[aria-pressed]");
  const button = now instanceof HTMLButtonElement ? now : pressed;
  setPressed(button, said.pressed);
  const count = button.querySelector(".n");
  if (count) count.textContent = said.html;
}

/**
 * @param {HTMLButtonElement} button
 * @param {boolean} pressed
 */
function setPressed(button, pressed) {
  button.setAttribute("aria-pressed", String(pressed));
  button.value = pressed ? "quitar" : "apoyar";
}

/**
 * Signing out forgets what this browser keeps: on a shared machine, nobody finds it.
 * @param {Conversation} conversation
 */
function warnBeforeLeaving(conversation) {
  document.getElementById("salir")?.addEventListener("submit", (event) => {
    const unsent = Object.keys(localStorage).some((key) => key.startsWith(DRAFT_PREFIX));
    if (unsent && !confirm(conversation.say("unsent"))) event.preventDefault();
  });
}

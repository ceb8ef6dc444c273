/** What is said when a conversation opens or closes, or can no longer be followed on this page. */

/** @typedef {import("./conversation.js").Conversation} Conversation */

const ROOT_LENGTH = 4;

/**
 * Says that the phase changed; what is being written stays, and the server has the last word.
 * @param {Conversation} conversation
 * @param {string} state
 * @param {string} html
 */
export function showPhase(conversation, state, html) {
  const isOpen = state === "open";
  conversation.list.classList.toggle("shut", !isOpen);
  const box = document.getElementById("escribir");
  const notice = document.getElementById("fase") ?? document.createElement("div");
  notice.id = "fase";
  notice.className = "closed-note";
  notice.innerHTML = html;
  if (isOpen && box?.tagName !== "FORM") notice.append(reloadButton(conversation));
  // The entity may still answer in a closed phase; under a conclusion nobody may.
  const send = box?.querySelector("button.btn");
  if (send instanceof HTMLButtonElement) send.disabled = state === "concluded";
  box?.before(notice);
  conversation.status.textContent = notice.firstElementChild?.textContent ?? "";
}

/**
 * Shows what stands above the conversation now, such as the conclusion it was closed with.
 * @param {string} html
 */
export function showHeading(html) {
  const place = document.getElementById("encabezado");
  if (place) place.innerHTML = html;
}

/**
 * @param {Conversation} conversation
 * @param {"gone"|"signedout"|"reload"} why
 */
export function showEnd(conversation, why) {
  const note = conversation.note("act", why);
  if (why === "reload") note.append(" ", reloadButton(conversation));
  if (why === "signedout") note.append(" ", signInLink(conversation));
}

/** @param {Conversation} conversation */
function reloadButton(conversation) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "linklike";
  button.textContent = conversation.say("reload_link");
  button.addEventListener("click", () => location.reload());
  return button;
}

/** @param {Conversation} conversation */
function signInLink(conversation) {
  const link = document.createElement("a");
  link.href = `/ingresar?next=${encodeURIComponent(location.pathname + location.search)}`;
  link.textContent = conversation.say("signin");
  return link;
}

/**
 * Goes to the page with a contribution that has its place elsewhere; what is being written stays.
 * @param {DOMStringMap} shown which part of the conversation this page shows
 * @param {string} path
 */
export function goTo(shown, path) {
  const { order, to = "" } = shown;
  const root = path.slice(0, ROOT_LENGTH);
  // In a branch longer than a page, its first page would not have it.
  const start = path >= to && to > root ? to : root;
  if (order === "conversacion") location.assign(`?desde=${start}#aportes`);
  else location.reload();
}

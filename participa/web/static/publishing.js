/** Shows on its own writer's page what was published: at once, at its place, with its receipt. */

import { elementOf } from "./conversation.js";

/** @typedef {import("./conversation.js").Conversation} Conversation */
/** @typedef {import("./types.js").Said} Said */

/** Own words that the stream has not brought by then are asked for. */
const MISSING_AFTER_MS = 2000;

/**
 * Shows what its own reader has published: at once where the answer brought it, else when the
 * stream does, which was asked to be the only one to bring it.
 * @param {Conversation} conversation
 * @param {Said} said
 * @param {boolean} [goesThere] whether the reader is taken to it
 */
export function publishOwn(conversation, { id = "", html = "" }, goesThere = true) {
  const fresh = html ? elementOf(html) : conversation.held.get(id);
  if (fresh) {
    showOwn(conversation, fresh, goesThere);
    return;
  }
  conversation.awaited.set(id, (brought) => showOwn(conversation, brought, goesThere));
  setTimeout(() => conversation.awaited.has(id) && conversation.onMissing(), MISSING_AFTER_MS);
}

/**
 * Puts it at its place, with its receipt.
 * @param {Conversation} conversation
 * @param {HTMLElement} fresh
 * @param {boolean} goesThere
 */
function showOwn(conversation, fresh, goesThere) {
  conversation.held.delete(fresh.id);
  conversation.awaited.delete(fresh.id);
  fresh.querySelector(".own")?.removeAttribute("hidden");
  fresh.append(receiptNote(conversation, fresh.id));
  const old = document.getElementById(fresh.id);
  conversation.still(old, () => {
    old?.remove();
    conversation.insert(fresh);
  });
  conversation.tell();
  if (!goesThere) return;
  conversation.status.textContent = conversation.say("published", { id: fresh.id });
  conversation.show(fresh);
}

/**
 * @param {Conversation} conversation
 * @param {string} id
 */
function receiptNote(conversation, id) {
  const [before, after] = conversation.say("published").split("{id}");
  const note = document.createElement("p");
  const link = document.createElement("a");
  note.className = "live-note";
  link.href = `/aportes/${id}`;
  link.textContent = id;
  note.append(before, link, after);
  return note;
}

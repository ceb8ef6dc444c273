/** What the page has to do with the service worker: what waits to be sent, and what came of it. */

import { shelf } from "./conversation.js";
import { publishOwn } from "./publishing.js";
import { writingOn } from "./writing.js";

/** @typedef {import("./conversation.js").Conversation} Conversation */
/** @typedef {import("./types.js").Entry} Entry */
/** @typedef {import("./types.js").Result} Result */

const KEPT_WITHIN_MS = 3000;
let isPrepared = false;

/** @param {Conversation} conversation */
export function prepare(conversation) {
  if (isPrepared) return;
  isPrepared = true;
  if (document.documentElement.dataset.kept) lendSignature();
  navigator.serviceWorker.addEventListener("message", () => collect(conversation));
  addEventListener("online", () => collect(conversation));
  collect(conversation);
}

/** A kept page is a visitor's: its forms get the token of who was last signed in here. */
function lendSignature() {
  const value = shelf?.getItem("participa:firma");
  if (!value) return;
  document.querySelectorAll("#acto, form.write").forEach((form) => {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "csrf", value });
    form.prepend(field);
  });
}

/**
 * Asks the worker something and waits for its answer.
 * @param {object} question
 * @returns {Promise<any>}
 */
async function ask(question) {
  const { active } = await navigator.serviceWorker.ready;
  return new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = (event) => resolve(event.data);
    active?.postMessage(question, [channel.port2]);
  });
}

/** @param {number} wait */
function after(wait) {
  return new Promise((resolve) => {
    setTimeout(() => resolve(false), wait);
  });
}

/**
 * Leaves a contribution with the worker, to be sent once there is a connection.
 * @param {string} url
 * @param {URLSearchParams} fields
 * @param {Conversation} conversation
 * @returns {Promise<boolean>} whether it is safe there
 */
export async function queue(url, fields, conversation) {
  const key = fields.get("request_key") ?? "";
  const entry = { key, url, fields: fields.toString(), path: location.pathname };
  const kept = ask({ type: "queue", entry });
  if (!await Promise.race([kept, after(KEPT_WITHIN_MS)])) return false;
  shelf?.setItem(`pendiente:${key}`, "");
  prepare(conversation);
  // Sends it even if this page is closed by then, where the browser can.
  const registration = /** @type {any} */ (await navigator.serviceWorker.ready);
  await registration.sync?.register("outbox").catch(() => {});
  return true;
}

/**
 * Lets the worker send what waits, and tells what came of it; only then is it forgotten there.
 * @param {Conversation} conversation
 */
async function collect(conversation) {
  /** @type {Result[]} */
  const results = await ask({ type: "flush" });
  results.forEach((result) => told(result, conversation));
  if (results.length) await ask({ type: "told", numbers: results.map((result) => result.number) });
}

/**
 * @param {Result} result
 * @param {Conversation} conversation
 */
function told({ entry, said }, conversation) {
  shelf?.removeItem(`pendiente:${entry.key}`);
  if (said.id) delivered(entry, said, conversation);
  else giveBack(entry, said, conversation);
}

/**
 * @param {Entry} entry
 * @param {import("./types.js").Said} said
 * @param {Conversation} conversation
 */
function delivered(entry, said, conversation) {
  const note = conversation.note("act", "delivered");
  note.append(" ", linkTo(`/aportes/${said.id}`, said.id ?? ""));
  if (entry.path === location.pathname && conversation.isOnThisPage(said.p ?? "")) {
    publishOwn(conversation, said, false);
  }
}

/**
 * Gives a text that was refused back to its writer: in the box, once nothing else is in it.
 * @param {Entry} entry
 * @param {import("./types.js").Said} said
 * @param {Conversation} conversation
 */
function giveBack(entry, said, conversation) {
  const fields = new URLSearchParams(entry.fields);
  const name = `borrador:${entry.path}:${fields.get("parent") ?? ""}!`;
  const text = fields.get("body") ?? "";
  const before = JSON.parse(shelf?.getItem(name) ?? '{"text":""}').text;
  const both = before.includes(text) ? before : [before, text].filter(Boolean).join("\n\n");
  shelf?.setItem(name, JSON.stringify({ text: both, at: Date.now() }));
  const form = document.querySelector("form.write");
  if (form instanceof HTMLFormElement) writingOn(form, conversation).restore();
  const words = [...Object.values(said.errors ?? {}), said.title, said.advice].filter(Boolean);
  const note = conversation.note("act", [conversation.say("returned"), ...words].join(" "));
  if (entry.path !== location.pathname) note.append(" ", linkTo(entry.path, conversation.say("show")));
  if (said.to) note.append(" ", linkTo(said.to, conversation.say("signin")));
}

/**
 * @param {string} url
 * @param {string} words
 */
function linkTo(url, words) {
  const link = document.createElement("a");
  link.href = url;
  link.textContent = words;
  return link;
}

/** Supports without leaving the page: shown at once, taken back where the server does not agree. */

import { encoded, send } from "./writing.js";

/** @typedef {import("./conversation.js").Conversation} Conversation */
/** @typedef {import("./types.js").Said} Said */

/**
 * @param {HTMLButtonElement} pressed
 * @param {Conversation} conversation
 */
export async function support(pressed, conversation) {
  if (pressed.getAttribute("aria-busy") === "true" || !pressed.form) return;
  const data = new FormData(pressed.form);
  data.set("hacer", pressed.value);
  const wanted = pressed.value === "apoyar";
  const id = pressed.closest("[data-p]")?.id ?? "";
  conversation.note("act", "");
  set(pressed, wanted);
  pressed.setAttribute("aria-busy", "true");
  const said = await answerTo(pressed.formAction, data);
  // The item may have been replaced meanwhile.
  const button = document.getElementById(id)?.querySelector("button[aria-pressed]") ?? pressed;
  pressed.removeAttribute("aria-busy");
  button.removeAttribute("aria-busy");
  set(/** @type {HTMLButtonElement} */ (button), said.pressed ?? !wanted);
  const count = button.querySelector(".n");
  if (count && said.html !== undefined) count.textContent = said.html;
  if (said.to) location.assign(said.to);
  else if (said.pressed === undefined) {
    conversation.note("act", [said.title, said.advice].filter(Boolean).join(". ") || "failed_act");
  }
}

/**
 * @param {string} url
 * @param {FormData} data
 * @returns {Promise<Said>} nothing in it where no answer came
 */
async function answerTo(url, data) {
  try {
    return await (await send(url, encoded(data))).json();
  } catch {
    return {};
  }
}

/**
 * @param {HTMLButtonElement} button
 * @param {boolean} pressed
 */
function set(button, pressed) {
  button.setAttribute("aria-pressed", String(pressed));
  button.value = pressed ? "quitar" : "apoyar";
}

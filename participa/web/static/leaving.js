/**
 * Signing out forgets what this browser keeps, after a warning where something was not sent: on a
 * machine that many use, nobody finds it. The server's `Clear-Site-Data` does the same where the
 * browser knows it.
 */

const KINDS = ["borrador:", "pendiente:", "participa:"];
const form = document.getElementById("salir");

/** @param {string[]} kinds */
function keys(kinds) {
  return Object.keys(localStorage).filter((key) => kinds.some((kind) => key.startsWith(kind)));
}

/** What is typed on this very page and was not saved yet. */
function isTyping() {
  return [...document.querySelectorAll("form.write textarea")].some(
    (box) => /** @type {HTMLTextAreaElement} */ (box).value.trim());
}

form?.addEventListener("submit", (event) => {
  const isUnsent = isTyping() || keys(KINDS.slice(0, 2)).length > 0;
  if (isUnsent && !confirm(form.dataset.unsent)) {
    event.preventDefault();
    return;
  }
  // The page saves its draft when it goes away; not this time.
  document.documentElement.dataset.leaving = "";
  keys(KINDS).forEach((key) => localStorage.removeItem(key));
  navigator.serviceWorker?.controller?.postMessage({ type: "forget" });
});

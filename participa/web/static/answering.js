/**
 * What is answered without a connection stays on this device and is sent when there is one again:
 * the server keeps a page as it comes last, so that coming twice does no harm.
 */

const RETRY_MS = 20000;
const name = `borrador:${location.pathname}`;
const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form[data-waiting]"));
const note = document.getElementById("sin-conexion");
/** @type {{fields: string[][], waits: boolean} | null} */
const kept = JSON.parse(localStorage.getItem(name) ?? "null");
let timer = 0;

/** @param {string[][]} fields */
function fill(fields) {
  const typed = new Map(fields.map(([field, value]) => [field, value]));
  for (const input of form?.elements ?? []) {
    const box = /** @type {HTMLInputElement} */ (input);
    if (["hidden", "submit"].includes(box.type) || !box.name) continue;
    if (["radio", "checkbox"].includes(box.type)) box.checked = typed.get(box.name) === box.value;
    else box.value = typed.get(box.name) ?? "";
  }
}

/**
 * What was typed, without the token of this page.
 * @param {FormData} data
 */
function typedIn(data) {
  return [...data].map(([field, value]) => [field, String(value)]).filter(([field]) => field !== "csrf");
}

/** @param {string | undefined} words */
function say(words) {
  if (!note) return;
  note.hidden = !words;
  note.textContent = words ?? "";
}

/** @param {string[][]} fields */
function wait(fields) {
  localStorage.setItem(name, JSON.stringify({ fields, waits: true }));
  say(form?.dataset.waiting);
  clearTimeout(timer);
  timer = setTimeout(() => send(fields), RETRY_MS);
}

/**
 * Sends the page; where the server has more to say than where to go on, the browser asks it itself.
 * @param {string[][]} fields
 */
async function send(fields) {
  if (!form) return;
  clearTimeout(timer);
  const token = new FormData(form).get("csrf");
  const body = new URLSearchParams(token ? [["csrf", String(token)], ...fields] : fields);
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
    if (answer.status >= 500) throw new Error(answer.statusText);
    localStorage.removeItem(name);
    const { to } = await answer.json().catch(() => ({}));
    if (to) location.href = to;
    else submitPlainly(fields);
  } catch {
    wait(fields);
  }
}

/** @param {string[][]} fields */
function submitPlainly(fields) {
  const pressed = document.createElement("input");
  Object.assign(pressed, { type: "hidden", name: "do", value: new Map(/** @type {any} */ (fields)).get("do") ?? "" });
  if (pressed.value) form?.append(pressed);
  form?.submit();
}

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  send(typedIn(new FormData(form, event.submitter)));
});
form?.addEventListener("input", () => {
  if (navigator.onLine && !localStorage.getItem(name)) return;
  const fields = typedIn(new FormData(form));
  localStorage.setItem(name, JSON.stringify({ fields, waits: false }));
});
addEventListener("online", () => {
  const now = JSON.parse(localStorage.getItem(name) ?? "null");
  if (now?.waits) send(now.fields);
});
if (kept) {
  fill(kept.fields);
  if (kept.waits) send(kept.fields);
  else say(form?.dataset.found);
}

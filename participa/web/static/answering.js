/**
 * What is answered without a connection stays on this device and is sent when there is one again:
 * the server keeps of a page what was typed last, so that coming late or twice does no harm.
 */

const RETRY_MS = 20000;
const name = `borrador:${location.pathname}`;
const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form[data-waiting]"));
const note = document.getElementById("sin-conexion");
const way = name.replace(/[^/]+$/, "");
const PAGE = /\/\d+$/;
/** @typedef {{fields: string[][], waits: boolean, at?: number}} Kept */
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
 * What was typed, without what is of this page alone.
 * @param {FormData} data
 */
function typedIn(data) {
  return [...data].map(([field, value]) => [field, String(value)])
    .filter(([field]) => field !== "csrf" && field !== "age");
}

/** @param {string} key @returns {Kept | null} */
function keptAs(key) {
  return JSON.parse(localStorage.getItem(key) ?? "null");
}

/** @param {string | undefined} words */
function say(words) {
  if (!note) return;
  note.hidden = !words;
  note.textContent = words ?? "";
}

/** @param {string[][]} fields @param {number} at when they were typed */
function wait(fields, at) {
  localStorage.setItem(name, JSON.stringify({ fields, waits: true, at }));
  say(form?.dataset.waiting);
  clearTimeout(timer);
  timer = setTimeout(resume, RETRY_MS);
}

/** @type {Promise<void> | null} */
let resuming = null;

/** Sends what waits, one round at a time. */
function resume() {
  resuming ??= sendWaiting().finally(() => { resuming = null; });
}

/** Signing out in another window may have forgotten what waited here. */
async function sendWaiting() {
  await sendOthers();
  const now = keptAs(name);
  if (now?.waits) await send(now.fields, now.at);
}

/** Sends the other pages of this way that wait, while one of them is open. */
async function sendOthers() {
  const others = Object.keys(localStorage).filter((key) => key.startsWith(way) && key !== name && PAGE.test(key));
  let isNew = false;
  for (const key of others) {
    const other = keptAs(key);
    if (!other?.waits) continue;
    try {
      await posted(key.slice("borrador:".length), other.fields, other.at);
    } catch {
      return;
    }
    localStorage.removeItem(key);
    isNew = true;
  }
  if (isNew && !PAGE.test(name)) location.reload();
}

/**
 * @param {string} url
 * @param {string[][]} fields
 * @param {number} [at]
 */
async function posted(url, fields, at = Date.now()) {
  const token = new FormData(form ?? undefined).get("csrf");
  const body = new URLSearchParams(token ? [["csrf", String(token)], ...fields] : fields);
  if (PAGE.test(url)) body.set("age", String(Math.max(0, Date.now() - at)));
  const answer = await fetch(url, { method: "POST", body, headers: { Accept: "application/json" } });
  if (answer.status >= 500 || answer.status === 429) throw new Error(answer.statusText);
  return answer.json().catch(() => ({}));
}

/**
 * Sends the page; where the server has more to say than where to go on, the browser asks it itself.
 * @param {string[][]} fields
 * @param {number} [at]
 */
async function send(fields, at = Date.now()) {
  if (!form) return;
  clearTimeout(timer);
  try {
    const { to } = await posted(form.action, fields, at);
    localStorage.removeItem(name);
    if (to) location.href = to;
    else submitPlainly(fields);
  } catch {
    wait(fields, at);
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
addEventListener("online", resume);
const kept = keptAs(name);
if (kept) {
  fill(kept.fields);
  if (!kept.waits) say(form?.dataset.found);
}
resume();

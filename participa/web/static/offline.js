/** What the page has to do with the service worker: kept threads, and what waits to be sent. */

/** @typedef {import("./conversation.js").Conversation} Conversation */

/** @typedef {{id: string, words: string, to: string, path: string, text: string}} Result */

/** @param {Conversation} conversation */
export function prepare(conversation) {
  const workers = navigator.serviceWorker;
  workers.addEventListener("message", (event) => {
    if (event.data?.type === "results") tell(event.data.results, conversation);
  });
  workers.register("/sw.js").then(async () => {
    await workers.ready;
    tellWorker({ type: "flush" });
    keepThisPage();
  }).catch(() => {});
  addEventListener("online", () => tellWorker({ type: "flush" }));
}

/** @param {object} message */
function tellWorker(message) {
  navigator.serviceWorker.ready.then((registration) => registration.active?.postMessage(message));
}

/** The first page was read before there was a worker to keep it. */
function keepThisPage() {
  if (!document.documentElement.dataset.kept) {
    tellWorker({ type: "keep", path: location.pathname, lang: document.documentElement.lang });
  }
}

/**
 * Leaves a contribution with the worker, to be sent once there is a connection.
 * @param {string} url
 * @param {URLSearchParams} fields
 * @returns {Promise<boolean>} whether it is safe there
 */
export async function queue(url, fields) {
  const registration = await navigator.serviceWorker.getRegistration();
  const worker = registration?.active;
  if (!worker) return false;
  const channel = new MessageChannel();
  const kept = new Promise((resolve) => {
    channel.port1.onmessage = (event) => resolve(event.data === "kept");
    setTimeout(() => resolve(false), 3000);
  });
  const entry = { url, fields: fields.toString(), path: location.pathname };
  worker.postMessage({ type: "queue", entry }, [channel.port2]);
  const isKept = await kept;
  // Sends it even if this page is closed by then, where the browser can.
  await /** @type {any} */ (registration).sync?.register("outbox").catch(() => {});
  return isKept;
}

/**
 * @param {Result[]} results
 * @param {Conversation} conversation
 */
function tell(results, conversation) {
  results.forEach((result) => {
    const note = conversation.note();
    note.hidden = false;
    note.textContent = result.id
      ? conversation.say("delivered", { id: result.id })
      : `${conversation.say("returned")} ${result.words}`;
    if (result.to) {
      const link = document.createElement("a");
      link.href = result.to;
      link.textContent = conversation.say("signin");
      note.append(" ", link);
    }
    conversation.status.textContent = note.textContent;
    if (!result.id) giveBack(result);
  });
}

/** @param {Result} result */
function giveBack(result) {
  const key = `borrador:${result.path}:`;
  localStorage.setItem(key, JSON.stringify({ text: result.text, at: Date.now() }));
  const box = document.querySelector("#escribir textarea");
  const isHere = result.path === location.pathname;
  if (isHere && box instanceof HTMLTextAreaElement && !box.value) box.value = result.text;
}

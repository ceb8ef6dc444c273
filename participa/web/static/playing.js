/**
 * The page of a recording: links to a minute of it play it there, on the page.
 *
 * Without this file they open the recording itself at that minute.
 */

const player = /** @type {HTMLMediaElement | null} */ (document.getElementById("grabacion"));

/** @param {string} address */
function secondOf(address) {
  const found = /#t=(\d+)$/.exec(address);
  return found ? Number(found[1]) : null;
}

/** @param {MouseEvent} event */
function follow(event) {
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (!player || !link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const second = secondOf(link.href);
  if (second === null || link.href.split("#")[0] !== player.src) return;
  event.preventDefault();
  player.currentTime = second;
  player.focus();
  player.play().catch(() => {});
}

function arrive() {
  const second = secondOf(location.href);
  if (player && second !== null) player.currentTime = second;
}

document.addEventListener("click", follow);
addEventListener("hashchange", arrive);
arrive();

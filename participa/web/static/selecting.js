/**
 * Offers to comment the passage that is selected in a text, by mouse, touch or keyboard.
 *
 * The link leads to the form with the passage in it. It is named by its first and last sign,
 * spaces not counted, as browsers and servers agree on no others (consultations/margins.py).
 * What was being written stays, as on any way out of the page (writing.js).
 */

const bar = /** @type {HTMLElement} */ (document.getElementById("elegir"));
const link = /** @type {HTMLAnchorElement} */ (bar.firstElementChild);

/**
 * Counts the signs of a stretch, without the counts that stand between its words.
 * @param {Range} range
 */
function signs(range) {
  const copy = range.cloneContents();
  copy.querySelectorAll(".counted").forEach((each) => each.remove());
  return [...(copy.textContent ?? "").replace(/\s/g, "")].length;
}

document.addEventListener("selectionchange", () => {
  const selection = getSelection();
  if (!selection?.rangeCount) return;
  const range = selection.getRangeAt(0).cloneRange();
  const text = /** @type {HTMLElement | null | undefined} */ (
    range.startContainer.parentElement?.closest(".law"));
  if (!text) return;
  const before = range.cloneRange();
  before.collapse(true);
  before.setStart(text, 0);
  // A passage ends where its section does.
  if (!text.contains(range.endContainer)) range.setEnd(text, text.childNodes.length);
  const first = signs(before);
  const last = first + signs(range);
  if (last === first) return;
  link.href = `/apartados/${text.dataset.section}?texto=${first}-${last}#escribir`;
  if (text.nextSibling !== bar) text.after(bar);
  bar.hidden = false;
});

const keys = document.getElementById("teclas");
const read = /** @type {HTMLElement | undefined} */ (keys?.previousElementSibling);
if (keys && read) {
  read.tabIndex = 0;
  read.setAttribute("aria-describedby", keys.id);
  keys.hidden = false;
  // The arrows choose words, with Shift the passage grows: no caret shows in a text only read.
  read.addEventListener("keydown", (event) => {
    const back = event.key === "ArrowLeft";
    const isOther = !back && event.key !== "ArrowRight" || event.target !== read;
    const selection = getSelection();
    if (isOther || !selection || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const grows = event.shiftKey;
    if (!read.contains(selection.anchorNode)) selection.setPosition(read, 0);
    else if (!grows && !back) selection.collapseToEnd();
    else if (!grows) {
      selection.collapseToStart();
      selection.modify("move", "backward", "word");
    }
    selection.modify("extend", grows && back ? "backward" : "forward", "word");
  });
}

/** The moderator's form, which no ready piece of HTML brings along. */

/**
 * Gives a new item a copy of the form that another has.
 * @param {Element} tools
 * @param {HTMLElement} fresh
 */
export function lend(tools, fresh) {
  const acts = fresh.querySelector(".acts");
  const id = tools.closest("[data-p]")?.id ?? "";
  const isMine = fresh.querySelector(".own:not([hidden])") !== null;
  if (!acts || isMine || acts.querySelector("details")) return;
  const template = document.createElement("template");
  template.innerHTML = tools.outerHTML.replaceAll(id, fresh.id);
  template.content.firstElementChild?.removeAttribute("open");
  acts.append(template.content);
}

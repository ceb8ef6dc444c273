/** Shows what has to be mended in a form, as the server does (components/forms.html). */

/** @typedef {import("./conversation.js").Conversation} Conversation */

const TITLE = "Error: ";

/** @param {HTMLFormElement} form */
export function clear(form) {
  document.title = document.title.replace(TITLE, "");
  document.querySelectorAll(".problem").forEach((old) => old.remove());
  form.querySelectorAll(".field.bad").forEach((field) => {
    field.classList.remove("bad");
    field.querySelector(".error")?.remove();
    described(field).removeAttribute("aria-invalid");
    describe(field);
  });
}

/**
 * @param {HTMLFormElement} form
 * @param {Record<string, string>} errors
 * @param {Conversation} conversation
 */
export function mend(form, errors, conversation) {
  const summary = document.createElement("div");
  Object.assign(summary, { className: "problem", tabIndex: -1 });
  summary.setAttribute("role", "alert");
  const heading = document.createElement("h2");
  const count = Object.keys(errors).length;
  heading.textContent = conversation.say(count === 1 ? "problem" : "problems", { n: count });
  const list = document.createElement("ul");
  Object.entries(errors).forEach(([name, words]) => list.append(mark(form, name, words)));
  summary.append(heading, list);
  form.prepend(summary);
  document.title = TITLE + document.title;
  summary.focus();
}

/**
 * Puts a message beside its field, and gives the line of the summary that leads there.
 * @param {HTMLFormElement} form
 * @param {string} name
 * @param {string} words
 */
function mark(form, name, words) {
  const line = document.createElement("li");
  const link = document.createElement("a");
  link.href = `#f-${name}`;
  link.textContent = words;
  line.append(link);
  const field = form.querySelector(`#f-${name}`)?.closest(".field");
  if (field) say(field, name, words);
  return line;
}

/**
 * @param {Element} field
 * @param {string} name
 * @param {string} words
 */
function say(field, name, words) {
  const message = document.createElement("p");
  Object.assign(message, { className: "error", id: `e-${name}` });
  message.textContent = words;
  const input = described(field);
  const before = input === field ? field.querySelector(".choices") : input;
  before?.before(message);
  field.classList.add("bad");
  if (input !== field) input.setAttribute("aria-invalid", "true");
  describe(field);
}

/**
 * The element whose description the messages are: the group of choices, or the one input.
 * @param {Element} field
 */
function described(field) {
  return field.tagName === "FIELDSET" ? field : field.querySelector("input, select, textarea") ?? field;
}

/** @param {Element} field */
function describe(field) {
  const ids = [...field.querySelectorAll(".hint, .error")].map((each) => each.id);
  if (ids.length) described(field).setAttribute("aria-describedby", ids.join(" "));
  else described(field).removeAttribute("aria-describedby");
}

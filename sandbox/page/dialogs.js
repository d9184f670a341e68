// What lies over the page for a moment: alerts, a question with one field, a photo at full size, and notes that go away.
import { h } from "./dom.js";

const NOTE_MS = 6000;

function show(dialog) {
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** A message the person has to put away, as a callback answer with an alert. */
export function showAlert(text, from) {
  const dialog = h("dialog", { class: "alert", role: "alertdialog", "aria-label": from, "data-alert": true },
    h("h2", {}, from),
    h("p", { dir: "auto" }, text),
    h("div", { class: "choices" }, h("button", { type: "button", class: "primary", autofocus: true, onclick: () => dialog.close() }, "OK")));
  show(dialog);
}

/** Ask for one value. `done(value)` runs when it is given; it may throw an Error to say what is wrong with it. */
export function ask({ title, label, field, button, done }) {
  askIn(h("input", { ...field, id: "asked", required: true, autocomplete: "off" }), { title, label, button, done });
}

/** Ask for one of several [value, label] options. */
export function askChoice({ title, options, button, done }) {
  const choices = options.map(([value, label]) => h("option", { value }, label));
  askIn(h("select", { id: "asked" }, ...choices), { title, label: "Which one?", button, done });
}

function askIn(input, { title, label, button, done }) {
  const problem = h("p", { class: "problem", role: "alert" });
  async function submit(event) {
    event.preventDefault();
    try {
      await done(input.value);
      dialog.close();
    } catch (error) {
      problem.textContent = error.message;
    }
  }
  const dialog = h("dialog", { "aria-label": title },
    h("form", { onsubmit: submit },
      h("h2", {}, title),
      h("label", { for: "asked" }, label), input, problem,
      h("div", { class: "choices" },
        h("button", { type: "button", onclick: () => dialog.close() }, "Cancel"),
        h("button", { type: "submit", class: "primary" }, button))));
  show(dialog);
}

export function showPhoto(url, alt) {
  const dialog = h("dialog", { class: "lightbox", "aria-label": "Photo" },
    h("button", { type: "button", "aria-label": "Close the photo", onclick: () => dialog.close() }, h("img", { src: url, alt })));
  show(dialog);
}

/** A note that goes away by itself; a click puts it away at once. `place` is the live region it appears in. */
export function note(place, text, { error = false } = {}) {
  const element = h("button", { type: "button", class: error ? "note error" : "note", dir: "auto", "data-toast": true, title: "Put away" }, text);
  element.addEventListener("click", () => element.remove());
  place.append(element);
  setTimeout(() => element.remove(), NOTE_MS);
}

// One message as an element: a service line in the middle, or a bubble with its inline keyboard below.
import { h, hue } from "./dom.js";
import { textOf } from "./text.js";
import { timeOf } from "./time.js";
import { showPhoto } from "./dialogs.js";

const FULL_WIDTH_FROM = 4; // a row with this many buttons, as in a calendar, takes the whole width
const LONG_LABEL = 12; // characters; more may be cut, and are shown to the mouse

/**
 * `view` tells how to draw: {own, joined, named, zone}. `act` is what can be done with it: open(url), command(text),
 * tap(message, data), jump(id), menu(message, button).
 */
export function drawMessage(message, view, act) {
  const hook = { "data-message": `${message.chat_id}:${message.id}` };
  if (message.service) return h("p", { class: "service", dir: "auto", ...hook }, message.service);
  const time = timeOf(new Date(message.date), view.zone);
  const wide = message.keyboard?.some((row) => row.length >= FULL_WIDTH_FROM);
  return h("article", {
    class: ["message", view.own && "own", view.joined && "joined", wide && "wide"].filter(Boolean).join(" "),
    tabindex: "-1",
    "aria-label": `${message.from.name}, ${time}`,
    ...hook,
  },
  h("div", { class: "stack" }, drawBubble(message, view, act, time), drawKeyboard(message, act)),
  h("button", {
    type: "button", class: "more", tabindex: "-1", "aria-label": "Message actions", title: "Reply and more",
    onclick: (event) => act.menu(message, event.currentTarget),
  }, "⋯"));
}

function drawBubble(message, view, act, time) {
  const hasText = message.html !== "" && message.html !== null && !message.sticker;
  const kind = ["bubble", message.edited && "edited", message.silent && "silent", message.sticker && "bare", message.photo && !hasText && "picture"];
  return h("div", { class: kind.filter(Boolean).join(" ") },
    view.named && !view.joined && h("div", { class: `sender hue-${hue(message.from.id)}`, dir: "auto" }, message.from.name),
    message.forwarded && h("div", { class: "forwarded" }, "Forwarded message"),
    message.reply_to && drawQuote(message.reply_to, act),
    message.photo && drawPhoto(message),
    message.document && drawDocument(message.document),
    message.sticker && h("div", { class: "sticker", role: "img", "aria-label": `Sticker ${message.sticker}` }, message.sticker),
    hasText && textOf(message, act),
    h("div", { class: "meta" },
      message.silent && h("span", { class: "quiet", role: "img", "aria-label": "without a sound", title: "Came without a sound" }, "🔕 "),
      message.edited && h("span", { class: "mark" }, "edited "),
      h("time", { datetime: message.date }, time)));
}

function drawQuote(quoted, act) {
  return h("button", { type: "button", class: "quote", onclick: () => act.jump(quoted.id), title: "Show the message" },
    h("span", { class: "quoted-name", dir: "auto" }, quoted.name),
    h("span", { class: "quoted-text", dir: "auto" }, quoted.text || "Message"));
}

function drawPhoto(message) {
  const alt = message.text || `Photo from ${message.from.name}`;
  return h("button", { type: "button", class: "photo", "aria-label": `${alt}, show larger`, onclick: () => showPhoto(message.photo, alt) },
    h("img", { src: message.photo, alt }));
}

function drawDocument(file) {
  return h("a", { class: "document", href: file.url, download: file.name },
    h("span", { class: "file-icon", "aria-hidden": "true" }, "↓"),
    h("span", { class: "file-name", dir: "auto" }, file.name),
    h("span", { class: "file-size" }, size(file.size)));
}

function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

function drawKeyboard(message, act) {
  if (!message.keyboard?.length) return null;
  return h("div", { class: "keyboard", role: "group", "aria-label": "Buttons" }, ...message.keyboard.map((row) =>
    h("div", { class: row.length >= FULL_WIDTH_FROM ? "row dense" : "row" }, ...row.map((button) => drawButton(button, message, act)))));
}

function drawButton(button, message, act) {
  const colour = button.style ?? "";
  if (button.url) {
    return h("button", { type: "button", class: `key link ${colour}`, dir: "auto", title: button.url, onclick: () => act.open(button.url) }, button.text);
  }
  if (button.copy) {
    const copied = (event) => navigator.clipboard?.writeText(button.copy).then(() => { event.target.textContent = "✓"; });
    return h("button", { type: "button", class: `key ${colour}`, dir: "auto", title: "Copies it", onclick: copied }, button.text);
  }
  return h("button", {
    type: "button", class: `key ${colour}`, dir: "auto", title: button.text.length > LONG_LABEL ? button.text : false,
    onclick: (event) => act.tap(message, button.data, event.currentTarget),
  }, button.text);
}

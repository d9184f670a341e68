// The text of a message: the server's safe HTML, with bare links, commands and spoilers made to work as in Telegram.
import { h } from "./dom.js";

const LIVE = /(https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]}»”’]|\bt\.me\/[\w?=&%/+-]+)|(?<![\w/<>])(\/[a-zA-Z][a-zA-Z0-9_]{0,31}(?:@\w+)?)(?![\w/<>])/gu;

/** `act.open(url)` follows a link, `act.command(text)` sends a command that was tapped. */
export function textOf(message, act) {
  const element = h("div", { class: "text", dir: "auto" });
  element.innerHTML = message.html; // the server escapes it: the one place where markup comes in
  for (const link of element.querySelectorAll("a")) enliven(link, link.href, act);
  for (const spoiler of element.querySelectorAll("tg-spoiler, .tg-spoiler")) hide(spoiler);
  const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const plain = [];
  while (texts.nextNode()) if (!texts.currentNode.parentElement.closest("a, code, pre")) plain.push(texts.currentNode);
  for (const node of plain) node.replaceWith(...pieces(node.data, act));
  return element;
}

function pieces(text, act) {
  const found = [];
  let end = 0;
  for (const match of text.matchAll(LIVE)) {
    found.push(text.slice(end, match.index));
    end = match.index + match[0].length;
    if (match[1]) found.push(enliven(h("a", {}, match[1]), match[1].startsWith("t.me") ? `https://${match[1]}` : match[1], act));
    else found.push(h("button", { type: "button", class: "command", onclick: () => act.command(match[2]) }, match[2]));
  }
  return [...found, text.slice(end)];
}

function enliven(link, url, act) {
  link.href = url;
  link.addEventListener("click", (event) => {
    event.preventDefault();
    act.open(url);
  });
  return link;
}

function hide(spoiler) {
  const reveal = () => {
    spoiler.classList.add("revealed");
    spoiler.removeAttribute("role");
    spoiler.removeAttribute("tabindex");
    spoiler.removeAttribute("aria-label");
  };
  spoiler.classList.add("tg-spoiler");
  spoiler.setAttribute("role", "button");
  spoiler.setAttribute("tabindex", "0");
  spoiler.setAttribute("aria-label", "Show hidden text");
  spoiler.addEventListener("click", reveal);
  spoiler.addEventListener("keydown", (event) => event.key === "Enter" && reveal());
}

/** Whether Telegram itself would follow this link inside the app. */
export function isTelegramLink(url) {
  try {
    const { protocol, hostname } = new URL(url);
    return protocol === "tg:" || ["t.me", "telegram.me", "telegram.dog"].includes(hostname);
  } catch {
    return false;
  }
}

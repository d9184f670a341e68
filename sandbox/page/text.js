// The text of a message: the server's safe HTML, with its links, commands and spoilers made to work as in Telegram.
import { h } from "./dom.js";

const COMMAND = /(?<![\w/@<>])\/[a-z0-9_]{1,64}(?:@\w{3,32})?(?![\w/@<>])/giu;

/** `act.open(url)` follows a link, `act.command(text)` sends a command that was tapped. */
export function textOf(message, act) {
  const element = h("div", { class: "text", dir: "auto" });
  element.innerHTML = message.html; // escaped by the server; nowhere else does markup come in
  for (const link of element.querySelectorAll("a")) {
    link.addEventListener("click", (event) => {
      event.preventDefault(); // a link to the bot must not leave the page
      act.open(link.href);
    });
  }
  for (const node of plainTexts(element)) node.replaceWith(...withCommands(node.data, act));
  for (const spoiler of element.querySelectorAll(".tg-spoiler")) hide(spoiler);
  return element;
}

function plainTexts(element) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) if (!walker.currentNode.parentElement.closest("a, code, pre")) texts.push(walker.currentNode);
  return texts;
}

/** The text in pieces, each command in it a button that sends it. */
function withCommands(text, act) {
  const pieces = [];
  let end = 0;
  for (const { 0: command, index } of text.matchAll(COMMAND)) {
    pieces.push(text.slice(end, index), h("button", { type: "button", class: "command", onclick: () => act.command(command) }, command));
    end = index + command.length;
  }
  return [...pieces, text.slice(end)];
}

function hide(spoiler) {
  const cover = { role: "button", tabindex: "0", "aria-label": "Show hidden text" };
  const reveal = () => {
    spoiler.classList.add("revealed");
    for (const name of Object.keys(cover)) spoiler.removeAttribute(name);
  };
  for (const [name, value] of Object.entries(cover)) spoiler.setAttribute(name, value);
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

// The text of a message: the server's safe HTML, with its links, commands and spoilers made to work as in Telegram.
import { h } from "./dom.js";

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
  for (const command of element.querySelectorAll(".command")) {
    const text = command.textContent;
    command.replaceWith(h("button", { type: "button", class: "command", onclick: () => act.command(text) }, text));
  }
  for (const spoiler of element.querySelectorAll(".spoiler")) hide(spoiler);
  return element;
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

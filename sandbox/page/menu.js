// A small menu under a button, and the keys people expect in it.
import { h } from "./dom.js";

let close = () => {};

/** Open a menu at `anchor` with [label, action] pairs; `null` entries are left out. The choice gets the focus back unless it took it. */
export function openMenu(anchor, entries) {
  close();
  const items = entries.filter(Boolean).map(([label, action]) =>
    h("button", { type: "button", role: "menuitem", onclick: () => { close(); action(); } }, label));
  const menu = h("div", { class: "menu", role: "menu" }, ...items);
  const outside = (event) => menu.contains(event.target) || close();
  close = () => {
    menu.remove();
    anchor.removeAttribute("aria-expanded");
    document.removeEventListener("pointerdown", outside);
    if (anchor.isConnected) anchor.focus({ preventScroll: true });
    close = () => {};
  };
  menu.addEventListener("keydown", (event) => {
    const index = items.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) items[(index + step + items.length) % items.length].focus();
    else if (event.key === "Escape" || event.key === "Tab") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  anchor.setAttribute("aria-expanded", "true");
  document.body.append(menu);
  place(menu, anchor.getBoundingClientRect());
  document.addEventListener("pointerdown", outside);
  items[0].focus();
}

function place(menu, at) {
  const { offsetWidth: width, offsetHeight: height } = menu;
  const below = at.bottom + height + 8 < window.innerHeight;
  menu.style.top = `${below ? at.bottom + 4 : Math.max(4, at.top - height - 4)}px`;
  menu.style.left = `${Math.max(4, Math.min(at.left, window.innerWidth - width - 8))}px`;
}

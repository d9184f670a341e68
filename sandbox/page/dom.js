// The one way this page makes elements. Strings become text nodes, so nothing a person wrote is ever read as markup.

/**
 * Make an element: h("button", {class: "send", onclick: send, "aria-label": "Send"}, "Send").
 * Attributes that are null, undefined or false are left out; true means present and empty.
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Make `parent` hold exactly `wanted`, in order, without touching nodes that are already in place (focus and scroll survive). */
export function arrange(parent, wanted) {
  const keep = new Set(wanted);
  for (const node of [...parent.childNodes]) if (!keep.has(node)) node.remove();
  wanted.forEach((node, index) => {
    if (parent.childNodes[index] !== node) parent.insertBefore(node, parent.childNodes[index] ?? null);
  });
}

/** A stable number from 0 to 6 for a person, which picks the colour of the name and the avatar. */
export function hue(id) {
  return Math.abs(id) % 7;
}

/** One or two letters for an avatar. */
export function initials(name) {
  const words = name.trim().split(/\s+/u).filter((word) => /^[\p{L}\p{N}]/u.test(word));
  return words.slice(0, 2).map((word) => [...word][0].toLocaleUpperCase()).join("") || "•";
}

// On a narrow screen one column shows at a time; the tabs choose which, and count what arrived in the others.
import { h } from "./dom.js";

export class Tabs {
  constructor(element) {
    this.element = element;
    this.columns = [];
    this.chosen = null;
    element.addEventListener("keydown", (event) => this.key(event));
  }

  /** Show tabs for these columns, keeping the chosen one if it is still there. */
  draw(columns) {
    this.columns = columns;
    this.element.replaceChildren(...columns.map(({ spec }) => h("button", {
      type: "button", role: "tab", id: `tab-${spec.key}`, "aria-controls": `column-${spec.key}`, "data-tab": spec.key,
      onclick: () => this.choose(spec.key),
    }, h("span", { dir: "auto" }, spec.title), h("span", { class: "count", hidden: true }))));
    const still = columns.some(({ spec }) => spec.key === this.chosen);
    if (columns.length) this.choose(still ? this.chosen : columns[0].spec.key);
  }

  choose(key) {
    this.chosen = key;
    this.columns.forEach(({ spec, element, history }, index) => {
      const chosen = spec.key === key;
      element.classList.toggle("chosen", chosen);
      const tab = this.element.children[index];
      tab.setAttribute("aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
      if (chosen && history.pinned) history.toBottom();
      if (chosen) tab.scrollIntoView({ inline: "nearest", block: "nearest" });
    });
  }

  count() {
    this.columns.forEach(({ history }, index) => {
      const badge = this.element.children[index]?.querySelector(".count");
      if (!badge) return;
      badge.hidden = !history.unseen;
      badge.textContent = history.unseen;
      badge.setAttribute("aria-label", `${history.unseen} new`);
    });
  }

  key(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const index = this.columns.findIndex(({ spec }) => spec.key === this.chosen);
    const next = (index + step + this.columns.length) % this.columns.length;
    this.choose(this.columns[next].spec.key);
    this.element.children[next].focus();
  }
}

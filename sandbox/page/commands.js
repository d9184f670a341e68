// The list of commands over the input while a "/" is typed.
import { h } from "./dom.js";

export class CommandList {
  /** `choose(command)` sends it, `complete(command)` puts it into the input to go on typing. */
  constructor(id, choose, complete) {
    this.choose = choose;
    this.complete = complete;
    this.shown = [];
    this.index = -1;
    this.element = h("ul", { class: "commands", id, role: "listbox", "aria-label": "Command list", hidden: true });
  }

  get open() {
    return !this.element.hidden;
  }

  /** Show those of `commands` that begin with what was typed; nothing unless it is a "/" and one unfinished word. */
  filter(text, commands) {
    const typed = /^\/(\w*)$/.exec(text)?.[1].toLowerCase();
    this.show(typed === undefined ? [] : commands.filter(({ command }) => command.startsWith(typed)));
  }

  show(commands) {
    this.shown = commands;
    this.index = -1;
    this.element.hidden = !commands.length;
    this.element.replaceChildren(...commands.map(({ command, description }, index) => h("li", {
      role: "option", id: `${this.element.id}-${index}`, "aria-selected": "false",
      // The input keeps the focus: a click here must not take it first.
      onpointerdown: (event) => event.preventDefault(),
      onclick: () => this.choose(command),
    }, h("span", { class: "command-name" }, `/${command}`), h("span", { class: "command-about", dir: "auto" }, description))));
  }

  close() {
    this.show([]);
  }

  /** Take a key of the input; true when the list used it. Enter sends only what was chosen with the arrows. */
  key(event) {
    if (!this.open) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.select(this.index < 0 && step < 0 ? this.shown.length - 1 : (this.index + step + this.shown.length) % this.shown.length);
    else if (event.key === "Enter" && this.index >= 0) this.choose(this.shown[this.index].command);
    else if (event.key === "Tab" && !event.shiftKey) this.complete(this.shown[Math.max(0, this.index)].command);
    else if (event.key === "Escape") this.close();
    else return false;
    return true;
  }

  select(index) {
    this.index = index;
    [...this.element.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    this.element.children[index].scrollIntoView({ block: "nearest" });
  }

  /** The id of the option the arrows stand on, for aria-activedescendant. */
  get active() {
    return this.index < 0 ? null : this.element.children[this.index].id;
  }
}

// The foot of a column: the input with commands and attachments, or the one button that comes instead of it.
import { arrange, h } from "./dom.js";
import { CommandList } from "./commands.js";
import { openMenu } from "./menu.js";

export class Composer {
  /**
   * `act`: send(text, replyTo), edit(message, text), upload(kind, file, caption), share(button), start(), unblock(), lastOwn() and command(name),
   * which gives the command as it has to be written in this chat. All that send are async and tell whether it worked.
   */
  constructor(key, label, act) {
    this.act = act;
    this.commands = [];
    this.context = null; // {kind: "reply" or "edit", message}
    this.list = new CommandList(`commands-${key}`, (name) => this.sendCommand(name), (name) => this.fill(`${act.command(name)} `));
    this.input = h("textarea", {
      rows: "1", dir: "auto", placeholder: "Message", "data-input": true, enterkeyhint: "send", autocomplete: "off",
      "aria-label": `Message, ${label}`, "aria-autocomplete": "list", "aria-controls": `commands-${key}`,
      oninput: () => this.typed(), onkeydown: (event) => this.key(event), onblur: () => this.list.close(),
      onpaste: (event) => this.dropped(event, event.clipboardData),
    });
    this.attach = h("button", { type: "button", class: "icon", "aria-label": "Attach", title: "Attach a photo or a file", "aria-haspopup": "menu",
      onclick: () => openMenu(this.attach, [["Photo", () => this.pick("photo")], ["File", () => this.pick("document")]]) }, "+");
    this.slash = h("button", { type: "button", class: "icon slash", "aria-label": "Commands", title: "Commands", onclick: () => this.toggleCommands() }, "/");
    this.submit = h("button", { type: "submit", class: "icon send", "aria-label": "Send", title: "Send (Enter)" }, "➤");
    this.banner = h("div", { class: "banner", hidden: true });
    this.speakers = h("div", { class: "speakers" });
    this.keyboard = h("div", { class: "reply-keyboard", "data-reply-keyboard": true });
    this.form = h("form", { class: "compose", onsubmit: (event) => { event.preventDefault(); this.send(); } },
      this.attach, this.input, this.slash, this.submit);
    this.start = h("button", { type: "button", class: "instead primary", onclick: () => act.start() }, "Start");
    this.unblock = h("button", { type: "button", class: "instead", onclick: () => act.unblock() }, "Unblock bot");
    this.element = h("footer", { class: "composer" });
  }

  /** `mode` is "write", "start" or "blocked"; `speakers` is null outside groups; `shares` are the buttons below the input. */
  update({ mode, commands, speakers, shares }) {
    this.commands = commands;
    this.slash.hidden = !commands.length;
    if (speakers) arrange(this.speakers, [speakers]);
    const look = JSON.stringify(shares);
    if (this.keyboardLook !== look) {
      this.keyboardLook = look;
      this.keyboard.replaceChildren(...shares.map((button) => h("button", { type: "button", onclick: () => this.act.share(button) }, button.text)));
    }
    const parts = {
      start: [this.start],
      blocked: [this.unblock],
      write: [this.list.element, ...(speakers ? [this.speakers] : []), this.banner, this.form, ...(shares.length ? [this.keyboard] : [])],
    };
    arrange(this.element, parts[mode]);
  }

  /** Answer to a message, or change one of one's own; null for neither. */
  setContext(context, { focus = true } = {}) {
    this.context = context;
    this.banner.hidden = !context;
    if (!context) return;
    const { kind, message } = context;
    this.banner.replaceChildren(
      h("span", { class: "banner-text", dir: "auto" }, `${kind === "edit" ? "Edit" : `Reply to ${message.from.name}`}: ${message.text || message.sticker || "message"}`),
      h("button", { type: "button", class: "icon", "aria-label": kind === "edit" ? "Do not edit" : "Do not reply", onclick: () => this.cancel() }, "×"));
    if (kind === "edit") this.fill(message.text);
    else if (focus) this.input.focus({ preventScroll: true });
  }

  cancel({ focus = true } = {}) {
    if (this.context?.kind === "edit") this.input.value = "";
    this.setContext(null);
    if (focus) this.input.focus();
  }

  fill(text) {
    this.input.value = text;
    this.typed();
    this.input.focus({ preventScroll: true });
    this.input.setSelectionRange(text.length, text.length);
  }

  typed() {
    this.list.filter(this.input.value, this.commands);
    this.announceChoice();
    this.grow();
  }

  // Only where the browser cannot size the field by its content.
  grow() {
    if (CSS.supports("field-sizing", "content")) return;
    this.input.style.height = "auto";
    this.input.style.height = `${this.input.scrollHeight}px`;
  }

  announceChoice() {
    if (this.list.active) this.input.setAttribute("aria-activedescendant", this.list.active);
    else this.input.removeAttribute("aria-activedescendant");
  }

  key(event) {
    if (event.isComposing) return;
    if (this.list.key(event)) {
      this.announceChoice();
    } else if (event.key === "Enter" && !event.shiftKey) {
      this.send();
    } else if (event.key === "Escape" && this.context) {
      this.cancel();
    } else if (event.key === "ArrowUp" && !this.input.value && !this.context) {
      const message = this.act.lastOwn();
      if (message) this.setContext({ kind: "edit", message });
    } else return;
    event.preventDefault();
  }

  async send() {
    const text = this.input.value.trim();
    if (!text) return;
    const { context } = this;
    this.fill("");
    this.setContext(null);
    const worked = context?.kind === "edit"
      ? await this.act.edit(context.message, text)
      : await this.act.send(text, context?.message.id);
    if (worked || this.input.value) return;
    this.setContext(context); // nothing that was typed is lost
    this.fill(text);
  }

  sendCommand(name) {
    this.fill("");
    this.act.send(this.act.command(name));
  }

  toggleCommands() {
    this.input.focus({ preventScroll: true });
    if (this.list.open) this.list.close();
    else this.list.show(this.commands);
  }

  pick(kind) {
    const chooser = h("input", { type: "file", accept: kind === "photo" ? "image/*" : null, "data-file": kind, hidden: true,
      onchange: () => { this.upload(kind, chooser.files[0]); chooser.remove(); }, oncancel: () => chooser.remove() });
    this.element.append(chooser); // in the page, so that tests and assistive tools can reach it
    chooser.click();
  }

  /** Files that were pasted or dropped. */
  dropped(event, data) {
    const [file] = data?.files ?? [];
    if (!file || !this.form.isConnected) return;
    event.preventDefault();
    this.upload(file.type.startsWith("image/") ? "photo" : "document", file);
  }

  /** What stands in the input becomes the caption. */
  async upload(kind, file) {
    if (!file) return;
    const caption = this.input.value.trim();
    this.fill("");
    if (!(await this.act.upload(kind, file, caption)) && !this.input.value) this.fill(caption);
  }
}

// One chat, as one person has it on the screen.
import * as api from "./api.js";
import { h, hue, initials } from "./dom.js";
import { Composer } from "./composer.js";
import { ask, askChoice, note, showAlert } from "./dialogs.js";
import { History } from "./history.js";
import { openMenu } from "./menu.js";
import { isTelegramLink } from "./text.js";

const ANSWER_MS = 15000; // Telegram's own apps stop waiting for an answer to a tap about then
const TYPING_MS = 5000;

export class Column {
  /** `page.opened(personId, chatId)` shows the chat a link led to; `page.unseen()` redraws the counts of unseen messages. */
  constructor(spec, store, page) {
    this.spec = spec;
    this.store = store;
    this.page = page;
    this.speakerId = spec.person_id;
    this.waiting = new Map(); // tapped button -> who tapped
    this.forced = null;
    this.history = new History(spec.title, {
      open: (url) => this.open(url),
      command: (text) => this.send(this.addressed(text)),
      tap: (message, data, button) => this.tap(message, data, button),
      menu: (message, button) => this.messageMenu(message, button),
    }, () => page.unseen());
    this.composer = new Composer(spec.key, spec.title, {
      send: (text, replyTo) => this.send(text, replyTo),
      edit: (message, text) => this.attempt(() => api.edit(this.speakerId, spec.chat_id, message.id, text)),
      upload: (kind, file, caption) => this.attempt(() => api.upload(this.speakerId, spec.chat_id, kind, file, caption)),
      share: (button) => this.share(button),
      start: () => this.attempt(() => api.pressStart(this.speakerId)),
      unblock: () => this.attempt(() => api.block(this.speakerId, false)),
      lastOwn: () => this.messages().findLast((message) => message.from.id === this.speakerId && message.text),
      command: (name) => this.addressed(`/${name}`),
    });
    this.notes = h("div", { class: "notes", role: "status" });
    this.subtitle = h("span", { class: "subtitle" });
    this.hint = h("p", { class: "begin", hidden: true, "data-hint": true });
    this.menuButton = h("button", { type: "button", class: "icon", "aria-label": `Menu, ${spec.title}`, title: "Menu", "aria-haspopup": "menu", onclick: () => this.headerMenu() }, "⋮");
    this.element = h("section", { class: "column", id: `column-${spec.key}`, "data-column": spec.key, "aria-label": spec.title },
      h("header", { class: "column-head" },
        h("span", { class: `avatar hue-${hue(spec.chat_id)}`, "aria-hidden": "true" }, initials(spec.title)),
        h("div", { class: "names" }, h("h2", { dir: "auto" }, spec.title), this.subtitle),
        this.menuButton),
      this.history.element, this.notes, this.hint, this.composer.element);
    this.listenForMice();
  }

  listenForMice() {
    this.history.scroller.addEventListener("dblclick", (event) => {
      if (event.target.closest("button, a")) return;
      const id = event.target.closest(".message")?.dataset.message.split(":").at(-1);
      const message = this.messages().find((each) => each.id === Number(id));
      if (message) this.composer.setContext({ kind: "reply", message });
    });
    this.element.addEventListener("dragover", (event) => event.preventDefault());
    this.element.addEventListener("drop", (event) => this.composer.dropped(event, event.dataTransfer));
  }

  get group() {
    return this.store.chat(this.spec.chat_id)?.type !== "private";
  }

  messages() {
    return this.store.messages(this.spec.chat_id);
  }

  /** Draw again what changed in the store. */
  update() {
    const messages = this.messages();
    this.history.draw(messages, { personId: this.speakerId, zone: this.store.zone, group: this.group });
    this.composer.update({ mode: this.mode(messages), commands: this.store.commands(this.speakerId, this.spec.chat_id), speakers: this.speakerPicker(),
      shares: messages.findLast((message) => message.shares)?.shares ?? [] });
    this.setSubtitle(null);
    this.showHint(messages);
    const about = this.composer.context?.message;
    if (about && !messages.some((message) => message.id === about.id)) this.composer.cancel({ focus: false });
    const last = messages.at(-1);
    if (last?.force_reply && this.forced !== last.id && !this.composer.context) {
      this.forced = last.id;
      // The bot asks for a reply; the focus moves only for who is busy in this column anyway.
      this.composer.setContext({ kind: "reply", message: last }, { focus: this.element.contains(document.activeElement) });
    }
  }

  /** Say who one is here and what to begin with, until something was written. */
  showHint(messages) {
    const { example } = this.spec;
    const person = this.store.person(this.speakerId);
    this.hint.hidden = !example || !person || messages.some((message) => message.from.id === this.speakerId);
    if (this.hint.hidden || this.hint.childNodes.length) return;
    const role = person.role ? `, ${person.role}` : "";
    this.hint.append(`Here you are ${person.name}${role}. Try `,
      h("button", { type: "button", onclick: () => this.composer.fill(example) }, example));
  }

  mode(messages) {
    if (this.group) return "write";
    if (this.store.person(this.speakerId)?.blocked) return "blocked";
    return messages.length || this.store.person(this.speakerId)?.started ? "write" : "start";
  }

  setSubtitle(doing) {
    this.subtitle.textContent = doing ?? this.spec.subtitle ?? "";
    this.subtitle.classList.toggle("doing", Boolean(doing));
  }

  speakerPicker() {
    if (!this.group) return null;
    const members = this.store.chat(this.spec.chat_id)?.member_ids ?? [];
    const people = members.map((id) => this.store.person(id)).filter(Boolean);
    const look = JSON.stringify([people, this.speakerId]);
    if (this.pickerLook === look) return this.picker;
    this.pickerLook = look;
    const options = people.map((person) => h("option", { value: person.id, selected: person.id === this.speakerId },
      person.role ? `${person.name} (${person.role})` : person.name));
    const select = h("select", { "data-speaker": true, onchange: () => { this.speakerId = Number(select.value); this.update(); } }, ...options);
    this.picker = h("label", { class: "speaker" }, "Speaking as ", select);
    return this.picker;
  }

  /** A command as it has to be written here: in a group it names the bot, or the bot might not get to see it. */
  addressed(command) {
    return this.group && !command.includes("@") ? `${command}@${this.store.state.bot.username}` : command;
  }

  /** Run something that may be refused; the refusal shows in this column. True when it worked. */
  async attempt(work) {
    try {
      await work();
      return true;
    } catch (error) {
      note(this.notes, error.message, { error: true });
      return false;
    }
  }

  send(text, replyTo) {
    return this.attempt(() => api.send(this.speakerId, this.spec.chat_id, text, replyTo));
  }

  /** Share one's own number, or somebody who is chosen first. */
  share({ text, people }) {
    const send = (chosenId) => api.share(this.speakerId, this.spec.chat_id, text, chosenId);
    if (!people) return this.attempt(() => send());
    return askChoice({ title: text, options: this.store.state.people.filter(({ id }) => id !== this.speakerId).map(({ id, name }) => [id, name]),
      button: "Choose", done: (id) => send(Number(id)) });
  }

  async tap(message, data, button) {
    this.waiting.set(button, this.speakerId);
    button.setAttribute("aria-busy", "true");
    setTimeout(() => this.release(button), ANSWER_MS);
    if (!(await this.attempt(() => api.tap(this.speakerId, this.spec.chat_id, message.id, data)))) this.release(button);
  }

  release(button) {
    this.waiting.delete(button);
    button.removeAttribute("aria-busy");
  }

  /** The bot answered a tap made in this chat. */
  answered({ person_id: personId, text, alert }) {
    for (const [button, tapper] of this.waiting) if (tapper === personId) this.release(button);
    if (!text) return;
    if (alert) showAlert(text, this.store.person(personId)?.name ?? this.spec.title);
    else note(this.notes, text);
  }

  typing() {
    this.setSubtitle("writing…");
    clearTimeout(this.typingTimer);
    this.typingTimer = setTimeout(() => this.setSubtitle(null), TYPING_MS);
  }

  async open(url) {
    if (!isTelegramLink(url)) {
      if (/^https?:/.test(url)) window.open(url, "_blank", "noopener");
      return;
    }
    await this.attempt(() => this.follow(url));
  }

  /** Follow a link to the bot, and show the chat it led to. A link that adds the bot to a group asks which one. */
  async follow(url, groupId = null) {
    const groups = this.store.groupsOf(this.speakerId);
    if (url.includes("startgroup") && groupId === null && groups.length > 1) {
      askChoice({ title: "Add the bot to a group", options: groups.map((group) => [group.id, group.title]),
        button: "Add", done: (id) => this.follow(url, Number(id)) });
      return;
    }
    const { chat_id: chatId } = await api.open(this.speakerId, url, groupId ?? groups[0]?.id);
    this.page.opened(this.speakerId, chatId);
  }

  headerMenu() {
    const blocked = this.store.person(this.speakerId)?.blocked;
    openMenu(this.menuButton, [
      ["Open a link…", () => this.askForLink()],
      !this.group && [blocked ? "Unblock bot" : "Block bot", () => this.attempt(() => api.block(this.speakerId, !blocked))],
    ]);
  }

  askForLink() {
    const name = this.store.person(this.speakerId)?.name ?? this.spec.title;
    ask({
      title: `Open a link as ${name}`, label: "An invitation or the link of a label", button: "Open",
      field: { type: "text", inputmode: "url", placeholder: `https://t.me/${this.store.state.bot.username}?start=…` },
      done: (url) => this.follow(url.trim()),
    });
  }

  messageMenu(message, button) {
    const own = message.from.id === this.speakerId;
    const link = message.text?.match(/https?:\/\/\S+/)?.[0];
    openMenu(button, [
      ["Reply", () => this.composer.setContext({ kind: "reply", message })],
      own && message.text && ["Edit", () => this.composer.setContext({ kind: "edit", message })],
      message.text && ["Copy text", () => this.copy(message.text)],
      link && ["Copy link", () => this.copy(link)],
    ]);
  }

  copy(text) {
    return this.attempt(() => navigator.clipboard.writeText(text));
  }
}

// What the page knows: the sandbox's state and the messages of every chat that has a column.
import * as api from "./api.js";

export class Store {
  /** `changed(chatId)` is called after messages of a chat changed, `changed(null)` after the state changed. */
  constructor(changed) {
    this.changed = changed;
    this.state = null;
    this.chats = new Map();
    this.clockRead = 0;
  }

  get zone() {
    return this.state.clock.zone;
  }

  /** The sandbox's time now: what it said last, plus the time that passed here since. */
  now() {
    const passed = this.state.clock.frozen ? 0 : Date.now() - this.clockRead;
    return new Date(Date.parse(this.state.clock.now) + passed);
  }

  setClock(now) {
    this.state.clock.now = now;
    this.clockRead = Date.now();
  }

  person(id) {
    return this.state.people.find((person) => person.id === id);
  }

  chat(id) {
    return this.state.chats.find((chat) => chat.id === id);
  }

  /** The groups the person is in. */
  groupsOf(personId) {
    return this.state.chats.filter((chat) => chat.type !== "private" && !chat.migrated_to && chat.member_ids.includes(personId));
  }

  commands(personId, chatId) {
    return this.state.commands[`${personId}:${chatId}`] ?? [];
  }

  /** The messages of a chat that are still there, oldest first. */
  messages(chatId) {
    const all = [...(this.chats.get(chatId)?.values() ?? [])];
    return all.filter((message) => !message.deleted).sort((one, other) => one.id - other.id);
  }

  /** Fetch the state; chats that the page sees for the first time are fetched too, all of them when `everything`. */
  async refresh({ everything = false } = {}) {
    const state = await api.state();
    // Another world on the same port: nothing that the page remembers holds there.
    if (this.state && this.state.born !== state.born) return void location.reload();
    this.state = state;
    this.clockRead = Date.now();
    const wanted = this.state.columns.filter((column) => everything || !this.chats.has(column.chat_id));
    await Promise.all(wanted.map((column) => this.load(column)));
    this.changed(null);
  }

  async load(column) {
    const { messages } = await api.messages(column.chat_id, column.person_id);
    this.chats.set(column.chat_id, new Map(messages.map((message) => [message.id, message])));
  }

  /** Take in a message event; chats without a column are ignored. */
  put(type, message) {
    const chat = this.chats.get(message.chat_id);
    if (!chat) return;
    if (type === "deleted") chat.delete(message.id);
    else chat.set(message.id, message);
    this.changed(message.chat_id);
  }
}

// The scrolling list of one chat's messages: days, order, what is new, and staying at the bottom.
import { arrange, h } from "./dom.js";
import { drawMessage } from "./message.js";
import { longDay } from "./time.js";

const AT_BOTTOM_PX = 40;
const JOINED_MS = 10 * 60 * 1000; // messages of one sender within this time stand together under one name

export class History {
  /** `act` goes to the messages; `seen()` is called when the number of unseen messages may have changed. */
  constructor(label, act, seen) {
    this.act = { ...act, jump: (id) => this.jump(id) };
    this.seen = seen;
    this.drawn = new Map(); // message id -> {message, look, node}
    this.days = new Map();
    this.pinned = true;
    this.unseen = 0;
    this.lastSeen = null;
    this.lastTop = 0;
    this.inner = h("div", { class: "messages" });
    this.scroller = h("div", { class: "history", role: "log", tabindex: "0", "aria-label": `Messages, ${label}` }, this.inner);
    this.down = h("button", { type: "button", class: "down", hidden: true, onclick: () => this.toBottom() }, "↓");
    this.element = h("div", { class: "history-frame" }, this.scroller, this.down);
    this.scroller.addEventListener("scroll", () => this.scrolled(), { passive: true });
    this.scroller.addEventListener("keydown", (event) => this.key(event));
    // Photos load late and bubbles grow with edits: whoever was at the bottom stays there.
    const sizes = new ResizeObserver(() => this.pinned && this.toBottom());
    sizes.observe(this.inner);
    sizes.observe(this.scroller);
  }

  /** Show `messages`, oldest first, as `person` sees them. */
  draw(messages, { personId, zone, group }) {
    const nodes = [];
    let previous = null;
    let day = null;
    for (const message of messages) {
      const date = new Date(message.date);
      if (day !== (day = longDay(date, zone))) {
        nodes.push(this.dayNode(day));
        previous = null;
      }
      const joined = Boolean(previous && !previous.service && previous.from.id === message.from.id
        && date - new Date(previous.date) < JOINED_MS);
      const own = message.from.id === personId;
      nodes.push(this.node(message, { own, joined, named: group && !own, zone }));
      previous = message;
    }
    const focus = this.focusedKey();
    arrange(this.inner, nodes);
    const kept = new Set(messages.map((message) => message.id));
    for (const id of this.drawn.keys()) if (!kept.has(id)) this.drawn.delete(id);
    this.count(messages, personId);
    this.refocus(focus);
  }

  dayNode(day) {
    if (!this.days.has(day)) this.days.set(day, h("p", { class: "day" }, day));
    return this.days.get(day);
  }

  node(message, view) {
    const look = JSON.stringify(view);
    const before = this.drawn.get(message.id);
    if (before?.message === message && before.look === look) return before.node;
    const node = drawMessage(message, view, this.act);
    this.drawn.set(message.id, { message, look, node });
    return node;
  }

  count(messages, personId) {
    const newest = messages.at(-1);
    const fresh = this.lastSeen === null ? [] : messages.filter((message) => message.id > this.lastSeen);
    if (newest && fresh.includes(newest) && newest.from.id === personId) this.pinned = true;
    if (this.lastSeen === null || (this.pinned && this.visible())) {
      this.lastSeen = newest?.id ?? 0;
      this.unseen = 0;
    } else {
      this.lastSeen = Math.min(this.lastSeen, newest?.id ?? 0); // lower after a restart of the sandbox
      this.unseen = fresh.filter((message) => message.from.id !== personId).length;
    }
    if (this.pinned) this.toBottom();
    this.showDown();
  }

  visible() {
    return this.scroller.clientHeight > 0;
  }

  scrolled() {
    if (!this.visible()) return;
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    // Only moving up unpins: the bottom also runs away by itself when a photo loads.
    if (scrollHeight - scrollTop - clientHeight < AT_BOTTOM_PX) this.pinned = true;
    else if (scrollTop < this.lastTop) this.pinned = false;
    this.lastTop = scrollTop;
    if (this.pinned) this.markSeen();
    this.showDown();
  }

  markSeen() {
    this.lastSeen = Math.max(this.lastSeen ?? 0, ...this.drawn.keys());
    this.unseen = 0;
    this.seen();
  }

  toBottom() {
    this.pinned = true;
    if (!this.visible()) return;
    this.scroller.scrollTop = this.scroller.scrollHeight;
    if (this.unseen) this.markSeen();
    this.showDown();
  }

  showDown() {
    this.down.hidden = this.pinned;
    this.down.textContent = this.unseen ? `↓ ${this.unseen}` : "↓";
    this.down.setAttribute("aria-label", this.unseen ? `Down to ${this.unseen} new messages` : "Down to the newest message");
    this.seen();
  }

  /** Bring a message into view and let it light up for a moment. */
  jump(id) {
    const node = this.drawn.get(id)?.node;
    if (!node) return;
    node.scrollIntoView({ block: "center" });
    node.classList.remove("lit");
    requestAnimationFrame(() => node.classList.add("lit"));
  }

  // An edit draws the message anew; whoever had the focus on one of its buttons keeps it there.
  focusedKey() {
    const focused = document.activeElement;
    const message = this.inner.contains(focused) ? focused.closest("[data-message]") : null;
    if (!message) return null;
    return { hook: message.dataset.message, index: [...message.querySelectorAll(".key")].indexOf(focused) };
  }

  refocus(focus) {
    if (!focus || this.inner.contains(document.activeElement)) return;
    const message = this.inner.querySelector(`[data-message="${focus.hook}"]`);
    const keys = message?.querySelectorAll(".key") ?? [];
    (keys[focus.index] ?? message ?? this.scroller).focus({ preventScroll: true });
  }

  // Arrow keys walk through the messages, Enter opens the menu of the one in focus.
  key(event) {
    const current = document.activeElement;
    if (current !== this.scroller && !current.matches(".message")) return;
    const all = [...this.inner.querySelectorAll(".message")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && all.length) {
      const index = current === this.scroller ? (step < 0 ? all.length : -1) : all.indexOf(current);
      all[Math.max(0, Math.min(all.length - 1, index + step))].focus();
    } else if (event.key === "Enter" && current !== this.scroller) {
      current.querySelector(".more").click();
    } else return;
    event.preventDefault();
  }
}

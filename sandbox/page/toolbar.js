// The bar on top: what this is, the sandbox's clock and the buttons that move it, and where it stopped on the way.
import * as api from "./api.js";
import { ask, note } from "./dialogs.js";
import { h } from "./dom.js";
import { fromField, longDay, moment, timeOf, toField } from "./time.js";

const SHOWN_STOPS = 2;

export class Toolbar {
  constructor(element, store) {
    this.store = store;
    this.time = h("time", { class: "clock-time" });
    this.date = h("span", { class: "clock-date" });
    this.buttons = h("div", { class: "clock-buttons", role: "group", "aria-label": "Move the clock" },
      this.button("+1 hour", () => this.move({ hours: 1 })),
      this.button("+1 day", () => this.move({ days: 1 })),
      this.button("Next event", () => this.move({ next: true })),
      this.button("To date…", () => this.askForDate()));
    this.newPerson = this.button("New person", () => this.askForName());
    this.startOver = this.button("Start over", () => this.begin());
    this.people = h("div", { class: "clock-buttons", role: "group", "aria-label": "The demo" }, this.newPerson, this.startOver);
    this.moving = false;
    this.stops = h("div", { class: "stops", role: "status", "data-stops": true },
      h("span", { class: "hint" }, "The clock stops at each moment when something falls due."));
    this.notes = h("div", { class: "notes", role: "status" });
    this.connection = h("span", { class: "connection", role: "status" });
    element.append(
      h("h1", {}, "Equiplib sandbox"), this.connection,
      h("div", { class: "clock", "data-clock": true }, this.time, this.date),
      this.buttons, this.people, this.stops, this.notes);
    setInterval(() => this.update(), 1000);
  }

  button(label, action) {
    return h("button", { type: "button", onclick: action }, label);
  }

  update() {
    if (!this.store.state) return;
    const { zone } = this.store;
    const now = this.store.now();
    this.show(this.time, timeOf(now, zone));
    this.show(this.date, `${longDay(now, zone)}, ${zone}`);
    this.time.dateTime = now.toISOString();
    this.buttons.hidden = this.stops.hidden = !this.store.state.clock.movable;
    this.newPerson.hidden = !this.store.state.offers.new_person;
    this.startOver.hidden = !this.store.state.offers.start_over;
    this.people.hidden = this.newPerson.hidden && this.startOver.hidden;
    if (this.moving) this.show(this.stops, `Moving… ${moment(now, zone)}`);
  }

  show(element, text) {
    if (element.textContent !== text) element.textContent = text;
  }

  lost() {
    this.connection.textContent = "The sandbox does not answer. Trying again…";
  }

  connected() {
    this.connection.textContent = "";
  }

  /** Move the clock and tell where it stopped. Throws an Error when the sandbox refuses. */
  async moveTo(how) {
    const buttons = [...this.buttons.children];
    this.buttons.setAttribute("aria-busy", "true");
    this.stops.textContent = "Moving…";
    this.moving = true;
    for (const button of buttons) button.disabled = true;
    try {
      const { now, stops } = await api.moveClock(how);
      this.moving = false;
      this.store.setClock(now);
      this.update();
      this.tell(stops);
    } catch (error) {
      this.stops.textContent = "";
      throw error;
    } finally {
      this.moving = false;
      this.buttons.removeAttribute("aria-busy");
      for (const button of buttons) button.disabled = false;
    }
  }

  async move(how) {
    const focused = document.activeElement;
    try {
      await this.moveTo(how);
    } catch (error) {
      note(this.notes, error.message, { error: true });
    }
    focused?.focus({ preventScroll: true }); // a disabled button loses the focus
  }

  /** The last stop is where the clock went; those before it, of which the last two are named, are moments at which something fell due. */
  tell(stops) {
    const show = (stop) => h("time", { class: "stop", datetime: stop }, moment(new Date(stop), this.store.zone));
    const [last, ...before] = stops.toReversed();
    if (!last) this.stops.replaceChildren("Nothing falls due any more.");
    else if (!before.length) this.stops.replaceChildren("Went to", show(last));
    else {
      const times = before.length > SHOWN_STOPS ? `Stopped ${before.length} times, lastly at` : "Stopped at";
      this.stops.replaceChildren(times, ...before.slice(0, SHOWN_STOPS).reverse().map(show), "and went to", show(last));
    }
  }

  askForName() {
    ask({
      title: "New person", label: "Name", button: "Join",
      field: { type: "text", maxlength: 64 },
      done: (name) => api.newPerson(name),
    });
  }

  async begin() {
    this.startOver.disabled = true;
    try {
      await api.startOver();
    } catch (error) {
      note(this.notes, error.message, { error: true });
    } finally {
      this.startOver.disabled = false;
    }
  }

  askForDate() {
    const { zone } = this.store;
    const now = toField(this.store.now(), zone);
    ask({
      title: "Move the clock", label: `To date and time (${zone})`, button: "Move",
      field: { type: "datetime-local", value: now, min: now },
      done: (value) => this.moveTo({ to: fromField(value, zone).toISOString() }),
    });
  }
}

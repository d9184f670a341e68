// Puts the page together: the store, the toolbar, a column for each chat the sandbox names, and the events that move them.
import { arrange } from "./dom.js";
import { Column } from "./column.js";
import { listen } from "./events.js";
import { Store } from "./store.js";
import { Tabs } from "./tabs.js";
import { Toolbar } from "./toolbar.js";

const place = document.querySelector("[data-columns]");
const store = new Store(changed);
const toolbar = new Toolbar(document.querySelector("[data-toolbar]"), store);
const tabs = new Tabs(document.querySelector("[data-tabs]"));
let columns = [];

const page = {
  unseen: () => tabs.count(),
  opened(personId, chatId) {
    const here = inChat(chatId);
    const column = here.find((each) => each.spec.person_id === personId) ?? here[0];
    if (!column) return;
    tabs.choose(column.spec.key);
    column.element.scrollIntoView({ inline: "nearest", block: "nearest" });
  },
};

/** Messages of a chat changed, or with null the state: people, chats, columns, commands. */
function changed(chatId) {
  if (chatId === null) {
    layOut();
    toolbar.update();
  }
  for (const column of columns) if (chatId === null || column.spec.chat_id === chatId) column.update();
}

// A column stays the same object while it shows the same chat, so that drafts and scroll positions survive.
function layOut() {
  const same = (column, spec) => JSON.stringify(column.spec) === JSON.stringify(spec);
  const next = store.state.columns.map((spec) => columns.find((column) => same(column, spec)) ?? new Column(spec, store, page));
  if (next.length === columns.length && next.every((column, index) => column === columns[index])) return;
  const newcomer = columns.length > 0 && next.find((column) => !columns.includes(column));
  columns = next;
  arrange(place, columns.map((column) => column.element));
  tabs.draw(columns);
  if (newcomer) page.opened(newcomer.spec.person_id, newcomer.spec.chat_id);
}

const inChat = (chatId) => columns.filter((column) => column.spec.chat_id === chatId);

function handle(event) {
  switch (event.type) {
    case "message":
    case "edited":
    case "deleted":
      return store.put(event.type, event.message);
    case "answer":
      return inChat(event.chat_id).forEach((column) => column.answered(event));
    case "action":
      return inChat(event.chat_id).forEach((column) => column.typing());
    case "clock":
      store.setClock(event.now);
      return toolbar.update();
    case "state":
      return store.refresh();
    default:
      return undefined;
  }
}

listen({
  opened: async () => {
    await store.refresh({ everything: true });
    toolbar.connected();
  },
  handle,
  lost: () => toolbar.lost(),
});

// The control API of the sandbox. Every call answers with JSON or throws an Error whose message can be shown as it is.

async function call(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Error("The sandbox does not answer. Is it still running?");
  }
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(body.error ?? `The sandbox refused this (${response.status}).`);
  return body;
}

const post = (path, body) => call(`/sandbox/${path}`, {
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(body),
});

export const state = () => call("/sandbox/state");
export const messages = (chatId, personId) => call(`/sandbox/chats/${chatId}/messages?person_id=${personId}`);
export const send = (personId, chatId, text, replyTo) =>
  post("send", { person_id: personId, chat_id: chatId, text, ...(replyTo ? { reply_to: replyTo } : {}) });
export const tap = (personId, chatId, messageId, data) =>
  post("tap", { person_id: personId, chat_id: chatId, message_id: messageId, data });
export const edit = (personId, chatId, messageId, text) =>
  post("edit", { person_id: personId, chat_id: chatId, message_id: messageId, text });
export const open = (personId, url, groupId) => post("open", { person_id: personId, url, chat_id: groupId });
export const share = (personId, chatId, label, chosenId) =>
  post("share", { person_id: personId, chat_id: chatId, label, chosen_id: chosenId });
export const block = (personId, blocked) => post("block", { person_id: personId, blocked });
export const pressStart = (personId) => post("press-start", { person_id: personId });
export const moveClock = (how) => post("clock", how);
export const newPerson = (name) => post("new-person", { name });
export const startOver = () => post("start-over", {});

export function upload(personId, chatId, kind, file, caption) {
  const form = new FormData();
  form.append("person_id", personId);
  form.append("chat_id", chatId);
  form.append("kind", kind);
  form.append("caption", caption);
  form.append("file", file, file.name);
  return call("/sandbox/upload", { method: "POST", body: form });
}

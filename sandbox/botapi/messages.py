"""Bot API methods that send, edit and delete messages, and answer taps."""

from datetime import timedelta

from sandbox.botapi.entities import Entity, utf16_length
from sandbox.botapi.keyboards import read_inline, read_markup, require_place
from sandbox.botapi.parameters import Call, Upload
from sandbox.botapi.refusals import Refusal, bad_request
from sandbox.botapi.targets import (
    editable_message,
    formatted,
    replied_message,
    require_rights,
    thread,
    writable_chat,
)
from sandbox.botapi.wire import message_json
from sandbox.world.records import Chat, Happening, Keyboard, Message, StoredFile
from sandbox.world.state import World

QUERY_SECONDS = 15.0
"""Real (monotonic) seconds in which a tap can be answered."""
TOAST_LIMIT = 200
DELETABLE_FOR = timedelta(hours=48)
PHOTO_UPLOAD_LIMIT = 10 * 1024 * 1024
UPLOAD_LIMIT = 50 * 1024 * 1024
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup "
    "are exactly the same as a current content and reply markup of the message"
)


def send_message(world: World, call: Call) -> object:
    """sendMessage."""
    text, entities = formatted(call, "text")
    return _send(world, call, text, entities)


def send_photo(world: World, call: Call) -> object:
    """sendPhoto: an upload, or the file_id of a photo sent before."""
    caption, entities = formatted(call, "caption", caption=True)
    return _send(world, call, caption, entities, photo=_file(world, call, "photo"))


def send_document(world: World, call: Call) -> object:
    """sendDocument: an upload, or the file_id of a document sent before."""
    caption, entities = formatted(call, "caption", caption=True)
    return _send(world, call, caption, entities, document=_file(world, call, "document"))


def _send(
    world: World,
    call: Call,
    text: str,
    entities: tuple[Entity, ...],
    photo: StoredFile | None = None,
    document: StoredFile | None = None,
) -> object:
    chat = writable_chat(world, call)
    markup = read_markup(call)
    require_place(markup, is_group=chat.is_group)
    reply = replied_message(chat, call)
    thread_id = thread(chat, call, reply)
    file = photo or document
    require_rights(world, chat, thread_id, file.kind if file is not None else None)
    world.limits.spend(chat.id, group=chat.is_group)
    message = world.new_message(chat, world.bot)
    message.text, message.entities = text, entities
    message.photo, message.document = photo, document
    message.keyboard, message.force_reply = markup.keyboard, markup.force_reply
    message.shares, message.ends_keyboard = markup.shares, markup.ends_keyboard
    message.fixed = not markup.inline
    message.reply_to, message.thread_id = reply, thread_id
    message.silent = call.flag("disable_notification")
    world.post(chat, message)
    return message_json(world, message)


def _file(world: World, call: Call, kind: str) -> StoredFile:
    """The photo or document of a call: an upload under its name, an attach:// upload or a file_id."""
    given = call.text(kind)
    return _stored(world, kind, given, call.uploads.get(kind) or _attached(call, given))


def _attached(call: Call, given: str) -> Upload | None:
    return call.uploads.get(given.removeprefix("attach://")) if given.startswith("attach://") else None


def _stored(world: World, kind: str, given: str, uploaded: Upload | None) -> StoredFile:
    if uploaded is not None:
        if len(uploaded.content) > (PHOTO_UPLOAD_LIMIT if kind == "photo" else UPLOAD_LIMIT):
            raise Refusal(413, "Request Entity Too Large")
        if not uploaded.content:
            raise bad_request("file must be non-empty")
        if kind == "photo":
            return world.files.photo(uploaded.name, uploaded.content)
        return world.files.keep("document", uploaded.name, uploaded.content)
    if not given:
        raise bad_request(f"there is no {kind} in the request")
    if given.startswith(("http://", "https://")):
        # The sandbox never leaves the machine.
        raise bad_request("failed to get HTTP URL content")
    stored = world.files.get(given)
    if stored is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if stored.kind != kind:
        raise bad_request(f"can't use file of type {stored.kind.capitalize()} as {kind.capitalize()}")
    return stored


def edit_message_text(world: World, call: Call) -> object:
    """editMessageText."""
    text, entities = formatted(call, "text")
    chat = writable_chat(world, call)
    message = editable_message(world, chat, call)
    if message.has_media:
        raise bad_request("there is no text in the message to edit")
    return _edit(world, chat, message, read_inline(call), text, entities)


def edit_message_caption(world: World, call: Call) -> object:
    """editMessageCaption."""
    text, entities = formatted(call, "caption", caption=True)
    chat = writable_chat(world, call)
    message = editable_message(world, chat, call)
    if not message.has_media:
        raise bad_request("there is no caption in the message to edit")
    return _edit(world, chat, message, read_inline(call), text, entities)


def edit_message_reply_markup(world: World, call: Call) -> object:
    """editMessageReplyMarkup."""
    chat = writable_chat(world, call)
    message = editable_message(world, chat, call)
    return _edit(world, chat, message, read_inline(call), message.text, message.entities)


def edit_message_media(world: World, call: Call) -> object:
    """editMessageMedia: a photo or a document, with its caption."""
    media = call.data("media", "media")
    if not isinstance(media, dict):
        raise bad_request("object expected as media")
    kind = media.get("type")
    if kind not in ("photo", "document"):
        raise bad_request(f"type of media must be photo or document in the sandbox, not {kind}")
    text, entities = formatted(Call(call.method, media), "caption", caption=True)
    chat = writable_chat(world, call)
    message = editable_message(world, chat, call)
    given = str(media.get("media") or "")
    stored = _stored(world, str(kind), given, _attached(call, given))
    return _edit(world, chat, message, read_inline(call), text, entities, stored)


def _edit(
    world: World,
    chat: Chat,
    message: Message,
    keyboard: Keyboard,
    text: str,
    entities: tuple[Entity, ...],
    media: StoredFile | None = None,
) -> object:
    photo, document = message.photo, message.document
    if media is not None:
        photo, document = (media, None) if media.kind == "photo" else (None, media)
    new = (text, entities, keyboard, photo, document)
    if new == (message.text, message.entities, message.keyboard, message.photo, message.document):
        raise bad_request(NOT_MODIFIED)
    world.limits.spend(chat.id, group=chat.is_group, edit=True)
    message.text, message.entities, message.keyboard, message.photo, message.document = new
    message.edit_date = world.now().replace(microsecond=0)
    world.edited(message)
    return message_json(world, message)


def delete_message(world: World, call: Call) -> object:
    """deleteMessage: the bot's own, and others' in private chats or as administrator, for 48 hours."""
    chat = writable_chat(world, call)
    message_id = call.integer("message_id")
    if not message_id:
        raise bad_request("message identifier is not specified")
    message = chat.messages.get(message_id)
    if message is None or message.deleted:
        raise bad_request("message to delete not found")
    own = message.sender is world.bot or not chat.is_group or chat.administered_by(world.bot.id)
    if not own or message.date < world.now() - DELETABLE_FOR:
        raise bad_request("message can't be deleted")
    world.delete(message)
    return True


def answer_callback_query(world: World, call: Call) -> object:
    """answerCallbackQuery: within 15 real seconds; a second answer is taken and shown to nobody."""
    tap = world.taps.get(call.text("callback_query_id"))
    if tap is None or world.monotonic() - tap.at > QUERY_SECONDS:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    text = call.text("text")
    if utf16_length(text) > TOAST_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    tap.answers += 1
    if tap.answers == 1:
        tap.text = text or None
        tap.alert = call.flag("show_alert")
        world.tell(Happening("answer", tap.chat_id, None, tap.user.id, tap.text or "", tap.alert))
    return True


def send_chat_action(world: World, call: Call) -> object:
    """sendChatAction."""
    chat = writable_chat(world, call)
    if not call.text("action"):
        raise bad_request("wrong parameter action in request")
    world.tell(Happening("action", chat.id))
    return True

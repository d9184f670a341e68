"""The targets of a bot's call: chats it may read or write in, messages it may edit, formatted text."""

from sandbox.botapi.entities import Entity, find_entities, utf16_length
from sandbox.botapi.markup_text import parse_html, tidy
from sandbox.botapi.parameters import Call
from sandbox.botapi.refusals import Refusal, bad_request, forbidden
from sandbox.world.records import Chat, Message
from sandbox.world.state import World

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024


def readable_chat(world: World, call: Call) -> Chat:
    """The chat of `chat_id`, if the bot ever met it; a group that moved counts."""
    given = call.text("chat_id").strip()
    if not given:
        raise bad_request("chat_id is empty")
    try:
        chat_id = int(given)
    except ValueError:
        raise bad_request("chat not found") from None
    chat = world.chat(chat_id)
    if chat is None or (chat.is_group and world.bot.id not in chat.members):
        raise bad_request("chat not found")
    return chat


def current_chat(world: World, call: Call) -> Chat:
    """The chat of `chat_id`, if the bot is in it and it did not move."""
    chat = readable_chat(world, call)
    if chat.migrated_to is not None:
        raise Refusal(
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            migrate_to_chat_id=chat.migrated_to,
        )
    if chat.is_group and chat.members[world.bot.id] == "kicked":
        raise forbidden(f"bot was kicked from the {chat.type} chat")
    if chat.is_group and not chat.present(world.bot.id):
        raise forbidden(f"bot is not a member of the {chat.type} chat")
    return chat


def writable_chat(world: World, call: Call) -> Chat:
    """The chat of `chat_id`, if the bot may write there now."""
    chat = current_chat(world, call)
    if chat.is_group:
        return chat
    user = world.users[chat.id]
    if user.deactivated:
        raise forbidden("user is deactivated")
    if user.blocked:
        raise forbidden("bot was blocked by the user")
    if not user.started:
        raise forbidden("bot can't initiate conversation with a user")
    return chat


def formatted(call: Call, name: str, *, caption: bool = False) -> tuple[str, tuple[Entity, ...]]:
    """The text or caption of a call after parsing, within Telegram's length."""
    text = call.text(name)
    mode = call.text("parse_mode").strip().lower()
    entities: tuple[Entity, ...] = ()
    if mode == "html":
        text, entities = parse_html(text)
    elif mode in ("markdown", "markdownv2"):
        raise bad_request("unsupported parse_mode: the sandbox reads HTML only")
    elif mode not in ("", "none"):
        raise bad_request("unsupported parse_mode")
    else:
        text = text.replace("\r", "")
        entities = _given_entities(call, "caption_entities" if caption else "entities")
    text, entities = tidy(text, entities)
    if caption:
        if utf16_length(text) > CAPTION_LIMIT:
            raise bad_request("message caption is too long")
    elif not text:
        raise bad_request("message text is empty")
    elif utf16_length(text) > TEXT_LIMIT:
        raise bad_request("message is too long")
    return text, find_entities(text, entities)


def _given_entities(call: Call, name: str) -> tuple[Entity, ...]:
    value = call.data(name, "message entities")
    if value is None:
        return ()
    if not isinstance(value, list):
        raise bad_request("expected an Array of MessageEntity")
    return tuple(_given_entity(one) for one in value)


def _given_entity(value: object) -> Entity:
    if not isinstance(value, dict):
        raise bad_request("can't parse MessageEntity: expected an Object")
    offset, length, user = value.get("offset"), value.get("length"), value.get("user")
    if not isinstance(offset, int) or not isinstance(length, int) or min(offset, length) < 0:
        raise bad_request('can\'t parse MessageEntity: "offset" and "length" must be of type Number')
    user_id = user.get("id") if isinstance(user, dict) else None
    kind = str(value.get("type", ""))
    return Entity(kind, offset, length, value.get("url"), value.get("language"), user_id)


def replied_message(chat: Chat, call: Call) -> Message | None:
    """The message of `reply_parameters` (or the old `reply_to_message_id`)."""
    value = call.data("reply_parameters", "reply parameters")
    if value is not None and not isinstance(value, dict):
        raise bad_request("object expected as reply parameters")
    inner = Call(call.method, value or {"message_id": call.text("reply_to_message_id")})
    message_id = inner.integer("message_id")
    if not message_id:
        return None
    message = chat.messages.get(message_id)
    if message is not None and not message.deleted:
        return message
    if inner.flag("allow_sending_without_reply") or call.flag("allow_sending_without_reply"):
        return None
    raise bad_request("message to be replied not found")


def thread(chat: Chat, call: Call, reply: Message | None) -> int | None:
    """The forum topic to write in."""
    given = call.integer("message_thread_id")
    if not given:
        return reply.thread_id if reply else None
    if given not in chat.topics:
        raise bad_request("message thread not found")
    return given


_MAY_NOT = "not enough rights to send {} to the chat"


def require_rights(world: World, chat: Chat, thread_id: int | None, kind: str | None = None) -> None:
    """Refuse what the bot may not send here; `kind`: of a file. An administrator may send anything."""
    if not chat.is_group or chat.administered_by(world.bot.id):
        return
    if thread_id in chat.closed_topics:
        raise bad_request("TOPIC_CLOSED")
    if kind is not None and (chat.muted or kind in chat.refused_kinds):
        raise bad_request(_MAY_NOT.format(f"{kind}s"))
    if chat.muted:
        raise bad_request(_MAY_NOT.format("text messages"))


def editable_message(world: World, chat: Chat, call: Call) -> Message:
    """The bot's own message that an edit is for."""
    message_id = call.integer("message_id")
    if not message_id:
        raise bad_request("message identifier is not specified")
    message = chat.messages.get(message_id)
    if message is None or message.deleted:
        raise bad_request("message to edit not found")
    if message.sender is not world.bot or message.service is not None or message.fixed:
        raise bad_request("message can't be edited")
    if chat.muted and not chat.administered_by(world.bot.id):
        raise forbidden("CHAT_WRITE_FORBIDDEN")
    return message

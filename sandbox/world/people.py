"""The actions of people in the sandbox's Telegram, and those of them that the bot gets to know."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from sandbox.botapi.entities import find_entities
from sandbox.botapi.markup_text import tidy
from sandbox.botapi.wire import chat_json, member_json, message_json, user_json
from sandbox.world.records import Chat, Happening, Message, Service, ShareButton, StoredFile, Tap, User
from sandbox.world.state import World

PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Impossible(Exception):
    """Something Telegram's own app would not let a person do; the text says what."""


@dataclass(frozen=True)
class Draft:
    """A message that a person is about to send."""

    text: str = ""
    photo: StoredFile | None = None
    document: StoredFile | None = None
    sticker: str | None = None
    reply_to: Message | None = None
    forward_of: Message | None = None
    thread_id: int | None = None
    anonymous: bool = False
    album: str | None = None


def send(world: World, user: User, chat: Chat, draft: Draft) -> Message:
    """Post a person's message; the bot gets an update if privacy mode lets it through."""
    check_present(chat, user)
    if chat.migrated_to is not None:
        raise Impossible("This group became a supergroup; write there.")
    text, _ = tidy(draft.text.replace("\r", ""), ())
    if not (text or draft.photo or draft.document or draft.sticker):
        raise Impossible("The message is empty.")
    message = world.new_message(chat, user)
    message.text = text
    message.entities = find_entities(text)
    message.photo, message.document, message.sticker = draft.photo, draft.document, draft.sticker
    message.reply_to, message.forward_of = draft.reply_to, draft.forward_of
    message.thread_id = draft.thread_id
    message.anonymous, message.album = draft.anonymous, draft.album
    if not chat.is_group:
        start_chat(world, user)
    reaches = reaches_bot(world, chat, message)
    world.post(chat, message)
    if reaches:
        world.updates.add("message", message_json(world, message))
    return message


def reply_keyboard(world: World, chat: Chat) -> tuple[ShareButton, ...]:
    """The buttons below the input, of the newest message that gave or took any."""
    newest = next((one for one in world.newest_first(chat) if one.shares or one.ends_keyboard), None)
    return newest.shares if newest is not None else ()


def share(world: World, user: User, chat: Chat, label: str, chosen: User | None = None) -> Message:
    """Tap a button of the reply keyboard: share one's own number, or somebody whom one chose."""
    check_present(chat, user)
    button = next((one for one in reply_keyboard(world, chat) if one.text == label), None)
    if button is None:
        raise Impossible("There is no such button below the input.")
    if button.request_id is None:
        contact = user_json(user) | {"phone_number": user.phone, "user_id": user.id}
        service = Service(f"{user.name} shared the number {user.phone}", {"contact": contact})
    elif chosen is None:
        raise Impossible("Choose somebody.")
    else:
        names = {"first_name": chosen.first_name, "last_name": chosen.last_name} if button.with_name else {}
        told = {"user_id": chosen.id} | {name: value for name, value in names.items() if value}
        shared = {"request_id": button.request_id, "users": [told]}
        service = Service(f"{user.name} shared {chosen.name} with the bot", {"users_shared": shared})
    message = world.new_message(chat, user)
    message.service = service
    world.post(chat, message)
    world.updates.add("message", message_json(world, message))
    return message


def check_present(chat: Chat, user: User) -> None:
    """Raise Impossible if the person is not in the chat."""
    if user.deactivated:
        raise Impossible("This account was deleted.")
    if not chat.present(user.id):
        raise Impossible(f"{user.first_name} is not in this chat.")


def start_chat(world: World, user: User) -> None:
    """A person who writes to the bot opens the chat, and takes back a block."""
    if user.blocked:
        set_blocked(world, user, False)
    if not user.started:
        user.started = True
        world.tell(Happening("state"))


def reaches_bot(world: World, chat: Chat, message: Message) -> bool:
    """Group privacy: whether a message that is about to be posted comes to the bot."""
    bot = world.bot
    if not chat.present(bot.id):
        return False
    if not chat.is_group or not world.privacy or chat.administered_by(bot.id):
        return True
    if message.reply_to is not None and message.reply_to.sender is bot:
        return True
    command = re.match(r"/[A-Za-z0-9_]+(?:@([A-Za-z0-9_]+))?(?=\s|$)", message.text)
    if not command:
        return False
    if addressed := command.group(1):
        return addressed.lower() == (bot.username or "").lower()
    last = next((one for one in world.newest_first(chat) if one.service is None), None)
    return last is not None and last.sender is bot


def edit(world: World, user: User, message: Message, text: str) -> None:
    """Change the text of one's own message."""
    if message.sender is not user or message.deleted or message.forward_of:
        raise Impossible("Only one's own messages can be edited.")
    text, _ = tidy(text.replace("\r", ""), ())
    if not text and not message.has_media:
        raise Impossible("The message is empty.")
    if text == message.text:
        return
    message.text = text
    message.entities = find_entities(text)
    message.edit_date = world.now().replace(microsecond=0)
    world.edited(message)
    chat = world.chats[message.chat_id]
    if reaches_bot(world, chat, message):
        world.updates.add("edited_message", message_json(world, message))


def tap(world: World, user: User, message: Message, data: str) -> Tap:
    """Tap a button; any data is sent on, since a hand-made client can send any."""
    chat = world.chats[message.chat_id]
    check_present(chat, user)
    if not chat.is_group and user.blocked:
        raise Impossible("The bot is blocked.")
    number = len(world.taps) + 1
    made = Tap(f"{user.id}{number:08}", user, chat.id, message.id, data, world.monotonic())
    world.taps[made.id] = made
    if not chat.present(world.bot.id):
        return made
    world.updates.add(
        "callback_query",
        {
            "id": made.id,
            "from": user_json(user),
            "message": message_json(world, message),
            "chat_instance": str(chat.id),
            "data": data,
        },
    )
    return made


def set_blocked(world: World, user: User, blocked: bool) -> None:
    """Block the bot in the private chat, or take the block back."""
    if user.blocked == blocked:
        return
    chat = world.private_chat(user)
    before = member_json(world, chat, world.bot.id)
    user.blocked = blocked
    chat.members[world.bot.id] = "kicked" if blocked else "member"
    tell_membership(world, chat, user, before, "my_chat_member", world.bot.id)
    world.tell(Happening("state"))


def tell_membership(
    world: World, chat: Chat, by: User, before: dict[str, object], kind: str, member_id: int
) -> None:
    """Queue a my_chat_member or chat_member update."""
    world.updates.add(
        kind,
        {
            "chat": chat_json(world, chat),
            "from": user_json(by),
            "date": int(world.now().timestamp()),
            "old_chat_member": before,
            "new_chat_member": member_json(world, chat, member_id),
        },
    )


@dataclass(frozen=True)
class DeepLink:
    """A request made by a t.me link to the bot."""

    group: bool
    payload: str


def read_link(world: World, url: str) -> DeepLink:
    """Understand t.me/<bot>?start=... and ?startgroup=...; raises Impossible for anything else."""
    try:
        parts = urlsplit(url if "://" in url else f"https://{url}")
    except ValueError:
        raise Impossible("This is not a link to a chat.") from None
    query = parse_qs(parts.query, keep_blank_values=True)
    if parts.scheme == "tg" and parts.netloc == "resolve":
        name = query.get("domain", [""])[0]
    elif parts.netloc.lower() in ("t.me", "telegram.me"):
        name = parts.path.strip("/")
    else:
        raise Impossible("This is not a link to a chat.")
    if name.lower() != (world.bot.username or "").lower():
        raise Impossible("This link leads to another chat.")
    group = "startgroup" in query
    payload = query.get("startgroup" if group else "start", [""])[0]
    if payload and not PAYLOAD.fullmatch(payload):
        raise Impossible("A start parameter has 1 to 64 letters, digits, _ or -.")
    return DeepLink(group, payload)


def open_start(world: World, user: User, payload: str) -> Message:
    """Follow a ?start= link: the chat opens and /start with the payload is sent."""
    if payload and not PAYLOAD.fullmatch(payload):
        raise Impossible("A start parameter has 1 to 64 letters, digits, _ or -.")
    return send(world, user, world.private_chat(user), Draft(f"/start {payload}".rstrip()))

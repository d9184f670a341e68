"""The page's view of the world: plain JSON about people, chats and messages."""

from datetime import datetime

from sandbox.botapi.commands import commands_for
from sandbox.botapi.entities import safe_html
from sandbox.world.records import Button, Chat, Column, Happening, Message, StoredFile, User
from sandbox.world.state import World

Json = dict[str, object]


def state(world: World) -> Json:
    """Everything the page needs to draw its columns, without the messages."""
    people = [user for user in world.users.values() if not user.is_bot]
    chats = list(world.chats.values())
    return {
        "born": world.born,
        "offers": {
            "new_person": world.on_new_person is not None,
            "start_over": world.on_start_over is not None,
        },
        "bot": {"id": world.bot.id, "first_name": world.bot.first_name, "username": world.bot.username},
        "people": [_person(user) for user in people],
        "chats": [_chat(chat) for chat in chats],
        "columns": [_column(one) for one in columns(world)],
        "clock": {
            "now": moment(world.now()),
            "zone": world.zone,
            "movable": True,
            "frozen": world.clock.frozen,
        },
        "commands": {
            f"{user.id}:{chat.id}": commands_for(world, user, chat)
            for chat in chats
            for user in people
            if chat.present(user.id)
        },
    }


def _person(user: User) -> Json:
    return {
        "id": user.id,
        "first_name": user.first_name,
        "name": user.name,
        "username": user.username,
        "language_code": user.language_code,
        "role": user.role,
        "blocked": user.blocked,
        "started": user.started,
    }


def _chat(chat: Chat) -> Json:
    return {
        "id": chat.id,
        "type": chat.type,
        "title": chat.title,
        "member_ids": [user_id for user_id in chat.members if chat.present(user_id)],
        "is_forum": chat.is_forum,
        "migrated_to": chat.migrated_to,
    }


def _column(column: Column) -> Json:
    return {
        "key": column.key,
        "person_id": column.person_id,
        "chat_id": column.chat_id,
        "title": column.title,
        "subtitle": column.subtitle,
        "example": column.example,
    }


def columns(world: World) -> list[Column]:
    """The columns that were set, a moved group's following to its supergroup, or else one for every chat."""
    if world.columns:
        return [_followed(world, one) for one in world.columns]
    found: list[Column] = []
    for chat in world.chats.values():
        person_id = next((one for one in chat.members if one != world.bot.id and chat.present(one)), None)
        if person_id is not None and chat.migrated_to is None:
            person = world.users[person_id]
            title = f"{chat.title} (as {person.first_name})" if chat.is_group else person.name
            found.append(Column(f"{person_id}:{chat.id}", person_id, chat.id, title, person.role))
    return found


def _followed(world: World, column: Column) -> Column:
    moved = world.chats[column.chat_id].migrated_to if column.chat_id in world.chats else None
    if moved is None:
        return column
    return Column(column.key, column.person_id, moved, column.title, column.subtitle)


def message(world: World, one: Message) -> Json:
    """A message as the page draws it."""
    shown = not one.deleted
    return {
        "id": one.id,
        "chat_id": one.chat_id,
        "from": _sender(world, one),
        "date": moment(one.date),
        "html": safe_html(one.text, one.entities) if shown else "",
        "text": one.text if shown else "",
        "photo": file_url(one.photo) if one.photo and shown else None,
        "document": _document(one.document) if one.document and shown else None,
        "sticker": one.sticker,
        "service": one.service.text if one.service else None,
        "reply_to": _reply(world, one.reply_to) if one.reply_to else None,
        "forwarded": one.forward_of is not None,
        "edited": one.edit_date is not None,
        "deleted": one.deleted,
        "silent": one.silent,
        "keyboard": [[_button(button) for button in row] for row in one.keyboard if shown],
        "force_reply": one.force_reply,
        "thread_id": one.thread_id,
        **_below_input(one),
    }


def _below_input(one: Message) -> Json:
    """The buttons that a message brings below the input, or takes away; nothing where it does neither."""
    if one.ends_keyboard:
        return {"shares": []}
    shares = [{"text": share.text, "people": share.request_id is not None} for share in one.shares]
    return {"shares": shares} if shares and not one.deleted else {}


def _sender(world: World, one: Message) -> Json:
    if one.anonymous:
        return {"id": one.chat_id, "name": world.chats[one.chat_id].title, "is_bot": False}
    return {"id": one.sender.id, "name": one.sender.name, "is_bot": one.sender.is_bot}


def _reply(world: World, one: Message) -> Json:
    kind = "Photo" if one.photo else "File" if one.document else ""
    text = "Deleted message" if one.deleted else one.text or kind
    return {"id": one.id, "name": _sender(world, one)["name"], "text": text[:120]}


def _button(button: Button) -> Json:
    shown: Json = {"text": button.text, "data": button.data, "url": button.url}
    extras = {"copy": button.copy, "style": button.style}
    return shown | {name: value for name, value in extras.items() if value is not None}


def _document(document: StoredFile) -> Json:
    return {"name": document.name, "size": document.size, "url": file_url(document)}


def file_url(file: StoredFile) -> str:
    """Make the address from which the page fetches a file."""
    return f"/sandbox/files/{file.id}"


def event(world: World, happening: Happening) -> Json:
    """A happening as the page's event stream tells it."""
    told: Json = {"type": happening.kind}
    if happening.chat_id is not None:
        told["chat_id"] = happening.chat_id
    if happening.message is not None:
        told["message"] = message(world, happening.message)
    if happening.kind == "answer":
        told |= {"person_id": happening.person_id, "text": happening.text, "alert": happening.alert}
    if happening.kind == "clock":
        told["now"] = moment(world.now())
    return told


def moment(at: datetime) -> str:
    """A time as ISO 8601 in UTC."""
    return at.isoformat(timespec="seconds")


def transcript(world: World, chat: Chat) -> str:
    """The chat as text, a line per message: `Kari: /rent tent`, `Bot: When? [Confirm] [Cancel]`."""
    return "\n".join(_line(world, one) for one in world.visible(chat)) or "(nothing was written here)"


def _line(world: World, one: Message) -> str:
    if one.service:
        return f"-- {one.service.text}"
    name = "Bot" if one.sender is world.bot else one.sender.first_name
    if one.anonymous:
        name = world.chats[one.chat_id].title
    parts = [
        f"(photo {one.photo.name})" if one.photo else "",
        f"(file {one.document.name})" if one.document else "",
        f"(sticker {one.sticker})" if one.sticker else "",
        one.text.replace("\n", "\n    "),
        " ".join(f"[{button.text}]" for button in one.buttons),
    ]
    return f"{name}: " + " ".join(part for part in parts if part)

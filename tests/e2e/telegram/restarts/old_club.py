"""A club of before an upgrade: its database and its chats, loaded anew for every tap, and what a tap does."""

import json
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sandbox.world import people
from sandbox.world.files import plain_picture
from sandbox.world.records import Button, Chat, Keyboard, Message, StoredFile, Tap, User
from sandbox.world.state import World

Json = dict[str, Any]

TELLING = {
    "organizations": ("name", "timezone", "language", "policy", "group_chat_id", "closed_at"),
    "users": ("first_name", "role", "active_until", "suspended_until", "city", "email"),
    "account_links": ("user_id",),
    "chat_accounts": ("language", "organization_id"),
    "invites": ("role", "user_id"),
    "join_requests": ("status", "first_name"),
    "equipment": ("name", "type", "retired_at", "policy", "photo_id"),
    "items": ("code", "condition", "location_id"),
    "locations": ("name", "disabled_at"),
    "tags": ("name", "color", "disabled_at"),
    "custom_fields": ("label", "disabled_at"),
    "kits": ("name", "retired_at"),
    "kit_parts": ("equipment_id", "quantity"),
    "opening_hours": ("weekday", "opens", "closes"),
    "closed_days": ("first", "last", "reason"),
    "blocks": ("reason", "ended_by"),
    "rentals": ("status", "starts_at", "due_at", "purpose", "user_id"),
    "rental_lines": ("equipment_id", "quantity"),
    "claims": ("status", "item_id", "blocked_until", "return_claimed_at", "returned_condition"),
    "extensions": ("status", "due_at"),
    "hand_overs": ("status",),
    "damage_notes": ("note", "closed_at", "photo_id"),
}
"""The columns that deeds may change, by table, on which the old and the new program must agree."""


OUTDATED, TOLD, SHOWN = "outdated", "told", "shown"
"""Besides changed rows: whether anything was said over the button, whatever the words, and whether a message
came or changed.
"""

Rows = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Deed:
    """A tap on a message, or typed text, and what it did when the old program ran."""

    chat: int
    by: int
    message: int = 0
    data: str = ""
    text: str = ""
    effects: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.data or self.text} by {self.by} in {self.chat}"

    @property
    def is_quiet(self) -> bool:
        """Tell if nothing changes but where this person is in a conversation: many can be done at once."""
        own = f"conversation of {self.by} in {self.chat}:"
        return all(one in (TOLD, SHOWN) or one.startswith(own) for one in self.effects)


async def outcomes(
    world: World, path: Path, deeds: Sequence[Deed], settled: Callable[[], Awaitable[None]], outdated: str
) -> list[tuple[str, ...]]:
    """Do them, each in a chat of its own, and what they do: a row that more than one could have changed
    counts for all of them.
    """
    before, mark = rows(path), world.change_number
    taps = [_do(world, deed) for deed in deeds]
    await settled()
    lines = changed(before, rows(path))
    found = []
    for deed, tap in zip(deeds, taps, strict=True):
        own = [one for one in lines if not one.startswith("conversation") or f" in {deed.chat}:" in one]
        if tap is not None and tap.answers != 1:
            own.append(f"answered {tap.answers} times")
        if tap is not None and tap.text:
            own.append(OUTDATED if tap.text == outdated else TOLD)
        chats = world.chats.values() if len(deeds) == 1 else [world.chats[deed.chat]]
        if any(m.touched > mark and m.sender.is_bot for chat in chats for m in chat.messages.values()):
            own.append(SHOWN)
        found.append(tuple(own))
    return found


def _do(world: World, deed: Deed) -> Tap | None:
    person, chat = world.users[deed.by], world.chats[deed.chat]
    if deed.data:
        return people.tap(world, person, chat.messages[deed.message], deed.data)
    people.send(world, person, chat, people.Draft(deed.text))
    return None


def rows(path: Path) -> Rows:
    """Read the state of the business: each row by its table and number."""
    found: Rows = {}
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        for table, columns in TELLING.items():
            for row in connection.execute(f"SELECT id AS number, {', '.join(columns)} FROM {table}"):
                found[f"{table} {row['number']}"] = {name: row[name] for name in columns}
        for row in connection.execute("SELECT chat_id, account_id, name, state FROM conversations"):
            found[f"conversation of {row['account_id']} in {row['chat_id']}"] = {
                "at": f"{row['name']}/{row['state']}"
            }
    return found


def changed(before: Rows, after: Rows) -> list[str]:
    """List the changes of each row, in lines."""
    lines = []
    for one in sorted(before.keys() | after.keys()):
        was, is_ = before.get(one, {}), after.get(one, {})
        columns = [name for name in was | is_ if was.get(name) != is_.get(name)]
        if columns:
            told = (f"{name} {_said(was.get(name))} > {_said(is_.get(name))}" for name in columns)
            lines.append(f"{one}: {', '.join(told)}")
    return lines


def messages(path: Path) -> list[str]:
    """List all messages to be sent and their fate, but for the screens of conversations."""
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute(
            "SELECT kind, chat_id, coalesce(dedup_key, ''), status FROM outbox WHERE kind <> 'conversation'"
        )
        return sorted(f"{kind} to {chat}: {status} {key}".strip() for kind, chat, key, status in found)


def _said(value: Any) -> str:
    return "-" if value is None else str(value).removesuffix(":00.000000")


def copy(source: Path, target: Path) -> None:
    """The whole database, also into one that a program has open."""
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


def chats_of(world: World) -> Json:
    """Dump everybody's chats as they show, to be loaded again."""
    return {
        "people": [
            {"id": one.id, "first_name": one.first_name, "last_name": one.last_name, "started": one.started}
            for one in world.users.values()
            if not one.is_bot
        ],
        "chats": [_chat(chat) for chat in world.chats.values()],
        "messages": [
            _message(one)
            for chat in world.chats.values()
            for one in world.visible(chat)
            if one.service is None
        ],
    }


def _chat(chat: Chat) -> Json:
    return {
        "id": chat.id,
        "type": chat.type,
        "title": chat.title,
        "members": {str(id_): status for id_, status in chat.members.items()},
        "next": chat.next_message_id,
    }


def _message(one: Message) -> Json:
    told: Json = {
        "chat": one.chat_id,
        "id": one.id,
        "from": one.sender.id,
        "date": one.date.isoformat(),
        "text": one.text,
    }
    if one.keyboard:
        told["buttons"] = [[[b.text, b.data or b.url] for b in row] for row in one.keyboard]
    if one.photo is not None:
        told["photo"] = one.photo.id
    if one.document is not None:
        content = "" if one.sender.is_bot else one.document.content.decode()
        told["document"] = [one.document.name, content]
    if one.reply_to is not None:
        told["reply_to"] = one.reply_to.id
    return told


def load(world: World, told: Json) -> None:
    """Have the sandbox's chats show this, and nothing else."""
    world.taps.clear()
    world.chats.clear()
    for one in told["people"]:
        if one["id"] not in world.users:
            world.users[one["id"]] = User(one["id"], one["first_name"], one["last_name"])
        world.users[one["id"]].started = one["started"]
    for one in told["chats"]:
        chat = Chat(
            one["id"],
            one["type"],
            one["title"],
            {int(id_): status for id_, status in one["members"].items()},
            next_message_id=one["next"],
        )
        world.chats[chat.id] = chat
    for message in told["messages"]:
        chat = world.chats[message["chat"]]
        chat.messages[message["id"]] = _loaded(world, chat, message)


def _loaded(world: World, chat: Chat, told: Json) -> Message:
    message = Message(
        told["id"], chat.id, world.users[told["from"]], datetime.fromisoformat(told["date"]), told["text"]
    )
    message.keyboard = _keyboard(told.get("buttons", []))
    message.reply_to = chat.messages.get(told.get("reply_to", 0))
    if "photo" in told:
        message.photo = world.files.get(told["photo"]) or photo(world, told["photo"])
    if "document" in told:
        message.document = world.files.keep("document", told["document"][0], told["document"][1].encode())
    return message


def _keyboard(told: list[list[list[str]]]) -> Keyboard:
    return tuple(
        tuple(Button(text, url=what) if "://" in what else Button(text, what) for text, what in row)
        for row in told
    )


def photo(world: World, id_: str) -> StoredFile:
    """A picture that Telegram knows under this id."""
    kept = world.files.keep("photo", "photo.png", plain_picture())
    known = StoredFile(
        id_, f"{id_}-small", "photo", kept.path, kept.name, kept.mime_type, kept.content, kept.size, 1, 1
    )
    world.files._by_id[id_] = world.files._by_id[known.small_id] = known
    return known


def read(path: Path) -> Json:
    """Read what `write` wrote."""
    told: Json = json.loads(path.read_text(encoding="utf-8"))
    return told


def write(path: Path, told: Json) -> None:
    """A line for each person, message and deed."""

    def line(value: Any) -> str:
        return json.dumps(value, ensure_ascii=False)

    parts = [
        f"{line(name)}: " + (f"[\n{_lines(value, line)}\n]" if isinstance(value, list) else line(value))
        for name, value in told.items()
    ]
    path.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")


def _lines(values: list[Any], line: Callable[[Any], str]) -> str:
    return ",\n".join(line(value) for value in values)

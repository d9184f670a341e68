"""The bot's command lists by scope and language, and which of them a person sees."""

import re
from collections.abc import Iterator

from sandbox.botapi.parameters import Call
from sandbox.botapi.refusals import bad_request
from sandbox.botapi.targets import readable_chat
from sandbox.world.records import Chat, User
from sandbox.world.state import World

COMMAND = re.compile(r"[a-z0-9_]{1,32}")
PLAIN_SCOPES = frozenset({"default", "all_private_chats", "all_group_chats", "all_chat_administrators"})


def scope_key(world: World, call: Call) -> str:
    """A scope as one word, with the chat and user it is for; the bot has to know the chat."""
    value = call.data("scope", "BotCommandScope")
    scope = value if isinstance(value, dict) else {"type": "default"}
    kind = str(scope.get("type"))
    if kind in PLAIN_SCOPES:
        return kind
    if kind not in ("chat", "chat_administrators", "chat_member"):
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    chat_id = readable_chat(world, Call(call.method, {"chat_id": scope.get("chat_id")})).id
    return f"{kind}:{chat_id}:{scope.get('user_id')}" if kind == "chat_member" else f"{kind}:{chat_id}"


def set_my_commands(world: World, call: Call) -> object:
    """setMyCommands."""
    value = call.data("commands", "commands") or []
    if not isinstance(value, list):
        raise bad_request("expected an Array of BotCommand")
    if len(value) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    key = scope_key(world, call)
    world.profile.commands[key, call.text("language_code")] = [_command(one) for one in value]
    world.commands_changed()
    return True


def _command(value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    command = str(value.get("command", "")).removeprefix("/")
    description = str(value.get("description", ""))
    if not COMMAND.fullmatch(command):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(description) <= 256:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": command, "description": description}


def get_my_commands(world: World, call: Call) -> object:
    """getMyCommands: exactly this scope and language, without falling back."""
    return world.profile.commands.get((scope_key(world, call), call.text("language_code")), [])


def delete_my_commands(world: World, call: Call) -> object:
    """deleteMyCommands."""
    world.profile.commands.pop((scope_key(world, call), call.text("language_code")), None)
    world.commands_changed()
    return True


def commands_for(world: World, user: User, chat: Chat) -> list[dict[str, str]]:
    """Find the person's menu in this chat: that of the narrowest scope with a list, own language first."""
    for scope in _scopes(chat, user):
        for language in (user.language_code, ""):
            if found := world.profile.commands.get((scope, language)):
                return found
    return []


def _scopes(chat: Chat, user: User) -> Iterator[str]:
    if not chat.is_group:
        yield from (f"chat:{chat.id}", "all_private_chats", "default")
        return
    yield f"chat_member:{chat.id}:{user.id}"
    if chat.administered_by(user.id):
        yield f"chat_administrators:{chat.id}"
    yield f"chat:{chat.id}"
    if chat.administered_by(user.id):
        yield "all_chat_administrators"
    yield from ("all_group_chats", "default")

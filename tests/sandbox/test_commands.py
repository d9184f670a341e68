"""The bot's menus: lists per scope and language, and which one a person sees."""

from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeChatMember,
)

from sandbox import Person, Sandbox
from sandbox.botapi.commands import commands_for
from sandbox.world.records import Chat

Call = Callable[..., Coroutine[Any, Any, dict[str, Any]]]


def seen(person: Person, chat: Chat) -> list[str]:
    """The commands in the person's menu."""
    return [one["command"] for one in commands_for(person.world, person.user, chat)]


async def test_lists_are_kept_by_scope_and_language(bot: Bot, kari: Person) -> None:
    """A list that was set is told back for exactly that scope and language, until it is deleted."""
    scope = BotCommandScopeAllPrivateChats()
    await bot.set_my_commands([BotCommand("rent", "Rent something")], scope)
    await bot.set_my_commands([("rent", "Lån noe")], scope, language_code="nb")
    assert (await bot.get_my_commands(scope))[0].description == "Rent something"
    assert (await bot.get_my_commands(scope, language_code="nb"))[0].description == "Lån noe"
    assert await bot.get_my_commands() == ()
    await bot.delete_my_commands(scope)
    assert await bot.get_my_commands(scope) == ()


async def test_the_narrowest_scope_wins(sandbox: Sandbox, bot: Bot, kari: Person) -> None:
    """Private: the chat before all private chats before the default; own language first within each."""
    nora = sandbox.add_person("Nora", language_code="nb")
    await bot.set_my_commands([("help", "x")])
    assert seen(kari, kari.chat) == ["help"]
    await bot.set_my_commands([("rent", "x")], BotCommandScopeAllPrivateChats())
    await bot.set_my_commands([("laan", "x")], BotCommandScopeAllPrivateChats(), language_code="nb")
    assert (seen(kari, kari.chat), seen(nora, nora.chat)) == (["rent"], ["laan"])
    await bot.set_my_commands([("desk", "x")], BotCommandScopeChat(kari.id))
    assert (seen(kari, kari.chat), seen(nora, nora.chat)) == (["desk"], ["laan"])


async def test_in_groups_administrators_see_theirs(sandbox: Sandbox, bot: Bot, kari: Person) -> None:
    """One member's list before the chat's, administrators before all groups."""
    ada = sandbox.add_person("Ada")
    group = sandbox.add_group("Admins", [ada, kari])
    await bot.set_my_commands([("help", "x")], BotCommandScopeAllGroupChats())
    await bot.set_my_commands([("setup", "x")], BotCommandScopeAllChatAdministrators())
    assert (seen(ada, group), seen(kari, group)) == (["setup"], ["help"])
    await bot.set_my_commands([("pending", "x")], BotCommandScopeChatMember(group.id, kari.id))
    assert (seen(ada, group), seen(kari, group)) == (["setup"], ["pending"])


@pytest.mark.parametrize(
    ("commands", "words"),
    [
        ([{"command": "Rent!", "description": "x"}], "BOT_COMMAND_INVALID"),
        ([{"command": "r" * 33, "description": "x"}], "BOT_COMMAND_INVALID"),
        ([{"command": "rent", "description": ""}], "BOT_COMMAND_DESCRIPTION_INVALID"),
        ([{"command": "rent", "description": "x" * 257}], "BOT_COMMAND_DESCRIPTION_INVALID"),
        ([{"command": "rent", "description": "x"}] * 101, "BOT_COMMANDS_TOO_MUCH"),
        ("{", "can't parse commands JSON object"),
        ({"command": "rent"}, "expected an Array of BotCommand"),
    ],
)
async def test_wrong_commands_are_refused(call: Call, commands: object, words: str) -> None:
    """Names of 1 to 32 small letters, digits and _, descriptions of 1 to 256, at most 100."""
    answer = await call("setMyCommands", commands=commands)
    assert answer["description"] == f"Bad Request: {words}"


async def test_a_scope_has_to_be_known(call: Call) -> None:
    """Unknown kinds and unknown chats are refused."""
    commands = [{"command": "rent", "description": "x"}]
    odd = await call("setMyCommands", commands=commands, scope={"type": "moon"})
    assert odd["description"] == "Bad Request: can't parse BotCommandScope: Unsupported type specified"
    nowhere = await call("setMyCommands", commands=commands, scope={"type": "chat", "chat_id": 999})
    assert nowhere["description"] == "Bad Request: chat not found"


async def test_the_bot_can_describe_itself(bot: Bot) -> None:
    """Name, description and short description are kept by language."""
    await bot.set_my_description("Lends equipment", language_code="en")
    assert (await bot.get_my_description("en")).description == "Lends equipment"
    assert (await bot.get_my_description()).description == ""
    await bot.set_my_short_description("Lends")
    assert (await bot.get_my_short_description()).short_description == "Lends"
    assert (await bot.get_my_name()).name == "Equiplib"

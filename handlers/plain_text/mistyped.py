"""Commands that do not exist: the nearest that this person has, as a button that runs it."""

from contextlib import suppress

from telegram import Message as TelegramMessage
from telegram import Update

from handlers.parsing import plain_words
from handlers.plain_text import answers
from handlers.telegram.context import AlreadyDone, Context
from handlers.telegram.dispatch import OnlyShown, obey, texts_for
from handlers.telegram.replying import answer_tap
from handlers.telegram.setup import menus
from handlers.ui.refusals import explain
from handlers.ui.registry import REGISTRY
from handlers.ui.request import Request, place_of
from services.core.errors import Refusal, Refused

_MOST = 3
_LONGEST = 32
"""Characters of Telegram's longest command."""

_LONG = 5
"""From so many letters on, two may be wrong; from three on, one."""

_SHORTEST = 3


def parts(text: str) -> tuple[str, str]:
    """Return the command of a text without slash and the bot's name, and its words."""
    first, *rest = text.split(maxsplit=1)
    return first[1:].partition("@")[0], "".join(rest)


def offer(step: Request, text: str) -> None:
    """Offer the nearest commands. Raises OnlyShown with them; does nothing where none is near."""
    typed, words = parts(text)
    known = [c.name for c in menus.shown_in_private(menus.role_of(step.actor))]
    if found := nearest(typed, known):
        offers = [(name, words) for name in found]
        raise OnlyShown(answers.did_you_mean(step.texts, f"/{typed}", offers))


def nearest(typed: str, known: list[str]) -> list[str]:
    """Return the known commands that a mistyped one may be: another word for one, or as near as possible."""
    typed = typed.lower()[:_LONGEST]
    meant = plain_words.command_of(typed.replace("_", " "))
    if meant in known:
        return [meant]
    most = 2 if len(typed) >= _LONG else 1
    if len(typed) < _SHORTEST:
        return []
    from rapidfuzz.distance import OSA  # noqa: PLC0415 - three megabytes, for a command that there is not

    near = {name: OSA.distance(typed, name, score_cutoff=most) for name in known if name != typed}
    least = min(near.values(), default=most + 1)
    return [name for name, distance in near.items() if distance == least][:_MOST] if least <= most else []


async def run(update: Update, context: Context) -> None:
    """Run the command of a button, with the words of the mistyped one that its message replies to."""
    query, place = update.callback_query, place_of(update)
    tap = REGISTRY.unpack(query.data) if query is not None else None
    if query is None or place is None:
        return
    command = REGISTRY.commands.get(tap.arg) if tap is not None else None
    if command is None or place.is_group:
        refusal = explain(await texts_for(update, context), Refusal(Refused.OUTDATED))
        await answer_tap(update, str(refusal.striptags()), alert=True)
        return
    about = query.message.reply_to_message if isinstance(query.message, TelegramMessage) else None
    text = (about.text or "") if about is not None else ""
    words = parts(text)[1] if text.startswith("/") and len(text) > 1 and not text[1].isspace() else ""
    with suppress(AlreadyDone):  # and what followed was cut short, maybe before it was answered
        await obey(update, context, command, words, is_group=False)
    await answer_tap(update, None)

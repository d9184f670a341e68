"""The reading of plain text in private: a code of a thing, a known word, or what is looked for."""

from telegram import Message as TelegramMessage

from db.states import RentalStatus, Role
from handlers.desk import item_card
from handlers.desk.codes import giving, scanning
from handlers.desk.counter import in_words
from handlers.maintenance import problem_report
from handlers.parsing import plain_words
from handlers.parsing.sentences import counter, courtesy, intents, questions
from handlers.plain_text import answers, hours, mistyped
from handlers.rentals import lists
from handlers.rentals.booking import conversation as booking
from handlers.telegram import dispatch
from handlers.ui import cards
from handlers.ui.message import Document, Message
from handlers.ui.registry import REGISTRY, Where
from handlers.ui.request import Request
from services.core.actor import Actor
from services.core.errors import Refusal, Refused
from services.inventory import catalog, listing
from services.messaging import notifications
from services.messaging.outbox import WROTE

_LONGEST = 300
"""Characters of a text that may be more than a story: what is longer is read neither as a line nor a word."""

_SHORTEST_CODE = 6
"""Characters of what is offered to be given to a thing; shorter ones are rather a slip of the finger."""

_START = "?start="


def answer(step: Request, message: TelegramMessage) -> Message | Document | None:
    """Answer a member's message that belongs to no question; None where the answer follows.

    Raises as the command that is meant.
    """
    text = (message.text or "").strip()
    if text.startswith("/"):
        mistyped.offer(step, text)
    if text and len(text) <= _LONGEST and not text.startswith("/"):
        actor = step.actor()
        return _read(step, actor, text)
    return _not_understood(step, text)


def is_meant(step: Request, text: str) -> bool:
    """Return whether a text is a command in words, asks for things that there are, or is of the counter."""
    if plain_words.is_command(text) or (step.active().has_role(Role.LENDER) and counter.handings(text)):
        return True
    if len(text) > _LONGEST:
        return False
    said = booking.hear(step, text)
    return said.is_whole and booking.asks_for(said.words)


def interrupts(step: Request, text: str) -> bool:
    """Follow what a lender says of the counter, or a member of harm, though something else was asked.

    Return whether it was that.
    """
    if len(text) > _LONGEST:
        return False
    if in_words.hear(step, step.active(), text):
        return True
    is_harm = questions.tells_of_harm(text) and lists.has_out(step)
    if is_harm:
        things = [one.words for one in booking.hear(step, text).reading.things]
        _report(step, *[one for one in things if lists.names_own(step, one)][:1], told=text)
    return is_harm


def _read(step: Request, actor: Actor, text: str) -> Message | Document | None:
    payload = text if text.startswith(item_card.LABEL) else _payload(step, text)
    if payload is not None:
        return _run(step, "start", payload)
    if in_words.hear(step, actor, text):
        return None
    meant, about = plain_words.meaning(text), plain_words.before_thing(text)
    if about is not None and not _may(actor, about[0]):
        about = None
    if meant is not None and _may(actor, meant) and catalog.item_by_code(step.by(actor), text) is None:
        return _do(step, actor, meant)
    if about is not None and (
        about[0] == "out" or catalog.item_by_code(step.by(actor), about[1]) is not None
    ):
        return _run(step, *about)
    said = booking.hear(step, text)
    item = said.item
    if item is None and _is_like_a_code(text):
        item = listing.item_by_visible_number(step.by(actor), text)
    if item is not None:
        scanning.open_item(step, actor, item)
        return None
    returns = about is not None and about[0] == "return" and lists.has_out(step)
    if about is not None and (not said.is_whole or returns or lists.names_own(step, about[1])):
        named = about[1].isdigit() or lists.names_own(step, about[1])
        if about[0] == "cancel" and lists.is_out(step, about[1]):
            about = "return", about[1]
        return _run(step, about[0], about[1] if named else "")
    things = [one.words for one in said.reading.things]
    if questions.tells_of_harm(text) and _may_be_about_own(step, things):
        own = [one for one in things if lists.names_own(step, one)]
        _report(step, *own[:1], told=text)
        return None
    harmed = questions.tells_of_harm(text) and (said.reading.left_over or not courtesy.asks(text))
    if harmed and lists.has_out(step):
        _report(step, told=text)
        return None
    if said.reading.says_only_until and (own := [one for one in things if lists.is_out(step, one)]) == things:
        return _run(step, "extend", *own[:1])
    if not said.is_whole and (meant := _meant_of_own(step, text)) is not None:
        return _about_own(step, actor, meant, text)
    if booking.begin_said(step, said):
        return None
    item = listing.item_by_visible_number(step.by(actor), text)
    if item is not None:
        scanning.open_item(step, actor, item)
        return None
    if actor.has_role(Role.LENDER) and _is_like_a_code(text):
        giving.offer(step, actor, text)
        return None
    return _not_understood(step, text)


def _meant_of_own(step: Request, text: str) -> str | None:
    """Return what the words alone say of what the member has; None where nothing is out to speak of."""
    meant = intents.intent(text)
    return meant if meant == "cancel" or (meant is not None and lists.has_out(step)) else None


def _about_own(step: Request, actor: Actor, meant: str, text: str) -> Message | Document | None:
    if meant == plain_words.PROBLEM:
        _report(step, told=text)
        return None
    return _do(step, actor, meant)


def _may_be_about_own(step: Request, things: list[str]) -> bool:
    """Return whether these are among what the member has out, or things of ours while nothing is out."""
    if not lists.has_out(step):
        return bool(things)
    return all(lists.names_own(step, one) for one in things)


def _is_like_a_code(text: str) -> bool:
    """Return whether it may be what is printed on a thing: nothing else is read as a serial number first."""
    return len(text) >= _SHORTEST_CODE and " " not in text and any(sign.isdigit() for sign in text)


def _payload(step: Request, text: str) -> str | None:
    """Return what a pasted link to this bot would start it with."""
    link, found, payload = text.partition(_START)
    is_link = found and " " not in text and link.lower().endswith(f"/{step.bot_username.lower()}")
    return payload if is_link else None


def _may(actor: Actor, meant: str) -> bool:
    """Return whether a word that means a command means it to this person: others may look for a thing."""
    command = REGISTRY.commands.get(meant)
    if command is None:
        return True
    return command.where is not Where.GROUP and (command.role is None or actor.has_role(command.role))


def _do(step: Request, actor: Actor, meant: str) -> Message | Document | None:
    if meant in REGISTRY.commands:
        return _run(step, meant)
    if meant == plain_words.PROBLEM:
        _report(step)
    elif meant == questions.HOURS:
        raise dispatch.OnlyShown(hours.told(step, actor))
    elif meant == questions.PRICE:
        raise dispatch.OnlyShown(answers.no_prices(step.texts, actor.role))
    elif meant == plain_words.PICKED_UP:
        _show_approved(step)
    else:
        step.say("small_talk", about=meant, role=actor.role)
    return None


def _run(step: Request, command: str, words: str = "") -> Message | Document | None:
    c = REGISTRY.commands[command]
    answer = dispatch.run(step, c, words)
    if answer is not None and not c.acts_with(words):
        raise dispatch.OnlyShown(answer)
    return answer


def _report(step: Request, words: str = "", *, told: str = "") -> None:
    """Ask what is wrong with the only rental that is out, or that is called so; of several, one is chosen.

    What was `told` is the report itself.
    """
    rental = lists.own(step, words, RentalStatus.OUT)
    if rental is not None:
        problem_report.begin(step, rental.id, told=told)
    else:
        lists.say(step, "harm")


def _show_approved(step: Request) -> None:
    """Show the only rental that waits to be picked up; of several, one is chosen."""
    rental = lists.own(step, "", RentalStatus.APPROVED)
    if rental is not None:
        cards.draw_here(step, rental, notifications.RENTAL_CARD)
    else:
        lists.say(step, "mine")


def _not_understood(step: Request, text: str) -> Message | None:
    """Say so, with what was written and the ways on. Raises OnlyShown for somebody who is no member yet."""
    try:
        actor = step.actor()
    except Refusal as refusal:
        if refusal.code is not Refused.NOT_A_MEMBER:
            raise
        raise dispatch.OnlyShown(answers.not_understood(step.texts, text, role=None)) from None
    step.say("not_understood", **{WROTE: text[:_LONGEST]}, role=actor.role)
    return None

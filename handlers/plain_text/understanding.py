"""The reading of plain text in private: READINGS is all that it may be, in order."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from telegram import Message as TelegramMessage

from db.models import Conversation as Row
from db.models import Item
from db.states import RentalStatus, Role
from handlers.desk import item_card
from handlers.desk.codes import giving, scanning
from handlers.desk.counter import hand_out_now, in_words
from handlers.maintenance import problem_report
from handlers.parsing import plain_words
from handlers.parsing.sentences import corrections, courtesy, intents, questions
from handlers.parsing.sentences import staff as staff_sentences
from handlers.parsing.sentences.words_around import words_of
from handlers.plain_text import answers, hours, mistyped, staff, topics
from handlers.plain_text.heard import Heard, may, run
from handlers.rentals import lists
from handlers.rentals.booking import conversation as booking
from handlers.rentals.booking import data
from handlers.telegram import dispatch
from handlers.ui import cards
from handlers.ui.message import Document, Message
from handlers.ui.registry import REGISTRY, Follow
from handlers.ui.request import Request
from handlers.ui.widgets import date_range
from services.core.actor import Actor
from services.core.errors import Refusal, Refused
from services.inventory import listing
from services.inventory.search import misses
from services.members import directory
from services.messaging import notifications
from services.messaging.outbox import WROTE

_LONGEST = 300
"""Characters of a text that may be more than a story: what is longer is read neither as a line nor a word."""

_SHORTEST_CODE = 6
"""Characters of what is offered to be given to a thing; shorter ones are rather a slip of the finger."""

_MOST_TOPICS = 3

_START = "?start="


def answer(step: Request, message: TelegramMessage) -> Message | Document | None:
    """Answer a member's message that belongs to no question; None where the answer follows.

    Raises as the command that is meant.
    """
    text = (message.text or "").strip()
    if text.startswith("/"):
        mistyped.offer(step, text)
    if text and len(text) <= _LONGEST and not text.startswith("/"):
        heard = Heard(step, step.actor(), text)
        follow = next((found for one in READINGS if (found := one.find(heard)) is not None), None)
        if follow is not None:
            return follow()
    return _not_understood(step, text)


def meant(step: Request, row: Row, text: str) -> Follow | None:
    """Return what a text means that was written in the middle of this conversation, as its answer or not;
    None where it means nothing wherever it is written.
    """
    text = text.strip()
    if not text or len(text) > _LONGEST or text.startswith("/"):
        return None
    try:
        heard = Heard(step, step.active(), text, row)
    except Refusal:
        return None  # whoever joins is no member yet
    return next((found for one in READINGS if one.anywhere and (found := one.find(heard)) is not None), None)


# The readings, each of which returns what to do, or None


def _link(h: Heard) -> Follow | None:
    payload = h.text if h.text.startswith(item_card.LABEL) else _payload(h.step, h.text)
    return partial(run, h.step, "start", payload) if payload is not None else None


def _counter(h: Heard) -> Follow | None:
    return in_words.hear(h.step, h.actor, h.text)


_OWN_INSTEAD = ("out", "overdue", "policy")
"""Commands of others: members who ask what is out, what is late, or how long they have it, see their own."""


def _phrase(h: Heard) -> Follow | None:
    said = plain_words.meaning(h.text)
    if said in _OWN_INSTEAD and not may(h.actor, said):
        said = "rentals" if said != "policy" or lists.has_out(h.step) else None
    if said is None or not may(h.actor, said) or h.item_called(h.text) is not None:
        return None
    if said == plain_words.FINE and h.row is not None:
        return None  # no thanks for an answer that was none
    return partial(_extend, h) if said == "extend" else partial(_do, h.step, h.actor, said)


def _code_after_verb(h: Heard) -> Follow | None:
    if h.about is None or (h.about[0] != "out" and h.item_called(h.about[1]) is None):
        return None
    return partial(run, h.step, *h.about)


def _code(h: Heard) -> Follow | None:
    item = h.said.item
    if item is None and _is_like_a_code(h.text):
        item = listing.item_by_visible_number(h.step.by(h.actor), h.text)
    return partial(_open, h, item) if item is not None else None


def _codes(h: Heard) -> Follow | None:
    """Open several things by their codes, for a lender, who reads which of them are not known.

    Other questions take codes themselves.
    """
    if h.row is not None and h.row.name != hand_out_now.NAME:
        return None
    said = dict.fromkeys(one for one in re.split(r"[\s,;&+]+", h.text) if one and one not in _ANDS)
    if len(said) < 2 or not h.actor.has_role(Role.LENDER) or h.item_called(h.text) is not None:
        return None
    found = {one: h.item_called(one) for one in said}
    items = [item for item in found.values() if item is not None]
    unknown = [one for one, item in found.items() if item is None]
    if not items or not all(_LIKE_A_CODE.fullmatch(one) for one in unknown) or (unknown and h.said.is_whole):
        return None
    return partial(hand_out_now.begin_with, h.step, h.actor, items, unknown, ())


_ANDS = ("and", "og", "und")
_LIKE_A_CODE = re.compile(r"(?=.*[^\W\d])(?=.*\d)\S+")
"""Has a letter and a digit, as most codes do, and few other words."""

_ANYTHING = words_of("it this that them everything all det den dem alt alle es das this one")


def _thing_after_verb(h: Heard) -> Follow | None:
    if h.about is None:
        return None
    command, words = h.about
    is_own = lists.names_own(h.step, words)
    if h.said.is_whole and not is_own and not (command == "return" and lists.has_out(h.step)):
        return None
    if command == "cancel" and lists.is_out(h.step, words):
        return partial(run, h.step, "return", words)
    if words.isdigit() or is_own:
        return partial(_extend, h, words) if command == "extend" else partial(run, h.step, command, words)
    # What is called otherwise is not guessed: nobody may cancel a tent for a kayak.
    is_named = words.lower() not in staff_sentences.RENTALS and not set(words.lower().split()) & _ANYTHING
    if is_named and (command == "cancel" or (command == "extend" and h.is_known(words))):
        return partial(lists.say, h.step, command)
    return partial(_extend, h) if command == "extend" else partial(run, h.step, command)


def _harm(h: Heard) -> Follow | None:
    if not questions.tells_of_harm(h.text) or (h.row is not None and not lists.has_out(h.step)):
        return None
    if h.harmed and lists.has_out(h.step) and not any(lists.names_own(h.step, one) for one in h.harmed):
        return partial(lists.say, h.step, "harm")  # it is about something that they do not have
    if _may_be_about_own(h.step, h.things):
        return partial(_report, h.step, *h.own[:1], told=h.text)
    is_told = h.said.reading.left_over or not courtesy.asks(h.text)
    return partial(_report, h.step, told=h.text) if is_told and lists.has_out(h.step) else None


def _new_end(h: Heard) -> Follow | None:
    """Extend what is out, of which only another last day is said."""
    if not h.said.reading.says_only_until:
        return None
    own = [one for one in h.things if lists.is_out(h.step, one)]
    return partial(_extend, h, *own[:1]) if own == h.things else None


def _extend(h: Heard, words: str = "") -> None:
    """Extend the only rental, or that of what is called so, with the day that ends the text one tap away."""
    tokens = h.text.rstrip("?!. ").split()
    ends = (" ".join(tokens[at:]) for at in range(len(tokens)) if not tokens[at].isdigit())
    said = next((one for one in ends if date_range.days_said(h.step.texts, one) is not None), "")
    lists.extend(h.step, words, said=h.text if corrections.days_longer(h.text) else said)


def _exchange(h: Heard) -> Follow | None:
    """Show the rentals of a member who wants something else, or other days, for what is theirs already."""
    said = (*(corrections.exchange(h.text) or ()), intents.moved(h.text)) if h.row is None else ()
    is_own = any(one and lists.names_own(h.step, one) for one in said)
    return partial(run, h.step, "rentals") if is_own else None


def _own(h: Heard) -> Follow | None:
    """Follow what the words alone say of what the member has."""
    is_other = h.said.is_whole and not (intents.passes_on(h.text) and h.own)
    said = None if is_other else intents.intent(h.text)
    if said is None or (said != "cancel" and not lists.has_out(h.step)):
        return None
    if said == questions.PROBLEM:
        return partial(_report, h.step, told=h.text)
    return partial(_extend, h) if said == "extend" else partial(_do, h.step, h.actor, said)


def _borrowing(h: Heard) -> Follow | None:
    if h.row is not None and not _asks_amid(h.row, h.text):
        return None
    if not (h.said.is_whole or (h.row is None and booking.says(h.said))):
        return None
    return partial(booking.begin_said, h.step, h.said)


def _topic(h: Heard) -> Follow | None:
    """Offer the commands that it may be about, where nothing of ours is named and nobody is called so."""
    about = topics.of(h.text)
    if not about or h.said.is_whole or h.said.reading.asked or booking.asks_for(h.text):
        return None
    if any(h.is_known(one) for one in h.things) or _is_found(h):
        return None
    offered = [one for one in about if may(h.actor, one)]
    if not offered and h.actor.has_role(Role.LENDER):
        return partial(_refuse, h, about[0])
    if not offered:
        return None
    return partial(_offer, h, offered[:_MOST_TOPICS])


def _offer(h: Heard, commands: list[str]) -> None:
    h.step.say("topics", **{WROTE: h.text}, topics=commands)


def _is_found(h: Heard) -> bool:
    """Return whether a search in a list that is open would find something: it is an answer there."""
    return h.row is not None and (h.is_known(h.text) or bool(directory.called(h.tx, h.text)))


def _refuse(h: Heard, command: str) -> None:
    """Raise NOT_ALLOWED for a command of those with another role."""
    role = REGISTRY.commands[command].role
    if role is not None:
        h.actor.require(role)


def _number(h: Heard) -> Follow | None:
    item = listing.item_by_visible_number(h.step.by(h.actor), h.text)
    return partial(_open, h, item) if item is not None else None


def _new_code(h: Heard) -> Follow | None:
    if not h.actor.has_role(Role.LENDER) or not _is_like_a_code(h.text):
        return None
    return partial(giving.offer, h.step, h.actor, h.text)


@dataclass(frozen=True)
class Reading:
    """One thing that a text may be. `anywhere`: also in the middle of a question that it does not answer."""

    find: Callable[[Heard], Follow | None]
    anywhere: bool = False


READINGS = (
    Reading(_link),
    Reading(_counter, anywhere=True),
    Reading(staff.hear, anywhere=True),
    Reading(_phrase, anywhere=True),
    Reading(_code_after_verb, anywhere=True),
    Reading(_codes, anywhere=True),
    Reading(_code),
    Reading(_thing_after_verb, anywhere=True),
    Reading(staff.harm, anywhere=True),
    Reading(_harm, anywhere=True),
    Reading(_new_end),
    Reading(_exchange),
    Reading(_own),
    Reading(_topic, anywhere=True),
    Reading(_borrowing, anywhere=True),
    Reading(_number),
    Reading(_new_code),
)
"""All that a text may be, in this order: the first that finds something is followed."""


def _asks_amid(row: Row, text: str) -> bool:
    """Return whether a text in the middle of something asks for things. A basket takes its lines itself."""
    if row.name == data.NAME:
        return False
    return courtesy.asks(text) if row.name == hand_out_now.NAME else booking.asks_for(text)


def _open(h: Heard, item: Item) -> None:
    scanning.open_item(h.step, h.actor, item)


def _may_be_about_own(step: Request, things: list[str]) -> bool:
    """Return whether these are among what the member has out, or things of ours while nothing is out."""
    if not lists.has_out(step):
        return bool(things)
    return all(lists.names_own(step, one) for one in things)


def _is_like_a_code(text: str) -> bool:
    """Return whether it may be what is printed on a thing: nothing else is read as a serial number first."""
    return len(text) >= _SHORTEST_CODE and len(text.split()) == 1 and any(sign.isdigit() for sign in text)


def _payload(step: Request, text: str) -> str | None:
    """Return what a pasted link to this bot would start it with."""
    link, found, payload = text.partition(_START)
    is_link = found and " " not in text and link.lower().endswith(f"/{step.bot_username.lower()}")
    return payload if is_link else None


def _do(step: Request, actor: Actor, meant: str) -> Message | Document | None:
    if meant in REGISTRY.commands:
        return run(step, meant)
    if meant == questions.PROBLEM:
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


def _report(step: Request, words: str = "", *, told: str = "") -> None:
    """Ask what is wrong with the only rental that is out, or that is called so; of several, one is chosen.

    What was `told` is the report itself.
    """
    rental = lists.own(step, words, RentalStatus.OUT)
    if rental is not None:
        problem_report.begin(step, rental.id, told=told)
    elif step.actor().has_role(Role.LENDER) and not lists.has_out(step):
        step.say("which_piece")
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
    misses.count(step.by(actor), text)  # a word that is nothing else was looked for
    step.say("not_understood", **{WROTE: text[:_LONGEST]}, role=actor.role)
    return None

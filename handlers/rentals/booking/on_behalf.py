"""Renting on behalf of a member, who need not be in Telegram, by a lender."""

import re
from collections.abc import Mapping
from dataclasses import replace

from db.models import Conversation as Row
from db.states import Role
from handlers.i18n.texts import Texts, lines
from handlers.rentals.booking import screens
from handlers.rentals.booking.data import NAME, RentData
from handlers.ui import conversation
from handlers.ui.callbacks import number
from handlers.ui.conversation import OVER, Screen, State
from handlers.ui.form import attempt, data_of, mark, problem_of, short
from handlers.ui.message import Button, Message
from handlers.ui.request import Request
from handlers.ui.sentences.people import short_name
from handlers.ui.widgets import pager, telegram_person
from services.core import identity
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.desk import counter
from services.members import directory
from services.rentals import queries
from services.rentals.booking import on_behalf

WHOM = "whom"
PERSON = "whom_person"
"""For whom, by Telegram's own list of people."""

_FOR = re.compile(r"(?P<rest>.*\S)\s+(?:for|til)\s+(?P<name>[^\d\s][^\d]*)", re.IGNORECASE | re.DOTALL)
"""`… for Kari`; with a number in it, it is a time."""

_FOR_FIRST = re.compile(r"for\s+(?P<rest>[^\d\s].*\s\S.*)", re.IGNORECASE | re.DOTALL)
"""`for Kari 2 tents`"""

_FOR_WORDS = ("for", "til", "für")
_MOST_NAMES = 3


def split(step: Request, words: str) -> tuple[str, str | None]:
    """Split the words into equipment and a member's name, for a lender who writes an existing one."""
    found = _FOR.fullmatch(words.strip())
    actor = step.active()
    if not actor.has_role(Role.LENDER):
        return words, None
    if first := _FOR_FIRST.fullmatch(words.strip()):
        return _split_first(step.by(actor), first["rest"].split()) or (words, None)
    name = found["name"].strip()[:100] if found is not None else ""
    if found is not None and directory.find(step.by(actor), words=name, per_page=1).total:
        return found["rest"], name
    return _split_within(step.by(actor), words) or (words, None)


def _split_first(tx: Tx, tokens: list[str]) -> tuple[str, str] | None:
    """Split `Kari Berg 2 tents`: the longest beginning that is a member's name, and the rest."""
    for count in range(min(len(tokens) - 1, _MOST_NAMES), 0, -1):
        name = " ".join(tokens[:count]).rstrip(",:")
        if directory.called(tx, name):
            return " ".join(tokens[count:]), name
    return None


def _split_within(tx: Tx, words: str) -> tuple[str, str] | None:
    """Split `2 tents for Kari Berg friday to sunday`: the longest name of a member after `for`."""
    tokens = words.split()
    for at, token in enumerate(tokens[1:-2], 1):
        if token.lower() in _FOR_WORDS:
            found = _split_first(tx, tokens[at + 1 :])
            if found is not None:
                return " ".join([*tokens[:at], found[0]]), found[1]
    return None


def begin(step: Request, row: Row, name: str) -> None:
    """Enter the basket for the member with this name; of several, one is tapped."""
    found = directory.find(step.tx.of(row.organization_id or 0), words=name, per_page=2)
    if found.total == 1:
        _enter(step, row, found.entries[0].user_id)
    else:
        conversation.update(row, RentData(whom=name, whom_back=row.state), to=WHOM)


def _enter(step: Request, row: Row, user_id: int) -> bool:
    return attempt(
        step,
        row,
        lambda: on_behalf.enter_for(step.by(step.active()), RentData.of(row).rental_id, user_id),
    )


def _screen(tx: Tx, row: Row, t: Texts) -> Message:
    kept = RentData.of(row)
    words, data = kept.whom, data_of(row)
    screens.draft(tx, row)
    page = directory.find(tx, words=words, page=kept.whom_page, active=True)
    if words and not page.total:
        heading = t("I found nobody called “{words}”.", words=short(words, 60))
    else:
        heading = t("<b>Who is it for?</b>")
    recent = counter.recent(tx) if not words and not page.page else []
    rows: list[tuple[Button, ...]] = [
        (Button(f"↺ {short_name(user.name_for_others())}", data("member", str(user.id))),) for user in recent
    ]
    first = {user.id for user in recent}
    rows += [
        (Button(mark(one) + short_name(one.name), data("member", str(one.user_id))),)
        for one in page.entries
        if one.user_id not in first
    ]
    rows += pager.arrows(page.page, page.pages, lambda to: data("whom", str(to)), counted=False)
    rows += telegram_person.rows(t, row, data)
    rows.append((Button(str(t("Back")), data("whose", "")), Button(str(t("Cancel")), data("cancel", ""))))
    return Message(lines(problem_of(row, t), heading, t("Tap it, or write a name to search.")), tuple(rows))


def _typed(step: Request, row: Row, text: str) -> None:
    """Search by name; the only match is taken."""
    words = text.strip()[:100]
    conversation.update(row, RentData(whom=words, whom_page=0, problem=None))
    found = directory.find(step.tx.of(row.organization_id or 0), words=words, per_page=2)
    if words and found.total == 1 and _enter(step, row, found.entries[0].user_id):
        _leave(row)


def take(step: Request, user_id: int) -> bool:
    """Take the member whose card was scanned; return whether one is asked for in this chat."""
    row = conversation.find(step.tx, step.place.chat_id, step.sender.account_id)
    if row is None or row.state != WHOM or row.name != NAME:
        return False
    if _enter(step, row, user_id):
        _leave(row)
    conversation.render(step, row, renew=True)
    return True


def _ask(step: Request, row: Row, value: str) -> None:
    step.active().require(Role.LENDER)
    page = number(value)
    if page is None:
        raise Refusal(Refused.OUTDATED)
    back = RentData.of(row).whom_back if row.state in STATES else row.state
    conversation.update(row, RentData(whom_page=page, whom_back=back), to=WHOM)
    conversation.render(step, row)


def _back(step: Request, row: Row, _value: str) -> None:
    _leave(row)
    conversation.render(step, row)


def _leave(row: Row) -> None:
    conversation.update(
        row, RentData(whom="", whom_page=0, whom_back=""), to=RentData.of(row).whom_back or "pick"
    )


def _choose(step: Request, row: Row, value: str) -> None:
    user_id = number(value)
    if user_id is None:
        raise Refusal(Refused.OUTDATED)
    if _enter(step, row, user_id):
        _leave(row)
    conversation.render(step, row)


def _person(tx: Tx, row: Row, t: Texts) -> Message:
    """Ask for somebody of Telegram's own list; the button for that is below the input."""
    heading, data = t("<b>Who is it for?</b>"), data_of(row)
    text = lines(problem_of(row, t), heading, t("Whoever is not a member yet becomes one."))
    back = Button(str(t("Back")), data("whom", "0"))
    return Message(text, ((back, Button(str(t("Cancel")), data("cancel", ""))),))


def _take_person(step: Request, row: Row, user_id: int) -> None:
    if _enter(step, row, user_id):
        _leave(row)
    else:
        conversation.update(row, to=WHOM)


def _typed_instead(step: Request, row: Row, text: str) -> None:
    conversation.update(row, to=WHOM)
    _typed(step, row, text)


_ASK_PERSON = telegram_person.ask(PERSON, lambda step: step.active().require(Role.LENDER))
_SHARED = telegram_person.taken_by(_take_person)

STATES = {
    WHOM: State(_screen, {"member": _choose, "whose": _back, "person": _ASK_PERSON}, _typed, shared=_SHARED),
    PERSON: State(_person, {}, _typed_instead, shared=_SHARED),
}

FALLBACKS = {"whom": _ask}


def with_whom(states: Mapping[str, State], *, asks: frozenset[str]) -> dict[str, State]:
    """Have the screens name the member; in the states `asks` a lender can change that."""
    return {
        name: state if name == OVER else replace(state, screen=_shown(state.screen, name in asks))
        for name, state in states.items()
    }


def _shown(screen: Screen, asks: bool) -> Screen:
    def show(tx: Tx, row: Row, t: Texts) -> Message | None:
        kept = RentData.of(row)
        message = screen(tx, row, t)
        basket = queries.find(tx, kept.rental_id)
        if message is None or basket is None:
            return message
        text, rows = message.text, message.buttons
        if basket.entered_by is not None:
            name = queries.member(tx.session, basket).name
            text = lines(t("👤 For <b>{name}</b>", name=short(name, 80)), text)
        if asks and basket.changes_id is None and not kept.words and _may_ask(tx, row, t):
            button = Button(str(t("For somebody else")), data_of(row)("whom", "0"))
            rows = (*rows[:-1], (button,), *rows[-1:])
        return replace(message, text=text, buttons=rows)

    return show


def _may_ask(tx: Tx, row: Row, t: Texts) -> bool:
    """Return whether the person may choose a member. It is checked again when they do."""
    try:
        actor = identity.resolve(tx, account_id=row.account_id, organization_id=row.organization_id or 0)
    except Refusal:
        return False
    return actor.has_role(Role.LENDER)


def is_for_another(tx: Tx, rental_id: int) -> bool:
    found = queries.find(tx, rental_id)
    return found is not None and found.entered_by is not None

"""The question about a line whose days are not those of the filled basket: nothing in it moves unasked."""

from collections.abc import Sequence

from db.models import Conversation as Row
from handlers.i18n.texts import Texts, lines
from handlers.parsing.quantities import Thing
from handlers.rentals.booking import screens, search
from handlers.rentals.booking.basket.basket_views import other_days_question
from handlers.rentals.booking.data import RentData
from handlers.rentals.booking.dates import BASKET
from handlers.ui import conversation
from handlers.ui.conversation import OnTap, State
from handlers.ui.form import data_of, problem_of
from handlers.ui.message import Message
from handlers.ui.request import Request
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.inventory import catalog
from services.rentals import queries

ASK = "other_days"


def ask(row: Row, things: Sequence[Thing]) -> None:
    """Ask before anything is taken; the things and their days are kept meanwhile."""
    wanted = tuple((one.words, 1 if one.quantity is None else one.quantity) for one in things)
    conversation.update(row, RentData(waiting=wanted), to=ASK)


def _screen(tx: Tx, row: Row, t: Texts) -> Message:
    basket, kept = screens.draft(tx, row), RentData.of(row)
    wanted = ", ".join((f"{n} × " if n > 1 else "") + words for words, n in kept.waiting)
    things = queries.lines_of(tx.session, basket)
    days = screens.days_meant(row, t) or t.plural("{n} day", "{n} days", kept.asked_length)
    question = other_days_question(t, things, (basket.starts_at, basket.due_at), (wanted, days), data_of(row))
    return Message(lines(problem_of(row, t), question.text), question.buttons)


def _for_all(step: Request, row: Row, _value: str) -> None:
    """Take the things; the days of the line are those of the whole basket then."""
    take(step, row)


def _keep_days(step: Request, row: Row, _value: str) -> None:
    conversation.update(row, RentData(asked_first="", asked_last="", asked_length=0))
    take(step, row)


def _leave(step: Request, row: Row, _value: str) -> None:
    """Go back to the basket; what was written is given up."""
    conversation.update(
        row, RentData(waiting=(), asked_first="", asked_last="", asked_length=0, asked_quantity=1), to=BASKET
    )
    conversation.render(step, row)


def carry_over(kept: RentData, row: Row) -> None:
    """Have a new conversation go on with what the line of the old one wanted."""
    conversation.update(
        row,
        RentData(
            waiting=kept.waiting,
            asked_first=kept.asked_first,
            asked_last=kept.asked_last,
            asked_length=kept.asked_length,
        ),
    )


def take(step: Request, row: Row) -> None:
    kept, basket = RentData.of(row), screens.draft(step.tx, row)
    if not kept.waiting:
        raise Refusal(Refused.OUTDATED)
    things = [Thing(words, quantity) for words, quantity in kept.waiting]
    conversation.update(row, RentData(waiting=(), problem=None))
    meant = catalog.meant(step.tx.of(basket.organization_id), [one.words for one in things])
    search.take_things(step, row, basket, things, meant)
    conversation.render(step, row)


def state(second: OnTap) -> State:
    """Return the state of the question; `second` begins a second rental."""
    taps = {"move": _for_all, "same": _keep_days, "second": second, "leave": _leave}
    return State(_screen, taps)

"""The member's details of a basket: its purpose, what else they say, and the organization's custom fields."""

from collections.abc import Mapping

from db.models import Conversation as Row
from handlers.rentals.booking import screens
from handlers.rentals.booking.basket import basket_screens
from handlers.rentals.booking.data import RentData
from handlers.rentals.booking.dates import BASKET
from handlers.ui import conversation
from handlers.ui.callbacks import number
from handlers.ui.conversation import ConversationData, OnTap, State
from handlers.ui.form import attempt
from handlers.ui.request import Request
from services.core.errors import Refusal, Refused
from services.rentals.booking import baskets

PURPOSE, COMMENT, DETAILS, DETAIL = "purpose", "comment", "details", "detail"


_ask_purpose = conversation.goto(PURPOSE, ConversationData(problem=None))


def _typed_purpose(step: Request, row: Row, text: str) -> None:
    basket = screens.draft(step.tx, row)
    if attempt(step, row, lambda: baskets.set_purpose(step.session, basket, text)):
        conversation.update(row, to=BASKET)


_ask_comment = conversation.goto(COMMENT, ConversationData(problem=None))


def _typed_comment(step: Request, row: Row, text: str) -> None:
    basket = screens.draft(step.tx, row)
    if attempt(step, row, lambda: baskets.set_comment(step.session, basket, text)):
        conversation.update(row, to=BASKET)


def _no_comment(step: Request, row: Row, _value: str) -> None:
    _typed_comment(step, row, "")
    conversation.render(step, row)


_details = conversation.goto(DETAILS)


def _ask_detail(step: Request, row: Row, value: str) -> None:
    """Ask for a custom field; `several`: the answer leads back to the list of all fields."""
    field_id = number(value)
    if field_id is None:
        raise Refusal(Refused.OUTDATED)
    conversation.update(row, RentData(field_id=field_id, several=row.state == DETAILS), to=DETAIL)
    conversation.render(step, row)


def _typed_detail(step: Request, row: Row, text: str) -> None:
    basket, field_id = screens.draft(step.tx, row), RentData.of(row).field_id
    if attempt(step, row, lambda: baskets.set_detail(step.session, basket, field_id, text)):
        conversation.update(row, RentData(field_id=0), to=DETAILS if RentData.of(row).several else BASKET)


def _no_detail(step: Request, row: Row, _value: str) -> None:
    _typed_detail(step, row, "")
    conversation.render(step, row)


TAPS: Mapping[str, OnTap] = {
    **{"purpose": _ask_purpose, "comment": _ask_comment, "details": _details, "detail": _ask_detail}
}
"""Taps on the basket."""

STATES: Mapping[str, State] = {
    PURPOSE: State(basket_screens.purpose, {}, _typed_purpose),
    COMMENT: State(basket_screens.comment, {"nothing": _no_comment}, _typed_comment),
    DETAILS: State(basket_screens.details, {"detail": _ask_detail}),
    DETAIL: State(basket_screens.detail, {"nothing": _no_detail}, _typed_detail),
}

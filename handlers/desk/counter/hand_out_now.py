"""Handing out over the counter: a free thing, to whom, until when, done.

What is scanned or named by its code meanwhile goes out with it.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from markupsafe import Markup

from db.models import Conversation as Row
from db.models import Item
from handlers.desk import item_card, member_card
from handlers.desk.codes import several
from handlers.desk.counter import screens
from handlers.desk.data import OPEN, HandOutData
from handlers.ui import conversation
from handlers.ui.callbacks import Tap
from handlers.ui.callbacks import number as code_number
from handlers.ui.conversation import CANCEL, Conversation, ConversationData, OnTap, State
from handlers.ui.form import attempt, number, on_button
from handlers.ui.refusals import keep
from handlers.ui.request import Request
from handlers.ui.widgets import date_range, telegram_person
from services.access import member_cards
from services.core.actor import Actor
from services.core.errors import Refusal, Refused
from services.core.hours import periods
from services.core.tx import Tx
from services.desk import counter, lookup
from services.labels import qr
from services.members import directory
from services.messaging import notifications
from services.rentals import queries
from services.rentals.booking import on_behalf, request

NAME = "hand_out_now"
THINGS, WHO, UNTIL, DAYS, CHECK = "things", "who", "until", "days", "check"
PERSON = "person"
"""To whom, by Telegram's own list of people."""
MEMBER, THING = "card", "thing"
"""A member whose card was scanned, and the question for the thing: nothing is chosen yet."""


def takes(step: Request, words: str) -> bool:
    """Add the item with this code to what is being handed out, if anything is; return whether it was."""
    if not words or code_number(words) is not None or _open(step) is None:
        return False
    item = item_card.named(step.by(step.active()), words)
    return item is not None and join(step, item)


def begin(step: Request, tap: Tap) -> Markup | None:
    """Begin with this item, or add it to what is being handed out; to whom and until when are as for an
    earlier rental, where the button names one. Without an item, begin with the member.

    Raises NOT_FOUND, NOT_ALLOWED, and where it cannot go out, as `counter.require_possible`.
    """
    if not tap.id:
        _begin_with_member(step)
        return None
    item = lookup.item(step.tx, tap.id)
    tx = step.by(step.actor_in(item.organization_id))
    counter.require_possible(tx, [item.id])
    if not join(step, item, is_meant=True):
        data = HandOutData(items=(item.id,))
        row = conversation.start(step, NAME, WHO, data, organization_id=item.organization_id)
        if tap.arg:
            _as_before(tx, step, row, number(tap.arg))
        conversation.render(step, row)
    return None


def _begin_with_member(step: Request) -> None:
    """Ask who gets something, unless a hand-out has begun: that comes back."""
    tx, row = _tx(step), _open(step)
    if row is None or row.organization_id != tx.organization_id:
        row = conversation.start(step, NAME, WHO, HandOutData(), organization_id=tx.organization_id)
    conversation.render(step, row, renew=True)


def _as_before(tx: Tx, step: Request, row: Row, rental_id: int) -> None:
    """Choose the member and the last day of a rental that was handed out before, where that is possible."""
    rental = request.get(tx, rental_id)
    _take_member(step, row, rental.user_id)
    if row.state == UNTIL:
        _take_day(step, row, periods.last_day(rental.due_at, tx.zone) if rental.due_at is not None else None)


def _open(step: Request) -> Row | None:
    """Return the hand-out that this person is in the middle of in this chat."""
    row = conversation.find(step.tx, step.place.chat_id, step.sender.account_id)
    return row if row is not None and row.name == NAME else None


def paused(step: Request, organization_id: int) -> dict[str, Any]:
    """Return what this person is handing out in this chat, to go on with it later; empty where nothing is."""
    row = _open(step)
    if row is None or row.organization_id != organization_id:
        return {}
    kept = HandOutData.of(row).model_dump(mode="json", exclude={"problem"}, exclude_unset=True)
    return {"state": WHO if row.state == PERSON else row.state, "data": kept}


def go_on(step: Request, row: Row, was: Mapping[str, Any], item: Item | None = None) -> None:
    """Go on with what was paused, on the card of what came between; with this item, too, if it can go."""
    conversation.switch_to(row, NAME, was["state"], HandOutData.model_validate(was["data"]))
    if item is not None:
        _add(_tx(step), step, row, item)


def join(step: Request, item: Item, unknown: Sequence[str] = (), *, is_meant: bool = False) -> bool:
    """Add a free item to what this person is handing out in this chat; return whether there is anything.

    `unknown`: codes beside it that lead to none. `is_meant`: it is added though it was for somebody else.
    """
    row = _open(step)
    if row is None or row.organization_id != item.organization_id:
        return False
    tx = step.by(step.actor_in(item.organization_id))
    if row.state != THINGS and not is_meant and not counter.is_free(tx, item):
        return False
    conversation.update(row, HandOutData(unknown=tuple(unknown), foreign=()))
    _add(tx, step, row, item)
    conversation.render(step, row, renew=True)
    return True


def begin_with(
    step: Request, actor: Actor, items: Sequence[Item], unknown: Sequence[str], foreign: Sequence[str]
) -> None:
    """Show several things on one card, or add them to what is being handed out. Raises NOT_ALLOWED."""
    tx, row = step.by(actor), _open(step)
    counter.require_lender(tx)
    beside = HandOutData(unknown=tuple(unknown), foreign=tuple(foreign))
    if row is None or row.organization_id != actor.organization_id:
        data = beside.model_copy(update={"items": tuple(item.id for item in items)})
        row = conversation.start(step, NAME, THINGS, data, organization_id=actor.organization_id)
    else:
        conversation.update(row, beside)
        # Those that cannot go come last, so that the card says why one of them cannot.
        for item in sorted(items, key=lambda one: not counter.is_free(tx, one)):
            _add(tx, step, row, item)
    conversation.render(step, row, renew=True)


def _add(tx: Tx, step: Request, row: Row, item: Item) -> None:
    """Add an item, unless it cannot go; the day is asked for again where it cannot go for so long."""
    kept = HandOutData.of(row)
    items = tuple(dict.fromkeys((*kept.items, item.id)))
    if row.state == THINGS:
        conversation.update(row, HandOutData(items=items))
        return
    if attempt(step, row, lambda: counter.require_possible(tx, items, kept.user_id or None)):
        follows = CHECK if kept.last else UNTIL
        is_first = row.state in (MEMBER, THING)
        conversation.update(row, HandOutData(items=items), to=follows if is_first else None)
        _ask_day_again(tx, row)


def _ask_day_again(tx: Tx, row: Row) -> None:
    kept = HandOutData.of(row)
    if kept.last and not counter.outlook(tx, kept.items).allows(kept.last_day):
        conversation.update(row, HandOutData(last=""), to=UNTIL if row.state == CHECK else None)


def _tx(step: Request) -> Tx:
    """Return the transaction of the lender who acts. Raises NOT_ALLOWED."""
    counter.require_lender(tx := step.by(step.active()))
    return tx


# Several things


def _hand_out_free(step: Request, row: Row, _value: str) -> None:
    """Go on with those that can be handed out now."""
    _keep_free(_tx(step), step, row)
    conversation.render(step, row)


def _keep_free(tx: Tx, step: Request, row: Row) -> bool:
    items = several.free(tx, HandOutData.of(row).items)
    if not attempt(step, row, lambda: counter.require_possible(tx, items)):
        return False
    conversation.update(row, HandOutData(items=items, unknown=(), foreign=()), to=WHO)
    return True


# To whom


def _take_person(step: Request, row: Row, user_id: int) -> None:
    conversation.update(row, to=WHO)
    _take_member(step, row, user_id)


def _more(step: Request, row: Row, value: str) -> None:
    _tx(step)
    conversation.update(row, HandOutData(all=True, page=number(value)), to=WHO)
    conversation.render(step, row)


def _choose(step: Request, row: Row, value: str) -> None:
    _take_member(step, row, number(value))
    conversation.render(step, row)


def _take_member(step: Request, row: Row, user_id: int) -> None:
    tx, kept = _tx(step), HandOutData.of(row)

    def check() -> None:
        on_behalf.renter(tx, user_id)
        if kept.items:
            counter.require_possible(tx, kept.items, user_id)

    if attempt(step, row, check):
        to = MEMBER if not kept.items else CHECK if kept.last else UNTIL
        data = HandOutData(user_id=user_id, words="", all=False, page=0, unknown=(), foreign=())
        conversation.update(row, data, to=to)


def begin_for(step: Request, actor: Actor, user_id: int, *, joins: bool = True) -> None:
    """Take the member whose card was scanned: the one who was asked for, or else to see what they have, as
    where nothing `joins` what is being handed out.

    Raises NOT_ALLOWED, SUSPENDED, MEMBERSHIP_ENDED.
    """
    tx, row = step.by(actor), _open(step)
    counter.require_lender(tx)
    is_other = row is None or row.organization_id != actor.organization_id or row.state in (MEMBER, THING)
    if row is None or is_other or not joins:
        data = HandOutData(user_id=user_id)
        row = conversation.start(step, NAME, MEMBER, data, organization_id=actor.organization_id)
    elif row.state != THINGS or _keep_free(tx, step, row):
        _take_member(step, row, user_id)
    conversation.render(step, row, renew=True)


def begin_said(
    step: Request,
    actor: Actor,
    who: int | str,
    items: Sequence[Item],
    last: str,
    others: Sequence[str] = (),
    problem: Refusal | None = None,
) -> None:
    """Begin with the member, and with these things and this last day as far as they are known.

    They join what the same member is being handed, or what waits for the answer to whom it goes. `who` is no
    number where nobody, or more than one, is called so: the question to whom comes first. `last` is as in
    HandOutData; `others`: what was named, too, and is nothing here; `problem`: what else is to be told.
    Raises NOT_ALLOWED.
    """
    tx, row = step.by(actor), _open(step)
    counter.require_lender(tx)
    row = row if row is not None and row.organization_id == actor.organization_id else None
    if row is not None and _waits_for(row, who):
        if last:
            conversation.update(row, HandOutData(last=last), to=CHECK if row.state in (UNTIL, DAYS) else None)
        if isinstance(who, int) and row.state in (WHO, PERSON):
            _take_member(step, row, who)
        elif isinstance(who, str):
            conversation.update(row, HandOutData(words=who[:100], all=False, page=0), to=WHO)
    else:
        data = HandOutData(user_id=0 if isinstance(who, str) else who, last=last)
        row = conversation.start(step, NAME, MEMBER, data, organization_id=actor.organization_id)
        if isinstance(who, str):
            conversation.update(row, HandOutData(words=who[:100]), to=WHO)
    for item in items:
        _add(tx, step, row, item)
    if row.state in (UNTIL, CHECK) and not isinstance(who, str):
        _ask_day_again(tx, row)
        _take_member(step, row, who)
    # The pieces of which one is to be tapped come below.
    to = THING if row.state == MEMBER else None
    conversation.update(row, HandOutData(others=tuple(others), below=to is not None), to=to)
    if problem is not None:
        conversation.update(row, ConversationData(problem=keep(problem)))
    conversation.render(step, row, renew=True)


def _waits_for(row: Row, who: int | str) -> bool:
    """Return whether what is being handed out goes to this member, or to whoever is named now."""
    if row.state in (WHO, PERSON):
        return bool(HandOutData.of(row).items)
    return row.state in (UNTIL, DAYS, CHECK) and HandOutData.of(row).user_id == who


def _ask_thing(step: Request, row: Row, _value: str) -> None:
    """Ask what the member gets. Raises as `begin_for` does."""
    tx, kept = _tx(step), HandOutData.of(row)
    if attempt(step, row, lambda: on_behalf.renter(tx, kept.user_id)):
        conversation.update(row, to=THING)
    conversation.render(step, row)


def _name_typed(step: Request, row: Row, text: str) -> None:
    """Search by name, and take the only match; the code of an item adds it."""
    tx, words = _tx(step), text.strip()[:100]
    if _code_typed(step, row, words):
        return
    conversation.update(row, HandOutData(words=words, page=0), to=WHO)
    found = directory.find(tx, words=words, per_page=2)
    if words and found.total == 1:
        _take_member(step, row, found.entries[0].user_id)


def _code_typed(step: Request, row: Row, words: str) -> bool:
    """Add the item with this code or label, or take the member with this card; return whether it is any."""
    tx = _tx(step)
    member = member_cards.member_of(tx, qr.read(words, qr.CARD))
    if member is not None and member.organization_id == row.organization_id:
        _take_member(step, row, member.id)
        return True
    try:
        item = item_card.named(tx, words) if words else None
    except Refusal:
        return False
    if item is not None:
        _add(tx, step, row, item)
    return item is not None


# Until when


def _day_tapped(step: Request, row: Row, value: str) -> None:
    _take_day(step, row, on_button(value))
    conversation.render(step, row)


def _open_tapped(step: Request, row: Row, value: str) -> None:
    _take_day(step, row, None)
    conversation.render(step, row)


def _take_day(step: Request, row: Row, day: date | None) -> None:
    """Choose a last day, or none until further notice, if all can go for so long."""
    tx, kept = _tx(step), HandOutData.of(row)
    if attempt(step, row, lambda: counter.require_until(tx, kept.items, day)):
        to = CHECK if kept.user_id else WHO
        last = day.isoformat() if day else OPEN
        conversation.update(row, HandOutData(last=last, month=None, unknown=(), foreign=()), to=to)


def _day_typed(step: Request, row: Row, text: str) -> None:
    """Take the typed day; what is no day may be the code of an item."""
    try:
        day = date_range.understood(step.texts, text, after=step.texts.today).day
    except Refusal as refusal:
        if not _code_typed(step, row, text.strip()[:100]):
            conversation.update(row, ConversationData(problem=keep(refusal)))
    else:
        _take_day(step, row, day)


def _other(step: Request, row: Row, value: str) -> None:
    """Take another item of the same equipment, which nobody needs so soon."""
    tx, kept = _tx(step), HandOutData.of(row)
    gone, _, other = value.partition(".")
    items = tuple(number(other) if one == number(gone) else one for one in kept.items)
    if attempt(step, row, lambda: counter.require_possible(tx, items, kept.user_id or None)):
        conversation.update(row, HandOutData(items=items))
    conversation.render(step, row)


# All of it


def _anything_typed(step: Request, row: Row, text: str) -> None:
    if not _code_typed(step, row, text.strip()[:100]):
        conversation.update(row, ConversationData(problem=keep(Refusal(Refused.NOT_FOUND))))


def _without(step: Request, row: Row, value: str) -> None:
    _tx(step)
    left = tuple(one for one in HandOutData.of(row).items if one != number(value))
    if left:
        conversation.update(row, HandOutData(items=left))
    conversation.render(step, row)


def _do(step: Request, row: Row, _value: str) -> None:
    """Hand out; the card becomes that of the rental."""
    tx, kept = _tx(step), HandOutData.of(row)
    done: list[int] = []

    def hand_out() -> None:
        due_at = counter.due_or_open(tx, kept.items, kept.last_day)
        done.append(counter.hand_out_now(tx, kept.user_id, kept.items, due_at).id)

    if not attempt(step, row, hand_out):
        conversation.render(step, row)
        return
    is_own = queries.rental(step.tx, done[0]).user_id == tx.actor.user_id and not step.place.is_group
    kind = notifications.RENTAL_CARD if is_own else notifications.DESK_CARD
    conversation.hand_card_over(step, row, kind=kind, subject_id=done[0])
    notifications.refresh_pieces(tx, step.place.chat_id)


_ON = {
    "who": conversation.goto(WHO, HandOutData(words="", all=False, page=0)),
    "until": conversation.goto(UNTIL, HandOutData(month=None)),
    **CANCEL,
}

_month = conversation.goto(changes=lambda value: HandOutData(month=date_range.month_on_button(value)))

_MEMBERS: dict[str, OnTap] = {"member": _choose, "all": _more}

_with_code = partial(State, text=_anything_typed, fits=conversation.no_text)
_with_name = partial(
    State, text=_name_typed, shared=telegram_person.taken_by(_take_person), fits=conversation.no_text
)

TALK = Conversation(
    NAME,
    {
        MEMBER: _with_code(member_card.screen, {"thing": _ask_thing}),
        THING: _with_code(member_card.ask_thing, {"card": conversation.goto(MEMBER)}),
        THINGS: _with_code(several.screen, {"out": _hand_out_free, **several.ON}),
        WHO: _with_name(screens.who, {**_MEMBERS, "person": telegram_person.ask(PERSON, _tx)}),
        PERSON: _with_name(screens.person, {}),
        UNTIL: State(
            screens.until,
            {
                "day": _day_tapped,
                "open": _open_tapped,
                "other": _other,
                "without": _without,
                "days": conversation.goto(DAYS),
            },
            _day_typed,
            fits=date_range.is_day,
        ),
        DAYS: State(screens.days, {"day": _day_tapped, "month": _month}, _day_typed, fits=date_range.is_day),
        CHECK: _with_code(screens.check, {"do": _do, "without": _without, "day": _day_tapped}),
        conversation.OVER: State(screens.over),
    },
    _ON,
    stopped="not_handed_out",
)

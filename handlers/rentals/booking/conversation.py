"""The booking conversation: pick, days, basket, Confirm."""

from dataclasses import dataclass
from functools import partial

from db.models import Conversation as Row
from db.models import Item, Rental
from db.states import Role
from handlers.parsing import quantities
from handlers.parsing.quantities import Thing
from handlers.parsing.rental_readings import Reading
from handlers.parsing.sentences import courtesy
from handlers.rentals.booking import dates, narrowing, on_behalf, screens, search, typed
from handlers.rentals.booking.basket import basket_screens, details, other_days
from handlers.rentals.booking.data import NAME, RentData
from handlers.rentals.booking.dates import BASKET, FIRST, LAST
from handlers.rentals.booking.search import PICK
from handlers.ui import conversation, form, routes
from handlers.ui.callbacks import number
from handlers.ui.cards import draw_here
from handlers.ui.conversation import Conversation, ConversationData, OnTap, State
from handlers.ui.form import FROM, UNTIL
from handlers.ui.request import Request
from handlers.ui.widgets import date_range
from services.availability import reservations
from services.core.errors import Refusal, Refused
from services.core.hours.periods import Period
from services.inventory import catalog
from services.messaging import notifications
from services.rentals.booking import baskets, request
from services.rentals.changes import contents, saving

TYPES = "types"


# Entry points


def begin_rent(step: Request, words: str) -> None:
    """Begin with `/rent [what] [when]`, as far along as its words allow."""
    words, whom = on_behalf.split(step, words)
    words = words.strip()
    _begin_reading(step, words, typed.read(step, words) if words else None, whom)


@dataclass(frozen=True)
class Said:
    """A text that was written without `/rent`, as it is read after it."""

    words: str
    reading: Reading
    whom: str | None

    @property
    def is_whole(self) -> bool:
        """Return whether all of it says something."""
        return self.reading.says_something and not self.reading.left_over

    @property
    def item(self) -> Item | None:
        """Return the item whose code the text is."""
        return self.reading.meant.get(self.words, catalog.Meant(None, ())).item if self.whom is None else None


def hear(step: Request, text: str) -> Said:
    words, whom = on_behalf.split(step, text)
    words = words.strip()
    return Said(words, typed.read(step, words), whom)


def says(said: Said) -> bool:
    """Return whether something is asked for, be it only something that there is not."""
    reading = said.reading
    return reading.says_something or bool(reading.left_over and (reading.asked or asks_for(said.words)))


def begin_said(step: Request, said: Said) -> None:
    """Begin as `/rent` would with what was said: a question for what there is not with the list."""
    _begin_reading(step, said.words, said.reading, said.whom)


def asks_for(words: str) -> bool:
    """Return whether the words surely ask for something: `do you have zorbs?`, `2 zorbs`."""
    return courtesy.asks(words) or (quantities.counted(words) is not None and not words[:1].isalpha())


def _begin_reading(step: Request, words: str, reading: Reading | None, whom: str | None) -> None:
    row, basket = _begin(step)
    if reading is not None:
        typed.take_reading(step, row, basket, words, reading)
    elif basket.starts_at is not None:
        conversation.update(row, to=BASKET)
    if whom is not None:
        on_behalf.begin(step, row, whom)
    conversation.render(step, row)


def begin_browse(step: Request, words: str) -> None:
    """Begin with `/items [words] [when]`: browse, with the numbers of those days, and rent from there."""
    words = words.strip()
    reading = typed.sought(step, words) if words else None
    row, _ = _begin(step)
    if reading is not None and reading.things and reading.left_over:
        typed.not_understood(row, words, reading)
    elif reading is not None and reading.line.tells_when and len(reading.things) < 2:
        dates.remember_line(step, row, reading.line)
        one = next(iter(reading.things), None)
        if one is not None:
            quantity = 1 if one.quantity is None else one.quantity
            conversation.update(row, RentData(words=one.words[:100], asked_quantity=quantity))
    elif reading is not None:
        typed.look_for(step, row, words[:100], reading)
    conversation.render(step, row)


def begin_with(step: Request, equipment_id: int, item_id: int | None, *, tapped: bool = False) -> None:
    """Begin from a label or another button with this equipment, or this very item. Raises NOT_FOUND."""
    actor = step.active()
    catalog.get(step.by(actor), equipment_id)
    if item_id is not None and catalog.get_item(step.by(actor), item_id).equipment_id != equipment_id:
        raise Refusal(Refused.NOT_FOUND)
    row, basket = _begin(step, tapped=tapped)
    search.choose(step, row, basket, equipment_id, item_id)
    conversation.render(step, row)


def begin_instead(step: Request, rental: Rental, equipment_id: int) -> None:
    """Book a replacement for lost equipment, on the same days."""
    row, basket = _begin(step, tapped=True)
    actor = step.active()
    assert rental.starts_at is not None and rental.due_at is not None
    period = Period(rental.starts_at, rental.due_at)

    def put() -> None:
        baskets.put(step.by(actor), basket, equipment_id, 1)
        request.set_period(step.tx, basket, period)

    if form.attempt(step, row, put):
        conversation.update(row, to=BASKET)
    conversation.render(step, row)


def begin_again(step: Request, old: Rental, *, with_days: bool = True) -> None:
    """Begin with what another rental asked for, on the same days, as far as that is still possible.

    Without `with_days`, ask for the days.

    What is in the basket stays in it, and its days stay.
    """
    row, basket = _begin(step, tapped=True)
    tx, refused = step.by(step.active()), None
    for kit, equipment, pieces, item in baskets.contents(step.session, old.id):
        if kit is not None:
            put = partial(baskets.put_kit, tx, basket, kit, pieces)
        else:
            put = partial(baskets.put, tx, basket, equipment, pieces, item_id=item)
        if not form.attempt(step, row, put):
            refused = refused or RentData.of(row).problem
    if reservations.lines_of(step.session, basket.id):
        is_known = with_days and old.starts_at is not None and old.due_at is not None
        if basket.starts_at is None and is_known:
            assert old.starts_at is not None and old.due_at is not None
            period = Period(old.starts_at, old.due_at)
            if not form.attempt(step, row, lambda: request.set_period(tx, basket, period)):
                refused = refused or RentData.of(row).problem
        conversation.update(row, to=BASKET if basket.starts_at is not None else FIRST)
    if refused is not None:
        conversation.update(row, ConversationData(problem=refused))
    conversation.render(step, row)


def begin_change(step: Request, draft: Rental, organization_id: int, *, days: bool = False) -> None:
    """Begin with a basket that changes a rental; `days`: at its days."""
    row = conversation.start(
        step, NAME, FIRST if days else BASKET, RentData(rental_id=draft.id), organization_id=organization_id
    )
    conversation.render(step, row)


def _begin(step: Request, *, tapped: bool = False) -> tuple[Row, Rental]:
    actor = step.active()
    # A message asks once; a button may be tapped again next week.
    key = None if tapped else f"{step.place.chat_id}:{step.place.message_id}"
    basket = request.open_draft(step.by(actor), request_key=key)
    row = conversation.start(
        step, NAME, PICK, RentData(rental_id=basket.id), organization_id=actor.organization_id
    )
    return row, basket


# Taps


def _pick(step: Request, row: Row, value: str) -> None:
    basket, kept = screens.draft(step.tx, row), RentData.of(row)
    if row.state == narrowing.NARROWING and kept.by_days and not kept.asked_first:
        first, last = kept.by_days
        conversation.update(row, RentData(asked_first=first, asked_last=last))
    if dates.moves(step, row, basket) and not kept.like:
        other_days.ask(row, [Thing(search.name_of(step, basket, value), kept.asked_quantity)])
    elif value.startswith("k"):
        search.choose_kit(step, row, basket, _number(value[1:]))
    else:
        search.choose(step, row, basket, _number(value), None)
    conversation.render(step, row)


def _number(value: str) -> int:
    found = number(value)
    if found is None:
        raise Refusal(Refused.OUTDATED)
    return found


_page = conversation.goto(changes=lambda value: RentData(page=_number(value), problem=None))


_types = conversation.goto(TYPES, lambda value: RentData(types_page=_number(value or "0")))


_narrow = conversation.goto(PICK, lambda value: RentData(narrow=value[:20], words="", page=0, like=0))


_everything = conversation.goto(PICK, RentData(narrow="", words="", page=0, like=0, problem=None))


_show_month = conversation.goto(
    changes=lambda value: RentData(month=date_range.month_on_button(value), problem=None)
)


def _shown(take: OnTap) -> OnTap:
    """Return the tap that also redraws the card."""

    def handle(step: Request, row: Row, value: str) -> None:
        take(step, row, value)
        conversation.render(step, row)

    return handle


def _take_period(step: Request, row: Row, value: str) -> None:
    """Take the free period that a refusal proposed."""
    first, _, last = value.partition("/")
    dates.take_both(step, row, form.on_button(first).isoformat(), form.on_button(last).isoformat())
    conversation.render(step, row)


def _back_from_first(step: Request, row: Row, _value: str) -> None:
    """Go back to the list; the last choice is removed again, unless the basket has its days already."""
    basket = screens.draft(step.tx, row)
    if basket.starts_at is None:
        baskets.empty(step.session, basket)
        conversation.update(row, ConversationData(problem=None), to=PICK)
    else:
        conversation.update(row, ConversationData(problem=None), to=BASKET)
    conversation.render(step, row)


def _any(step: Request, row: Row, _value: str) -> None:
    """Take any item of the equipment, in place of a labeled one that somebody else has."""
    basket = screens.draft(step.tx, row)
    item = baskets.only_item(step.tx, basket)
    if item is None:
        raise Refusal(Refused.OUTDATED)
    search.choose(step, row, basket, item.equipment_id, None)
    conversation.render(step, row)


def _keep(step: Request, row: Row, _value: str) -> None:
    """Go from a label to the item's card, for inventory managers; the basket is emptied."""
    actor, basket = step.active(), screens.draft(step.tx, row)
    actor.require(Role.ADMIN)
    item = baskets.only_item(step.tx, basket)
    if item is None:
        raise Refusal(Refused.OUTDATED)
    baskets.empty(step.session, basket)
    conversation.switch_to(row, routes.INVENTORY, routes.ITEM, routes.Subject(item_id=item.id))
    conversation.render(step, row)


_back_from_last = conversation.goto(FIRST, RentData(first=None, month=None, problem=None))


def _basket(step: Request, row: Row, _value: str) -> None:
    given_up = RentData(
        asked_more=(), asked_first="", asked_last="", asked_length=0, asked_quantity=1, together=False, like=0
    )
    basket = screens.draft(step.tx, row)
    if RentData.of(row).together and basket.starts_at is None:
        # The days were said of all the line, also of what is in the basket.
        conversation.update(
            row, RentData(asked_more=(), asked_quantity=1, together=False, like=0, problem=None)
        )
        dates.take_from_line(step, row, basket)
        conversation.render(step, row)
        return
    conversation.update(row, given_up)
    if basket.starts_at is None and reservations.lines_of(step.session, basket.id):
        conversation.update(row, RentData(first=None, problem=None), to=FIRST)
    else:
        conversation.update(row, ConversationData(problem=None), to=BASKET)
    conversation.render(step, row)


def _put(step: Request, row: Row, value: str) -> None:
    """Set a quantity, if the chosen days allow it."""
    actor, basket = step.active(), screens.draft(step.tx, row)
    what, _, quantity = value.partition("/")

    def change() -> None:
        if what.startswith("k"):
            baskets.put_kit(step.by(actor), basket, _number(what[1:]), _number(quantity))
        else:
            baskets.change_quantity(step.by(actor), basket, _number(what), _number(quantity))
        contents.settle_days(step.tx, basket)

    form.attempt(step, row, change)
    if not reservations.lines_of(step.session, basket.id) and not contents.may_be_empty(step.tx, basket):
        baskets.empty(step.session, basket)
        conversation.update(row, to=PICK)
    conversation.render(step, row)


def _unpack_kit(step: Request, row: Row, value: str) -> None:
    """Turn a kit into its parts."""
    basket = screens.draft(step.tx, row)
    form.attempt(step, row, lambda: baskets.unpack_kit(step.session, basket, _number(value)))
    conversation.render(step, row)


def _last_day(step: Request, row: Row, _value: str) -> None:
    """Ask for another last day; the first day stays."""
    dates.keep_first(step, row, screens.draft(step.tx, row))
    conversation.render(step, row)


_other_days = conversation.goto(FIRST, RentData(first=None, month=None, problem=None))


def _confirm(step: Request, row: Row, _value: str) -> None:
    """Send the request. The card becomes the rental's own."""
    if not _send(step, row):
        conversation.render(step, row)


def _send(step: Request, row: Row) -> bool:
    actor, basket = step.active(), screens.draft(step.tx, row)
    sent: list[Rental] = []
    send = request.request if basket.changes_id is None else saving.send
    if not form.attempt(step, row, lambda: sent.append(send(step.by(actor), basket.id))):
        if basket.changes_id is not None and screens.is_outdated(row):
            request.discard(step.by(actor), basket.id)
            conversation.update(row, RentData(outcome=screens.OUTDATED), to=conversation.OVER)
        return False
    for_another = on_behalf.is_for_another(step.tx, basket.id)
    kind = notifications.DESK_CARD if for_another else notifications.RENTAL_CARD
    if sent[0].id == basket.id:
        conversation.hand_card_over(step, row, kind=kind, subject_id=sent[0].id)
    else:
        # The rental that was changed has a card here.
        conversation.end(step, row, screens.CHANGED)
        draw_here(step, sent[0], kind)
    return True


def _second(step: Request, row: Row, _value: str) -> None:
    """Send the basket, and go on with the line in a new one."""
    kept = RentData.of(row)
    if not _send(step, row):
        conversation.render(step, row)
        return
    again, _ = _begin(step, tapped=True)
    other_days.carry_over(kept, again)
    other_days.take(step, again)


def _cancel(step: Request, row: Row, _value: str) -> None:
    """Discard the basket."""
    request.discard(step.by(step.actor()), RentData.of(row).rental_id)
    conversation.end(step, row, "cancelled")


RENT = Conversation(
    NAME,
    states=on_behalf.with_whom(
        {
            PICK: State(
                screens.pick,
                {"pick": _pick, "page": _page, "narrowing": narrowing.begin},
                typed.words,
                fits=typed.is_line,
            ),
            TYPES: State(
                screens.types,
                {"narrow": _narrow, "narrowing": narrowing.begin},
                typed.words,
                fits=typed.is_line,
            ),
            **narrowing.states(_pick),
            FIRST: State(
                screens.first_day,
                {
                    FROM: _shown(dates.DAYS.tapped_first),
                    "back": _back_from_first,
                    "any": _any,
                    "keep": _keep,
                    **search.SHORTAGE,
                },
                typed.or_line(dates.typed_first),
                fits=typed.is_day,
            ),
            LAST: State(
                screens.last_day,
                {UNTIL: _shown(dates.DAYS.tapped_last), "back": _back_from_last},
                typed.or_line(dates.DAYS.typed_last),
                fits=typed.is_day,
            ),
            BASKET: State(
                basket_screens.basket,
                {
                    "put": _put,
                    **search.SHORTAGE,
                    "more": _everything,
                    "days": _other_days,
                    "until": _last_day,
                    **details.TAPS,
                    "confirm": _confirm,
                    "loosen": _unpack_kit,
                },
                typed.basket(_send),
                fits=typed.is_for_basket,
            ),
            **details.STATES,
            other_days.ASK: other_days.state(_second),
            conversation.OVER: State(screens.over),
            **on_behalf.STATES,
        },
        asks=frozenset({PICK, BASKET}),
    ),
    fallbacks={
        **on_behalf.FALLBACKS,
        "all": _everything,
        "types": _types,
        "month": _show_month,
        "period": _take_period,
        "basket": _basket,
        "cancel": _cancel,
    },
)

"""Views of an item's card at the desk: its current rental, with the next action as the first button.

What was just done stays on the card, and no other action takes the place of its button.
"""

from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from db.states import LENDABLE, ClaimStatus, Condition
from handlers.i18n import field_names
from handlers.i18n.texts import Texts, lines
from handlers.rentals.card_views import status_line, when
from handlers.ui.callbacks import AnyVerb, pack
from handlers.ui.callbacks import Verb as Common
from handlers.ui.form import quoted, short
from handlers.ui.message import Button, Message, Rows
from handlers.ui.refusals import condition_name
from handlers.ui.sentences import obstacles
from services.rentals.queries import Piece, RentalView

_MOST_NOTES = 3
_GONE = (Condition.LOST, Condition.RETIRED)


class Verb(AnyVerb):
    INSTEAD = "is"  # id: item; arg: a claim on another item of the same equipment, which gets this one
    HAND_OUT_NOW = "on"  # id: item: hand it out now; arg: a rental, as which it goes, or empty
    RENT_THIS = "ir"  # id: item: rent it, as in /rent
    NEXT = "ni"  # id: item: its card anew, with what is next


@dataclass(frozen=True)
class Promise:
    """A rental that has this item later, or goes out today with the item of another `code`."""

    claim_id: int
    rental_id: int
    number: int
    member: str
    code: str
    starts_at: datetime
    may_fetch: bool = True
    """The member is active now."""


@dataclass(frozen=True)
class Happened:
    """The last thing done with the item since its card was sent: out, returned or lost."""

    status: ClaimStatus
    rental_id: int
    number: int
    member: str


@dataclass(frozen=True)
class InHandView:
    """An item with the rental that it is out with or goes out with today, and its piece; both may be None.

    `notes` are its damage notes; `instead`, `later` and `blocked_until` are those of services/desk/lookup.py.
    """

    item_id: int
    code: str
    name: str
    place: str | None
    condition: Condition
    notes: tuple[str, ...]
    rental: RentalView | None
    piece: Piece | None
    for_keeper: bool = False
    happened: Happened | None = None
    instead: tuple[Promise, ...] = ()
    later: Promise | None = None
    blocked_until: datetime | None = None
    is_free: bool = False
    is_spare: bool = False
    """It goes out today, and whoever it is for could have another one."""
    needs_approval: bool = False
    """The reader may not hand it out to whoever has not asked for it."""
    just_given: tuple[int, str] | None = None
    """The rental that the reader has just handed out at the counter, and its member."""


def card(t: Texts, v: InHandView) -> Message:
    heading = t("<b>{code}</b> · {name}", code=short(v.code, 60), name=short(v.name, 80))
    notes = [t("⚠️ Problem: {note}", note=quoted(note, 200)) for note in v.notes[:_MOST_NOTES]]
    fate = t("Condition: {condition}", condition=condition_name(t, v.condition))
    if v.happened is not None and v.happened.status is not ClaimStatus.OUT:
        here = t("It is here.") if v.condition not in _GONE else None
        text = lines(heading, _happened(t, v.happened), here, fate, _place(t, v), *notes, *_promises(t, v))
        return Message(text, _over_buttons(t, v, v.happened))
    if v.rental is None or v.piece is None:
        here = t("It is here.") if v.condition not in _GONE else None
        return Message(
            lines(heading, here, fate, _place(t, v), *notes, *_promises(t, v), _approval(t, v)),
            _idle_buttons(t, v),
        )
    r = v.rental
    text = lines(
        heading,
        fate if v.condition is not Condition.OK else None,
        _happened(t, v.happened) if v.happened is not None else None,
        t("<b>Rental {id}</b> · {member}", id=r.number, member=r.member),
        _status(t, v.piece, r),
        when(t, r),
        obstacles.for_desk(t, r) if v.piece.status is ClaimStatus.HELD else None,
        t("Another one will do for {member}, too.", member=short(r.member, 60))
        if v.is_spare and not v.needs_approval
        else None,
        _place(t, v) if v.piece.status is ClaimStatus.HELD else None,
        *notes,
    )
    rows = _just_out(t, v, r, v.piece) if v.happened is not None else _buttons(t, v, r, v.piece)
    return Message(text, rows)


def _approval(t: Texts, v: InHandView) -> Markup | None:
    if not (v.is_free and v.needs_approval):
        return None
    return t("It has to be approved first: tap Rent it.")


def _place(t: Texts, v: InHandView) -> Markup | None:
    return field_names.line(t, "item.location", short(v.place or "", 60))


def _happened(t: Texts, h: Happened) -> Markup:
    values = {"member": short(h.member, 60), "id": h.number}
    if h.status is ClaimStatus.RETURNED:
        return t("☑️ Taken back from {member}, rental {id}", **values)
    if h.status is ClaimStatus.LOST:
        return t("✖️ Lost by {member}, rental {id}", **values)
    return t("☑️ Handed out")


def _promises(t: Texts, v: InHandView) -> list[Markup]:
    """Return who gets it next: the rental that has it today, or that may have it, then the later one."""
    told = []
    if v.rental is not None and v.piece is not None:
        told.append(
            t(
                "Next: {member}, {moment} (rental {id})",
                member=short(v.rental.member, 60),
                moment=t.moment(v.rental.starts_at),
                id=v.rental.number,
            )
        )
    told += [
        t(
            "Goes out today: rental {id}, {member}, with {code}",
            id=one.number,
            member=short(one.member, 60),
            code=short(one.code, 24),
        )
        for one in v.instead
    ]
    if v.later is not None:
        told.append(
            t(
                "Promised to {member} from {moment} (rental {id})",
                member=short(v.later.member, 60),
                moment=t.moment(v.later.starts_at),
                id=v.later.number,
            )
        )
    if v.blocked_until is not None:
        told.append(t("Blocked until {moment}", moment=t.moment(v.blocked_until)))
    return told


def _status(t: Texts, piece: Piece, r: RentalView) -> Markup:
    return t("↩️ Returned, waiting for a lender to confirm") if piece.claimed_back else status_line(t, r)


def _buttons(t: Texts, v: InHandView, r: RentalView, piece: Piece) -> Rows:
    """Return the buttons for this item, then for the whole rental where it has more items."""
    rows: list[tuple[Button, ...]] = []
    if piece.status is ClaimStatus.OUT:
        label = str(t("Confirm return")) if piece.claimed_back else str(t("Take back"))
        rows.append((Button(label, pack(Common.TAKE_BACK, r.id, piece.claim_id)),))
        if (out := len(r.of(ClaimStatus.OUT))) > 1:
            rows.append((Button(t("Take back all {n}", n=out).unescape(), pack(Common.TAKE_BACK, r.id)),))
        rows.append(_wrong(t, r, piece))
    elif held := len(r.to_hand_out):
        rows.append((Button(str(t("Hand out")), pack(Common.ITEM_OUT, v.item_id, piece.claim_id)),))
        if held > 1:
            rows.append((Button(t("Hand out all {n}", n=held).unescape(), pack(Common.HAND_OUT, r.id)),))
    if v.is_spare and not v.needs_approval:
        rows.append((Button(str(t("Hand out to somebody else")), pack(Verb.HAND_OUT_NOW, v.item_id)),))
    rows.append((_rental_button(t, r.id), *_inventory(t, v)))
    return tuple(rows)


def _just_out(t: Texts, v: InHandView, r: RentalView, piece: Piece) -> Rows:
    """Return the buttons after a hand-out: Take back is not where Hand out was."""
    return (
        (_rental_button(t, r.id), *_inventory(t, v)),
        _wrong(t, r, piece),
        (Button(str(t("Take back")), pack(Common.TAKE_BACK, r.id, piece.claim_id)),),
    )


def _over_buttons(t: Texts, v: InHandView, h: Happened) -> Rows:
    """Return the buttons after a return or a loss: none of them does anything but show."""
    is_more = v.rental is not None or v.instead or v.condition is Condition.LOST
    following = (Button(t("Next: {code}", code=short(v.code, 24)).unescape(), pack(Verb.NEXT, v.item_id)),)
    first = (_rental_button(t, h.rental_id), *_inventory(t, v))
    return (first, following) if is_more else (first,)


def _rental_button(t: Texts, rental_id: int) -> Button:
    return Button(str(t("Show the rental")), pack(Common.SHOW_RENTAL, rental_id, "d"))


def _wrong(t: Texts, r: RentalView, piece: Piece) -> tuple[Button, ...]:
    return (
        Button(str(t("Problem")), pack(Common.PROBLEM, r.id, piece.claim_id)),
        Button(str(t("Lost")), pack(Common.LOSE_PIECE, piece.claim_id)),
    )


def _later_button(t: Texts, v: InHandView, later: Promise) -> Button:
    label = t("Hand out to {member} already now", member=short(later.member, 20))
    return Button(label.unescape(), pack(Common.ITEM_OUT, v.item_id, later.claim_id))


def _idle_buttons(t: Texts, v: InHandView) -> Rows:
    rows: list[tuple[Button, ...]] = [
        (
            Button(
                t(
                    "Hand out to {member}, not {code}", member=short(p.member, 16), code=short(p.code, 12)
                ).unescape(),
                pack(Verb.INSTEAD, v.item_id, p.claim_id),
            ),
        )
        for p in v.instead
    ]
    if v.is_free and not v.needs_approval:
        # Who fetches one today comes first, so that nobody is given two.
        rows.append((Button(str(t("Hand out now")), pack(Verb.HAND_OUT_NOW, v.item_id)),))
        if v.just_given is not None:
            rental_id, name = v.just_given
            label = t("To {name}, too", name=short(name, 24))
            rows.append((Button(label.unescape(), pack(Verb.HAND_OUT_NOW, v.item_id, rental_id)),))
    may_go = v.later is not None and v.later.may_fetch and not v.instead
    if may_go and v.later is not None and v.condition in LENDABLE and v.blocked_until is None:
        rows.append((_later_button(t, v, v.later),))
    if v.later is not None:
        rows.append((_rental_button(t, v.later.rental_id),))
    if v.condition is Condition.LOST:
        found = [
            Button(
                str(t("Found: {condition}", condition=condition_name(t, c)).striptags()),
                pack(Common.FOUND, v.item_id, c),
            )
            for c in LENDABLE
        ]
        rows += [(button,) for button in found]
    rent = (Button(str(t("Rent it")), pack(Verb.RENT_THIS, v.item_id)),) if v.condition in LENDABLE else ()
    if rent or v.for_keeper:
        rows.append((*rent, *_inventory(t, v)))
    return tuple(rows)


def _inventory(t: Texts, v: InHandView) -> tuple[Button, ...]:
    return (Button(str(t("Inventory")), pack(Common.KEEP, v.item_id)),) if v.for_keeper else ()

"""Views of an item's card at the desk: its current rental, with the next action as the first button."""

from dataclasses import dataclass

from markupsafe import Markup

from db.states import LENDABLE, ClaimStatus, Condition
from handlers.i18n.texts import Texts, lines
from handlers.rentals.card_views import status_line, when
from handlers.ui.callbacks import Verb, pack
from handlers.ui.form import short
from handlers.ui.message import Button, Message, Rows
from handlers.ui.refusals import condition_name
from services.rentals.queries import Piece, RentalView

_MOST_NOTES = 3


@dataclass(frozen=True)
class InHandView:
    """An item with the rental that it is out with or goes out with today, and its piece; both may be None.

    `notes` are its damage notes.
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


def card(t: Texts, v: InHandView) -> Message:
    heading = t("<b>{code}</b> · {name}", code=short(v.code, 60), name=short(v.name, 80))
    notes = [t("⚠️ Problem: {note}", note=short(note, 200)) for note in v.notes[:_MOST_NOTES]]
    fate = t("Condition: {condition}", condition=condition_name(t, v.condition))
    if v.rental is None or v.piece is None:
        place = t("Place: {place}", place=short(v.place, 60)) if v.place else None
        here = t("It is here.") if v.condition is not Condition.LOST else None
        return Message(lines(heading, here, fate, place, *notes), _idle_buttons(t, v))
    r = v.rental
    text = lines(
        heading,
        fate if v.condition is not Condition.OK else None,
        t("<b>Rental {id}</b> · {member}", id=r.id, member=r.member),
        _status(t, v.piece, r),
        when(t, r),
        *notes,
    )
    return Message(text, _buttons(t, v, r, v.piece))


def _status(t: Texts, piece: Piece, r: RentalView) -> Markup:
    return t("↩️ Returned, waiting for a lender to confirm") if piece.claimed_back else status_line(t, r)


def _buttons(t: Texts, v: InHandView, r: RentalView, piece: Piece) -> Rows:
    """Return the buttons for this item, then for the whole rental where it has more items."""
    rows: list[tuple[Button, ...]] = []
    everything = str(t("All of rental {id}", id=r.id))
    if piece.status is ClaimStatus.OUT:
        label = str(t("Confirm return")) if piece.claimed_back else str(t("Take back"))
        rows.append((Button(label, pack(Verb.TAKE_BACK, r.id, piece.claim_id)),))
        if len(r.of(ClaimStatus.OUT)) > 1:
            rows.append((Button(everything, pack(Verb.TAKE_BACK, r.id)),))
        rows.append(
            (
                Button(str(t("Problem")), pack(Verb.PROBLEM, r.id, piece.claim_id)),
                Button(str(t("Lost")), pack(Verb.LOSE_PIECE, piece.claim_id)),
            )
        )
    else:
        rows.append((Button(str(t("Hand out")), pack(Verb.ITEM_OUT, v.item_id, piece.claim_id)),))
        if len(r.of(ClaimStatus.HELD)) > 1:
            rows.append((Button(everything, pack(Verb.HAND_OUT, r.id)),))
    whole = Button(str(t("Rental {id}", id=r.id)), pack(Verb.SHOW_RENTAL, r.id, "d"))
    rows.append((whole, *_inventory(t, v)))
    return tuple(rows)


def _idle_buttons(t: Texts, v: InHandView) -> Rows:
    rows: list[tuple[Button, ...]] = []
    if v.condition is Condition.LOST:
        found = [
            Button(
                str(t("Found: {condition}", condition=condition_name(t, c)).striptags()),
                pack(Verb.FOUND, v.item_id, c),
            )
            for c in LENDABLE
        ]
        rows += [(button,) for button in found]
    if v.for_keeper:
        rows.append(_inventory(t, v))
    return tuple(rows)


def _inventory(t: Texts, v: InHandView) -> tuple[Button, ...]:
    return (Button(str(t("Inventory")), pack(Verb.KEEP, v.item_id)),) if v.for_keeper else ()

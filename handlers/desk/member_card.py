"""A member at the desk, known by their card: what they have, and what goes out to them."""

from collections.abc import Sequence

from markupsafe import Markup

from db.models import Conversation as Row
from handlers.desk.codes.views import not_here
from handlers.desk.data import HandOutData
from handlers.i18n.texts import Texts, lines
from handlers.rentals import rental_labels
from handlers.rentals.card_views import listed
from handlers.ui.callbacks import Verb, pack
from handlers.ui.form import Data, data_of, problem_of, short
from handlers.ui.message import Button, Message
from services.core import identity
from services.core.tx import Tx
from services.rentals import queries
from services.rentals.queries import RentalView

_MOST = 8


def screen(tx: Tx, row: Row, t: Texts) -> Message:
    """Show the member, with a button for each rental that goes on."""
    user_id = HandOutData.of(row).user_id
    name = identity.names(tx.session, [user_id])[user_id]
    rentals = queries.in_list(tx, queries.current(tx.session, user_id))
    return _card(t, name, rentals, data_of(row), problem_of(row, t))


def _to_come(kept: HandOutData, t: Texts) -> Markup:
    """Ask which piece it is, and say until when it goes out, as far as that was said."""
    if not kept.below:
        return t("Scan the thing, send a photo of its code, or write its code.")
    if not kept.last:
        return t("Tap which one, or write its code.")
    if kept.last_day is None:
        return t("It goes out until further notice: tap which one, or write its code.")
    return t("It goes out until {day}: tap which one, or write its code.", day=t.day(kept.last_day))


def ask_thing(tx: Tx, row: Row, t: Texts) -> Message:
    """Ask what is handed out to the member."""
    kept, data = HandOutData.of(row), data_of(row)
    name = identity.names(tx.session, [kept.user_id])[kept.user_id]
    text = lines(
        problem_of(row, t),
        t("Hand out to <b>{name}</b>:", name=short(name, 80)),
        *not_here(t, kept.others),
        _to_come(kept, t),
    )
    return Message(
        text, ((Button(str(t("Back")), data("card", "")), Button(str(t("Cancel")), data("cancel", ""))),)
    )


def _card(t: Texts, name: str, rentals: Sequence[RentalView], data: Data, problem: Markup | None) -> Message:
    text = lines(
        problem,
        Markup("<b>{}</b>").format(short(name, 80)),
        *(part for one in rentals[:_MOST] for part in ("", listed(t, one, desk=False))),
        t.plural("… and {n} more", "… and {n} more", len(rentals) - _MOST) if len(rentals) > _MOST else None,
        None if rentals else t("Nothing borrowed, nothing requested."),
    )
    rows: list[tuple[Button, ...]] = [
        (Button(label, pack(Verb.SHOW_RENTAL, one.id, "d")),)
        for one, label in zip(rentals[:_MOST], rental_labels.labels(t, rentals[:_MOST]), strict=True)
    ]
    hand_out = Button(t("Hand out to {name}", name=short(name, 24)).unescape(), data("thing", ""))
    return Message(text, ((hand_out,), *rows, (Button(str(t("Close")), data("cancel", "")),)))

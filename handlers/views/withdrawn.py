"""To a member whose rental lost something."""

from collections.abc import Sequence

from markupsafe import Markup

from handlers.callbacks import Verb, pack
from handlers.message import Button, Message
from handlers.texts import Texts, lines
from handlers.views.rent import short
from services.overview import RentalView

_MOST_LINES = 12


def withdrawn(
    t: Texts,
    v: RentalView,
    things: Sequence[tuple[str, int]],
    reason: str,
    offers: Sequence[tuple[int, str]],
    *,
    cancelled: bool,
    for_member: bool = True,
) -> Message:
    """What and why, and what else is free on the same days; to who stands in for the member in words only."""
    what = ", ".join(f"{number} × {short(name)}" for name, number in things[:_MOST_LINES])
    text = lines(
        t(
            "⚠️ <b>Rental {id}</b>, {period}: {what} cannot be lent then.",
            id=v.id,
            period=t.period(v.starts_at, v.due_at),
            what=what,
        ),
        t("Reason: {reason}", reason=reason),
        t("That was all of it, so the rental is cancelled.") if cancelled else t("The rest stays as it is."),
        _free(t, offers, for_member) if offers else None,
    )
    rows = tuple((Button(short(name), pack(Verb.RENT_INSTEAD, v.id, i)),) for i, name in offers)
    return Message(text, rows)


def _free(t: Texts, offers: Sequence[tuple[int, str]], for_member: bool) -> Markup:
    if for_member:
        return t("Free on the same days, tap to borrow it instead:")
    return t("Free on the same days: {names}", names=", ".join(short(name) for _, name in offers))

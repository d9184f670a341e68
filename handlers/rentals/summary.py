"""A rental in a line or two: what it is of, and how it stands in a list."""

from collections import Counter
from collections.abc import Sequence

from markupsafe import Markup

from handlers.i18n.texts import Texts
from handlers.rentals.card_views import status_line
from handlers.ui.form import short
from services.rentals.queries import Piece, RentalView


def summed_up(v: RentalView, most: int = 3) -> str:
    """`2 × Tent + Stove`: the first things of a rental; names may hold commas."""
    shown = [(f"{n.quantity} × " if n.quantity > 1 else "") + short(n.name) for n in v.lines[:most]]
    return " + ".join(shown) + (" …" if len(v.lines) > most else "")


def summed(v: RentalView, pieces: Sequence[Piece], most: int = 3) -> str:
    """The same of these pieces of it, where they are not all."""
    if not pieces or len(pieces) == len(v.pieces):
        return summed_up(v, most)
    counted = Counter(p.name for p in pieces)
    shown = [(f"{n} × " if n > 1 else "") + short(name) for name, n in list(counted.items())[:most]]
    return " + ".join(shown) + (" …" if len(counted) > most else "")


def listed(t: Texts, v: RentalView, *, desk: bool, with_status: bool = True) -> Markup:
    """A rental in a list; at the desk with whose it is, and without status where all have the same."""
    values = {
        "id": v.id,
        "what": summed_up(v),
        "period": t.period(v.starts_at, v.due_at),
        "status": status_line(t, v),
    }
    if not with_status:
        return t("<b>{id}</b> · {member}: {what}\n{period}", member=v.member, **values)
    if desk:
        return t("<b>{id}</b> · {member}: {what}\n{period}\n{status}", member=v.member, **values)
    return t("<b>{id}</b> · {what}\n{period}\n{status}", **values)

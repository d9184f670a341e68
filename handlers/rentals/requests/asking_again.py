"""Leading on from what came to nothing: the same things once more, on the same days or on others."""

from markupsafe import Markup

from db.states import RentalStatus
from handlers.i18n.texts import Texts
from handlers.ui.callbacks import Verb, pack
from handlers.ui.message import Button, Rows
from services.rentals.queries import RentalView

OTHER_DAYS = "days"
"""The argument of Verb.ASK_AGAIN for the same things on other days."""


def is_possible(v: RentalView) -> bool:
    """Return whether the member can ask for the same once more. Where a change failed, its rental stands."""
    ended = v.status in (RentalStatus.DECLINED, RentalStatus.EXPIRED)
    return ended and v.is_member and v.changes_id is None


def hint(t: Texts) -> Markup:
    return t("<b>Ask again</b> is for the same things and days, <b>Other days</b> for the same things.")


def rows(t: Texts, v: RentalView) -> Rows:
    if not is_possible(v):
        return ()
    again = Button(str(t("Ask again")), pack(Verb.ASK_AGAIN, v.id))
    return ((again, Button(str(t("Other days")), pack(Verb.ASK_AGAIN, v.id, OTHER_DAYS))),)

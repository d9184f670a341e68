"""Words about more time: an extension, or the date that ends what has none."""

from markupsafe import Markup

from db.states import RentalStatus
from handlers.i18n.texts import Texts
from services.rentals.queries import Answered, Question, RentalView


def asked(t: Texts, q: Question) -> Markup:
    """Return what the member asked for, as they read it."""
    if q.sets_date:
        return t("You suggested bringing it back by {moment}.", moment=t.moment(q.due_at))
    return t("Extension requested: until {moment}", moment=t.moment(q.due_at))


def asks(t: Texts, q: Question) -> Markup:
    """Return the same as the desk reads it."""
    if q.sets_date:
        return t("<b>Suggests bringing it back by {moment}</b>", moment=t.moment(q.due_at))
    return t("<b>Asks to keep it until {moment}</b>", moment=t.moment(q.due_at))


def _date_answered(t: Texts, a: Answered) -> Markup:
    if a.granted:
        return t("✅ {name} agreed to this date", name=a.by)
    return t("✖️ {name} declined the date", name=a.by)


def label(t: Texts, v: RentalView) -> str:
    """Return the words of the button for more time: what has no end is not extended, but gets a date."""
    return str(t("Extend") if v.due_at is not None else t("Suggest a date"))


def answered(t: Texts, v: RentalView) -> Markup | None:
    """Return the answer to an extension, and who gave it."""
    if v.answered is None or v.status is not RentalStatus.OUT:
        return None
    if v.answered.sets_date:
        return _date_answered(t, v.answered)
    if v.answered.granted:
        return t("✅ Extended by {name}", name=v.answered.by)
    return t("✖️ Extension declined by {name}", name=v.answered.by)

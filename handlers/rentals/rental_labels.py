"""Labels of buttons about a rental: its thing, and at the desk its member; never a bare number."""

from collections import Counter
from collections.abc import Sequence

from handlers.i18n.texts import Texts
from handlers.ui.form import short
from handlers.ui.sentences.people import short_name
from services.rentals.queries import RentalView

_MEMBER, _THING = 18, 24


def thing(v: RentalView, most: int = _THING) -> str:
    """Return the first thing; a plus says that there are more."""
    more = " +" if len(v.lines) > 1 else ""
    return short(v.lines[0].label, most - len(more)) + more


def member(t: Texts, v: RentalView, most: int = _MEMBER) -> str:
    return short_name(t.name(v.member), most)


def labels(t: Texts, found: Sequence[RentalView], *, desk: bool = False) -> list[str]:
    """Return a label for each; those that would be the same have the first day too, or the number."""
    plain = [f"{member(t, v)} · {thing(v)}" if desk else thing(v) for v in found]
    dated = _apart(plain, [f" · {t.day(t.local(v.starts_at).date())}" for v in found])
    return _apart(dated, [f" ({v.number})" for v in found])


def _apart(names: Sequence[str], more: Sequence[str]) -> list[str]:
    often = Counter(names)
    return [name + (added if often[name] > 1 else "") for name, added in zip(names, more, strict=True)]

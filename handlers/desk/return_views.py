"""Views of the question after a return: conditions, location, and the answers."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from db.states import Condition
from handlers.i18n.texts import Texts, lines
from handlers.rentals.card_views import codes_of
from handlers.ui.callbacks import Verb, pack
from handlers.ui.form import short
from handlers.ui.message import Button, Message
from handlers.ui.refusals import condition_name
from handlers.ui.widgets import pager
from services.inventory.locations import Place, Returned
from services.maintenance.return_report import SAYABLE, Back
from services.rentals.queries import Piece, RentalView

_PER_PAGE = 8
_MOST_THINGS = 12
_LONGEST_PROBLEM = 80


@dataclass(frozen=True)
class Asked:
    """The returned items, the known locations, and the report on each piece.

    `pieces` is empty where the reader is not asked for conditions.
    """

    returned: Returned
    known: Sequence[Place]
    pieces: Sequence[Back]

    @property
    def has_places(self) -> bool:
        return len(self.known) > 1


def question(t: Texts, v: Asked, page: int | None = None) -> Message:
    """Return the question: the previous location first, then others by number of items, then conditions.

    Once one of several pieces is said to be damaged, a button leads to a `page` of the locations: a finger
    that taps the condition twice would say a location, too.
    """
    is_said = len(v.pieces) > 1 and any(piece.condition for piece in v.pieces)
    where = _to_places(t, v) if page is None and is_said else _places(t, v, page or 0)
    rows = [*(where if v.has_places else ()), *_conditions(t, v), *_earlier(t, v)]
    return Message(lines(_asks(t, v), *_things(t, v), _came(t, v), *_hints(t, v)), tuple(rows))


def _came(t: Texts, v: Asked) -> Markup | None:
    """Say when it was, if that was before it was entered."""
    back_at = v.returned.back_at
    return t("It came back {moment}.", moment=t.moment(back_at)) if back_at is not None else None


def _earlier(t: Texts, v: Asked) -> list[tuple[Button, ...]]:
    """Return the button for what is entered later than it came back; for lenders."""
    if not v.pieces:
        return []
    return [(Button(str(t("It was earlier")), pack(Verb.BACK_EARLIER, v.returned.return_id)),)]


def _asks(t: Texts, v: Asked) -> Markup:
    by = v.returned.by
    if v.has_places:
        return t("<b>{name}, where did you put it?</b>", name=by) if by else t("<b>Where was it put?</b>")
    return t("<b>{name}, how did it come back?</b>", name=by) if by else t("<b>How did it come back?</b>")


def _hints(t: Texts, v: Asked) -> list[Markup]:
    """Return hints on the default without an answer, and on photos and notes."""
    hints = [t("Without an answer, it stays where it was before.")] if v.has_places else []
    if v.pieces:
        hints.append(t("Reply with a photo or a few words if something is wrong."))
    return hints


def _places(t: Texts, v: Asked, page: int) -> list[tuple[Button, ...]]:
    r = v.returned
    rows: list[tuple[Button, ...]] = [(_as_before(t, r),)]
    here = {place.id for place in r.at if place is not None} if len(r.at) == 1 else set()
    others = sorted((p for p in v.known if p.id not in here), key=lambda p: -p.items)
    part = pager.cut(others, page, _PER_PAGE)
    for place in part.shown:
        rows.append((Button(short(place.name), pack(Verb.PUT_AWAY, r.return_id, place.id)),))
    rows += pager.arrows(part.number, part.pages, lambda to: pack(Verb.PUT_PLACES, r.return_id, to))
    return rows


def _to_places(t: Texts, v: Asked) -> list[tuple[Button, ...]]:
    return [(Button(str(t("Say where it was put")), pack(Verb.PUT_PLACES, v.returned.return_id, 0)),)]


def _as_before(t: Texts, v: Returned) -> Button:
    place = v.at[0] if len(v.at) == 1 else None
    label = short(place.name) if place is not None else str(t("Where it was"))
    return Button(f"✓ {label}", pack(Verb.PUT_AWAY, v.return_id, 0))


def _conditions(t: Texts, v: Asked) -> list[tuple[Button, ...]]:
    """Return the conditions for one item, or a button to choose among several."""
    if len(v.pieces) == 1:
        return _how(t, v.returned.return_id, v.pieces[0])
    return _problem(t, v)


def _problem(t: Texts, v: Asked) -> list[tuple[Button, ...]]:
    """Return the button that leads to the conditions, of the one item or of which."""
    if not v.pieces:
        return []
    one = v.pieces[0].item_id if len(v.pieces) == 1 else None
    leads = pack(Verb.BACK_PIECE, v.returned.return_id, one) if one else None
    to = leads or pack(Verb.BACK_PIECES, v.returned.return_id, 0)
    return [(Button(str(t("Report a problem")), to),)]


def _how(t: Texts, return_id: int, piece: Back) -> list[tuple[Button, ...]]:
    """Return a button per condition, the reported one marked.

    Each stays in its place: a finger that taps twice says the same twice.
    """

    def said(c: Condition) -> Button:
        mark = "✓ " if c is piece.condition else ""
        label = f"{mark}{str(condition_name(t, c)).capitalize()}"
        return Button(label, pack(Verb.BACK_SAID, return_id, f"{c} {piece.item_id}"))

    return [tuple(said(c) for c in SAYABLE[n : n + 2]) for n in range(0, len(SAYABLE), 2)]


def _things(t: Texts, v: Asked) -> list[Markup]:
    """Return the items, as in `Tent: T1, T2 · Stove: S1`, with the member's notes and the lender's report."""
    codes: dict[str, list[str]] = {}
    for name, code in v.returned.things[:_MOST_THINGS]:
        codes.setdefault(name, []).append(code)
    parts = [
        Markup("{}: {}").format(short(name), ", ".join(short(code, 24) for code in some))
        for name, some in codes.items()
    ]
    found = [Markup(" · ").join(parts) + (" …" if len(v.returned.things) > _MOST_THINGS else "")]
    for piece in [p for p in v.pieces if p.problem][:_MOST_THINGS]:
        note = short(" ".join(piece.problem.split()), _LONGEST_PROBLEM)
        found.append(t("⚠️ {code}: “{note}”", code=short(piece.code, 24), note=note))
    for piece in [p for p in v.pieces if p.condition or p.has_photo][:_MOST_THINGS]:
        found.append(_said(t, piece))
    return found


def _said(t: Texts, piece: Back) -> Markup:
    how = condition_name(t, piece.condition) if piece.condition else Markup("")
    return Markup("{}: {}{}").format(short(piece.code, 24), how, " 📷" if piece.has_photo else "")


def answer(t: Texts, v: Asked) -> Message:
    """Return the answer to where it was put. Conditions come a tap later: they would be where a place was."""
    r = v.returned
    if not r.items:
        return Message(t("That has been handed out again."))
    names = ", ".join(short(place.name) for place in r.at if place is not None)
    where = t("It is here: <b>{place}</b>", place=names) if names else t("It is where it was before.")
    other = Button(str(t("Another place")), pack(Verb.PUT_PLACES, r.return_id, 0))
    return Message(lines(*_things(t, v), _came(t, v), where), ((other,), *_problem(t, v), *_earlier(t, v)))


# Several items, one by one


def which_piece(t: Texts, return_id: int, pieces: Sequence[Back], page: int) -> Message:
    part = pager.cut(pieces, page, _PER_PAGE)
    rows: list[tuple[Button, ...]] = [
        (Button(f"{short(p.code, 20)} · {short(p.name, 28)}", pack(Verb.BACK_PIECE, return_id, p.item_id)),)
        for p in part.shown
    ]
    rows += pager.arrows(part.number, part.pages, lambda to: pack(Verb.BACK_PIECES, return_id, to))
    rows.append((Button(str(t("Back")), pack(Verb.PUT_PLACES, return_id, 0)),))
    return Message(t("<b>Which one has a problem?</b>"), tuple(rows))


def one_piece(t: Texts, return_id: int, piece: Back, *, is_all: bool) -> Message:
    """Return the question about one item; Back leads to the others, where there are any."""
    to = pack(Verb.PUT_PLACES if is_all else Verb.BACK_PIECES, return_id, 0)
    back = (Button(str(t("Back")), to),)
    return Message(
        t("<b>How did {code} come back?</b>", code=short(piece.code, 24)), (*_how(t, return_id, piece), back)
    )


# What is not there


def contradicted(t: Texts, v: RentalView, by: str, pieces: Sequence[Piece]) -> Message:
    """Tell the member that a lender did not find what they returned, with what they can do."""
    text = t(
        "🔎 {name} did not find it: {codes}, rental {id}. It counts as yours again. "
        "If you brought it back, say where it is.",
        name=by,
        codes=codes_of(pieces, 8),
        id=v.number,
    )
    first = Button(str(t("Return")), pack(Verb.RETURN, v.id))
    return Message(text, ((first, Button(str(t("Problem")), pack(Verb.PROBLEM, v.id))),))

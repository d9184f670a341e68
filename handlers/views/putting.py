"""The question where things were put, and its answer."""

from collections.abc import Sequence

from markupsafe import Markup

from handlers.callbacks import Verb, pack
from handlers.message import Button, Message
from handlers.texts import Texts, lines
from handlers.views.rent import short
from services.places import Place, Returned

_PER_PAGE = 8
_MOST_THINGS = 12


def question(t: Texts, v: Returned, known: Sequence[Place], page: int) -> Message:
    """The place where it was first; then those first that hold most."""
    rows: list[tuple[Button, ...]] = [(_as_before(t, v),)]
    here = {place.id for place in v.at if place is not None} if len(v.at) == 1 else set()
    others = sorted((p for p in known if p.id not in here), key=lambda p: -p.items)
    pages = max(1, -(-len(others) // _PER_PAGE))
    page = min(page, pages - 1)
    for place in others[page * _PER_PAGE : (page + 1) * _PER_PAGE]:
        rows.append((Button(short(place.name), pack(Verb.PUT_AWAY, v.entry_id, place.id)),))
    if pages > 1:
        to = [pack(Verb.PUT_PLACES, v.entry_id, to % pages) for to in (page - 1, page, page + 1)]
        rows.append((Button("‹", to[0]), Button(f"{page + 1}/{pages}", to[1]), Button("›", to[2])))
    asks = t("<b>{name}, where did you put it?</b>", name=v.by) if v.by else t("<b>Where was it put?</b>")
    hint = t("Without an answer it is where it was before.")
    return Message(lines(asks, _things(v), hint), tuple(rows))


def _as_before(t: Texts, v: Returned) -> Button:
    place = v.at[0] if len(v.at) == 1 else None
    label = short(place.name) if place is not None else str(t("Where it was"))
    return Button(f"✓ {label}", pack(Verb.PUT_AWAY, v.entry_id, 0))


def _things(v: Returned) -> Markup:
    """`Tent: T1, T2 · Stove: S1`."""
    codes: dict[str, list[str]] = {}
    for name, code in v.things[:_MOST_THINGS]:
        codes.setdefault(name, []).append(code)
    parts = [
        Markup("{}: {}").format(short(name), ", ".join(short(code, 24) for code in some))
        for name, some in codes.items()
    ]
    return Markup(" · ").join(parts) + (" …" if len(v.things) > _MOST_THINGS else "")


def answer(t: Texts, v: Returned) -> Message:
    if not v.items:
        return Message(t("That is out again."))
    names = ", ".join(short(place.name) for place in v.at if place is not None)
    where = t("It is here: <b>{place}</b>", place=names) if names else t("It is where it was before.")
    other = Button(str(t("Another place")), pack(Verb.PUT_PLACES, v.entry_id, 0))
    return Message(lines(_things(v), where), ((other,),))

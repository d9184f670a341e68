"""Views of the kits for admins."""

from dataclasses import dataclass

from markupsafe import Markup

from handlers.i18n.texts import Texts, lines
from handlers.rentals.booking.views import KIT
from handlers.ui.form import Data, short
from handlers.ui.message import Button, Message
from handlers.ui.widgets import pager
from services.inventory import catalog, kits

_PARTS_PER_PAGE = 5
"""Maximum number of parts on a page; each takes two rows of buttons."""

_USUAL_PIECES = (1, 2, 3, 4, 5, 6)


def kit_list(t: Texts, found: kits.Page, words: str, data: Data, problem: Markup | None) -> Message:
    """Show the list: a tap opens, typing searches, a button adds."""
    rows: list[tuple[Button, ...]] = [
        (Button(_label(t, kit), data("open", str(kit.id))),) for kit in found.entries
    ]
    rows += pager.arrows(found.page, found.pages, lambda to: data("page", str(to)))
    if words and not found.total:
        text = t("Nothing found for “{words}”.", words=short(words, 100))
    elif not found.total:
        text = t("There are none yet. A kit is several things that are rented together under one name.")
    else:
        text = t("Tap one to change it, or write a word to search.")
    if words:
        rows.append((Button(str(t("Everything")), data("all", "")),))
    rows.append((Button(str(t("Add")), data("new", "")), Button(str(t("Back")), data("back", ""))))
    return Message(lines(problem, t("<b>Kits</b>"), text), tuple(rows))


def _label(t: Texts, kit: kits.Listed) -> str:
    state = t("retired") if kit.retired else t.plural("{n} part", "{n} parts", kit.parts)
    return f"{KIT}{short(kit.name)} · {state}"


@dataclass(frozen=True)
class KitCard:
    name: str
    retired: bool
    parts: tuple[kits.Part, ...]
    free_now: int
    pieces: int
    page: int


def card(t: Texts, v: KitCard, data: Data, problem: Markup | None) -> Message:
    """Show a kit with its parts, and buttons for more and fewer of each."""
    part = pager.cut(v.parts, v.page, _PARTS_PER_PAGE)
    text = lines(
        problem,
        Markup("<b>{}</b>").format(KIT + v.name),
        *(_part(t, one) for one in part.shown),
        _how_many(t, v),
    )
    rows = [row for one in part.shown for row in _part_rows(one, data)]
    rows += pager.arrows(part.number, part.pages, lambda to: data("page", str(to)))
    rows.append((Button(str(t("Add a part")), data("parts", "")),))
    kept = (
        Button(str(t("Bring back")), data("bring", ""))
        if v.retired
        else Button(str(t("Retire")), data("retire", ""))
    )
    rows.append((Button(str(t("Rename")), data("rename", "")), kept))
    rows.append((Button(str(t("Back")), data("back", "")),))
    return Message(text, tuple(rows))


def _part(t: Texts, part: kits.Part) -> Markup:
    if part.retired:
        return t("• {n} × {name}, which is retired", n=part.quantity, name=part.name)
    return t("• {n} × {name}", n=part.quantity, name=part.name)


def _how_many(t: Texts, v: KitCard) -> Markup:
    if v.retired:
        return t("It is retired: members do not find it.")
    if not v.parts:
        return t("Nothing is in it yet, so members do not find it.")
    return t("{free} of {pieces} free now", free=v.free_now, pieces=v.pieces)


def _part_rows(part: kits.Part, data: Data) -> list[tuple[Button, ...]]:
    """Return the buttons of a part: its name over the whole width, then more and fewer.

    The latter carry the number they lead to, so that a double tap does not count twice.
    """

    def to(quantity: int) -> str:
        return data("put", f"{part.equipment_id}/{quantity}")

    return [
        (Button(f"{part.quantity} × {short(part.name)}", data("part", str(part.equipment_id))),),
        (
            Button("−" if part.quantity > 1 else "🗑", to(part.quantity - 1)),
            Button("+", to(part.quantity + 1)),
        ),
    ]


def pick_part(
    t: Texts, kit: str, found: catalog.Page, words: str, data: Data, problem: Markup | None
) -> Message:
    """Ask which equipment to add to the kit."""
    rows: list[tuple[Button, ...]] = [
        (Button(short(entry.name), data("part", str(entry.equipment_id))),) for entry in found.entries
    ]
    rows += pager.arrows(found.page, found.pages, lambda to: data("page", str(to)))
    nothing = (
        t("Nothing found for “{words}”.", words=short(words, 100)) if words and not found.total else None
    )
    if words:
        rows.append((Button(str(t("Everything")), data("all", "")),))
    rows.append((Button(str(t("Back")), data("back", "")),))
    heading = t("<b>What belongs to {name}?</b> Tap it, or write a word to search.", name=kit)
    return Message(lines(problem, heading, nothing), tuple(rows))


def ask_pieces(
    t: Texts, kit: str, equipment_id: int, name: str, data: Data, problem: Markup | None
) -> Message:
    """Ask for the number of pieces in one kit."""
    numbers = tuple(Button(str(n), data("put", f"{equipment_id}/{n}")) for n in _USUAL_PIECES)
    asks = t("<b>How many {name} in one {kit}?</b> Tap or write the number.", name=name, kit=kit)
    return Message(lines(problem, asks), (numbers, (Button(str(t("Back")), data("back", "")),)))

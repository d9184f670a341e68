"""Views of an equipment's items: the list, and the card of one."""

from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from db.states import LENDABLE, ClaimStatus, Condition
from handlers.i18n import field_names
from handlers.i18n.texts import Texts, lines
from handlers.inventory.views.cards import NUMBERS, Custom, Problem, custom_lines, leads, note_line, too_few
from handlers.ui.callbacks import Verb, pack
from handlers.ui.form import Data, short
from handlers.ui.limits import Spare, cut, fit
from handlers.ui.message import Button, Message, Picture
from handlers.ui.refusals import condition_name
from handlers.ui.widgets import pager
from services.core.hours.periods import FOREVER
from services.inventory.listing import ItemLine, ItemPage, Stay

_MOST_DAMAGES = 3


def item_list(
    t: Texts, name: str, picture: Picture | None, page: ItemPage, data: Data, problem: Problem
) -> Message:
    text = lines(
        problem,
        Markup("<b>{}</b>").format(cut(name, 200)),
        t.plural("{n} item", "{n} items", page.total) if page.total else t("No items yet."),
        field_names.to_search(t, t("Write a code or a serial number to go straight there."), *NUMBERS)
        if page.pages > 1
        else None,
    )
    rows = [(Button(item_label(t, line), data("item", str(line.item_id))),) for line in page.lines]
    foot = (Button(str(t("Add items")), data("more", "")), Button(str(t("Back")), data("equipment", "")))
    return Message(
        text,
        (*rows, *pager.arrows(page.page, page.pages, lambda to: data("items", str(to))), foot),
        picture=picture,
    )


def item_label(t: Texts, line: ItemLine) -> str:
    stay = line.now
    if line.condition not in LENDABLE:
        where = str(condition_name(t, line.condition))
    elif stay is not None and stay.said_back:
        where = t("returned by {name}, not confirmed", name=short(stay.name, 16)).unescape()
    elif stay is not None and stay.status is ClaimStatus.OUT and stay.until >= FOREVER:
        where = t("{name} until further notice", name=short(stay.name, 16)).unescape()
    elif stay is not None and stay.status is ClaimStatus.OUT:
        where = t(
            "{name} until {day}", name=short(stay.name, 16), day=t.day(t.local(stay.until).date())
        ).unescape()
    elif stay is not None:
        where = str(t("promised")) if stay.number is not None else str(t("blocked"))
    else:
        where = short(line.place or "", 20)
    if line.condition is Condition.DAMAGED:
        where = " · ".join(part for part in (str(condition_name(t, line.condition)), where) if part)
    return short(" · ".join(part for part in (short(line.code, 24), where) if part), 60)


# One item


@dataclass(frozen=True)
class Damage:
    """An open damage note of the item."""

    id: int
    note: str
    by: str
    at: datetime
    has_photo: bool


@dataclass(frozen=True)
class ItemView:
    version: int
    name: str
    code: str
    label: str
    serial_number: str | None
    other_codes: tuple[str, ...]
    place: str | None
    condition: Condition
    comment: str
    custom: Custom
    damages: tuple[Damage, ...]
    stays: tuple[Stay, ...]
    equipment_retired: bool
    picture: Picture | None
    leads: tuple[str, ...]
    note: str | None = None
    kits: tuple[str, ...] = ()
    """Kits that lack this item."""


def item_card(t: Texts, v: ItemView, data: Data, problem: Problem) -> Message:
    serial = Markup("{}: ").format(field_names.name(t, "item.serial_number"))
    text = fit(
        problem,
        note_line(v.note),
        Markup("<b>{}</b> · {}").format(cut(v.code, 100), cut(v.name, 100)),
        Spare(cut(v.label, 120)) if v.label else None,
        t("Its equipment is retired: nobody can rent it.") if v.equipment_retired else None,
        t("Condition: {condition}", condition=condition_name(t, v.condition)),
        too_few(t, v.kits),
        *damage_lines(t, v),
        *where_lines(t, v),
        Spare(v.serial_number, serial) if v.serial_number else None,
        _other_codes(t, v),
        Spare(cut(v.comment, 300), is_prose=True) if v.comment else None,
        *custom_lines(v.custom),
    )
    version = str(v.version)
    rows = [_damage_buttons(t, one, data) for one in v.damages[:_MOST_DAMAGES]]
    others = [c for c in Condition if c not in (v.condition, Condition.RETIRED)]
    if v.condition is Condition.RETIRED:
        fate = Button(str(t("Bring back")), data("set", f"{Condition.OK} {version}"))
    else:
        fate = Button(str(t("Retire")), data("retire", version))
        rows.append(
            tuple(
                Button(str(condition_name(t, c)).capitalize(), data("set", f"{c} {version}")) for c in others
            )
        )
    said = Button(str(t("Problem")), data("problem", ""))
    rows.append((Button(str(t("Edit")), data("edit", "")), said, *leads(t, v.leads, data)))
    rows.append(
        (fate, Button(str(t("Equipment")), data("equipment", "")), Button(str(t("Back")), data("items", "0")))
    )
    return Message(text, tuple(rows), picture=v.picture)


def _other_codes(t: Texts, v: ItemView) -> Spare | None:
    if not v.other_codes:
        return None
    return Spare(", ".join(v.other_codes), Markup("{}: ").format(t("Other codes")))


def damage_lines(t: Texts, v: ItemView) -> list[Markup]:
    shown = [
        t("⚠️ “{note}” ({name}, {day})", note=cut(one.note, 80), name=cut(one.by, 30), day=_day(t, one))
        for one in v.damages[:_MOST_DAMAGES]
    ]
    if len(v.damages) > _MOST_DAMAGES:
        more = len(v.damages) - _MOST_DAMAGES
        shown.append(t.plural("… and {n} more", "… and {n} more", more))
    return shown


def _day(t: Texts, one: Damage) -> str:
    return t.day(t.local(one.at).date())


def _damage_buttons(t: Texts, one: Damage, data: Data) -> tuple[Button, ...]:
    label = t("Repaired: {note}", note=short(one.note, 24))
    repaired = Button(str(label.striptags()), data("repaired", str(one.id)))
    picture = Button("📷", pack(Verb.SHOW_DAMAGE, one.id))
    return (repaired, picture) if one.has_photo else (repaired,)


def where_lines(t: Texts, v: ItemView) -> list[Markup]:
    """Return the item's current claim or location, then its next claims."""
    found = []
    out = next((stay for stay in v.stays if stay.status is ClaimStatus.OUT), None)
    if out is not None:
        values = {"name": cut(out.name, 40), "id": out.number or "–"}
        found.append(
            t("Returned by {name}, not confirmed yet (rental {id})", **values)
            if out.said_back
            else t("With {name} until further notice (rental {id})", **values)
            if out.until >= FOREVER
            else t("With {name} until {moment} (rental {id})", moment=t.moment(out.until), **values)
        )
        if out.is_late(t.now):
            found.append(t("<b>It is overdue.</b>"))
    if v.place is not None:
        found.append(Markup("{}: {}").format(field_names.name(t, "item.location"), cut(v.place, 60)))
    following = [stay for stay in v.stays if stay is not out]
    for stay in following[:2]:
        period = t.period(stay.starts_at, stay.until)
        if stay.number is not None:
            found.append(
                t(
                    "Promised to {name}: {period} (rental {id})",
                    name=cut(stay.name, 30),
                    period=period,
                    id=stay.number,
                )
            )
        else:
            found.append(t("Blocked: {period}", period=period))
    if len(following) > 2:
        found.append(t.plural("… and {n} more", "… and {n} more", len(following) - 2))
    return found

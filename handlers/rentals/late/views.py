"""Messages about late conflicts and withdrawn items, with the alternatives."""

from collections.abc import Sequence

from markupsafe import Markup

from db.states import RentalStatus
from handlers.i18n.texts import Texts, lines
from handlers.rentals import rental_labels
from handlers.rentals.card_views import status_line
from handlers.ui.callbacks import Verb, pack
from handlers.ui.form import quoted, short
from handlers.ui.message import Button, Message, Rows
from services.availability.reallocation import LONGEST_REASON, Loss
from services.rentals.late.alternatives import Choices
from services.rentals.late.conflicts import Missing
from services.rentals.queries import RentalView

_MOST_LOSSES = 8
_MOST_LINES = 12


def losses_told(t: Texts, losses: Sequence[Loss]) -> list[Markup]:
    """Return the rentals that lose equipment."""
    if not losses:
        return []
    told = [t("<b>Rentals that lose something:</b>")]
    for loss in losses[:_MOST_LOSSES]:
        words = {
            "id": loss.number,
            "member": loss.member,
            "period": t.period(loss.starts_at, loss.due_at),
            "what": ", ".join(f"{number} × {short(name)}" for name, number in loss.things),
        }
        told.append(
            t("• Rental {id}, {member}, {period}: {what}. It is cancelled.", **words)
            if loss.is_all
            else t("• Rental {id}, {member}, {period}: {what}", **words)
        )
    if len(losses) > _MOST_LOSSES:
        more = len(losses) - _MOST_LOSSES
        told.append(t.plural("… and {n} more", "… and {n} more", more))
    return [*told, t("They will be told, and offered something else.")]


_MOST = 8
"""The most items to name; with more, the rest is left out."""


def _named(missing: Sequence[Missing]) -> Markup:
    shown = ", ".join(f"{short(one.name)} {short(one.code, 24)}" for one in missing[:_MOST])
    return Markup("<b>{}</b>").format(shown + (" …" if len(missing) > _MOST else ""))


def to_member(t: Texts, v: RentalView, missing: Sequence[Missing], choices: Choices) -> Message:
    """Tell the member which items are late, and the alternatives. Only the desk learns who is late."""
    has_choice = bool(choices.others or choices.days)
    return Message(
        lines(
            t(
                "⚠️ <b>Rental {id}</b>, {period}: {things} has not come back from the last rental. "
                "It was due {moment}.",
                id=v.number,
                period=t.period(v.starts_at, v.due_at),
                things=_named(missing),
                moment=t.moment(min(one.due_at for one in missing)),
            ),
            t("It may still come in time. Or tap what you would rather have:")
            if has_choice
            else t("It may still come in time. Nothing else of the kind is free."),
        ),
        _buttons(t, v, choices, str(t("Cancel"))),
    )


def chosen(t: Texts, v: RentalView, by: str, equipment: str | None, *, is_other: bool) -> Message:
    """Return the choice: `equipment`, or where that is None other days. `is_other`: not the same kind."""
    period = t.period(v.starts_at, v.due_at)
    if equipment is None:
        said = t("✅ {name} chose: {period}.", name=by, period=period)
    elif is_other:
        said = t("✅ {name} chose: {thing} instead.", name=by, thing=short(equipment))
    else:
        said = t("✅ {name} chose: another {thing}.", name=by, thing=short(equipment))
    again = v.status is RentalStatus.REQUESTED
    return Message(
        lines(_heading(t, v), said, t("It is waiting for an answer again.") if again else None),
    )


def ended(t: Texts, v: RentalView) -> Message:
    """Return that the rental was canceled, or expired."""
    return Message(lines(_heading(t, v), status_line(t, v)))


def _heading(t: Texts, v: RentalView) -> Markup:
    return t("<b>Rental {id}</b> · {member}", id=v.number, member=v.member)


def _buttons(t: Texts, v: RentalView, choices: Choices, cancel: str) -> Rows:
    rows: list[tuple[Button, ...]] = []
    for other in choices.others:
        label = t("Another {name}", name=short(other.name, 24))
        if other.gone_id != other.equipment_id:
            label = t("{name} instead", name=short(other.name, 24))
        data = pack(Verb.OTHER_EQUIPMENT, v.id, f"{other.gone_id}.{other.equipment_id}")
        rows.append((Button(label.unescape(), data),))
    rows += [
        (
            Button(
                t.period(period.starts_at, period.due_at),
                pack(Verb.OTHER_DAYS, v.id, t.local(period.starts_at).date().isoformat()),
            ),
        )
        for period in choices.days
    ]
    rows.append((Button(cancel, pack(Verb.CANCEL_RENTAL, v.id)),))
    return tuple(rows)


def to_desk(
    t: Texts,
    v: RentalView,
    late: Sequence[tuple[int, int, str]],
    missing: Sequence[Missing],
    choices: Choices,
    *,
    is_reached: bool,
) -> Message:
    """Tell the desk who is late, and who waits. `is_reached`: the member was notified, and may choose.

    `late`: id, number and member of each late rental.
    """
    who = ", ".join(f"{name} ({number})" for _, number, name in late[:_MOST])
    text = lines(
        t(
            "🔴 {things} is overdue, and somebody is waiting: rental {id}, {member}, {period}.",
            things=_named(missing),
            id=v.number,
            member=v.member,
            period=t.period(v.starts_at, v.due_at),
        ),
        t("It is with {names}, due {moment}.", names=who, moment=t.moment(min(m.due_at for m in missing))),
        t("The member has been told, and can choose. So can you:")
        if is_reached
        else t("I cannot write to the member. Please call, and tap what they choose:"),
    )
    show = [
        Button(
            t("Show: {name}", name=short(t.name(name), 24)).unescape(), pack(Verb.SHOW_RENTAL, rental_id, "d")
        )
        for rental_id, _, name in [(v.id, v.number, v.member), *late[:2]]
    ]
    rows = _buttons(t, v, choices, t("Cancel it for {name}", name=rental_labels.member(t, v)).unescape())
    return Message(text, (*rows, tuple(show)))


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
    """Tell items, reason, and alternatives on the same days; a stand-in gets no buttons for them."""
    what = ", ".join(f"{number} × {short(name)}" for name, number in things[:_MOST_LINES])
    text = lines(
        t(
            "⚠️ <b>Rental {id}</b>, {period}: {what} cannot be lent then.",
            id=v.number,
            period=t.period(v.starts_at, v.due_at),
            what=what,
        ),
        t("Reason: {reason}", reason=quoted(reason, LONGEST_REASON)),
        t("Nothing is left of the rental, so it is cancelled.")
        if cancelled
        else t("The rest stays as it is."),
        _free(t, offers, for_member) if offers else None,
    )
    rows = tuple((Button(short(name), pack(Verb.RENT_INSTEAD, v.id, i)),) for i, name in offers)
    return Message(text, rows)


def _free(t: Texts, offers: Sequence[tuple[int, str]], for_member: bool) -> Markup:
    if for_member:
        return t("Free on the same days. Tap one to borrow it instead:")
    return t("Free on the same days: {names}", names=", ".join(short(name) for _, name in offers))


def place_changed(t: Texts, rental_id: int, number: int, things: Sequence[Sequence[str | None]]) -> Message:
    """Say where the things of a rental lie now: each has its name, its code, and its place, if it has one."""
    told = [
        Markup("• {} · {}: <b>{}</b>").format(
            short(code or "", 24), short(name or "", 60), short(place) if place else t("ask a lender")
        )
        for name, code, place in things[:_MOST_LINES]
    ]
    show = Button(str(t("Show the rental")), pack(Verb.SHOW_RENTAL, rental_id))
    return Message(lines(t("📍 Rental {id} is now picked up elsewhere:", id=number), *told), ((show,),))

"""Messages sent by time: reminders in one message per person, and the daily digest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from markupsafe import Markup

from handlers.i18n.texts import Texts, lines
from handlers.rentals.card_views import hand_over_rows, summed
from handlers.ui.callbacks import Verb, pack
from handlers.ui.form import short
from handlers.ui.message import Button, Message
from services.rentals import reminders
from services.rentals.queries import RentalView
from services.transfers.candidates import Successor

_JUST_NOW = timedelta(hours=1)
_MOST = 12
"""The most rentals listed in one message; the rest is counted."""
_MOST_BUTTONS = 5
"""The most rentals of a digest with a button each; /overdue has them all."""


@dataclass(frozen=True)
class Reminded:
    """A rental and the moment of the reminder: pick_up, due_soon, due, overdue.

    Not `for_member`: a stand-in reads it, because the member cannot.
    """

    rental: RentalView
    moment: str
    following: Sequence[Successor] = ()
    for_member: bool = True


def _sentence(t: Texts, r: Reminded) -> Markup:
    what = summed(r.rental, r.rental.with_member, 4)
    values = {"id": r.rental.id, "what": what, "moment": t.moment(r.rental.due_at)}
    if not r.for_member:
        return _of_another(t, r)
    if r.moment == reminders.PICK_UP:
        return t("🎒 <b>{what}</b> is ready for you. Tap <b>Picked up</b> when you have it.", **values)
    if r.moment == reminders.DUE_SOON:
        return t("⏰ <b>{what}</b> is due back {moment}.", **values)
    if r.moment == reminders.DUE and t.now - r.rental.due_at < _JUST_NOW:
        return t("⏰ <b>{what}</b> is due back now.", **values)
    if r.moment == reminders.DUE:
        return t("⏰ <b>{what}</b> was due back {moment}. Please bring it back.", **values)
    return t("🔴 <b>{what}</b> has been overdue since {moment}. Somebody may be waiting for it.", **values)


def _of_another(t: Texts, r: Reminded) -> Markup:
    what = summed(r.rental, r.rental.with_member, 4)
    values = {"what": what, "moment": t.moment(r.rental.due_at), "name": r.rental.member}
    if r.moment == reminders.PICK_UP:
        return t("🎒 <b>{what}</b> is ready for {name}, whom I cannot write to.", **values)
    if r.rental.due_at > t.now:
        return t("⏰ <b>{what}</b>, with {name}, is due back {moment}. I cannot write to {name}.", **values)
    return t("🔴 <b>{what}</b>, with {name}, was due back {moment}. I cannot write to {name}.", **values)


def reminder(t: Texts, found: Sequence[Reminded]) -> Message:
    """Return one message for all reminders; the buttons name the rental where there are several."""
    rows: list[tuple[Button, ...]] = []
    for r in found[:_MOST]:
        suffix = f" {r.rental.id}" if len(found) > 1 else ""
        if not r.for_member:
            rows.append(_at_desk(t, r, suffix))
        elif r.moment == reminders.PICK_UP:
            rows.append(_pick_up(t, r.rental, suffix))
        else:
            rows.append(
                (
                    Button(str(t("Return")) + suffix, pack(Verb.RETURN, r.rental.id)),
                    Button(str(t("Extend")) + suffix, pack(Verb.EXTEND, r.rental.id)),
                    Button(str(t("Problem")) + suffix, pack(Verb.PROBLEM, r.rental.id)),
                )
            )
            rows += hand_over_rows(t, r.rental.id, r.following, suffix)
    shown = [
        (Markup("<b>{}</b> ").format(r.rental.id) if len(found) > 1 else Markup("")) + _sentence(t, r)
        for r in found[:_MOST]
    ]
    more = len(found) - _MOST
    rest = t.plural("… and {n} more: /rentals", "… and {n} more: /rentals", more) if more > 0 else None
    return Message(lines(*shown, rest), tuple(row for row in rows if row))


def _at_desk(t: Texts, r: Reminded, suffix: str) -> tuple[Button, ...]:
    show = Button(str(t("Show")) + suffix, pack(Verb.SHOW_RENTAL, r.rental.id, "d"))
    if r.moment == reminders.PICK_UP:
        return (Button(str(t("Hand out")) + suffix, pack(Verb.HAND_OUT, r.rental.id)), show)
    return (Button(str(t("Take back")) + suffix, pack(Verb.TAKE_BACK, r.rental.id)), show)


def _pick_up(t: Texts, rental: RentalView, suffix: str) -> tuple[Button, ...]:
    show = Button(str(t("Show")) + suffix, pack(Verb.SHOW_RENTAL, rental.id))
    if not rental.rules.member_picks_up:
        return (show,)
    return (Button(str(t("Picked up")) + suffix, pack(Verb.PICK_UP, rental.id)), show)


def digest(t: Texts, overdue: Sequence[RentalView]) -> Message:
    """Return the overdue rentals for the desk: the longest overdue with buttons."""
    heading = t.plural("🔴 <b>{n} rental is overdue</b>", "🔴 <b>{n} rentals are overdue</b>", len(overdue))
    rows = [
        (Button(f"{v.id} · {short(t.name(v.member), 24)}", pack(Verb.SHOW_RENTAL, v.id, "d")),)
        for v in overdue[:_MOST_BUTTONS]
    ]
    return Message(lines(heading, *overdue_lines(t, overdue)), tuple(rows))


def overdue_lines(t: Texts, overdue: Sequence[RentalView]) -> list[Markup]:
    shown = [
        t(
            "<b>{id}</b> · {member}: {what}, since {moment}",
            id=v.id,
            member=v.member,
            what=summed(v, v.with_member, 2),
            moment=t.moment(v.due_at),
        )
        for v in overdue[:20]
    ]
    if len(overdue) > 20:
        shown.append(t.plural("… and {n} more", "… and {n} more", len(overdue) - 20))
    return shown

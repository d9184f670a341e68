"""Messages sent by time: reminders in one message per person, and the daily digest."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from markupsafe import Markup

from handlers.i18n.texts import Texts, lines
from handlers.rentals import rental_labels
from handlers.rentals.card_views import (
    codes_of,
    following_lines,
    hand_over_rows,
    status_line,
    summed,
    summed_up,
)
from handlers.rentals.custody import more_time
from handlers.ui.callbacks import Verb, pack
from handlers.ui.form import folded
from handlers.ui.message import Button, Message, Style
from services.rentals import reminders
from services.rentals.queries import RentalView
from services.rentals.returns import Following
from services.transfers.candidates import Successor

_FETCHING = (reminders.PICK_UP, reminders.SAID_BACK)

_JUST_NOW = timedelta(hours=1)
_MOST = 12
"""The most rentals listed in one message; the rest is counted."""
MOST_IN_DIGEST = 12
"""The most rentals of a digest of each kind; the rest is counted."""
_MOST_BUTTONS = 5
"""The most rentals of a digest with a button each; /overdue has them all."""


@dataclass(frozen=True)
class Reminded:
    """A rental and the moment of the reminder: pick_up, said_back, due_soon, due, overdue, still; None where
    that is settled.

    Not `for_member`: a stand-in reads it, because the member cannot. `was`: the moment of what is settled.
    """

    rental: RentalView
    moment: str | None
    following: Sequence[Successor] = ()
    for_member: bool = True
    was: str = ""


def _sentence(t: Texts, r: Reminded) -> Markup:
    if r.moment is None:
        return t("<b>{what}</b>: {status}", what=summed_up(r.rental, 4), status=status_line(t, r.rental))
    what = summed(r.rental, r.rental.with_member, 4)
    if not r.for_member:
        return _of_another(t, r)
    if r.rental.due_at is None:
        return _still(t, r, what)
    values = {"id": r.rental.number, "what": what, "moment": t.moment(r.rental.due_at)}
    if r.moment == reminders.PICK_UP:
        return t("🎒 <b>{what}</b> is ready for you. Tap <b>Picked up</b> when you have it.", **values)
    if r.moment == reminders.SAID_BACK and r.rental.rules.member_picks_up:
        return t(
            "🎒 <b>{what}</b> should be back for you, but no lender has checked. "
            "If you have it, tap <b>I have it</b>.",
            **values,
        )
    if r.moment == reminders.SAID_BACK:
        return t("🎒 <b>{what}</b> should be back for you. A lender will check, and hand it out.", **values)
    if r.moment == reminders.DUE_SOON:
        return t("⏰ <b>{what}</b> is due back {moment}.", **values)
    if r.moment == reminders.DUE and t.now - r.rental.due_at < _JUST_NOW:
        return t("⏰ <b>{what}</b> is due back now.", **values)
    if r.moment == reminders.DUE:
        return t("⏰ <b>{what}</b> was due back {moment}. Please bring it back.", **values)
    return t("🔴 <b>{what}</b> has been overdue since {moment}. Somebody may be waiting for it.", **values)


def _still(t: Texts, r: Reminded, what: str) -> Markup:
    """Ask whether the member still has what is lent until further notice."""
    since = t.day(t.local(r.rental.starts_at).date())
    return t("📌 Do you still have <b>{what}</b>? You have had it since {day}.", what=what, day=since)


def _of_another(t: Texts, r: Reminded) -> Markup:
    what = summed(r.rental, r.rental.with_member, 4)
    if r.rental.due_at is None:
        since = t.day(t.local(r.rental.starts_at).date())
        return t(
            "📌 Does {name} still have <b>{what}</b>, since {day}? I cannot write to {name}.",
            name=r.rental.member,
            what=what,
            day=since,
        )
    values = {"what": what, "moment": t.moment(r.rental.due_at), "name": r.rental.member}
    if r.moment == reminders.PICK_UP:
        return t("🎒 <b>{what}</b> is ready for {name}, whom I cannot write to.", **values)
    if r.moment == reminders.SAID_BACK:
        return t(
            "🎒 <b>{what}</b> for {name}, whom I cannot write to, should be back, but no lender has checked.",
            **values,
        )
    if r.rental.due_at > t.now:
        return t("⏰ <b>{what}</b>, with {name}, is due back {moment}. I cannot write to {name}.", **values)
    return t("🔴 <b>{what}</b>, with {name}, was due back {moment}. I cannot write to {name}.", **values)


def reminder(t: Texts, found: Sequence[Reminded]) -> Message:
    """Return one message for all reminders; the buttons name the thing where there are several.

    What is settled has rows that only show it, as many as before: nothing that acts comes under the finger of
    a second tap. So the offers to the next members stand below all else.
    """
    is_open = any(r.moment is not None for r in found)
    several = len(found) > 1
    rows: list[tuple[Button, ...]] = []
    offers: list[tuple[Button, ...]] = []
    named = iter(rental_labels.labels(t, [r.rental for r in found[:_MOST]]))
    for r in found[:_MOST]:
        suffix = f": {next(named)}" if several else ""
        if r.moment is None:
            rows += _settled(t, r, suffix) if is_open else []
        elif not r.for_member:
            rows.append(_at_desk(t, r, suffix))
        elif r.moment in _FETCHING:
            rows.append(_pick_up(t, r, suffix))
        else:
            rows += _bring(t, r, suffix)
            offers += hand_over_rows(t, r.rental.id, r.following[: 1 if several else None], suffix)
    rows += offers
    shown = [_sentence(t, r) for r in found[:_MOST]]
    more = len(found) - _MOST
    rest = t.plural("… and {n} more: /rentals", "… and {n} more: /rentals", more) if more > 0 else None
    return Message(lines(*shown, rest), tuple(row for row in rows if row))


def _settled(t: Texts, r: Reminded, suffix: str) -> list[tuple[Button, ...]]:
    shows = pack(Verb.SHOW_RENTAL, r.rental.id)
    done = (Button(f"✓{suffix.lstrip(':')}", shows),)
    return [done] if r.was in _FETCHING else [done, (Button(str(t("Show")) + suffix, shows),)]


def _bring(t: Texts, r: Reminded, suffix: str) -> list[tuple[Button, ...]]:
    extend = Button(more_time.label(t, r.rental) + suffix, pack(Verb.EXTEND, r.rental.id))
    bring = Button(str(t("Return")) + suffix, pack(Verb.RETURN, r.rental.id))
    others = (
        *((extend,) if r.rental.is_member else ()),
        Button(str(t("Problem")) + suffix, pack(Verb.PROBLEM, r.rental.id)),
    )
    return [(bring,), others] if suffix else [(bring, *others)]


def _at_desk(t: Texts, r: Reminded, suffix: str) -> tuple[Button, ...]:
    show = Button(str(t("Show")) + suffix, pack(Verb.SHOW_RENTAL, r.rental.id, "d"))
    if r.moment in _FETCHING and not r.rental.to_hand_out:
        return (show,)
    if r.moment in _FETCHING:
        return (Button(str(t("Hand out")) + suffix, pack(Verb.HAND_OUT, r.rental.id)), show)
    return (Button(str(t("Take back")) + suffix, pack(Verb.TAKE_BACK, r.rental.id)), show)


def _pick_up(t: Texts, r: Reminded, suffix: str) -> tuple[Button, ...]:
    rental = r.rental
    show = Button(str(t("Show")) + suffix, pack(Verb.SHOW_RENTAL, rental.id))
    if not rental.rules.member_picks_up:
        return (show,)
    label = t("I have it") if r.moment == reminders.SAID_BACK else t("Picked up")
    return (Button(str(label) + suffix, pack(Verb.PICK_UP, rental.id), style=Style.GO_ON), show)


@dataclass(frozen=True)
class Some:
    """The first rentals of a list, and the number of all."""

    first: Sequence[RentalView]
    total: int


@dataclass(frozen=True)
class Digest:
    """The requests that wait for an answer, the overdue rentals, the returns to confirm, and what is promised
    `in_vain`, to members who cannot fetch it; each with the first MOST_IN_DIGEST.
    """

    asked: Some
    overdue: Some
    said_back: Some
    in_vain: Some

    def __bool__(self) -> bool:
        return any(some.total for some in (self.asked, self.overdue, self.said_back, self.in_vain))


def digest(t: Texts, d: Digest) -> Message:
    """Return for the desk what waits, the first of each with buttons."""
    told: list[Markup] = []
    if n := d.asked.total:
        told.append(
            t.plural(
                "⏳ <b>{n} request is waiting for an answer</b>",
                "⏳ <b>{n} requests are waiting for an answer</b>",
                n,
            )
        )
        told.append(folded(_with_rest(t, d.asked, _promised_line)))
    if n := d.overdue.total:
        told.append(t.plural("🔴 <b>{n} rental is overdue</b>", "🔴 <b>{n} rentals are overdue</b>", n))
        told.append(folded(_with_rest(t, d.overdue, _overdue_line)))
    if n := d.said_back.total:
        told.append(t.plural("↩️ <b>{n} return to confirm</b>", "↩️ <b>{n} returns to confirm</b>", n))
        told.append(folded(_with_rest(t, d.said_back, _said_back_line)))
    if d.in_vain.total:
        told.append(t("⛔ <b>Promised to somebody who cannot pick it up</b>"))
        told.append(folded(_with_rest(t, d.in_vain, _promised_line)))
    parts = (d.asked, d.overdue, d.said_back, d.in_vain)
    shown = list({v.id: v for part in parts for v in part.first[:_MOST_BUTTONS]}.values())
    rows = [
        (Button(label, pack(Verb.SHOW_RENTAL, v.id, "d")),)
        for v, label in zip(shown, rental_labels.labels(t, shown, desk=True), strict=True)
    ]
    return Message(lines(*told), tuple(rows))


def _with_rest(t: Texts, some: Some, line: Callable[[Texts, RentalView], Markup]) -> list[Markup]:
    shown = [line(t, v) for v in some.first]
    more = some.total - len(some.first)
    return [*shown, t.plural("… and {n} more", "… and {n} more", more)] if more > 0 else shown


def _promised_line(t: Texts, v: RentalView) -> Markup:
    return t(
        "<b>{id}</b> · {member}: {what}, {period}",
        id=v.number,
        member=v.member,
        what=summed_up(v, 2),
        period=t.period(v.starts_at, v.due_at),
    )


def _said_back_line(t: Texts, v: RentalView) -> Markup:
    return t(
        "<b>{id}</b> · {member}: {what}", id=v.number, member=v.member, what=summed(v, v.waiting_back, 2)
    )


def _overdue_line(t: Texts, v: RentalView) -> Markup:
    return t(
        "<b>{id}</b> · {member}: {what}, since {moment}",
        id=v.number,
        member=v.member,
        what=summed(v, v.with_member, 2),
        moment=t.moment(v.due_at or v.starts_at),
    )


def unconfirmed(t: Texts, v: RentalView, following: Sequence[Following]) -> Message:
    """Ask the desk to confirm a return, because somebody else has the items next."""
    text = lines(
        t(
            "↩️ {member} says that it is back: <b>{what}</b>, rental {id}. Is it there?",
            member=v.member,
            what=f"{summed(v, v.waiting_back)} ({codes_of(v.waiting_back, 8)})",
            id=v.number,
        ),
        *following_lines(t, following),
    )
    return Message(
        text,
        (
            (
                Button(str(t("Confirm return")), pack(Verb.CONFIRM_RETURN, v.id)),
                Button(str(t("It is not there")), pack(Verb.NOT_BACK, v.id)),
            ),
            (Button(str(t("Show the rental")), pack(Verb.SHOW_RENTAL, v.id, "d")),),
        ),
    )


def confirmed(t: Texts, v: RentalView) -> Message:
    """Say, in place of the question to the desk, how a return stands that is settled."""
    if v.with_member:
        return Message(t("↩️ Rental {id} of {member} is not back.", id=v.number, member=v.member))
    if v.waiting_back:
        return Message(
            t("↩️ Rental {id} of {member}: nobody is waiting for it any more.", id=v.number, member=v.member)
        )
    return Message(t("✅ Rental {id} of {member} is back.", id=v.number, member=v.member))

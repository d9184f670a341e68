"""Views of the day's worklist, with the next action as a button on each rental."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from markupsafe import Markup

from db.states import ClaimStatus
from handlers.desk.item_card_views import Verb as ItemVerb
from handlers.i18n.texts import Texts, lines
from handlers.rentals import rental_labels
from handlers.rentals.card_views import codes_of, summed, summed_up
from handlers.ui.callbacks import Verb, pack
from handlers.ui.message import Button, Message
from handlers.ui.sentences import obstacles
from handlers.ui.widgets import pager
from services.desk.worklist import Task
from services.rentals.queries import RentalView

LIST_NAME = "desk"
"""The list's name on its arrows (handlers/rentals/lists.py)."""

_MOST_CODES = 4

REMEMBERS = "+"
"""The end of a button's argument on a list that remembers what was done on it."""


@dataclass(frozen=True)
class Shown:
    """A rental on the page with its task; `is_done`: it was just done."""

    task: Task
    rental: RentalView
    is_done: bool = False


@dataclass(frozen=True)
class DayView:
    """One page; `counts` has the number of rentals by task on all pages; `remembers`: see REMEMBERS."""

    shown: Sequence[Shown]
    counts: dict[Task, int]
    page: int
    pages: int
    remembers: bool = False


def day(t: Texts, v: DayView) -> Message:
    parts: list[Markup | str] = []
    rows: list[tuple[Button, ...]] = []
    last: Task | None = None
    for one in v.shown:
        if one.task is not last:
            parts += [*([""] if parts else []), _heading(t, one.task, v.counts[one.task])]
            last = one.task
        parts.append(_line(t, one))
        rows.append(_buttons(t, one, v))
    if not parts:
        parts.append(t("Nothing to do at the desk today."))
    now = Button(str(t("Hand out now")), pack(ItemVerb.HAND_OUT_NOW, 0))
    return Message(lines(*parts), (*rows, _turns(v), (now,)))


def ahead(t: Texts, first: date, last: date, shown: Sequence[Shown], counts: Mapping[Task, int]) -> Message:
    """Return what goes out and comes back on these days; each rental leads to its card."""
    days = t.day(first) if first == last else f"{t.day(first)} – {t.day(last)}"
    parts: list[Markup | str] = [Markup("<b>{}</b>").format(days)]
    for task, of_task in groupby(shown, key=lambda one: one.task):
        parts += ["", _heading_ahead(t, task, counts[task]), *(_line(t, one) for one in of_task)]
    if not shown:
        parts += ["", t("Nothing goes out or comes back.")]
    more = sum(counts.values()) - len(shown)
    if more > 0:
        parts += ["", t.plural("… and {n} more", "… and {n} more", more)]
    rentals = {one.rental.id: one.rental for one in shown}
    labels = rental_labels.labels(t, list(rentals.values()), desk=True)
    rows = [
        (Button(label, pack(Verb.SHOW_RENTAL, id_, "d")),) for id_, label in zip(rentals, labels, strict=True)
    ]
    today = Button(str(t("Today at the desk")), pack(Verb.LIST, 0, LIST_NAME))
    return Message(lines(*parts), (*rows, (today,)))


def _heading_ahead(t: Texts, task: Task, n: int) -> Markup:
    return {
        Task.ANSWER: t("<b>Waiting for an answer</b> ({n})", n=n),
        Task.HAND_OUT: t("<b>Goes out</b> ({n})", n=n),
        Task.TAKE_BACK: t("<b>Comes back</b> ({n})", n=n),
    }[task]


def _heading(t: Texts, task: Task, n: int) -> Markup:
    """Return the heading of a part of the day, with the number that is left of it; none once all is done."""
    heading = {
        Task.CONFIRM: t("<b>Confirm the return</b> ({n})", n=n),
        Task.LATE: t("<b>Overdue</b> ({n})", n=n),
        Task.HAND_OUT: t("<b>Goes out today</b> ({n})", n=n),
        Task.TAKE_BACK: t("<b>Comes back today</b> ({n})", n=n),
    }[task]
    return heading if n else Markup(str(heading).removesuffix(" (0)"))


def _line(t: Texts, one: Shown) -> Markup:
    """Return the member and the equipment, with the item codes for a check-out, as they have to be found."""
    v = one.rental
    if one.is_done:
        return t("✓ <b>{id}</b> · {member}: {what}", id=v.number, member=v.member, what=summed_up(v))
    pieces = {
        Task.CONFIRM: v.waiting_back,
        Task.LATE: v.with_member,
        Task.HAND_OUT: v.of(ClaimStatus.HELD),
        Task.TAKE_BACK: v.with_member or v.of(ClaimStatus.HELD),
        Task.ANSWER: v.of(ClaimStatus.HELD),
    }[one.task]
    values = {"id": v.number, "member": v.member, "what": summed(v, pieces)}
    if v.due_at is None:
        return t("<b>{id}</b> · {member}: {what}\nreturned, not confirmed yet", **values)
    values["due"] = t.moment(v.due_at)
    if one.task in (Task.HAND_OUT, Task.ANSWER):
        line = t(
            "<b>{id}</b> · {member}: {what}\n{when}\n{codes}",
            when=t.span(v.starts_at, v.due_at),
            codes=codes_of(pieces, _MOST_CODES),
            **values,
        )
        return lines(line, obstacles.for_desk(t, v) if v.is_barred else None)
    if one.task is Task.CONFIRM:
        return t("<b>{id}</b> · {member}: {what}\nreturned, not confirmed yet, due {due}", **values)
    return t("<b>{id}</b> · {member}: {what}\ndue {due}", **values)


def _buttons(t: Texts, one: Shown, day: DayView) -> tuple[Button, ...]:
    """Return the button of the next action, then that of the card; that alone for what was done, and for
    who may not fetch it.
    """
    v = one.rental
    show = pack(Verb.SHOW_RENTAL, v.id, "d")
    if one.is_done:
        return (Button(f"✓ {rental_labels.member(t, v)} · {rental_labels.thing(v)}", show),)
    if one.task is Task.HAND_OUT and v.is_barred:
        return (Button(f"⛔ {rental_labels.member(t, v)} · {rental_labels.thing(v)}", show),)
    label = {
        Task.CONFIRM: t("Confirm return"),
        Task.LATE: t("Take back"),
        Task.HAND_OUT: t("Hand out"),
        Task.TAKE_BACK: t("Take back"),
    }[one.task]
    arg = f"{one.task}{day.page}{REMEMBERS if day.remembers else ''}"
    return (
        Button(f"{label}: {rental_labels.member(t, v)}", pack(Verb.DESK, v.id, arg)),
        Button(rental_labels.thing(v), show),
    )


def _turns(v: DayView) -> tuple[Button, ...]:
    """Return the page arrows; the middle one refreshes the list, which others change too."""
    again = Button("↻", pack(Verb.LIST, v.page, LIST_NAME))
    if v.pages < 2:
        return (again,)
    ((back, middle, on),) = pager.arrows(v.page, v.pages, lambda to: pack(Verb.LIST, to, LIST_NAME))
    return (back, Button(f"{middle.label} ↻", middle.data), on)

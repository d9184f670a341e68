"""Screens of the basket: its lines, its days and the member's details."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from handlers.i18n import field_names
from handlers.i18n.texts import Texts, lines
from handlers.rentals.booking.views import KIT, Short, line_text, short_rows, way_on_row
from handlers.ui.form import Data, cancel, quoted, short
from handlers.ui.message import Button, Message, Picture, Rows, Style
from services.rentals.changes.contents import Bounds
from services.rentals.queries import Line, RentalView

_LONGEST_DETAIL = 200
_LONGEST_PURPOSE = 500
_MOST_DETAILS = 8
_MOST_WITH_PICTURE = 4
_SHORT = 40
"""Characters of a text below a picture, which has room for a quarter of a message."""


@dataclass(frozen=True)
class BasketLine:
    """A line with the most of it that the chosen days allow."""

    line: Line
    most: int


@dataclass(frozen=True)
class BasketView:
    """`fields`: the organization's custom fields, by id and label; `details`: their values.

    `retired_kit` has to be removed before the request can be sent. `changes_id`: it changes that rental, and
    first and last day are chosen each by itself; within `bounds`, where it can only have less. `asked_days`:
    those of the rental that it changes.
    """

    lines: tuple[BasketLine, ...]
    starts_at: datetime | None
    due_at: datetime | None
    days: int
    purpose: str
    way_on: tuple[str, str] | None
    picture: Picture | None
    fields: tuple[tuple[int, str], ...] = ()
    details: tuple[tuple[str, str], ...] = ()
    retired_kit: int | None = None
    comment: str = ""
    changes_id: int | None = None
    changes_number: int | None = None
    bounds: Bounds | None = None
    asked_days: str = ""
    short: Short | None = None


def entered_text(t: Texts, v: RentalView) -> Markup | None:
    """Return for the member who entered it for them; None where they did themselves."""
    if v.entered_by is None:
        return None
    if v.is_handed_over:
        return t("{name} handed this to you.", name=v.entered_by)
    return t("{name} entered this for you.", name=v.entered_by)


def details_text(details: Sequence[tuple[str, str]], most: int = _LONGEST_DETAIL) -> list[Markup]:
    """Return the custom fields, one per line, with values of at most so many characters."""
    return [
        Markup("{}: {}").format(short(label.rstrip(": ")), quoted(value, most)) for label, value in details
    ]


def comment_text(t: Texts, comment: str) -> Markup | None:
    """Return what else the member said with it, if anything."""
    return field_names.line(t, "rental.comment", quoted(comment, _LONGEST_DETAIL))


def basket(t: Texts, v: BasketView, data: Data, problem: Markup | None) -> Message:
    """Show everything before it is sent; one tap on Confirm sends it."""
    things = [line_text(t, one.line) for one in v.lines]
    gives_up = v.bounds is not None and v.bounds.keeps_days
    if gives_up:
        things = [t("Not picked up yet:"), *things] if things else [t("Nothing more will be picked up.")]
    heading, when = t("<b>Your basket</b>"), None
    if v.starts_at is not None and v.due_at is not None:
        heading = t.plural("<b>Your basket</b> for {n} day", "<b>Your basket</b> for {n} days", v.days)
        when = t.span(v.starts_at, v.due_at)
    if v.changes_id is not None:
        heading = t("<b>Change of rental {id}</b>", id=v.changes_number)
    if v.bounds is not None and not gives_up:
        heading = lines(
            t("<b>Your answer to request {id}</b>", id=v.changes_number),
            t("Take out what they cannot have, or choose other days."),
            t("Asked for: {days}", days=v.asked_days) if v.asked_days and v.asked_days != when else None,
        )
    purpose = field_names.line(t, "rental.purpose", quoted(v.purpose, _LONGEST_PURPOSE))
    details = details_text(v.details[:_MOST_DETAILS])
    if v.picture is not None:
        details = details_text(v.details[:_MOST_WITH_PICTURE], _SHORT)
    text = lines(heading, when, *things, purpose, comment_text(t, v.comment), *details, problem)
    rows = [_quantity_row(line, data, named=len(v.lines) > 1) for line in v.lines]
    rows += [*short_rows(t, v.short, data), *way_on_row(t, v.way_on, data)]
    if v.retired_kit is not None:
        rows.append((Button(str(t("Keep the individual things")), data("loosen", str(v.retired_kit))),))
    if (v.lines or gives_up) and v.starts_at is not None:
        rows.append((Button(str(t("Confirm")), data("confirm", ""), style=Style.GO_ON),))
    rows += _day_rows(t, v, data)
    asks = Button(short(field_names.name(t, "rental.purpose"), 24), data("purpose", ""))
    rows.append((asks, *_details_button(t, v, data)))
    more = Button(short(_else(t), 24), data("comment", ""))
    if v.fields:
        rows.append((more, cancel(t, data)))
    else:
        rows[-1:] = [(*rows[-1], more), (cancel(t, data),)]
    return Message(text, tuple(rows), picture=v.picture)


def _day_rows(t: Texts, v: BasketView, data: Data) -> Rows:
    """Return the buttons for more things and other days, as far as there can be any."""
    more = Button(str(t("Add more")), data("more", ""))
    if v.changes_id is None:
        return ((more, Button(str(t("Other days")), data("days", ""))),)
    days = (Button(str(t("First day")), data("days", "")), Button(str(t("Last day")), data("until", "")))
    if v.bounds is None:
        return (days, (more,))
    return () if v.bounds.keeps_days else (days,)


def _else(t: Texts) -> str:
    return field_names.button(t, "rental.comment", t("Anything else?"))


def _details_button(t: Texts, v: BasketView, data: Data) -> tuple[Button, ...]:
    if not v.fields:
        return ()
    if len(v.fields) == 1:
        number, label = v.fields[0]
        return (Button(short(label, 24), data("detail", str(number))),)
    return (Button(str(t("More details")), data("details", "")),)


def _quantity_row(one: BasketLine, data: Data, *, named: bool) -> tuple[Button, ...]:
    """Return the buttons that change a quantity.

    Each button names the resulting number, so that a double tap does not count twice. A third of a phone's
    width has room for the beginning of a name; the only line needs none.
    """
    line = one.line

    def to(quantity: int) -> str:
        return data("put", f"{line_value(line)}/{quantity}")

    mark = KIT if line.kit_id is not None else ""
    row = [Button(f"{line.quantity} × {mark}{short(line.label, 14)}", to(line.quantity))] if named else []
    row.append(Button("−" if line.quantity > 1 else "🗑", to(line.quantity - 1)))
    if line.quantity < one.most:
        row.append(Button("+", to(line.quantity + 1)))
    return tuple(row)


def line_value(line: Line) -> str:
    """Return the value in a line's button, as `entry_value`."""
    return f"k{line.kit_id}" if line.kit_id is not None else str(line.equipment_id)


def ask_purpose(t: Texts, purpose: str, data: Data, problem: Markup | None) -> Message:
    text = lines(
        problem,
        field_names.question(
            t,
            "rental.purpose",
            t("<b>What is it for?</b> Write it in a few words, such as <i>scout trip</i>."),
        ),
        t("Now: {purpose}", purpose=purpose) if purpose else None,
    )
    return Message(text, ((Button(str(t("Back")), data("basket", "")), cancel(t, data)),))


def ask_comment(t: Texts, comment: str, data: Data, problem: Markup | None) -> Message:
    text = lines(
        problem,
        field_names.question(
            t,
            "rental.comment",
            t(
                "<b>Anything else?</b> Write what the lenders should know, such as <i>Per will pick "
                "it up</i>."
            ),
        ),
        t("Now: {purpose}", purpose=comment) if comment else None,
    )
    rows: list[tuple[Button, ...]] = [(Button(str(t("Remove")), data("nothing", "")),)] if comment else []
    rows.append((Button(str(t("Back")), data("basket", "")), cancel(t, data)))
    return Message(text, tuple(rows))


MOST_FIELDS = 20


def detail_list(
    t: Texts,
    fields: Sequence[tuple[int, str]],
    details: Sequence[tuple[str, str]],
    data: Data,
    problem: Markup | None,
) -> Message:
    """List the organization's custom fields: tap one to answer it."""
    said = {label for label, _ in details}
    rows: list[tuple[Button, ...]] = [
        (Button(("✓ " if label in said else "") + short(label), data("detail", str(number))),)
        for number, label in fields[:MOST_FIELDS]
    ]
    rows.append((Button(str(t("Back")), data("basket", "")), cancel(t, data)))
    return Message(
        lines(problem, t("<b>More details</b>"), *details_text(details[:MOST_FIELDS], 100)), tuple(rows)
    )


def ask_detail(t: Texts, label: str, value: str, data: Data, problem: Markup | None) -> Message:
    text = lines(
        problem,
        t("<b>{label}</b>: write it in a few words.", label=label),
        t("Now: {purpose}", purpose=value) if value else None,
    )
    rows: list[tuple[Button, ...]] = []
    if value:
        rows.append((Button(str(t("Remove")), data("nothing", "")),))
    rows.append((Button(str(t("Back")), data("basket", "")), cancel(t, data)))
    return Message(text, tuple(rows))


def not_asked(t: Texts, data: Data) -> Message:
    back = (Button(str(t("Back")), data("basket", "")), cancel(t, data))
    return Message(t("That question is no longer asked."), (back,))


def other_days_question(
    t: Texts,
    things: Sequence[Line],
    period: tuple[datetime | None, datetime | None],
    wanted: tuple[str, Markup | str],
    data: Data,
) -> Message:
    """Ask what is to become of a filled basket, where something is wanted on other days."""
    start, due = period
    when = t.span(start, due) if start and due else None
    what, days = wanted
    text = lines(
        t("<b>Your basket</b>"),
        when,
        *(line_text(t, line) for line in things),
        "",
        t(
            "You asked for {things} on other days: {days}. Which days are right?",
            things=short(what, 100),
            days=days,
        ),
    )
    rows = (
        (Button(t("All on {days}", days=days).unescape(), data("move", "")),),
        (Button(str(t("Confirm it, then a second rental")), data("second", "")),),
        (
            Button(
                str(t("All on {days}", days=t.period(start, due)) if start else t("The basket’s days")),
                data("same", ""),
            ),
        ),
        (Button(str(t("Back")), data("leave", "")), cancel(t, data)),
    )
    return Message(text, rows)

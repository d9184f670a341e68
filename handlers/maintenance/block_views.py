"""Views of blocks: pieces, dates, preview, list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from markupsafe import Markup

from handlers.i18n.texts import Texts, lines
from handlers.rentals.late.views import _MOST_LOSSES, losses_told
from handlers.ui.form import FROM, UNTIL, Data, cancel, short
from handlers.ui.message import Button, Message
from handlers.ui.widgets import pager, reason
from handlers.ui.widgets.calendar import Month, month_rows
from services.core.hours.periods import FOREVER
from services.maintenance.blocks import LeftOut, Preview, View

NUMBERS = 8
"""Maximum number of pieces with a button of its own."""

_MOST_CODES = 20


@dataclass(frozen=True)
class Choice:
    """An item in the list to choose from."""

    item_id: int
    code: str
    chosen: bool


@dataclass(frozen=True)
class Items:
    choices: tuple[Choice, ...]
    page: int
    pages: int
    chosen: int


def _back(t: Texts, data: Data) -> Button:
    return Button(str(t("Back")), data("back", ""))


def which_kind(
    t: Texts, named: Sequence[tuple[int, str]], pieces: int, data: Data, problem: Markup | None
) -> Message:
    """Ask which of several equipment, a button each, with the number that was said."""
    text = lines(problem, t("<b>Which are to be blocked?</b> Tap it, or write its name."))
    before = f"{pieces} × " if pieces > 1 else ""
    rows = [(Button(short(f"{before}{name}", 40), data("kind", str(id_))),) for id_, name in named]
    return Message(text, (*rows, (cancel(t, data),)))


def how_many(t: Texts, name: str, pieces: int, blocked: int, data: Data, problem: Markup | None) -> Message:
    """Ask for the number: one tap, also for all of them."""
    text = lines(
        Markup("<b>{}</b>").format(name),
        problem,
        t("<b>How many are to be blocked?</b> Tap or write a number, or write codes.")
        if pieces
        else t("There is nothing here that could be lent."),
    )
    numbers = [Button(str(n), data("pieces", str(n))) for n in range(1, min(pieces, NUMBERS) + 1)]
    rows: list[tuple[Button, ...]] = [tuple(numbers[i : i + 4]) for i in range(0, len(numbers), 4)]
    if pieces > NUMBERS:
        rows.append((Button(t("All {n}", n=pieces).unescape(), data("pieces", str(pieces))),))
    if pieces:
        rows.append((Button(str(t("Which ones")), data("choose", "0")),))
    if blocked:
        rows.append((Button(t("Blocked ({n})", n=blocked).unescape(), data("blocks", "0")),))
    return Message(text, (*rows, (_back(t, data), cancel(t, data))))


def which(t: Texts, name: str, items: Items, data: Data, problem: Markup | None) -> Message:
    """Ask for items. Buttons carry the state they lead to, so that a double tap does not undo itself."""
    text = lines(
        Markup("<b>{}</b>").format(name),
        problem,
        t("<b>Which ones?</b> Tap them, or write their codes."),
    )
    buttons = [
        Button(
            ("✓ " if choice.chosen else "") + short(choice.code, 24),
            data("item", f"{choice.item_id}/{0 if choice.chosen else 1}"),
        )
        for choice in items.choices
    ]
    rows: list[tuple[Button, ...]] = [tuple(buttons[i : i + 3]) for i in range(0, len(buttons), 3)]
    rows += pager.arrows(items.page, items.pages, lambda to: data("choose", str(to)), counted=False)
    if items.chosen:
        rows.append((Button(t("Done ({n})", n=items.chosen).unescape(), data("chosen", "")),))
    return Message(text, (*rows, (_back(t, data), cancel(t, data))))


def first_day(t: Texts, what: str, month: Month, data: Data, problem: Markup | None) -> Message:
    text = lines(
        Markup("<b>{}</b>").format(what),
        problem,
        t("<b>From which day?</b> Tap it, or write it: <i>today</i>, <i>1.12.</i>"),
    )
    return Message(text, (*month_rows(t, month, data, FROM), (_back(t, data), cancel(t, data))))


def last_day(t: Texts, what: str, first: date, month: Month, data: Data, problem: Markup | None) -> Message:
    text = lines(
        Markup("<b>{}</b>").format(what),
        problem,
        t("From {moment}.", moment=t.day(first)),
        t("<b>Until which day?</b> Tap it, or write it: <i>friday</i>, <i>3 days</i>"),
    )
    return Message(text, (*month_rows(t, month, data, UNTIL), (_back(t, data), cancel(t, data))))


def when(t: Texts, starts_at: datetime, until: datetime) -> str:
    """Format the period; whole days include the last one."""
    return t.period(starts_at, until - timedelta(seconds=1))


def reasons(t: Texts) -> list[str]:
    """Return the usual reasons; buttons carry the position in this list."""
    return [str(t("Repair")), str(t("Own use"))]


def check(
    t: Texts,
    name: str,
    period: tuple[datetime, datetime],
    found: Preview | None,
    data: Data,
    problem: Markup | None,
) -> Message:
    """Show the items and the effects before the block is created; giving a reason creates it."""
    foot = (_back(t, data), cancel(t, data))
    if found is None:
        return Message(lines(Markup("<b>{}</b>").format(name), problem), (foot,))
    text = lines(
        t("<b>{n} × {name}</b>", n=len(found.codes), name=name),
        when(t, *period),
        t("Codes: {codes}", codes=_codes(found.codes)),
        *(_left_out(t, left) for left in found.left_out[:_MOST_LOSSES]),
        t.plural(
            "{n} reservation moves to another piece; nobody notices.",
            "{n} reservations move to other pieces; nobody notices.",
            found.moved,
        )
        if found.moved
        else None,
        *losses_told(t, found.losses),
        problem,
        t("<b>Why?</b> Tap or write the reason, and it is done."),
    )
    return Message(text, (tuple(reason.buttons(t, reasons, data)), foot))


def _codes(codes: Sequence[str]) -> str:
    more = " …" if len(codes) > _MOST_CODES else ""
    return ", ".join(short(code, 24) for code in codes[:_MOST_CODES]) + more


def _left_out(t: Texts, left: LeftOut) -> Markup:
    if not left.is_out:
        return t("Not {code}: already blocked until {moment}", code=left.code, moment=t.moment(left.until))
    if left.until >= FOREVER:
        return t("Not {code}: out until further notice", code=left.code)
    if left.until <= t.now:
        return t("Not {code}: out, and was due {moment}", code=left.code, moment=t.moment(left.until))
    return t("Not {code}: out until {moment}", code=left.code, moment=t.moment(left.until))


@dataclass(frozen=True)
class Blocks:
    """Blocks of one equipment, by its `name`, or of all. `done`: one was just created."""

    name: str | None
    found: tuple[View, ...]
    page: int
    pages: int
    done: bool


def blocks(t: Texts, v: Blocks, data: Data, problem: Markup | None) -> Message:
    heading = t("<b>Blocked: {name}</b>", name=v.name) if v.name else t("<b>Blocked</b>")
    each = [_line(t, one, with_name=v.name is None) for one in v.found]
    text = lines(
        t("✅ Done.") if v.done else None,
        heading,
        problem,
        *(each or [t("Nothing is blocked.")]),
        t("To block something, write its name or code.") if v.name is None else None,
    )
    rows: list[tuple[Button, ...]] = [
        (
            Button(
                t("End now: {codes}", codes=short(", ".join(one.codes), 30)).unescape(),
                data("end", str(one.id)),
            ),
        )
        for one in v.found
    ]
    rows += pager.arrows(v.page, v.pages, lambda to: data("blocks", str(to)), counted=False)
    if v.name is not None:
        rows.append(
            (Button(str(t("Block more")), data("more", "")), Button(str(t("All blocks")), data("all", "")))
        )
    return Message(text, (*rows, (_back(t, data),)))


def _line(t: Texts, one: View, *, with_name: bool) -> Markup:
    what = _codes(one.codes)
    if with_name:
        what = f"{', '.join(short(name) for name in one.equipment[:3])}: {what}"
    return t(
        "• {what} · {period} · {reason}",
        what=what,
        period=when(t, one.starts_at, one.until),
        reason=short(one.reason, 60),
    )

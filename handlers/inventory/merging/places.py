"""Merging two places on a place's card: choose the other, see what goes where, confirm."""

from collections.abc import Sequence

from markupsafe import Markup

from db.models import Conversation as Row
from handlers.i18n.texts import Texts, lines
from handlers.inventory.data import ListData
from handlers.inventory.lists.named_lists import ONE, keeper
from handlers.ui import conversation
from handlers.ui.callbacks import number
from handlers.ui.conversation import State
from handlers.ui.form import Data, attempt, data_of, problem_of, short
from handlers.ui.message import Button, Message
from handlers.ui.request import Request
from handlers.ui.widgets import pager
from services.core import identity
from services.core.errors import Refusal, Refused
from services.core.text import fold
from services.core.tx import Tx
from services.inventory import locations
from services.inventory.locations import Place
from services.inventory.merging import places
from services.inventory.merging.places import Plan

OTHER, MERGE = "other", "merge"
_PER_PAGE = 8


begin = conversation.goto(OTHER, ListData(other_words="", other_page=0))


def _search(step: Request, row: Row, text: str) -> None:
    conversation.update(row, ListData(other_words=" ".join(text.split())[:100], other_page=0, problem=None))


_page = conversation.goto(changes=lambda value: ListData(other_page=number(value) or 0))


def _choose(step: Request, row: Row, value: str) -> None:
    actor, kept, gone = keeper(step), ListData.of(row).id, number(value)
    if gone is None:
        raise Refusal(Refused.OUTDATED)
    if attempt(step, row, lambda: places.plan(step.by(actor), kept, gone)):
        conversation.update(row, ListData(other=gone), to=MERGE)
    conversation.render(step, row)


def _merge(step: Request, row: Row, value: str) -> None:
    actor, kept = keeper(step), ListData.of(row)
    attempt(step, row, lambda: places.merge(step.by(actor), kept.id, kept.other))
    conversation.update(row, ListData(other=0), to=ONE)
    conversation.render(step, row)


# Screens


def _other_screen(tx: Tx, row: Row, t: Texts) -> Message:
    kept, there = ListData.of(row), tx.of(row.organization_id)
    words = fold(kept.other_words).split()
    found = [
        place
        for place in locations.listed(there, switched_off=True)
        if place.id != kept.id and all(word in fold(place.name) for word in words)
    ]
    name = locations.get(there, kept.id).name
    return ask_other(t, name, found, kept.other_page, data_of(row), problem_of(row, t))


def ask_other(
    t: Texts, name: str, found: Sequence[Place], page: int, data: Data, problem: Markup | None
) -> Message:
    part = pager.cut(found, page, _PER_PAGE)
    rows: list[tuple[Button, ...]] = [
        (Button(f"{short(place.name)} ({place.items})", data("goes", str(place.id))),) for place in part.shown
    ]
    rows += pager.arrows(part.number, part.pages, lambda to: data("others", str(to)))
    rows.append((Button(str(t("Back")), data("one", "")),))
    text = lines(
        problem,
        t("<b>Which place is the same as {name}?</b>", name=name),
        t(
            "{name} stays. Tap the other one, or write a name. You see what will happen before it does.",
            name=name,
        ),
    )
    return Message(text, tuple(rows))


def _merge_screen(tx: Tx, row: Row, t: Texts) -> Message:
    kept = ListData.of(row)
    actor = identity.resolve(tx, account_id=row.account_id, organization_id=row.organization_id)
    try:
        found = places.plan(tx.by(actor), kept.id, kept.other)
    except Refusal:
        # One of them is not there any more.
        return _other_screen(tx, row, t)
    return question(t, found, data_of(row), problem_of(row, t))


def question(t: Texts, found: Plan, data: Data, problem: Markup | None) -> Message:
    """Show what goes where, and ask once."""
    kept, gone = found.kept.name, found.gone.name
    told = [
        (found.items, t.plural("• {n} thing", "• {n} things", found.items)),
        (found.returns, t.plural("• {n} return to it", "• {n} returns to it", found.returns)),
        (found.closed_days, t.plural("• {n} closed period", "• {n} closed periods", found.closed_days)),
        (
            0 if found.hours_end else found.hours,
            t.plural("• {n} day with opening hours", "• {n} days with opening hours", found.hours),
        ),
    ]
    if found.gone.description and not found.kept.description:
        told.append((1, t("• its description")))
    moved = [line for count, line in told if count] or [t("• nothing but the name")]
    text = lines(
        problem,
        t("<b>Merge {gone} into {kept}?</b>", gone=gone, kept=kept),
        t("Everything of {gone} continues under {kept}:", gone=gone, kept=kept),
        *moved,
        t("⚠️ The opening hours of {gone} end: {kept} has its own.", gone=gone, kept=kept)
        if found.hours_end
        else None,
        t("⚠️ The description of {gone} is lost: {kept} has its own.", gone=gone, kept=kept)
        if found.description_ends
        else None,
        t("This cannot be undone."),
    )
    rows = (
        (Button(str(t("Merge them")), data("merge", "")),),
        (Button(str(t("Another one")), data("merging", "")), Button(str(t("Back")), data("one", ""))),
    )
    return Message(text, rows)


to_card = conversation.goto(ONE, ListData(other=0))

STATES = {
    OTHER: State(_other_screen, {"goes": _choose, "others": _page, "one": to_card}, _search),
    MERGE: State(_merge_screen, {"merge": _merge, "merging": begin, "one": to_card}),
}

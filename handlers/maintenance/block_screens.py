"""Data of the block's screens, gathered by services."""

from datetime import date, datetime, time, timedelta

from db.models import Conversation as Row
from handlers.i18n.texts import Texts, lines
from handlers.maintenance import block_views as views
from handlers.maintenance.data import BlockData
from handlers.ui.form import data_of, problem_of
from handlers.ui.message import Message
from handlers.ui.refusals import explain
from handlers.ui.widgets import calendar, pager
from handlers.ui.widgets.calendar import Month
from services.core import identity
from services.core.errors import Refusal
from services.core.hours import periods
from services.core.tx import Tx
from services.inventory import catalog
from services.maintenance import blocks
from services.maintenance.blocks import Asked

_PER_PAGE = 12
_BLOCKS_PER_PAGE = 6
_AHEAD = timedelta(days=3650)


def name_of(tx: Tx, row: Row) -> str:
    return catalog.get(tx.of(row.organization_id), BlockData.of(row).equipment_id).name


def kind(tx: Tx, row: Row, t: Texts) -> Message:
    """Ask which of several equipment is meant."""
    own, kept = tx.of(row.organization_id), BlockData.of(row)
    named = [(id_, catalog.get(own, id_).name) for id_ in kept.kinds]
    return views.which_kind(t, named, kept.pieces, data_of(row), problem_of(row, t))


def pieces(tx: Tx, row: Row, t: Texts) -> Message:
    """Ask for the number of pieces; a block of one item asks for the first day instead."""
    kept = BlockData.of(row)
    if kept.item_id:
        return first_day(tx, row, t)
    equipment_id = kept.equipment_id
    _, total = blocks.current(tx.of(row.organization_id), equipment_id=equipment_id, per_page=0)
    return views.how_many(
        t,
        name_of(tx, row),
        blocks.lendable(tx, equipment_id),
        total,
        data_of(row),
        problem_of(row, t),
    )


def choose(tx: Tx, row: Row, t: Texts) -> Message:
    kept = BlockData.of(row)
    equipment_id, chosen = kept.equipment_id, set(kept.items)
    there = blocks.lendable(tx, equipment_id)
    pages, page = pager.pages_of(there, _PER_PAGE), pager.within(kept.page, there, _PER_PAGE)
    found = blocks.choices(tx, equipment_id, page=page, per_page=_PER_PAGE)
    items = views.Items(
        tuple(views.Choice(id_, code, id_ in chosen) for id_, code in found), page, pages, len(chosen)
    )
    return views.which(t, name_of(tx, row), items, data_of(row), problem_of(row, t))


def _what(tx: Tx, row: Row) -> str:
    """Return `3 × Tent`, or the codes of chosen items."""
    name, items = name_of(tx, row), items_of(row)
    if not items:
        return f"{BlockData.of(row).pieces or 1} × {name}"
    codes = blocks.codes(tx, items)
    return f"{name}: {', '.join(codes[:6])}{' …' if len(codes) > 6 else ''}"


def items_of(row: Row) -> tuple[int, ...]:
    kept = BlockData.of(row)
    return (kept.item_id,) if kept.item_id else kept.items


def _month(row: Row, t: Texts, chosen: date | None) -> Month:
    """Return a month in which all days from `chosen` or today can be tapped; the preview shows conflicts."""
    begin = chosen or t.today
    shown = BlockData.of(row).month or begin.replace(day=1)
    end = calendar.next_month(shown)
    if calendar.is_short(shown, begin):
        end = calendar.next_month(end)
    days = (shown + timedelta(days=n) for n in range((end - shown).days))
    return Month(
        first=shown,
        begin=begin,
        free=frozenset(day for day in days if day >= begin),
        taken=frozenset(),
        chosen=chosen,
        has_before=shown > begin.replace(day=1),
        has_after=end <= t.today + _AHEAD,
        before=calendar.PAST if chosen is None else calendar.BEFORE_FIRST,
    )


def first_day(tx: Tx, row: Row, t: Texts) -> Message:
    return views.first_day(t, _what(tx, row), _month(row, t, None), data_of(row), problem_of(row, t))


def last_day(tx: Tx, row: Row, t: Texts) -> Message:
    first = date.fromisoformat(BlockData.of(row).first[:10])
    return views.last_day(t, _what(tx, row), first, _month(row, t, first), data_of(row), problem_of(row, t))


def asked_of(row: Row, t: Texts) -> Asked:
    """Return the block asked for: whole days, midnight to midnight, where no time of day was typed."""

    kept = BlockData.of(row)

    def moment(written: str, days: int) -> datetime:
        day, _, clock = written.partition(" ")
        if clock:
            return periods.at(date.fromisoformat(day), time.fromisoformat(clock), t.zone)
        return periods.start_of_day(date.fromisoformat(day) + timedelta(days=days), t.zone)

    return Asked(
        kept.equipment_id,
        moment(kept.first, 0),
        moment(kept.last, 1),
        kept.pieces,
        items_of(row),
    )


def check(tx: Tx, row: Row, t: Texts) -> Message:
    asked, problem, found = asked_of(row, t), problem_of(row, t), None
    try:
        actor = identity.resolve(tx, account_id=row.account_id, organization_id=row.organization_id)
        found = blocks.preview(tx.by(actor), asked)
    except Refusal as refusal:
        problem = lines(problem, explain(t, refusal))
    return views.check(
        t, name_of(tx, row), (max(asked.starts_at, t.now), asked.until), found, data_of(row), problem
    )


def block_list(tx: Tx, row: Row, t: Texts) -> Message:
    kept = BlockData.of(row)
    equipment_id = kept.equipment_id or None if not kept.all else None
    page = kept.page
    found, total = blocks.current(
        tx.of(row.organization_id), equipment_id=equipment_id, page=page, per_page=_BLOCKS_PER_PAGE
    )
    view = views.Blocks(
        name=name_of(tx, row) if equipment_id is not None else None,
        found=tuple(found),
        page=page,
        pages=pager.pages_of(total, _BLOCKS_PER_PAGE),
        done=kept.done,
    )
    return views.blocks(t, view, data_of(row), problem_of(row, t))

"""The equipment narrowed by place, type, tags and days together, on one card with a live count."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from db.models import Conversation as Row
from handlers.i18n import field_names
from handlers.i18n.texts import Texts, lines
from handlers.parsing import rental_line
from handlers.parsing.spans.date_ranges import Still
from handlers.rentals.booking import dates
from handlers.rentals.booking.data import RentData
from handlers.ui import conversation
from handlers.ui.callbacks import number
from handlers.ui.conversation import OnTap, State
from handlers.ui.form import data_of, problem_of, short, side_by_side
from handlers.ui.message import Button, Message
from handlers.ui.refusals import keep
from handlers.ui.request import Request
from handlers.ui.widgets import date_range, pager
from handlers.ui.widgets.tags import tag_label
from services.core import identity
from services.core.errors import Refusal, Refused
from services.core.hours import opening_hours, periods
from services.core.hours.periods import Hours, Period
from services.core.tx import Tx
from services.inventory import locations, selection, tags
from services.inventory.search import kinds
from services.inventory.selection import Filter, Found

NARROWING = "narrowing"

PLACE, TYPE, TAGS, DAYS, WORDS = "place", "type", "tags", "days", "words"
"""The ways of narrowing; `RentData.by` has the one whose choices are open. Words are typed."""

_FOUND_PER_PAGE, _CHOICES_PER_PAGE = 6, 12
_LONGEST_WORDS = 100

NOTHING = RentData(by="", by_place=0, by_type="", by_tags=(), by_days=(), page=0, problem=None)
"""The state of the card as it comes: of the search that led there the words stay."""


def _wanted(tx: Tx, row: Row) -> Filter:
    kept = RentData.of(row)
    period = _period(tx, kept.by_days)
    return Filter(
        words=kept.words,
        type=kept.by_type or None,
        tag_ids=kept.by_tags,
        location_id=kept.by_place or None,
        state=selection.State.FREE if period is not None else None,
        period=period,
    )


def _period(tx: Tx, days: Sequence[str]) -> Period | None:
    if len(days) != 2:
        return None
    first, last = (date.fromisoformat(day) for day in days)
    rule = tx.policy
    return periods.of_days(first, last, tx.zone, Hours(rule.hand_out_at, rule.return_at))


def _screen(tx: Tx, row: Row, t: Texts) -> Message:
    actor = identity.resolve(tx, account_id=row.account_id, organization_id=row.organization_id)
    tx = tx.by(actor)
    kept, data = RentData.of(row), data_of(row)
    page = 0 if kept.by else kept.page
    found = selection.equipment(tx, _wanted(tx, row), offset=page * _FOUND_PER_PAGE, limit=_FOUND_PER_PAGE)
    chosen = _chosen(tx, row, t)
    text = lines(
        problem_of(row, t),
        t.plural("<b>{n} kind of thing</b>", "<b>{n} kinds of things</b>", found.total),
        *(t("✓ {choice}", choice=choice) for choice in chosen.values()),
        t("Write the days, such as <i>friday to sunday</i>.") if kept.by == DAYS else None,
    )
    rows: list[tuple[Button, ...]] = []
    if kept.by in (PLACE, TYPE, TAGS):
        part = pager.cut(_choices(tx, kept), kept.page, _CHOICES_PER_PAGE)
        rows += side_by_side([Button(short(name, 24), data("chosen", value)) for name, value in part.shown])
        rows += pager.arrows(part.number, part.pages, lambda to: data("page", str(to)))
        rows.append((Button(str(t("Back")), data("by", "")),))
        return Message(text, tuple(rows))
    marked = [
        Button(("✓ " if by in chosen else "") + short(name, 24), data("by", by))
        for by, name in _ways(tx, t).items()
    ]
    rows += [(_button(t, one, data("pick", str(one.equipment.id))),) for one in found.rows]
    pages = -(-found.total // _FOUND_PER_PAGE)
    rows += pager.arrows(page, pages, lambda to: data("page", str(to)))
    rows += [tuple(row) for row in (marked[:2], marked[2:]) if row]
    last = [Button(str(t("Clear")), data("clear", ""))] if chosen else []
    rows.append((*last, Button(str(t("Back")), data("all", ""))))
    return Message(text, tuple(rows))


def _ways(tx: Tx, t: Texts) -> dict[str, str]:
    """Return the ways of narrowing that there are choices for, with their names."""
    names = {}
    if locations.are_there(tx):
        names[PLACE] = field_names.name(t, "item.location")
    if kinds.types(tx):
        names[TYPE] = field_names.name(t, "equipment.type")
    if tags.listed(tx):
        names[TAGS] = field_names.name(t, "equipment.tags")
    return {**names, DAYS: str(t("Free on days"))}


def _button(t: Texts, one: Found, value: str) -> Button:
    pieces, free = one.pieces, one.free_now if one.free is None else one.free
    if one.there is not None:
        pieces, free = one.there.pieces, one.there.free
    return Button(
        f"{short(one.equipment.name)} · {t('{free} of {pieces} free', free=free, pieces=pieces)}", value
    )


def _chosen(tx: Tx, row: Row, t: Texts) -> dict[str, str]:
    """Return what was chosen, in words, by what it is."""
    kept = RentData.of(row)
    found = {}
    if kept.words:
        found[WORDS] = f"“{short(kept.words, 40)}”"
    if kept.by_place:
        found[PLACE] = locations.name_of(tx, kept.by_place) or "–"
    if kept.by_type:
        found[TYPE] = kept.by_type
    if kept.by_tags:
        names = {tag.id: tag_label(tag.name, tag.color) for tag in tags.listed(tx)}
        found[TAGS] = " + ".join(names.get(id_, "–") for id_ in kept.by_tags)
    period = _period(tx, kept.by_days)
    if period is not None:
        found[DAYS] = t.period(period.starts_at, period.due_at)
    return found


def _choices(tx: Tx, kept: RentData) -> list[tuple[str, str]]:
    """Return the choices that are open, as they are shown, and their values in buttons."""
    if kept.by == PLACE:
        found = [(place.name, place.id, place.id == kept.by_place) for place in locations.listed(tx)]
    elif kept.by == TYPE:
        known = [name for name, _ in kinds.types(tx)]
        found = [(name, at, name == kept.by_type) for at, name in enumerate(known, start=1)]
    else:
        found = [(tag_label(tag.name, tag.color), tag.id, tag.id in kept.by_tags) for tag in tags.listed(tx)]
    return [(("✓ " if is_on else "") + name, str(value)) for name, value, is_on in found]


# Taps and words


_by = conversation.goto(changes=lambda value: RentData(by=value[:10], page=0, problem=None))
_page = conversation.goto(changes=lambda value: RentData(page=number(value) or 0))
_clear = conversation.goto(changes=NOTHING.model_copy(update={"words": ""}))
begin: OnTap = conversation.goto(NARROWING, NOTHING)


def _take(step: Request, row: Row, value: str) -> None:
    """Choose one, or what was chosen already not any more; of tags there may be several."""
    kept, chosen = RentData.of(row), number(value)
    if chosen is None:
        raise Refusal(Refused.OUTDATED)
    if kept.by == PLACE:
        conversation.update(row, RentData(by="", by_place=0 if chosen == kept.by_place else chosen, page=0))
    elif kept.by == TYPE:
        known = [name for name, _ in kinds.types(step.tx.of(row.organization_id))]
        if not 1 <= chosen <= len(known):
            raise Refusal(Refused.OUTDATED)
        name = known[chosen - 1]
        conversation.update(row, RentData(by="", by_type="" if name == kept.by_type else name, page=0))
    elif kept.by == TAGS:
        others = tuple(one for one in kept.by_tags if one != chosen)
        conversation.update(row, RentData(by_tags=others if chosen in kept.by_tags else (*others, chosen)))
    conversation.render(step, row)


def _typed(step: Request, row: Row, text: str) -> None:
    """Take days: two, or one. What is no day is searched for, where days are not asked for."""
    t = step.texts
    timetable = opening_hours.of_all(step.tx.of(row.organization_id))
    still = dates.still_had(timetable, t)
    line = rental_line.only_days(text, today=t.today, language=t.language, day_first=t.day_first, still=still)
    told = dates.note(line, timetable, t) if line is not None else None
    try:
        days = _days(line, still) or [date_range.understood(t, text).day] * 2
        if days[1] < days[0]:
            raise Refusal(Refused.END_BEFORE_START)
        if days[1] < t.today:
            raise Refusal(Refused.IN_THE_PAST)
    except Refusal as refusal:
        if refusal.code is Refused.NOT_A_DATE and RentData.of(row).by != DAYS:
            conversation.update(
                row, RentData(words=" ".join(text.split())[:_LONGEST_WORDS], page=0, problem=None)
            )
        else:
            conversation.update(row, RentData(problem=keep(refusal)))
        return
    chosen = (days[0].isoformat(), days[1].isoformat())
    conversation.update(row, RentData(by="", by_days=chosen, page=0, problem=told))


def _days(line: rental_line.RentLine | None, still: Still) -> list[date] | None:
    if line is None:
        return None
    if line.first is not None and line.last is not None:
        return [line.first.day, line.last.day]
    return [still.hand_out, still.hand_out + timedelta(days=min(line.length or 1, 1000) - 1)]


def states(pick: OnTap) -> Mapping[str, State]:
    """Return the state of the card; `pick` takes equipment of the list."""
    taps = {"by": _by, "chosen": _take, "page": _page, "clear": _clear, "pick": pick}
    return {NARROWING: State(_screen, taps, _typed, fits=date_range.is_day)}

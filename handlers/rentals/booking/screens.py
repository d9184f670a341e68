"""Screens of booking, with data from the database."""

from datetime import date, datetime, time, timedelta

from db.models import Conversation as Row
from db.models import Equipment, Item, Rental
from db.states import ClaimStatus, Described, RentalStatus, Role
from handlers.i18n.texts import Texts, lines
from handlers.rentals.booking import views
from handlers.rentals.booking.data import RentData
from handlers.ui.form import data_of, problem_of, there
from handlers.ui.message import Message, Picture
from handlers.ui.widgets import calendar, date_range
from handlers.ui.widgets.calendar import Month
from handlers.ui.widgets.tags import tag_label
from services.availability import reservations, schedules
from services.core import custom_fields
from services.core.errors import Refusal, Refused
from services.core.hours import opening_hours, periods
from services.core.hours.opening_hours import Timetable, What
from services.core.hours.periods import Period
from services.core.policy import Policy
from services.core.tx import Tx
from services.inventory import catalog, listing, locations, selection, tags
from services.inventory.search import kinds, recent
from services.rentals import queries
from services.rentals.booking import baskets, request

MOST_DAYS = 10_000


def way_on(row: Row) -> tuple[str, str] | None:
    found = (RentData.of(row).problem or {}).get("next_free")
    return (found[0], found[1]) if found else None


def retired_kit(row: Row) -> int | None:
    """Return the retired kit, if it is the problem."""
    found = RentData.of(row).problem or {}
    return found["kit_id"] if found.get("refused") == Refused.KIT_RETIRED else None


def draft(tx: Tx, row: Row) -> Rental:
    """Return the conversation's basket. Raises OUTDATED where it was sent or discarded elsewhere."""
    found = queries.find(tx, RentData.of(row).rental_id)
    if found is None or found.status is not RentalStatus.DRAFT:
        raise Refusal(Refused.OUTDATED)
    return found


def picture(tx: Tx, organization_id: int, equipment_id: int) -> Picture | None:
    photo = catalog.photo_of(tx.session, catalog.get(tx.of(organization_id), equipment_id))
    return Picture(photo.id, photo.telegram_file_id, photo.content) if photo is not None else None


def pick(tx: Tx, row: Row, t: Texts) -> Message:
    kept = RentData.of(row)
    organization_id = row.organization_id or 0
    basket = draft(tx, row)
    narrowed_to, type_, tag_id = _narrowed(tx, row)
    own, period = tx.of(organization_id), in_question(tx, row, t, basket)
    instead = reservations.replaced(tx.session, basket)
    liked, is_near = "", bool(kept.words and kept.near)
    if is_near:
        page = catalog.listed(own, [_named(value) for value in kept.near])
    elif period is None:
        page = catalog.search(own, words=kept.words, type_=type_, tag_id=tag_id, page=kept.page)
    elif kept.like:
        liked = catalog.get(own, kept.like).name
        page = selection.alike(own, kept.like, period, page=kept.page, without=instead)
    else:
        page = selection.search_on(
            own, period, words=kept.words, type_=type_, tag_id=tag_id, page=kept.page, without=instead
        )
    user = queries.member(tx.session, basket)
    rented = recent.of_member(own, user.id, known=page.entries)
    if period is not None:
        rented = selection.entries_on(own, rented, period, without=instead)
    has_types = kinds.has_any(own)
    view = views.ListView(
        words=kept.words,
        narrowed_to=narrowed_to,
        page=page,
        recent=rented,
        has_types=has_types,
        has_places=not has_types and locations.are_there(own),
        in_basket=sum(line.quantity for line in queries.lines_of(tx.session, basket)),
        role=user.role,
        days=days_meant(row, t) or (t.period(period.starts_at, period.due_at) if period else None),
        is_near=is_near,
        like=liked,
    )
    return views.item_list(t, view, data_of(row), problem_of(row, t))


def _named(value: str) -> tuple[int, int | None]:
    """Return the equipment and the kit of a button's value, `12` or `k3`."""
    return (0, int(value[1:])) if value.startswith("k") else (int(value), None)


def in_question(tx: Tx, row: Row, t: Texts, basket: Rental) -> Period | None:
    """Return the days that a list is about: of the line, else of the basket; None where it is closed then."""
    kept, own = RentData.of(row), tx.of(basket.organization_id)
    first, last = kept.asked_first, kept.asked_last
    if not first and kept.asked_length:
        first = t.today.isoformat()
        last = (t.today + timedelta(days=min(kept.asked_length, MOST_DAYS) - 1)).isoformat()
    if first:
        days = date_range.day_of(first), date_range.day_of(last) if last else None
        return period_of(opening_hours.of_all(own), *days, own.policy, t)
    if basket.starts_at is None or basket.due_at is None:
        return None
    return Period(basket.starts_at, basket.due_at)


def short(tx: Tx, row: Row, t: Texts, basket: Rental) -> views.Short | None:
    """Return the ways on where the problem is that there is too little of something."""
    problem = RentData.of(row).problem or {}
    if problem.get("refused") != Refused.NOT_FREE or problem.get("item_id") is not None:
        return None
    equipment_id, own = problem["equipment_id"], tx.of(basket.organization_id)
    lines = reservations.lines_of(tx.session, basket.id)
    asked = [line for line in lines if line.equipment_id == equipment_id]
    if len(asked) != 1:
        return None
    line = asked[0]
    if line.kit_id is not None:
        return views.Short(f"k{line.kit_id}", problem["free"] // (line.kit_pieces or 1), has_like=False)
    period = tried(tx, row, t, basket)
    instead = reservations.replaced(tx.session, basket)
    found = selection.alike(own, equipment_id, period, per_page=1, without=instead) if period else None
    return views.Short(str(equipment_id), problem["free"], bool(found and found.total))


def tried(tx: Tx, row: Row, t: Texts, basket: Rental) -> Period | None:
    """Return the days that were asked for last, while they are asked for; else those of the basket."""
    kept = RentData.of(row).tried
    if row.state != "first" or not kept:
        if basket.starts_at is None or basket.due_at is None:
            return None
        return Period(basket.starts_at, basket.due_at)
    first, last = (date_range.day_of(day) if day else None for day in kept)
    timetable = opening_hours.for_rental(tx, basket)
    return period_of(timetable, first or t.today, last, tx.of(basket.organization_id).policy, t)


def days_meant(row: Row, t: Texts) -> str | None:
    """Return the days of the command's line, until equipment is chosen."""
    kept = RentData.of(row)
    first, last = (
        f"{t.day(date_range.day_of(said))}{said[10:]}" if said else None
        for said in (kept.asked_first, kept.asked_last)
    )
    if first and last and kept.asked_first[:10] == kept.asked_last[:10]:
        until = kept.asked_last[11:]  # of one day only the hours
        return f"{first}–{until}" if until else first
    return f"{first} – {last}" if first and last else first


def _narrowed(tx: Tx, row: Row) -> tuple[str | None, str | None, int | None]:
    """Return the name of the filter of the list, and its type or tag."""
    kept = RentData.of(row).narrow
    if not kept:
        return None, None, None
    for choice in choices(tx, row.organization_id or 0):
        if choice.value == kept:
            is_tag = choice.value.startswith("t")
            return choice.name, None if is_tag else choice.name, int(choice.value[1:]) if is_tag else None
    return None, None, None


def choices(tx: Tx, organization_id: int) -> list[views.Choice]:
    """Return tags by id, types by their place in the alphabet: a button has no room for the name."""
    tagged = [
        views.Choice(f"t{i}", tag_label(name, color), count)
        for i, name, color, count in kinds.tags(tx.of(organization_id))
    ]
    types = kinds.types(tx.of(organization_id))
    return tagged + [views.Choice(f"y{place}", name, count) for place, (name, count) in enumerate(types)]


def types(tx: Tx, row: Row, t: Texts) -> Message:
    found = choices(tx, row.organization_id or 0)
    return views.type_list(t, found, RentData.of(row).types_page, data_of(row), problem_of(row, t))


def equipment_view(
    tx: Tx, organization_id: int, equipment_id: int, *, item: Item | None = None
) -> views.EquipmentView:
    tx = tx.of(organization_id)
    equipment = catalog.get(tx, equipment_id)
    schedule = schedules.load(tx, organization_id, [equipment_id])
    free_now = schedule.free_at(equipment_id, tx.now)
    return views.EquipmentView(
        name=equipment.name,
        brand=equipment.brand,
        model=equipment.model,
        type=equipment.type,
        tags=tuple(tag_label(tag.name, tag.color) for tag in tags.of_equipment(tx.session, equipment_id)),
        description=equipment.description,
        pieces=schedule.pieces(equipment_id),
        free_now=free_now,
        next_free=schedule.next_free_moment(equipment_id, tx.now) if not free_now else None,
        code=item.code if item is not None else None,
        picture=picture(tx, organization_id, equipment_id),
        out_until=_out_until(tx, item) if item is not None else None,
        places=_places(tx, equipment_id, item),
        serial_number=item.serial_number if item is not None and tx.policy.serial_numbers_shown else None,
        fields=_fields(tx, equipment, item),
    )


def _places(tx: Tx, equipment_id: int, item: Item | None) -> tuple[str, ...]:
    """Return the place of the item, or all places of the equipment's items."""
    if item is None:
        return tuple(locations.of_equipment(tx.session, equipment_id))
    name = locations.name_of(tx, item.location_id)
    return (name,) if name is not None else ()


def _fields(tx: Tx, equipment: Equipment, item: Item | None) -> tuple[tuple[str, str], ...]:
    """Return the custom fields that are marked for members."""
    of, custom = tx.organization_id, custom_fields.for_members
    own = custom(tx.session, of, Described.ITEM, item.custom) if item is not None else []
    return (*custom(tx.session, of, Described.EQUIPMENT, equipment.custom), *own)


def _out_until(tx: Tx, item: Item) -> datetime | None:
    stays = listing.stays(tx, [item.id])
    return next((stay.until for stay in stays if stay.status is ClaimStatus.OUT), None)


def _calendar(tx: Tx, row: Row, t: Texts, basket: Rental, chosen: date | None) -> Month:
    """Return the month's days on which the basket is available: first days, or last if one is `chosen`."""
    lines = reservations.lines_of(tx.session, basket.id)
    rule = request.rules(tx, basket, lines)
    demands = reservations.demands(tx.session, basket, lines)
    schedule = reservations.schedule_for(tx, basket, lines)
    begin = chosen or t.today
    shown = RentData.of(row).month or begin.replace(day=1)
    last = t.today + timedelta(days=rule.ahead_days)
    if chosen is not None:
        last = request.last_day(opening_hours.for_rental(tx, basket), rule, chosen)
    free: set[date] = set()
    taken: set[date] = set()
    day = shown
    end = calendar.next_month(shown)
    if calendar.is_short(shown, begin):
        end = calendar.next_month(end)
    timetable = opening_hours.for_rental(tx, basket)
    closed: dict[date, str] = {}
    while day < end:
        if begin <= day <= last:
            shut = shut_on(timetable, day, What.HAND_OUT if chosen is None else What.RETURN, t)
            if shut is not None:
                closed[day] = shut
            else:
                period = period_of(timetable, chosen or day, day if chosen else None, rule, t)
                if period is not None and schedule.has(demands, period.starts_at, period.due_at):
                    free.add(day)
                elif period is not None and schedule.lacks_open_places(
                    demands, period.starts_at, period.due_at
                ):
                    closed[day] = calendar.closed_place()
                else:
                    taken.add(day)
        day += timedelta(days=1)
    return Month(
        first=shown,
        begin=begin,
        free=frozenset(free),
        taken=frozenset(taken),
        chosen=chosen,
        has_before=shown > begin.replace(day=1),
        # Once taken, no later day is free: the rental would last over it.
        has_after=end <= last and (chosen is None or end - timedelta(days=1) not in taken),
        closed=closed,
        before=calendar.PAST if chosen is None else calendar.BEFORE_FIRST,
        after=calendar.TOO_FAR if chosen is None else calendar.TOO_LONG,
    )


def shut_on(timetable: Timetable, day: date, what: What, t: Texts) -> str | None:
    """Return the value of a closed day's button, with the reason; None where it is open."""
    shut = timetable.shut(day, what)
    if shut is not None:
        return calendar.closed_day(what, shut)
    still = timetable.is_still if what is What.HAND_OUT else timetable.is_return_still
    return calendar.over(what) if day == t.today and not still(day, t.now, t.zone) else None


def period_of(timetable: Timetable, first: date, last: date | None, rule: Policy, t: Texts) -> Period | None:
    """Return the period of these days, from now at the earliest; without a last day the shortest.

    None where it is over or empty, or closed.
    """
    try:
        period = (
            timetable.shortest(
                first, t.zone, most=(request.last_day(timetable, rule, first) - first).days + 1, now=t.now
            )
            if last is None
            else timetable.period(first, last, t.zone)
        )
    except Refusal:
        return None
    if period is None or period.due_at <= t.now:
        return None
    return Period(max(period.starts_at, t.now), period.due_at)


def _question(tx: Tx, row: Row, t: Texts, chosen: date | None) -> views.DayQuestion:
    basket = draft(tx, row)
    lines = queries.lines_of(tx.session, basket)
    item = baskets.only_item(tx, basket)
    only = lines[0] if len(lines) == 1 else None
    equipment = None
    if only is not None and only.equipment_id is not None:
        equipment = equipment_view(tx, basket.organization_id, only.equipment_id, item=item)
    hand_out = None
    if chosen is not None:
        hand_out = _hand_out(opening_hours.for_rental(tx, basket), chosen, t)
        if said := RentData.of(row).first_time:
            hand_out = periods.at(chosen, time.fromisoformat(said), t.zone)
    return views.DayQuestion(
        equipment=equipment,
        kit=_kit_view(tx, basket.organization_id, only) if only is not None else None,
        in_basket=", ".join(
            (f"{line.quantity} × " if line.quantity > 1 else "") + line.name for line in lines[:4]
        ),
        month=_calendar(tx, row, t, basket, chosen),
        chosen=chosen,
        hand_out=hand_out,
        way_on=way_on(row),
        short=short(tx, row, t, basket) if chosen is None else None,
        was=days_changed(tx, basket, t),
        for_keeper=item is not None and queries.member(tx.session, basket).role.covers(Role.ADMIN),
    )


def days_changed(tx: Tx, basket: Rental, t: Texts) -> str | None:
    """Return the days of the rental that this basket changes; None where it changes none."""
    base = queries.find(tx, basket.changes_id) if basket.changes_id is not None else None
    if base is None or base.starts_at is None or base.due_at is None:
        return None
    return t.span(base.starts_at, base.due_at)


def _hand_out(timetable: Timetable, day: date, t: Texts) -> datetime | None:
    """Return the time of the day's check-out; None where the day was closed since it was chosen."""
    try:
        return max(periods.at(day, timetable.hand_out_from(day), t.zone), t.now)
    except Refusal:
        return None


def _kit_view(tx: Tx, organization_id: int, line: queries.Line) -> views.KitView | None:
    if line.kit_id is None:
        return None
    entry = catalog.kit_entries(tx.of(organization_id), [line.kit_id])[0]
    return views.KitView(line.name, line.parts, entry.pieces, entry.free_now)


def first_day(tx: Tx, row: Row, t: Texts) -> Message:
    return views.first_day(t, _question(tx, row, t, None), data_of(row), problem_of(row, t))


def last_day(tx: Tx, row: Row, t: Texts) -> Message:
    chosen = there(RentData.of(row).first)
    return views.last_day(t, _question(tx, row, t, chosen), data_of(row), problem_of(row, t))


CHANGED = "changed"
"""The outcome of a conversation that changed a rental, whose card tells it."""


OUTDATED = "outdated"
"""The outcome of one whose rental has moved meanwhile: it can only be opened anew."""


def is_outdated(row: Row) -> bool:
    """Return whether a change was refused because its rental is no longer as it was opened."""
    refused = (RentData.of(row).problem or {}).get("refused")
    return refused in (Refused.ALREADY, Refused.CHANGED_MEANWHILE, Refused.PROPOSED)


def over(tx: Tx, row: Row, t: Texts) -> Message | None:
    outcome = RentData.of(row).outcome
    if outcome == CHANGED:
        return None
    if outcome == OUTDATED:
        return Message(lines(problem_of(row, t), t("Nothing was changed.")))
    return Message(t("Cancelled. Nothing was sent."))

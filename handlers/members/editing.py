"""Changes on a member's card: profile fields, the beginning and end of the membership, a suspension."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

from db.models import Conversation as Row
from db.models import User
from db.states import Role
from handlers.i18n.texts import Texts
from handlers.members import profile_questions, views
from handlers.members.data import MembersData
from handlers.ui import conversation
from handlers.ui.form import attempt, data_of, number, problem_of
from handlers.ui.message import Message
from handlers.ui.request import Request
from handlers.ui.widgets import date_range, reason
from services.core.actor import Actor
from services.core.errors import Refusal, Refused
from services.core.hours import periods
from services.core.tx import Tx
from services.members import directory, editing, profile, promises, suspensions
from services.members.directory import Card

CARD, FIELDS, VALUE, WHY, UNTIL = "card", "fields", "value", "why", "until"


def acting(step: Request, row: Row) -> Actor:
    """Return the admin who acts, in the card's organization.

    Raises NOT_ALLOWED, MEMBERSHIP_ENDED, SUSPENDED.
    """
    actor = step.actor_in(row.organization_id or 0)
    actor.require(Role.ADMIN)
    return actor


def shown_card(tx: Tx, row: Row, t: Texts) -> Card:
    return directory.card(tx, directory.user(tx.session, MembersData.of(row).user_id), for_admins=True)


def back_to_card(step: Request, row: Row, actor: Actor, value: str) -> None:
    if not MembersData.of(row).user_id:
        raise Refusal(Refused.OUTDATED)
    conversation.update(row, MembersData(note=False, field="", seen=None, reason=""), to=CARD)


# Choosing a field


def fields(step: Request, row: Row, actor: Actor, value: str) -> None:
    conversation.update(
        row, MembersData(fields_page=number(value), note=False, field="", seen=None), to=FIELDS
    )


def fields_screen(tx: Tx, row: Row, t: Texts) -> Message:
    card = shown_card(tx, row, t)
    own = profile.own_fields(tx)
    shown = [(field, _shown(tx, card.user, field, t)) for field in _all(own)]
    return views.field_list(t, card, shown, MembersData.of(row).fields_page, data_of(row), problem_of(row, t))


def _all(own: Iterable[str]) -> list[str]:
    return [*profile.FIELDS, *profile.FOR_ADMINS, *profile.MOMENTS, *own]


def _shown(tx: Tx, user: User, field: str, t: Texts) -> str:
    value = profile.value_of(tx, user, field)
    if isinstance(value, datetime):
        return t.day(t.last_day(value) if field == "active_until" else t.local(value).date())
    return profile_questions.shown(value) if value is not None else ""


def field(step: Request, row: Row, actor: Actor, value: str) -> None:
    """Ask for a field's value, and remember the current one."""
    tx = step.by(actor)
    user = directory.get(tx, MembersData.of(row).user_id)
    own = profile.own_fields(tx)
    if value not in _all(own):
        raise Refusal(Refused.OUTDATED)
    seen = directory.plain(profile.value_of(tx, user, value))
    conversation.update(row, MembersData(field=value, seen=seen), to=VALUE)


def value_screen(tx: Tx, row: Row, t: Texts) -> Message:
    card, name = shown_card(tx, row, t), MembersData.of(row).field
    now = _shown(tx, card.user, name, t)
    return views.ask_value(t, card, name, now, data_of(row), problem_of(row, t))


def written(step: Request, row: Row, actor: Actor, text: str) -> None:
    name, t = MembersData.of(row).field, step.texts
    if name in profile.MOMENTS:
        _set(step, row, actor, lambda: _moment(step, name, text))
    else:
        _set(step, row, actor, lambda: profile_questions.understand(t, name, text))


def clear(step: Request, row: Row, actor: Actor, value: str) -> None:
    _set(step, row, actor, lambda: None)


def _set(step: Request, row: Row, actor: Actor, understand: Callable[[], str | date | None]) -> None:
    """Write the value. After a refusal the card shows the current one, and the value can be sent again."""
    kept = MembersData.of(row)
    user_id, name, seen = kept.user_id, kept.field, kept.seen

    def work() -> None:
        value = understand()
        if name in profile.MOMENTS:
            assert value is None or isinstance(value, datetime)
            editing.set_moment(step.by(actor), user_id, field=name, moment=value, seen=seen)
        else:
            editing.edit(step.by(actor), user_id, field=name, value=value, seen=seen)

    if attempt(step, row, work):
        conversation.update(row, MembersData(note=True, field="", seen=None), to=CARD)
    else:
        user = directory.get(step.by(actor), user_id)
        conversation.update(
            row, MembersData(seen=directory.plain(profile.value_of(step.by(actor), user, name)))
        )


def _moment(step: Request, name: str, text: str) -> datetime:
    """Return the beginning of the first day, or the end of the last one: a typed day is a whole day."""
    day = _day(step, text)
    return periods.start_of_day(day + timedelta(days=name == "active_until"), step.texts.zone)


def _day(step: Request, text: str) -> date:
    return date_range.understood(step.texts, text).day


# Suspension: reason and end


def suspend(step: Request, row: Row, actor: Actor, value: str) -> None:
    user_id = MembersData.of(row).user_id
    if attempt(step, row, lambda: suspensions.require_suspendable(step.by(actor), user_id)):
        conversation.update(row, MembersData(note=False), to=WHY)


def why_screen(tx: Tx, row: Row, t: Texts) -> Message:
    user = directory.user(tx.session, MembersData.of(row).user_id)
    return views.ask_reason(t, user.name, data_of(row), problem_of(row, t))


def why(step: Request, row: Row, actor: Actor, value: str) -> None:
    """Take a usual reason, in the organization's language."""
    conversation.update(
        row, MembersData(reason=reason.tapped(step, row, value, views.usual_reasons)), to=UNTIL
    )


def typed_why(step: Request, row: Row, actor: Actor, text: str) -> None:
    def check() -> None:
        if len(text) > suspensions.LONGEST_REASON:
            raise Refusal(Refused.TOO_MUCH_TEXT, most=suspensions.LONGEST_REASON)

    if attempt(step, row, check):
        conversation.update(row, MembersData(reason=text.strip()), to=UNTIL)


def until_screen(tx: Tx, row: Row, t: Texts) -> Message:
    kept = MembersData.of(row)
    user = directory.user(tx.session, kept.user_id)
    return views.ask_end(t, user.name, kept.reason, data_of(row), problem_of(row, t))


def days(step: Request, row: Row, actor: Actor, value: str) -> None:
    span = number(value)
    if span not in (0, *views.SPANS):
        raise Refusal(Refused.OUTDATED)
    end = step.texts.today + timedelta(days=span)
    _suspend(step, row, actor, periods.start_of_day(end, step.texts.zone) if span else None)


def typed_until(step: Request, row: Row, actor: Actor, text: str) -> None:
    ends: list[datetime] = []

    def understand() -> None:
        ends.append(periods.start_of_day(_day(step, text) + timedelta(days=1), step.texts.zone))

    if attempt(step, row, understand):
        _suspend(step, row, actor, ends[0])


def _suspend(step: Request, row: Row, actor: Actor, until: datetime | None) -> None:
    kept = MembersData.of(row)
    user_id, why = kept.user_id, kept.reason
    if attempt(
        step,
        row,
        lambda: suspensions.suspend(step.by(actor), user_id, reason=why, until=until),
    ):
        conversation.update(row, MembersData(note=True, reason=""), to=CARD)


def free(step: Request, row: Row, actor: Actor, value: str) -> None:
    """Cancel what the member cannot have any more."""
    user_id = MembersData.of(row).user_id
    if attempt(step, row, lambda: promises.free(step.by(actor), user_id)):
        conversation.update(row, MembersData(note=True))


def reactivate(step: Request, row: Row, actor: Actor, value: str) -> None:
    """End the suspension, and continue an ended membership."""
    user_id = MembersData.of(row).user_id

    def work() -> None:
        suspensions.reactivate(step.by(actor), user_id)
        editing.renew(step.by(actor), user_id)

    if attempt(step, row, work):
        conversation.update(row, MembersData(note=True))

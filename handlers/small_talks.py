"""The short conversations: a name to join with, a reason to decline, what the problem is, until when."""

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from db.models import Conversation as Row
from db.models import Invite, Organization, Rental
from handlers import conversation, dates
from handlers.conversation import Conversation, State
from handlers.dates import DateAnswer
from handlers.message import Button, Message
from handlers.rent_days import attempt, unclear
from handlers.rent_screens import data_of, problem_of
from handlers.step import Step
from handlers.texts import Texts, lines
from handlers.views.calendar import Month, month_rows, next_month
from handlers.views.refusals import keep
from services import decisions, extensions, handovers, organizations, overview, periods, policy
from services.errors import Refusal, Refused

JOIN, DECLINE, PROBLEM, EXTEND = "join", "decline", "problem", "extend"
ASK, EMAIL = "ask", "email"


def _over(session: Session, row: Row, t: Texts) -> None:
    """Nothing stays of the question: what came of it is on the rental's card, or in the welcome."""


def _cancel(step: Step, row: Row, _value: str) -> None:
    conversation.end(step, row, "cancelled")


def cancel_current(step: Step) -> bool:
    """`/cancel` while a conversation is going on: that is what is meant."""
    row = conversation.find(step.session, step.place.chat_id, step.sender.account_id)
    if row is None:
        return False
    conversation.end(step, row, "cancelled")
    return True


# Join: who are you?


def begin_join(step: Step, token: str) -> None:
    """An invite link was opened. Raises what `look_at_invite` does."""
    invite = organizations.look_at_invite(step.session, step.sender.account_id, token, step.now)
    row = conversation.begin(step, JOIN, ASK, organization_id=invite.organization_id, invite_id=invite.id)
    conversation.show(step, row)


def _join_screen(session: Session, row: Row, t: Texts) -> Message:
    invite = session.get_one(Invite, row.data["invite_id"])
    organization = session.get_one(Organization, invite.organization_id)
    name = f"{invite.first_name or ''} {invite.last_name or ''}".strip()
    text = lines(
        problem_of(row, t),
        t("<b>{organization}</b> invites you.", organization=organization.name),
        t("What is your name? Write first and last name."),
    )
    buttons: tuple[tuple[Button, ...], ...] = ((Button(str(t("Cancel")), data_of(row)("cancel", "")),),)
    if name:
        buttons = ((Button(name, data_of(row)("as", "")),), *buttons)
    return Message(text, buttons)


def _typed_name(step: Step, row: Row, text: str) -> None:
    first, _, last = " ".join(text.split()).partition(" ")
    _named(step, row, first, last)


def _tapped_name(step: Step, row: Row, _value: str) -> None:
    invite = step.session.get_one(Invite, row.data["invite_id"])
    _named(step, row, invite.first_name or "", invite.last_name or "")
    conversation.show(step, row)


def _named(step: Step, row: Row, first: str, last: str) -> None:
    """The name is known; an email is asked for where the organisation wants one."""
    invite = step.session.get_one(Invite, row.data["invite_id"])
    wants_email = policy.of(step.session.get_one(Organization, invite.organization_id)).ask_email
    if not wants_email:
        _join(step, row, first, last, None)
    elif attempt(step, row, lambda: organizations.check_name(first, last)):
        conversation.move(row, EMAIL, first=first, last=last)


def _email_screen(session: Session, row: Row, t: Texts) -> Message:
    text = lines(problem_of(row, t), t("What is your email address, {name}?", name=row.data["first"]))
    return Message(text, ((Button(str(t("Cancel")), data_of(row)("cancel", "")),),))


def _typed_email(step: Step, row: Row, text: str) -> None:
    _join(step, row, row.data["first"], row.data.get("last", ""), text)


def _join(step: Step, row: Row, first: str, last: str, email: str | None) -> None:
    invite_id = row.data["invite_id"]

    def join() -> None:
        user = organizations.join(
            step.session,
            step.now,
            account_id=step.sender.account_id,
            invite_id=invite_id,
            first_name=first,
            last_name=last,
            email=email,
        )
        organization = step.session.get_one(Organization, user.organization_id)
        step.say(
            "welcome",
            organization=organization.name,
            name=user.name,
            role=user.role,
            bot=step.bot_username,
        )

    if attempt(step, row, join):
        conversation.move(row, conversation.OVER, outcome="joined")


# Decline: why?


def begin_decline(step: Step, rental_id: int) -> None:
    """Asks for a reason, if this person may decline it at all. Raises as `decline` does."""
    actor, rental = step.actor_about(rental_id)
    decisions.require_open(step.session, actor, rental)
    row = conversation.begin(step, DECLINE, ASK, organization_id=actor.organization_id, rental_id=rental_id)
    conversation.show(step, row)


def reasons(t: Texts) -> list[str]:
    """The usual ones; their place in the list is what the button carries."""
    return [
        str(t("Needed for something else then")),
        str(t("Under repair")),
        str(t("Too long")),
        str(t("Please talk to us first")),
    ]


def _decline_screen(session: Session, row: Row, t: Texts) -> Message:
    data = data_of(row)
    rows: list[tuple[Button, ...]] = [
        (Button(reason, data("why", str(place))),) for place, reason in enumerate(reasons(t))
    ]
    rows.append(
        (Button(str(t("No reason")), data("why", "none")), Button(str(t("Cancel")), data("cancel", "")))
    )
    text = lines(
        problem_of(row, t),
        t("<b>Why is rental {id} declined?</b>", id=row.data["rental_id"]),
        t("Tap a reason, or reply to this message with your own."),
    )
    return Message(text, tuple(rows))


def _decline_tapped(step: Step, row: Row, value: str) -> None:
    known = reasons(_member_texts(step, row))
    reason = known[int(value)] if value.isdigit() and int(value) < len(known) else ""
    _decline(step, row, reason)
    conversation.show(step, row)


def _member_texts(step: Step, row: Row) -> Texts:
    """The reason is written once, in the organisation's language."""
    organization = step.session.get_one(Organization, row.organization_id)
    return Texts(organization.language)


def _decline(step: Step, row: Row, reason: str) -> None:
    actor, rental = step.actor_about(row.data["rental_id"])
    if attempt(step, row, lambda: decisions.decline(step.session, actor, rental.id, step.now, reason=reason)):
        conversation.move(row, conversation.OVER, outcome="declined")


# Problem: what is wrong?


def begin_problem(step: Step, rental_id: int) -> None:
    actor, rental = step.actor_about(rental_id)
    handovers.require_problem(step.session, actor, rental)
    row = conversation.begin(step, PROBLEM, ASK, organization_id=actor.organization_id, rental_id=rental_id)
    conversation.show(step, row)


def _problem_screen(session: Session, row: Row, t: Texts) -> Message:
    text = lines(
        problem_of(row, t),
        t("<b>What is wrong with rental {id}?</b>", id=row.data["rental_id"]),
        t("Write it in a few words. In a group, reply to this message."),
    )
    return Message(text, ((Button(str(t("Cancel")), data_of(row)("cancel", "")),),))


def _typed_problem(step: Step, row: Row, text: str) -> None:
    actor, rental = step.actor_about(row.data["rental_id"])
    if attempt(
        step, row, lambda: handovers.report_problem(step.session, actor, rental.id, step.now, note=text)
    ):
        conversation.move(row, conversation.OVER, outcome="noted")


# Extend: until when?


def begin_extend(step: Step, rental_id: int) -> None:
    """Raises what speaks against more time at all."""
    actor, rental = step.actor_about(rental_id)
    if rental.user_id != actor.user_id:
        raise Refusal(Refused.NOT_FOUND)
    actor.require_active()
    end = extensions.latest(step.session, rental, step.now)
    if not _days(step.texts, rental, end):
        raise Refusal(Refused.NOT_FREE_UNTIL, until=end)
    row = conversation.begin(step, EXTEND, ASK, organization_id=actor.organization_id, rental_id=rental_id)
    conversation.show(step, row)


def _due(step_texts: Texts, rental: Rental, day: date) -> datetime:
    """The same time of day as promised, on another day."""
    assert rental.due_at is not None
    return periods.at(day, step_texts.local(rental.due_at).time(), step_texts.zone)


def _days(t: Texts, rental: Rental, end: datetime) -> list[date]:
    """The days until which it could be kept."""
    assert rental.due_at is not None
    day = t.local(rental.due_at).date() + timedelta(days=1)
    found = []
    while _due(t, rental, day) <= end:
        if _due(t, rental, day) > t.now:
            found.append(day)
        day += timedelta(days=1)
    return found


def _extend_screen(session: Session, row: Row, t: Texts) -> Message:
    rental = session.get_one(Rental, row.data["rental_id"])
    data, problem = data_of(row), problem_of(row, t)
    try:
        free = frozenset(_days(t, rental, extensions.latest(session, rental, t.now)))
    except Refusal:
        free = frozenset()
    first = date.fromisoformat(row.data["month"]) if "month" in row.data else None
    first = first or (min(free).replace(day=1) if free else t.today.replace(day=1))
    month = Month(
        first=first,
        begin=first,
        free=frozenset(day for day in free if day.replace(day=1) == first),
        taken=frozenset(),
        has_before=any(day < first for day in free),
        has_after=any(day >= next_month(first) for day in free),
    )
    v = overview.view(session, rental, t.now)
    text = lines(
        problem,
        t("<b>Rental {id}</b> is due {moment}.", id=v.id, moment=t.moment(v.due_at)),
        t("<b>Until which day do you need it?</b> Tap it, or write it."),
    )
    return Message(text, (*month_rows(t, month, data), (Button(str(t("Cancel")), data("cancel", "")),)))


def _extend_to(step: Step, row: Row, day: date) -> None:
    actor, rental = step.actor_about(row.data["rental_id"])
    due_at = _due(step.texts, rental, day)
    if attempt(step, row, lambda: extensions.ask(step.session, actor, rental.id, due_at, step.now)):
        rule = policy.of(step.session.get_one(Organization, rental.organization_id))
        outcome = "asked" if rule.extension_approval else "extended"
        conversation.move(row, conversation.OVER, outcome=outcome, until=due_at.isoformat())


def _extend_over(session: Session, row: Row, t: Texts) -> Message | None:
    outcome = row.data.get("outcome")
    if outcome in ("asked", "extended"):
        moment = t.moment(datetime.fromisoformat(row.data["until"]))
        if outcome == "asked":
            return Message(t("Asked for more time, until {moment}. You will hear from us.", moment=moment))
        return Message(t("Done. It is now due {moment}.", moment=moment))
    return None


def _extend_tapped(step: Step, row: Row, value: str) -> None:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise Refusal(Refused.OUTDATED) from None
    _extend_to(step, row, day)
    conversation.show(step, row)


def _extend_month(step: Step, row: Row, value: str) -> None:
    try:
        first = date.fromisoformat(value).replace(day=1)
    except ValueError:
        raise Refusal(Refused.OUTDATED) from None
    conversation.move(row, month=first.isoformat(), problem=None)
    conversation.show(step, row)


def _extend_typed(step: Step, row: Row, text: str) -> None:
    t = step.texts
    rental = step.session.get_one(Rental, row.data["rental_id"])
    assert rental.due_at is not None
    due_day = t.local(rental.due_at).date()
    answer = dates.understand(text, today=t.today, language=t.language, expect_after=due_day)
    if isinstance(answer, DateAnswer):
        _extend_to(step, row, answer.day)
    else:
        conversation.move(row, problem=keep(unclear(answer)))


_CANCEL = {"cancel": _cancel}

TALKS = (
    Conversation(
        JOIN,
        {
            ASK: State(_join_screen, {"as": _tapped_name}, _typed_name),
            EMAIL: State(_email_screen, {}, _typed_email),
            conversation.OVER: State(_over),
        },
        _CANCEL,
    ),
    Conversation(
        DECLINE,
        {ASK: State(_decline_screen, {"why": _decline_tapped}, _decline), conversation.OVER: State(_over)},
        _CANCEL,
    ),
    Conversation(
        PROBLEM, {ASK: State(_problem_screen, {}, _typed_problem), conversation.OVER: State(_over)}, _CANCEL
    ),
    Conversation(
        EXTEND,
        {
            ASK: State(_extend_screen, {"day": _extend_tapped, "month": _extend_month}, _extend_typed),
            conversation.OVER: State(_extend_over),
        },
        _CANCEL,
    ),
)

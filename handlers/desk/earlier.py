"""When it really was: the question after a hand-out or a return that was entered later than it happened."""

from datetime import UTC, datetime, time, timedelta

from markupsafe import Markup

from db.models import Conversation as Row
from db.states import Role
from handlers.desk.data import EarlierData
from handlers.i18n.texts import Texts, lines
from handlers.parsing import past
from handlers.parsing.dates import Problem
from handlers.ui import conversation
from handlers.ui.callbacks import Tap
from handlers.ui.conversation import CANCEL, Conversation, ConversationData, State
from handlers.ui.form import attempt, cancel, data_of, number, problem_of, short, side_by_side, unclear
from handlers.ui.message import Button, Message
from handlers.ui.refusals import keep
from handlers.ui.request import Request
from services.core.errors import Refusal, Refused
from services.core.hours import periods
from services.core.tx import Tx
from services.desk import earlier, lookup
from services.desk.earlier import Entered
from services.inventory import locations

NAME, BACK, OUT = "earlier", "back", "out"

_HOURS_AGO = (0, 1, 2, 4)
_MOST_CODES = 8


def begin_back(step: Request, tap: Tap) -> Markup | None:
    """Ask when a return was. Raises NOT_FOUND, NOT_ALLOWED."""
    actor, _ = step.actor_about(locations.rental_of_return(step.session, tap.id))
    actor.require(Role.LENDER)
    _begin(step, BACK, tap.id, actor.organization_id)
    return None


def begin_out(step: Request, tap: Tap) -> Markup | None:
    """Ask when the last hand-out of a rental was. Raises NOT_FOUND, ALREADY, NOT_ALLOWED."""
    actor, _ = step.actor_about(tap.id)
    earlier.handed_out(step.by(actor), tap.id)
    actor.require(Role.LENDER)
    _begin(step, OUT, tap.id, actor.organization_id)
    return None


def _begin(step: Request, state: str, about: int, organization_id: int) -> None:
    row = conversation.start(step, NAME, state, EarlierData(about=about), organization_id=organization_id)
    conversation.render(step, row)


def _entered(tx: Tx, row: Row) -> Entered:
    about = EarlierData.of(row).about
    return earlier.returned(tx, about) if row.state == BACK else earlier.handed_out(tx, about)


def _screen(tx: Tx, row: Row, t: Texts) -> Message:
    found, data = _entered(tx, row), data_of(row)
    codes = [lookup.item(tx, claim.item_id).code for claim in found.claims[:_MOST_CODES]]
    text = lines(
        problem_of(row, t),
        t("<b>When did it come back?</b>") if row.state == BACK else t("<b>When was it handed out?</b>"),
        Markup("{} …" if len(found.claims) > _MOST_CODES else "{}").format(
            ", ".join(short(code, 24) for code in codes)
        ),
        t("Noted now: {moment}", moment=t.moment(found.at)),
        t("Tap it, or write it like <i>14:30</i> or <i>yesterday 18:00</i>."),
    )
    rows: list[tuple[Button, ...]] = []
    if found.due_at is not None:
        label = t("In time: {moment}", moment=t.moment(found.due_at))
        rows.append((Button(label.unescape(), data("at", str(int(found.due_at.timestamp())))),))
    rows += side_by_side(
        [Button(label, data("at", str(int(at.timestamp())))) for label, at in _usual(tx, row, found, t)]
    )
    return Message(text, (*rows, (cancel(t, data),)))


def _usual(tx: Tx, row: Row, found: Entered, t: Texts) -> list[tuple[str, datetime]]:
    """Return moments that are one tap away: whole hours of today, and yesterday; those that can be."""
    hour = t.local(t.now).replace(minute=0, second=0, microsecond=0).astimezone(UTC)
    today = [hour - timedelta(hours=ago) for ago in _HOURS_AGO]
    usual = [
        (t("Today {clock}", clock=f"{t.local(at):%H:%M}").unescape(), at)
        for at in today
        if t.local(at).date() == t.today
    ]
    clock = _usual_clock(tx, row)
    yesterday = periods.at(t.today - timedelta(days=1), clock, t.zone)
    usual.append((t("Yesterday {clock}", clock=f"{t.local(yesterday):%H:%M}").unescape(), yesterday))
    return [(label, at) for label, at in usual if at < found.at and (found.earliest or at) <= at]


def _usual_clock(tx: Tx, row: Row) -> time:
    rule = tx.policy
    return rule.return_at if row.state == BACK else rule.hand_out_at


def _tapped(step: Request, row: Row, value: str) -> None:
    _take(step, row, datetime.fromtimestamp(number(value[:11]), UTC))
    conversation.render(step, row)


def _typed(step: Request, row: Row, text: str) -> None:
    try:
        at = _said(step, row, text)
    except Refusal as refusal:
        # The question is for a moment: most answers to it are a time alone.
        is_none = refusal.code is Refused.NOT_A_DATE
        why = Refusal(Refused.NOT_A_TIME) if is_none else refusal
        conversation.update(row, ConversationData(problem=keep(why)))
    else:
        _take(step, row, at)


def _is_moment(step: Request, row: Row, text: str) -> bool:
    try:
        _said(step, row, text)
    except Refusal as refusal:
        return refusal.code not in (Refused.NOT_A_DATE, Refused.NOT_ALLOWED)
    return True


def _said(step: Request, row: Row, text: str) -> datetime:
    """Return the moment that was typed: a time of today, or a day that is over, with a time or without.

    Raises NOT_A_TIME, NOT_A_DATE, NO_SUCH_DAY, AMBIGUOUS_DATE.
    """
    t = step.texts
    answer = past.understand(text, today=t.today, day_first=t.day_first)
    if isinstance(answer, Problem):
        raise unclear(answer)
    if answer.clock is None and answer.day == t.today:
        raise Refusal(Refused.NOT_A_TIME)
    return periods.at(answer.day, answer.clock or _usual_clock(step.by(step.active()), row), t.zone)


def _take(step: Request, row: Row, at: datetime) -> None:
    about = EarlierData.of(row).about
    work = earlier.return_was if row.state == BACK else earlier.hand_out_was
    rental_id = locations.rental_of_return(step.session, about) if row.state == BACK else about
    actor, _ = step.actor_about(rental_id)
    if attempt(step, row, lambda: work(step.by(actor), about, at)):
        conversation.update(row, EarlierData(outcome=row.state, at=at), to=conversation.OVER)


def _over(tx: Tx, row: Row, t: Texts) -> Message | None:
    kept = EarlierData.of(row)
    if kept.at is None:
        return nothing(t)
    if kept.outcome == BACK:
        return Message(t("Noted: it came back {moment}.", moment=t.moment(kept.at)))
    return Message(t("Noted: it was handed out {moment}.", moment=t.moment(kept.at)))


def nothing(t: Texts) -> Message:
    return Message(t("Nothing was changed."))


TALK = Conversation(
    NAME,
    {
        BACK: State(_screen, {"at": _tapped}, _typed, fits=_is_moment),
        OUT: State(_screen, {"at": _tapped}, _typed, fits=_is_moment),
        conversation.OVER: State(_over),
    },
    CANCEL,
    stopped="nothing_changed",
)

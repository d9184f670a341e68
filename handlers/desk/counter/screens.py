"""Screens of handing out over the counter: what each question shows."""

from db.models import Conversation as Row
from handlers.desk.codes import several
from handlers.desk.codes.views import left_out, not_here
from handlers.desk.counter import hand_out_now_views as views
from handlers.desk.counter.hand_out_now_views import HandOutView, Thing
from handlers.desk.data import HandOutData
from handlers.i18n.texts import Texts
from handlers.ui.form import data_of, mark, problem_of
from handlers.ui.message import Button, Message
from handlers.ui.sentences.people import short_name
from handlers.ui.widgets import pager, telegram_person
from services.core import identity
from services.core.errors import Refusal
from services.core.tx import Tx
from services.desk import counter, lookup
from services.members import directory


def view(tx: Tx, row: Row, t: Texts) -> HandOutView:
    kept = HandOutData.of(row)
    found = [lookup.describe(tx, item_id) for item_id in kept.items]
    things = tuple(Thing(one.item.id, one.item.code, one.equipment) for one in found)
    member = identity.names(tx.session, [kept.user_id])[kept.user_id] if kept.user_id else ""
    beside = (*left_out(t, kept.unknown, kept.foreign), *not_here(t, kept.others))
    return HandOutView(things, member, beside)


def over(tx: Tx, row: Row, t: Texts) -> Message:
    if (taken_back := several.over(tx, row, t)) is not None:
        return taken_back
    is_partly_done = bool(HandOutData.of(row).done)
    return Message(t("Closed. The rest was not handed out.")) if is_partly_done else nothing(t)


def nothing(t: Texts) -> Message:
    return Message(t("Cancelled. Nothing was handed out."))


def who(tx: Tx, row: Row, t: Texts) -> Message:
    kept, data = HandOutData.of(row), data_of(row)
    rows: list[tuple[Button, ...]] = []
    if not kept.words and not kept.all:
        recent = counter.recent(tx)
        rows = [
            (Button(short_name(user.name_for_others()), data("member", str(user.id))),) for user in recent
        ]
    if rows:
        rows.append((Button(str(t("Somebody else")), data("all", "0")),))
    else:
        page = directory.find(tx, words=kept.words, page=kept.page, active=True)
        rows = [
            (Button(mark(one) + short_name(one.name), data("member", str(one.user_id))),)
            for one in page.entries
        ]
        rows += pager.arrows(page.page, page.pages, lambda to: data("all", str(to)), counted=False)
    nobody = kept.words if not rows else ""
    rows += telegram_person.rows(t, row, data)
    return views.who(t, view(tx, row, t), problem_of(row, t), nobody, tuple(rows), data)


def person(tx: Tx, row: Row, t: Texts) -> Message:
    return views.person(t, view(tx, row, t), problem_of(row, t), data_of(row))


def until(tx: Tx, row: Row, t: Texts) -> Message:
    found = counter.outlook(tx, HandOutData.of(row).items)
    return views.until(t, view(tx, row, t), problem_of(row, t), found, data_of(row))


def days(tx: Tx, row: Row, t: Texts) -> Message:
    kept = HandOutData.of(row)
    found = counter.outlook(tx, kept.items)
    return views.calendar(t, view(tx, row, t), problem_of(row, t), found, kept.month, data_of(row))


def check(tx: Tx, row: Row, t: Texts) -> Message:
    kept = HandOutData.of(row)
    try:
        due_at = counter.due_or_open(tx, kept.items, kept.last_day)
    except Refusal:
        return until(tx, row, t)  # closed since
    return views.check(t, view(tx, row, t), problem_of(row, t), due_at, data_of(row))

"""The holders that a list names, and handing out to them as listed."""

from collections import Counter

from markupsafe import Markup

from db.models import ImportRun
from db.states import Role
from handlers.i18n.texts import Texts, lines
from handlers.imports.afterwards import Verb, acting
from handlers.ui.callbacks import Tap, pack
from handlers.ui.form import number, short
from handlers.ui.message import Button, Message
from handlers.ui.refusals import keep
from handlers.ui.request import Request
from handlers.ui.widgets import pager
from services.core.tx import Tx
from services.imports import runs
from services.imports.afterwards import holders, undo
from services.imports.afterwards.holders import Holding, State

_PER_PAGE = 10


def show(step: Request, tap: Tap) -> Message:
    tx = acting(step, tap)
    run = undo.get(tx, tap.id)
    tx.actor.require(Role.LENDER)
    return page(tx, run, step.texts, number(tap.arg or "0"))


def page(tx: Tx, run: ImportRun, t: Texts, page_number: int) -> Message:
    found = holders.listed(tx, run)
    part = pager.cut(found, page_number, _PER_PAGE)
    counts = Counter(one.state for one in found)
    can = counts[State.MEMBER]
    text = lines(
        t.plural(
            "<b>{n} thing is with somebody according to the list.</b>",
            "<b>{n} things are with somebody according to the list.</b>",
            len(found),
        ),
        *(_line(t, one) for one in part.shown),
        _offer(t, can) if can else None,
    )
    hand_out = (Button(str(t("Hand out as listed")), pack(Verb.HAND_OUT_LISTED, run.id)),)
    arrows = pager.arrows(part.number, part.pages, lambda n: pack(Verb.HOLDERS, run.id, str(n)))
    back = (Button(str(t("Back")), pack(Verb.IMPORT_RUN, run.id)),)
    return Message(text, (*arrows, *((hand_out,) if can else ()), back))


def _offer(t: Texts, can: int) -> Markup:
    return t.plural(
        "“Hand out as listed” makes a rental of {n} of them, until the day in the list or until further "
        "notice. The member gets a message.",
        "“Hand out as listed” makes rentals of {n} of them, until the day in the list or until further "
        "notice. The members get a message.",
        can,
    )


def _line(t: Texts, one: Holding) -> Markup:
    known = {
        State.MEMBER: None,
        State.SEVERAL: t("several members have this name"),
        State.NOBODY: t("no member"),
        State.OUT: t("is already out"),
    }[one.state]
    about = " · ".join(str(part) for part in (short(one.since, 20), short(one.until, 20), known) if part)
    thing = " · ".join((short(one.name, 40), short(one.code, 30)))
    if not about:
        return t("{thing} → {name}", thing=thing, name=short(one.to, 40))
    return t("{thing} → {name} ({about})", thing=thing, name=short(one.to, 40), about=about)


def hand_out(step: Request, tap: Tap) -> Markup | None:
    tx = acting(step, tap)
    done = holders.hand_out(tx, tap.id)
    t = step.texts
    if not done.items and not done.refused:
        return t("Everything that members have is already out.")
    run = undo.get(tx, tap.id)
    refused = [[code, to, keep(refusal)] for code, to, refusal in done.refused]
    runs.show(tx, run, step.place.chat_id, {"refused": refused, "handed_out": done.items})
    if not done.items:
        return t("Nothing was handed out.")
    return t.plural("{n} thing is handed out.", "{n} things are handed out.", done.items)

"""Merging two members on a member's card: choose the other, see what goes where, confirm."""

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from db.models import Conversation as Row
from handlers.i18n.texts import Texts, lines
from handlers.members import profile_questions
from handlers.members.data import MembersData
from handlers.members.editing import CARD, acting
from handlers.ui import conversation
from handlers.ui.conversation import State
from handlers.ui.form import Data, attempt, data_of, mark, number, problem_of, short
from handlers.ui.message import Button, Message
from handlers.ui.refusals import role_name
from handlers.ui.request import Request
from handlers.ui.sentences.people import short_name
from handlers.ui.widgets import pager
from services.core import identity
from services.core.errors import Refusal
from services.core.tx import Tx
from services.members import directory, profile
from services.members.directory import Page
from services.members.merging import merge, plan
from services.members.merging.plan import Plan

OTHER, MERGE = "other", "merge"
"""States: choosing the one who goes, and confirming."""

_MOST = 8
"""Details, and rentals to look at, that the question lists."""


def begin(step: Request, row: Row, value: str) -> None:
    """Ask who is the same person, beginning with all members."""
    acting(step, row)
    conversation.update(row, MembersData(note=False, other_words="", other_page=0), to=OTHER)
    conversation.render(step, row)


def _search(step: Request, row: Row, text: str) -> None:
    acting(step, row)
    conversation.update(row, MembersData(other_words=" ".join(text.split())[:100], other_page=0))


def _page(step: Request, row: Row, value: str) -> None:
    acting(step, row)
    conversation.update(row, MembersData(other_page=number(value)))
    conversation.render(step, row)


def _choose(step: Request, row: Row, value: str) -> None:
    actor, kept, gone = acting(step, row), MembersData.of(row).user_id, number(value)
    if attempt(step, row, lambda: plan.make(step.by(actor), kept, gone)):
        conversation.update(row, MembersData(other=gone), to=MERGE)
    conversation.render(step, row)


def _merge(step: Request, row: Row, value: str) -> None:
    actor, kept = acting(step, row), MembersData.of(row)
    done = attempt(step, row, lambda: merge.merge(step.by(actor), kept.user_id, kept.other))
    conversation.update(row, MembersData(note=done, other=0), to=CARD)
    conversation.render(step, row)


# Screens


def _other_screen(tx: Tx, row: Row, t: Texts) -> Message:
    kept = MembersData.of(row)
    name = directory.user(tx.session, kept.user_id).name
    page = directory.find(tx, words=kept.other_words, page=kept.other_page, for_admins=True)
    return ask_other(t, name, kept.user_id, page, data_of(row), problem_of(row, t))


def ask_other(t: Texts, name: str, user_id: int, page: Page, data: Data, problem: Markup | None) -> Message:
    """Ask for the member who goes."""
    rows: list[tuple[Button, ...]] = [
        (Button(mark(entry) + short_name(entry.name, 30), data("goes", str(entry.user_id))),)
        for entry in page.entries
        if entry.user_id != user_id
    ]
    rows += pager.arrows(page.page, page.pages, lambda to: data("others", str(to)))
    rows.append((Button(str(t("Back")), data("card", "")),))
    text = lines(
        problem,
        t("<b>Who is the same person as {name}?</b>", name=name),
        t(
            "{name} stays. Tap the other one, or write a name. You see what will happen before it does.",
            name=name,
        ),
    )
    return Message(text, tuple(rows))


def _merge_screen(tx: Tx, row: Row, t: Texts) -> Message:
    kept = MembersData.of(row)
    actor = identity.resolve(tx, account_id=row.account_id, organization_id=row.organization_id)
    try:
        found = plan.make(tx.by(actor), kept.user_id, kept.other)
    except Refusal:
        # One of them is not there any more.
        return _other_screen(tx, row, t)
    return question(t, found, data_of(row), problem_of(row, t))


def question(t: Texts, found: Plan, data: Data, problem: Markup | None) -> Message:
    """Show what goes where, and ask once."""
    kept, gone = (user.name_for_others(admins=True) for user in (found.kept, found.gone))
    text = lines(
        problem,
        t("<b>Merge {gone} into {kept}?</b>", gone=gone, kept=kept),
        t("Everything of {gone} continues under {kept}:", gone=gone, kept=kept),
        *_counts(t, found),
        t("{kept} will be {role}.", kept=kept, role=role_name(t, found.role)),
        _accounts(t, found),
        t("⛔ The suspension of {gone} applies to both.", gone=gone) if found.suspends else None,
        *_details(t, found),
        *_same(t, found),
        t("This cannot be undone."),
    )
    rows = (
        (Button(str(t("Merge them")), data("merge", "")),),
        (Button(str(t("Another one")), data("merging", "")), Button(str(t("Back")), data("card", ""))),
    )
    return Message(text, rows)


def _counts(t: Texts, found: Plan) -> list[Markup]:
    told = [
        (found.rentals, t.plural("• {n} rental", "• {n} rentals", found.rentals)),
        (found.open_rentals, t.plural("• {n} of them open", "• {n} of them open", found.open_rentals)),
        (found.items_out, t.plural("• {n} thing that is out", "• {n} things that are out", found.items_out)),
        (found.tokens, t.plural("• {n} token of a program", "• {n} tokens of programs", found.tokens)),
        (found.blocks, t.plural("• {n} block", "• {n} blocks", found.blocks)),
        (found.notes, t.plural("• {n} note of damage", "• {n} notes of damage", found.notes)),
    ]
    return [line for count, line in told if count] or [t("• nothing but the name")]


def _accounts(t: Texts, found: Plan) -> Markup | None:
    if all(found.accounts):
        return t("Both are in Telegram: both accounts are then {kept}.", kept=found.kept.name)
    return t("The Telegram account goes along.") if found.accounts[1] else None


def _details(t: Texts, found: Plan) -> list[Markup]:
    gets = [
        t("+ {field}: {value}", field=_name(t, field), value=_value(value))
        for field, value in found.fields.items()
    ]
    differ = [
        t(
            "{field}: {stays} stays, {goes} goes",
            field=_name(t, field),
            stays=_value(stays),
            goes=_value(goes),
        )
        for field, (stays, goes) in found.differing.items()
    ]
    return _few(t, [*differ, *gets])


def _same(t: Texts, found: Plan) -> list[Markup]:
    told = [
        t(
            "⚠️ Both have {thing} on the same days: rentals {one} and {other}. Both stay.",
            thing=short(same.name, 40),
            one=same.kept_number,
            other=same.gone_number,
        )
        for same in found.same
    ]
    return _few(t, told)


def _few(t: Texts, told: Sequence[Markup]) -> list[Markup]:
    more = len(told) - _MOST
    return [*told[:_MOST], *([t.plural("… and {n} more", "… and {n} more", more)] if more > 0 else [])]


def _name(t: Texts, field: str) -> str:
    if field in (*profile.FIELDS, *profile.FOR_ADMINS):
        return profile_questions.name(t, field)
    return short(field, 40)


def _value(value: Any) -> str:
    return short(profile_questions.shown(value), 60)


STATES = {
    OTHER: State(_other_screen, {"goes": _choose, "others": _page}, _search),
    MERGE: State(_merge_screen, {"merge": _merge, "merging": begin}),
}

"""Pending requests: the card with all of them, and approving them all."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from markupsafe import Markup

from db.states import Role
from handlers.i18n.texts import Texts, lines
from handlers.rentals import card_views, rental_labels
from handlers.ui.callbacks import Tap, Verb, number, pack
from handlers.ui.message import Button, Message, Style
from handlers.ui.refusals import explain_kept, keep
from handlers.ui.request import Request
from handlers.ui.widgets import pager
from services.core import identity
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.messaging import pending_requests
from services.rentals import approval, queries
from services.rentals.queries import RentalView

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FAR = 10**17
"""Microseconds: the year 5138."""


def card(tx: Tx, organization_id: int, t: Texts, page: int = 0) -> Message:
    """Return the pending requests."""
    total = pending_requests.count(tx.session, organization_id)
    if not total:
        return all_answered(t)
    page = min(page, -(-total // PER_PAGE) - 1)
    found = pending_requests.page(tx.session, organization_id, page=page, per_page=PER_PAGE)
    return pile(t, organization_id, queries.in_list(tx, found), page, total)


def turn(step: Request, tap: Tap) -> Message:
    """Turn to another page, in place of this one."""
    step.actor_in(tap.id).require(Role.LENDER)
    page = number(tap.arg)
    if page is None or page > 100_000:
        raise Refusal(Refused.OUTDATED)
    return card(step.tx, tap.id, step.texts, page)


def approve_all(step: Request, tap: Tap) -> Markup | None:
    """Approve all requests that were pending when the list was drawn."""
    actor = step.actor_in(tap.id)
    drawn = number(tap.arg)
    if drawn is None:
        raise Refusal(Refused.OUTDATED)
    # A forged number may be far beyond all dates.
    until = min(_EPOCH + timedelta(microseconds=min(drawn, _FAR)), step.now)
    done = approval.approve_all(step.by(actor), until=until)
    refused = []
    for rental_id, refusal in done.refused[:MOST_NAMED]:
        rental = queries.rental(step.tx, rental_id)
        names = identity.names(step.session, [rental.user_id])
        refused.append([rental.number, names[rental.user_id], keep(refusal)])
    step.say(
        "all_approved",
        name=actor.name,
        approved=done.approved,
        refused=refused,
        more=len(done.refused) - len(refused),
        left=done.left,
    )
    return step.texts.plural("{n} approved.", "{n} approved.", done.approved)


PER_PAGE = 6
MOST_NAMED = 10
"""The most refused requests to name with the reason."""


def pile(t: Texts, organization_id: int, shown: Sequence[RentalView], page: int, total: int) -> Message:
    """Return the pending requests, the longest waiting first, to answer one by one, or all at once; those of
    one member together.
    """
    by_member: dict[str, list[RentalView]] = {}
    for one in shown:
        by_member.setdefault(one.member, []).append(one)
    shown = [one for some in by_member.values() for one in some]
    rows: list[tuple[Button, ...]] = [
        (Button(label, pack(Verb.SHOW_RENTAL, v.id, "d")),)
        for v, label in zip(shown, rental_labels.labels(t, shown, desk=True), strict=True)
    ]
    rows += pager.arrows(
        page, pager.pages_of(total, PER_PAGE), lambda to: pack(Verb.PILE, organization_id, to)
    )
    drawn = int(t.now.timestamp() * 1_000_000)
    if total > 1:
        every = pack(Verb.APPROVE_ALL, organization_id, drawn)
        rows.append((Button(str(t("Approve all")), every, style=Style.GO_ON),))
    heading = t.plural(
        "<b>{n} request is waiting for an answer</b>", "<b>{n} requests are waiting for an answer</b>", total
    )
    texts = [
        card_views.listed(t, v, desk=True, with_status=False) if v is some[0] else _listed_more(t, v)
        for some in by_member.values()
        for v in some
    ]
    return Message(lines(heading, *(part for text in texts for part in ("", text))), tuple(rows))


def _listed_more(t: Texts, v: RentalView) -> Markup:
    """Return another rental of the member who was named before it, all of one status."""
    period = t.period(v.starts_at, v.due_at)
    return t("<b>{id}</b> · {what}\n{period}", id=v.number, what=card_views.summed_up(v), period=period)


def all_answered(t: Texts) -> Message:
    return Message(t("☑️ All answered. No more requests are waiting."))


def answered(t: Texts, p: Mapping[str, Any]) -> Message:
    """Tell all approvers the result: who approved how many, and which could not be approved and why."""
    named = [
        t("• <b>{id}</b> · {member}: {why}", id=number_, member=member, why=explain_kept(t, why))
        for number_, member, why in p["refused"]
    ]
    return Message(
        lines(
            t.plural(
                "✅ {name} has approved {n} request.",
                "✅ {name} has approved {n} requests.",
                p["approved"],
                name=p["name"],
            ),
            t("These could not be approved, and are still waiting:") if named else None,
            *named,
            t.plural("… and {n} more", "… and {n} more", p["more"]) if p["more"] else None,
            t("More are waiting: tap <b>Approve all</b> again.") if p["left"] else None,
        )
    )

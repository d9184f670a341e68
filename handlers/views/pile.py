"""The card of requests that pile up, and what is said when many are answered at once."""

from collections.abc import Mapping, Sequence
from typing import Any

from handlers.callbacks import Verb, pack
from handlers.message import Button, Message
from handlers.texts import Texts, lines
from handlers.views import rental_line
from handlers.views.refusals import explain_kept
from handlers.views.rent import short
from services.overview import RentalView

PER_PAGE = 6
MOST_NAMED = 10
"""So many that could not be approved are named, with why."""


def pile(t: Texts, organization_id: int, shown: Sequence[RentalView], page: int, total: int) -> Message:
    """What waits, the longest first: one by one, or all at once."""
    pages = max(1, -(-total // PER_PAGE))
    rows: list[tuple[Button, ...]] = [
        (
            Button(
                f"{v.id} · {short(v.member, 16)} · {short(rental_line.summed_up(v, 1), 24)}",
                pack(Verb.SHOW_RENTAL, v.id, "d"),
            ),
        )
        for v in shown
    ]
    if pages > 1:
        before, after = (page - 1) % pages, (page + 1) % pages
        rows.append(
            (
                Button("‹", pack(Verb.PILE, organization_id, before)),
                Button(f"{page + 1}/{pages}", pack(Verb.NOTHING)),
                Button("›", pack(Verb.PILE, organization_id, after)),
            )
        )
    drawn = int(t.now.timestamp() * 1_000_000)
    rows.append((Button(str(t("Approve all")), pack(Verb.APPROVE_ALL, organization_id, drawn)),))
    heading = t.plural(
        "<b>{n} request waits for an answer</b>", "<b>{n} requests wait for an answer</b>", total
    )
    texts = [rental_line.listed(t, v, desk=True, with_status=False) for v in shown]
    return Message(lines(heading, *(part for text in texts for part in ("", text))), tuple(rows))


def worked_off(t: Texts) -> Message:
    return Message(t("☑️ All answered. No request waits any more."))


def answered(t: Texts, p: Mapping[str, Any]) -> Message:
    """To all who decide: who approved how many, and which could not be approved and why."""
    named = [
        t("• <b>{id}</b> · {member}: {why}", id=id_, member=member, why=explain_kept(t, why))
        for id_, member, why in p["refused"]
    ]
    return Message(
        lines(
            t.plural(
                "✅ {name} has approved {n} request.",
                "✅ {name} has approved {n} requests.",
                p["approved"],
                name=p["name"],
            ),
            t("These could not be approved, and still wait:") if named else None,
            *named,
            t.plural("… and {n} more", "… and {n} more", p["more"]) if p["more"] else None,
            t("More wait: tap <b>Approve all</b> again.") if p["left"] else None,
        )
    )

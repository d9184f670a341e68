"""The last word to the accounts of somebody who left, or whose data was erased: wherever they did it."""

from collections.abc import Collection

from sqlalchemy import select

from db.models import ChatAccount, Organization
from db.states import Lane
from services.core.tx import Tx
from services.messaging import outbox

LEFT = "left"
"""Kind of the message. Its `languages` are the reader's, the best first: an erased account has none left."""


Spoken = dict[int, list[str]]


def spoken(tx: Tx, account_ids: Collection[int], organization: Organization) -> Spoken:
    """Return what each account reads, by account, before it is erased."""
    rows = tx.session.scalars(select(ChatAccount).where(ChatAccount.id.in_(account_ids)))
    return {
        row.id: [one for one in (row.language, row.telegram_language, organization.language) if one]
        for row in rows
    }


def say(tx: Tx, organization: Organization, to: Spoken, *, forgotten: bool) -> None:
    """Tell these accounts that they have left, or that their data is erased."""
    for account_id, languages in to.items():
        outbox.send(
            tx,
            LEFT,
            chat_id=account_id,
            params={"organization": organization.name, "forgotten": forgotten, "languages": languages},
            lane=Lane.REPLY,
            organization_id=None,
        )

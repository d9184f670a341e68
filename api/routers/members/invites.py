"""`/invites`: links for people who are no members yet."""

from typing import Annotated

from fastapi import Depends

from api import endpoints
from api.calls import Call, Writes
from api.models.people import InviteIn, InviteOut
from services.access import rights
from services.core.tx import Tx
from services.members import invites

router = endpoints.router("/invites", tag="users")

Add = Annotated[Call, Depends(Writes(rights.MANAGE_MEMBERS))]


@router.post("", status_code=201)
def invite(call: Add, body: InviteIn) -> InviteOut:
    """Make a link by which new people join, with at most your own role."""

    def work(tx: Tx) -> InviteOut:
        token = invites.make(tx, role=body.role, uses=body.uses, days=body.days)
        return InviteOut(invite_link=f"https://t.me/{call.api.settings.bot}?start={token}")

    return call.write(work, once="invite_link")

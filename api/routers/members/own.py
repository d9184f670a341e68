"""`/users/me/…`: calendars, accounts, everything that is stored, and leaving."""

import json
from typing import Annotated, Any

from fastapi import Depends
from fastapi.responses import Response

from api import endpoints
from api.calls import Call, Reads, Writes, require_whole
from api.models.common import Id
from api.models.joining import (
    AccountOut,
    CalendarsOut,
    EraseIn,
    HeldOut,
    LeaveIn,
    LeavingOut,
)
from api.paging import Page
from api.problems import ProblemError
from db.states import CalendarScope
from services.access import rights
from services.calendars import feeds
from services.core.tx import Tx
from services.members import data_export, directory, linked_accounts
from services.members.departure import erasure, leaving

router = endpoints.router("/users/me", tag="users")

Own = Annotated[Call, Depends(Reads(rights.OWN_ACCOUNT))]
ChangeOwn = Annotated[Call, Depends(Writes(rights.OWN_ACCOUNT))]
Subscribe = Annotated[Call, Depends(Reads(rights.MEMBER))]
Member = Annotated[Call, Depends(Writes(rights.MEMBER))]

_JSON: dict[int | str, dict[str, Any]] = {
    200: {"description": "All of it.", "content": {"application/json": {"schema": {"type": "object"}}}}
}


@router.get("/calendars")
def get_own_calendars(call: Subscribe) -> CalendarsOut:
    """Return the addresses of your calendars: your rentals, and for lenders everybody's."""
    return call.act(lambda tx: _calendars(call, feeds.secrets_of(tx)))


@router.post("/calendars/renew")
def renew_own_calendars(call: Member) -> CalendarsOut:
    """Make the addresses new: the earlier ones show nothing any more."""
    return call.write(lambda tx: _calendars(call, feeds.renew(tx)), once="addresses")


def _calendars(call: Call, secrets: dict[CalendarScope, str]) -> CalendarsOut:
    base = call.api.settings.public_url
    if not base:
        raise ProblemError(404, "calendars_off", "Calendars to subscribe to are not switched on here.")
    return CalendarsOut(
        addresses={scope: f"{base}/calendar/{secret}.ics" for scope, secret in secrets.items()}
    )


@router.get("/accounts")
def list_own_accounts(call: Own) -> Page[AccountOut]:
    """Return the Telegram accounts that are linked to you, in the order in which they were."""

    def work(tx: Tx) -> Page[AccountOut]:
        rows = linked_accounts.of(tx.session, tx.actor.user_id)
        found = [AccountOut(id=row.id, first_name=row.first_name) for row in rows]
        return Page(items=found, total=len(found))

    return call.read(work)


@router.delete("/accounts/{account_id}", status_code=204)
def unlink_own_account(call: ChangeOwn, account_id: Id) -> None:
    """Unlink one of several Telegram accounts; it is told."""

    def work(tx: Tx) -> None:
        linked_accounts.unlink(tx, account_id)

    return call.write(work)


@router.get("/data", response_class=Response, responses=_JSON)
def get_own_data(call: Own) -> Response:
    """Return everything that is stored about you: profile, accounts, rentals, history, messages."""

    def work(tx: Tx) -> Response:
        found = data_export.everything(tx.session, directory.user(tx.session, tx.actor.user_id))
        return Response(json.dumps(found), media_type="application/json")

    return call.read(work)


@router.get("/leaving")
def get_own_leaving(call: Own) -> LeavingOut:
    """Return what leaving the organization would cancel, and what has to be back before."""

    def work(tx: Tx) -> LeavingOut:
        out = leaving.items_out(tx.session, tx.actor.user_id)
        return LeavingOut(
            cancels=list(leaving.open_rentals(tx.session, tx.actor.user_id)),
            items_out=[
                HeldOut(rental_id=one.rental_id, number=one.number, code=one.code, name=one.name)
                for one in out
            ],
        )

    return call.read(work)


@router.post("/leave", status_code=204)
def leave(call: ChangeOwn, body: LeaveIn) -> None:
    """End your membership: your tokens end, your accounts are unlinked and told. What you did stays."""

    def work(tx: Tx) -> None:
        require_whole(tx)
        leaving.leave(tx, seen=body.cancels)

    return call.write(work)


@router.post("/erase", status_code=204)
def erase(call: Own, body: EraseIn) -> Response:
    """Leave, and have your personal data erased for good; what was lent when stays, without your name."""

    def work(tx: Tx) -> None:
        require_whole(tx)
        erasure.forget(tx, seen=body.cancels)

    call.act(work)
    return Response(status_code=204)

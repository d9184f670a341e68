"""`/join-requests`: people who ask to become members."""

from typing import Annotated

from fastapi import Depends

from api import endpoints, show
from api.calls import Call, Reads, Writes
from api.models.common import Id, Named
from api.models.joining import JoinRequestOut, TurnAwayIn
from api.models.people import UserOut
from api.paging import Page, Paged
from db.models import JoinRequest
from services.access import rights
from services.core.tx import Tx
from services.onboarding import join_requests

router = endpoints.router("/join-requests", tag="users")

Managed = Annotated[Call, Depends(Reads(rights.MANAGE_MEMBERS))]
Decide = Annotated[Call, Depends(Writes(rights.MANAGE_MEMBERS))]


def _shown(tx: Tx, row: JoinRequest) -> JoinRequestOut:
    by = join_requests.decided_by(tx.session, row)
    return JoinRequestOut(
        id=row.id,
        status=row.status,
        first_name=row.first_name,
        last_name=row.last_name,
        answers=row.told,
        asked_at=row.asked_at,
        decided_at=row.decided_at,
        decided_by=Named(id=by.id, name=by.name) if by is not None else None,
        reason=row.reason,
    )


@router.get("")
def list_join_requests(call: Managed, paging: Paged) -> Page[JoinRequestOut]:
    """Return the requests that wait for an answer, the oldest first."""

    def work(tx: Tx) -> Page[JoinRequestOut]:
        found = join_requests.pending(tx, after=paging.offset, limit=paging.limit + 1)
        shown = [_shown(tx, one) for one in found[: paging.limit]]
        return paging.page_before(shown, shown[-1].id if len(found) > paging.limit else None)

    return call.read(work)


@router.get("/{join_request_id}")
def get_join_request(call: Managed, join_request_id: Id) -> JoinRequestOut:
    """Return one request, answered or not."""
    return call.read(lambda tx: _shown(tx, join_requests.here(tx, join_request_id)))


@router.post("/{join_request_id}/approve")
def approve_join_request(call: Decide, join_request_id: Id) -> UserOut:
    """Let somebody in: they are a member from now on, and are told. 409 where somebody answered before."""

    def work(tx: Tx) -> UserOut:
        user = join_requests.approve(tx, join_request_id)
        tx.session.flush()
        call.created(f"users/{user.id}")
        return show.user(tx, user)

    return call.write(work)


@router.post("/{join_request_id}/decline")
def decline_join_request(call: Decide, join_request_id: Id, body: TurnAwayIn) -> JoinRequestOut:
    """Decline a request; whoever asked reads the reason."""

    def work(tx: Tx) -> JoinRequestOut:
        join_requests.decline(tx, join_request_id, reason=body.reason)
        tx.session.flush()
        return _shown(tx, join_requests.here(tx, join_request_id))

    return call.write(work)

"""`/users`: the members of the organization, and oneself."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from api import show
from api.calls import Call, Reads
from api.models.common import Id
from api.models.people import UserOut
from api.paging import Page, Paged
from db.states import Role
from services.access import rights
from services.core.tx import Tx
from services.members import directory

router = APIRouter(prefix="/users", tags=["users"])

Own = Annotated[Call, Depends(Reads(rights.OWN_STILL))]
Managed = Annotated[Call, Depends(Reads(rights.MANAGE_MEMBERS))]


@router.get("/me")
def get_me(call: Own) -> UserOut:
    """Return what is stored about you."""

    def work(tx: Tx) -> UserOut:
        row = directory.user(tx.session, tx.actor.user_id)
        call.tag(row)
        return show.user(tx, row)

    return call.read(work)


@router.get("")
def list_users(
    call: Managed,
    paging: Paged,
    q: Annotated[
        str, Query(max_length=200, description="Words of name, username, email, phone, membership.")
    ] = "",
    role: Annotated[Role | None, Query()] = None,
    active: Annotated[bool | None, Query(description="Members now, or those who are not.")] = None,
) -> Page[UserOut]:
    """Return the members, by name, or best match first."""

    def work(tx: Tx) -> Page[UserOut]:
        found, total = directory.select_users(
            tx, words=q, role=role, active=active, offset=paging.offset, limit=paging.limit
        )
        return paging.page([show.user(tx, row) for row in found], total)

    return call.read(work)


@router.get("/{user_id}")
def get_user(call: Managed, user_id: Id) -> UserOut:
    """Return a member."""

    def work(tx: Tx) -> UserOut:
        row = directory.get(tx, user_id)
        call.tag(row)
        return show.user(tx, row)

    return call.read(work)

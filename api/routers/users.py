"""`/users`: the members of the organization, and oneself."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from api import show
from api.calls import Call, Changes, Reads, Writes
from api.models.common import Id, Named
from api.models.merging import Differing, MemberMergeOut, MergeIn, SameOut
from api.models.people import InviteOut, NewUser, SuspensionIn, TokenOut, UserIn, UserOut, UserPatch
from api.paging import Page, Paged
from db.states import Described, Role
from services.access import rights, tokens
from services.core import custom_fields
from services.core.tx import Tx
from services.members import directory, editing, profile, registration, suspensions
from services.members.merging import merge, plan
from services.members.merging.plan import Plan

router = APIRouter(prefix="/users", tags=["users"])

Own = Annotated[Call, Depends(Reads(rights.OWN_STILL))]
Revoke = Annotated[Call, Depends(Writes(rights.OWN_STILL))]
Managed = Annotated[Call, Depends(Reads(rights.MANAGE_MEMBERS))]
Add = Annotated[Call, Depends(Writes(rights.MANAGE_MEMBERS))]
Change = Annotated[Call, Depends(Changes(rights.MANAGE_MEMBERS))]


@router.get("/me")
def get_me(call: Own) -> UserOut:
    """Return what is stored about you."""

    def work(tx: Tx) -> UserOut:
        row = directory.user(tx.session, tx.actor.user_id)
        call.tag(row)
        return show.user(tx, row)

    return call.read(work)


@router.get("/me/tokens")
def list_own_tokens(call: Own) -> Page[TokenOut]:
    """Return your tokens, the newest first. New ones are made in the chat."""

    def work(tx: Tx) -> Page[TokenOut]:
        found = [TokenOut.model_validate(row, from_attributes=True) for row in tokens.listed(tx)]
        return Page(items=found, total=len(found))

    return call.read(work)


@router.delete("/me/tokens/{token_id}", status_code=204)
def revoke_own_token(call: Revoke, token_id: Id) -> None:
    """End one of your tokens."""

    def work(tx: Tx) -> None:
        tokens.revoke(tx, token_id)

    return call.write(work)


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


def _told(tx: Tx, fields: dict[str, str]) -> dict[str, str]:
    """Return values of own fields by their names in a profile. Raises FIELD_UNKNOWN."""
    found = {}
    for label, text in fields.items():
        known = custom_fields.labeled(tx.session, tx.organization_id, Described.USER, label)
        found[f"field:{known.id}"] = text
    return found


def _link(call: Call, token: str) -> str:
    return f"https://t.me/{call.api.settings.bot}?start={token}"


@router.post("", status_code=201)
def add_user(call: Add, body: UserIn) -> NewUser:
    """Add a member; they come in by their invite link. 409 where the username or email is somebody's."""

    def work(tx: Tx) -> NewUser:
        given = body.given()
        told = {
            name: given[name]
            for name in (*profile.FIELDS, *profile.FOR_ADMINS)
            if given.get(name) is not None
        }
        told |= {name: text for name, text in _told(tx, body.fields).items() if text}
        names = told.pop("first_name"), told.pop("last_name", "")
        row = registration.enter(tx, role=body.role, first_name=names[0], last_name=names[1], told=told)
        for field in profile.MOMENTS:
            if given.get(field) is not None:
                editing.set_moment(tx, row.id, field=field, moment=given[field], seen="")
        link = _link(call, editing.new_link(tx, row.id))
        call.created(f"users/{row.id}")
        call.tag(row)
        return NewUser(**show.user(tx, row).model_dump(), invite_link=link)

    return call.write(work, once="invite_link")


@router.patch("/{user_id}")
def change_user(call: Change, user_id: Id, body: UserPatch) -> UserOut:
    """Change a member who is not above you; what is left out stays, null clears it."""

    def work(tx: Tx) -> UserOut:
        row = editing.locked(tx, user_id)
        call.require_unchanged(row)
        given = body.given()
        values = {name: given[name] for name in (*profile.FIELDS, *profile.FOR_ADMINS) if name in given}
        values |= {name: text or None for name, text in _told(tx, body.fields).items()}
        for field, value in values.items():
            seen = directory.plain(profile.value_of(tx, row, field))
            editing.edit(tx, user_id, field=field, value=value, seen=seen)
        if given.get("role") is not None:
            editing.change_role(tx, user_id, role=given["role"], seen=row.role)
        for field in (one for one in profile.MOMENTS if one in given):
            seen = directory.plain(getattr(row, field))
            editing.set_moment(tx, user_id, field=field, moment=given[field], seen=seen)
        call.tag(row)
        return show.user(tx, row)

    return call.write(work)


@router.put("/{user_id}/suspension")
def suspend_user(call: Change, user_id: Id, body: SuspensionIn) -> UserOut:
    """Suspend a member, who reads why."""

    def work(tx: Tx) -> UserOut:
        call.require_unchanged(editing.locked(tx, user_id))
        row = suspensions.suspend(tx, user_id, reason=body.reason, until=body.until)
        call.tag(row)
        return show.user(tx, row)

    return call.write(work)


@router.delete("/{user_id}/suspension")
def reactivate_user(call: Change, user_id: Id) -> UserOut:
    """End a suspension; the member is told."""

    def work(tx: Tx) -> UserOut:
        call.require_unchanged(editing.locked(tx, user_id))
        row = suspensions.reactivate(tx, user_id)
        call.tag(row)
        return show.user(tx, row)

    return call.write(work)


@router.post("/{user_id}/invite", status_code=201)
def invite_user(call: Add, user_id: Id) -> InviteOut:
    """Make a new invite link for a member; earlier ones are void."""

    def work(tx: Tx) -> InviteOut:
        return InviteOut(invite_link=_link(call, editing.new_link(tx, user_id)))

    return call.write(work, once="invite_link")


def _plan(found: Plan, kept: Named, gone: Named) -> MemberMergeOut:
    return MemberMergeOut(
        kept=kept,
        gone=gone,
        rentals=found.rentals,
        open_rentals=found.open_rentals,
        items_out=found.items_out,
        tokens=found.tokens,
        blocks=found.blocks,
        notes=found.notes,
        accounts=sum(found.accounts),
        role=found.role,
        fields=show.texts(found.fields),
        differing={
            field: Differing(stays=directory.plain(stays), goes=directory.plain(goes))
            for field, (stays, goes) in found.differing.items()
        },
        same=[
            SameOut(equipment=s.name, kept_rental=s.kept_rental, gone_rental=s.gone_rental)
            for s in found.same
        ],
        suspends=found.suspends,
    )


def _both(tx: Tx, kept_id: int, gone_id: int) -> tuple[Named, Named]:
    kept, gone = directory.get(tx, kept_id), directory.get(tx, gone_id)
    return Named(id=kept.id, name=kept.name), Named(id=gone.id, name=gone.name)


@router.get("/{user_id}/merge/{gone_user_id}")
def plan_merge_of_users(call: Managed, user_id: Id, gone_user_id: Id) -> MemberMergeOut:
    """Return what merging two members who are one person would do; nothing is changed."""

    def work(tx: Tx) -> MemberMergeOut:
        return _plan(plan.make(tx, user_id, gone_user_id), *_both(tx, user_id, gone_user_id))

    return call.read(work)


@router.post("/{user_id}/merge")
def merge_users(call: Add, user_id: Id, body: MergeIn) -> MemberMergeOut:
    """Merge two members who are one person: what the other had goes on under this one."""

    def work(tx: Tx) -> MemberMergeOut:
        names = _both(tx, user_id, body.gone_id)
        return _plan(merge.merge(tx, user_id, body.gone_id), *names)

    return call.write(work)

"""`/users`: the members of the organization, and oneself."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, Query
from fastapi.responses import Response

from api import endpoints, show
from api.calls import Call, Changes, Reads, Writes
from api.models.common import Id, Named
from api.models.merging import Differing, MemberMergeOut, MergeIn, SameOut
from api.models.people import (
    InviteOut,
    NewUser,
    OwnPatch,
    SuspensionIn,
    TokenOut,
    UserIn,
    UserOut,
    UserPatch,
    UserPut,
)
from api.paging import Page, Paged
from db.models import User
from db.states import Described, Role
from services.access import member_cards, rights, tokens
from services.core import custom_fields
from services.core.tx import Tx
from services.labels import pdf, qr
from services.labels.pdf import Label
from services.members import directory, editing, profile, registration, suspensions
from services.members.merging import merge, plan
from services.members.merging.plan import Plan

router = endpoints.router("/users", tag="users")

Own = Annotated[Call, Depends(Reads(rights.OWN_ACCOUNT))]
ChangeOwn = Annotated[Call, Depends(Changes(rights.OWN_ACCOUNT))]
Revoke = Annotated[Call, Depends(Writes(rights.OWN_ACCOUNT))]
OwnCard = Annotated[Call, Depends(Reads(rights.MEMBER))]
RenewCard = Annotated[Call, Depends(Writes(rights.MEMBER))]
Managed = Annotated[Call, Depends(Reads(rights.MANAGE_MEMBERS))]
Add = Annotated[Call, Depends(Writes(rights.MANAGE_MEMBERS))]
Change = Annotated[Call, Depends(Changes(rights.MANAGE_MEMBERS))]


@router.get("/me")
def get_me(call: Own) -> UserOut:
    """Return what is stored about you."""
    return call.read_row(lambda tx: directory.user(tx.session, tx.actor.user_id), show.user)


@router.patch("/me")
def change_me(call: ChangeOwn, body: OwnPatch) -> UserOut:
    """Change your name, email address or phone number; what is left out stays, null clears it."""
    return call.change_row(editing.locked_own, lambda tx, row: editing.edit_own(tx, body.given()), show.user)


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


@router.get("/me/card.png", response_class=Response, responses=endpoints.file("image/png"))
def get_own_card(call: OwnCard) -> Response:
    """Return the QR code of your card, which tells a lender who you are."""
    return Response(qr.png(_card(call)[0]), media_type="image/png")


@router.get("/me/card.pdf", response_class=Response, responses=endpoints.file("application/pdf"))
def get_own_card_to_print(call: OwnCard) -> Response:
    """Return your card, to print and to cut out."""
    _, label, owner = _card(call)
    paper = pdf.card(label, owner=owner, bot=call.api.settings.bot)
    return Response(paper, media_type="application/pdf")


def _card(call: Call) -> tuple[str, Label, str]:
    """Return the link in the caller's card, its print, and the organization's name."""

    def work(tx: Tx) -> tuple[str, Label, str]:
        user, token = directory.user(tx.session, tx.actor.user_id), member_cards.token_of(tx)
        label = Label(user.name, user.membership_id or "", token, qr.CARD)
        return qr.link(call.api.settings.bot, token, qr.CARD), label, tx.organization.name

    return call.act(work)


@router.post("/me/card/renew", status_code=204)
def renew_own_card(call: RenewCard) -> None:
    """Make your card new: the earlier one leads to nobody any more."""

    def work(tx: Tx) -> None:
        member_cards.renew(tx)

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
    return call.read_row(lambda tx: directory.get(tx, user_id), show.user)


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


def _change(call: Call, user_id: int, given: Callable[[Tx, User], dict[str, Any]]) -> UserOut:
    """Change what is given of a member, in the version that the caller has read."""

    def work(tx: Tx, row: User) -> None:
        values = given(tx, row)
        told = _told(tx, values.get("fields", {}))
        changes = {name: values[name] for name in (*profile.FIELDS, *profile.FOR_ADMINS) if name in values}
        for field, value in (changes | {name: text or None for name, text in told.items()}).items():
            seen = directory.plain(profile.value_of(tx, row, field))
            editing.edit(tx, user_id, field=field, value=value, seen=seen)
        if values.get("role") is not None:
            editing.change_role(tx, user_id, role=values["role"], seen=row.role)
        for field in (one for one in profile.MOMENTS if one in values):
            seen = directory.plain(getattr(row, field))
            editing.set_moment(tx, user_id, field=field, moment=values[field], seen=seen)
        if "suspended" in values:
            _suspend(tx, row, values["suspended"])

    return call.change_row(lambda tx: editing.locked(tx, user_id), work, show.user)


def _suspend(tx: Tx, row: User, wanted: SuspensionIn | None) -> None:
    """Let a member be suspended like this, or not at all; as it is already, nothing happens."""
    if row.is_suspended(tx.now):
        is_same = wanted is not None and (row.suspended_reason, row.suspended_until) == (
            wanted.reason.strip(),
            wanted.until,
        )
        if is_same:
            return
        suspensions.reactivate(tx, row.id)
    if wanted is not None:
        suspensions.suspend(tx, row.id, reason=wanted.reason, until=wanted.until)


@router.patch("/{user_id}")
def change_user(call: Change, user_id: Id, body: UserPatch) -> UserOut:
    """Change a member who is not above you; what is left out stays, null clears it."""
    return _change(call, user_id, lambda tx, row: body.given())


@router.put("/{user_id}")
def replace_user(call: Change, user_id: Id, body: UserPut) -> UserOut:
    """Change a member who is not above you to exactly this; what is left out is cleared."""

    def whole(tx: Tx, row: User) -> dict[str, Any]:
        known = custom_fields.of(tx.session, tx.organization_id, Described.USER)
        own = {field.label: "" for field in known} | body.fields
        found = {**body.model_dump(exclude={"suspended", "fields"}), "fields": own}
        return found | ({"suspended": body.suspended} if "suspended" in body.model_fields_set else {})

    return _change(call, user_id, whole)


@router.put("/{user_id}/suspension")
def suspend_user(call: Change, user_id: Id, body: SuspensionIn) -> UserOut:
    """Suspend a member, who reads why."""
    return call.change_row(
        lambda tx: editing.locked(tx, user_id),
        lambda tx, row: suspensions.suspend(tx, row.id, reason=body.reason, until=body.until),
        show.user,
    )


@router.delete("/{user_id}/suspension")
def reactivate_user(call: Change, user_id: Id) -> UserOut:
    """End a suspension; the member is told."""
    return call.change_row(
        lambda tx: editing.locked(tx, user_id),
        lambda tx, row: suspensions.reactivate(tx, row.id),
        show.user,
    )


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

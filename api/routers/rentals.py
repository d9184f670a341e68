"""`/rentals`: asking, answering, handing out, extending, bringing back."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Annotated

from fastapi import Depends, Query

from api import endpoints, show
from api.calls import Call, Reads, Writes
from api.models.common import Day, Id, RowId
from api.models.rentals import (
    DueIn,
    Earlier,
    HandOutIn,
    ProblemIn,
    ReasonIn,
    RentalIn,
    RentalOut,
    ReturnIn,
    Some,
    SwapIn,
    When,
)
from api.models.reports import ApproveAllIn, ApprovedOut, NotApproved
from api.paging import Page, Paged
from db.states import RentalStatus, Role
from services.access import rights
from services.core.hours import periods
from services.core.hours.periods import Period
from services.core.tx import Tx
from services.desk import checkin, checkout, counter, lookup, swaps
from services.inventory import locations
from services.maintenance import damage, return_report
from services.rentals import approval, extension, listing
from services.rentals.booking import direct, request
from services.rentals.booking.direct import Asked, Days
from services.rentals.custody import dates

router = endpoints.router("/rentals", tag="rentals")

Own = Annotated[Call, Depends(Reads(rights.SEE_OWN_RENTALS))]
One = Annotated[Call, Depends(Reads(rights.SEE_RENTAL))]
All = Annotated[Call, Depends(Reads(rights.SEE_RENTALS))]
Rent = Annotated[Call, Depends(Writes(rights.RENT))]
Approve = Annotated[Call, Depends(Writes(rights.APPROVE))]
Cancel = Annotated[Call, Depends(Writes(rights.CANCEL))]
HandOut = Annotated[Call, Depends(Writes(rights.PICK_UP))]
Extend = Annotated[Call, Depends(Writes(rights.EXTEND))]
SetDate = Annotated[Call, Depends(Writes(rights.SET_DATE))]
Swap = Annotated[Call, Depends(Writes(rights.SWAP))]
GiveBack = Annotated[Call, Depends(Writes(rights.RETURN))]
TakeBack = Annotated[Call, Depends(Writes(rights.TAKE_BACK))]
Report = Annotated[Call, Depends(Writes(rights.REPORT_PROBLEM))]

Statuses = Annotated[
    list[RentalStatus] | None, Query(alias="status", max_length=10, description="One of these states.")
]

Number = Annotated[RowId | None, Query(description="The number that people know it by.")]


def shown(tx: Tx, rental_id: int) -> RentalOut:
    tx.session.flush()
    return show.rental(tx, listing.one(tx, rental_id))


def _page(tx: Tx, wanted: listing.Filter, paging: Paged) -> Page[RentalOut]:
    found, more = listing.find(tx, wanted, before=paging.after, limit=paging.limit)
    return paging.page_before([show.rental(tx, one) for one in found], more)


@router.get("/me")
def list_own_rentals(
    call: Own, paging: Paged, status: Statuses = None, number: Number = None
) -> Page[RentalOut]:
    """Return your own rentals, past and present, the newest first."""
    return call.read(
        lambda tx: _page(tx, listing.Filter(tuple(status or ()), number, tx.actor.user_id), paging)
    )


@router.get("/current")
def list_current_rentals(
    call: All,
    paging: Paged,
    overdue: Annotated[bool, Query(description="Only those that should be back.")] = False,
) -> Page[RentalOut]:
    """Return the rentals that are out now, the newest first."""
    wanted = listing.Filter((RentalStatus.OUT,), overdue=overdue)
    return call.read(lambda tx: _page(tx, wanted, paging))


@router.get("")
def list_rentals(
    call: All,
    paging: Paged,
    status: Statuses = None,
    number: Number = None,
    member: Annotated[RowId | None, Query(description="Id of a user.")] = None,
    item: Annotated[RowId | None, Query()] = None,
    equipment: Annotated[RowId | None, Query()] = None,
    first: Annotated[
        Day | None, Query(alias="from", description="It touches this day or a later one.")
    ] = None,
    last: Annotated[
        Day | None, Query(alias="to", description="It touches this day or an earlier one.")
    ] = None,
    overdue: bool = False,
) -> Page[RentalOut]:
    """Return the organization's rentals, the newest first."""

    def work(tx: Tx) -> Page[RentalOut]:
        since = periods.start_of_day(first, tx.zone) if first is not None else None
        until = periods.whole_days(last, last, tx.zone).due_at if last is not None else None
        statuses = tuple(status or ())
        return _page(
            tx, listing.Filter(statuses, number, member, item, equipment, since, until, overdue), paging
        )

    return call.read(work)


@router.get("/{rental_id}")
def get_rental(call: One, rental_id: Id) -> RentalOut:
    """Return one rental: your own, or any for a lender."""
    return call.read(lambda tx: shown(tx, rental_id))


@router.post("", status_code=201)
def request_rental(call: Rent, body: RentalIn) -> RentalOut:
    """Ask for a rental; approved at once where the rules need no approval. 409 says what is free instead.

    With `hand_out` it is approved and handed out in the same go, or not at all; without a period then, until
    further notice.
    """

    def work(tx: Tx) -> RentalOut:
        if body.is_open:
            items = [line.item_id for line in body.lines if line.item_id is not None]
            rental = counter.hand_out_open(tx, body.member_id, items)
            call.created(f"rentals/{rental.id}")
            return shown(tx, rental.id)
        rental = direct.ask(
            tx,
            [Asked(one.equipment_id, one.item_id, one.kit_id, one.quantity) for one in body.lines],
            when(body),
            user_id=body.member_id,
            purpose=body.purpose,
            comment=body.comment,
            fields=body.fields,
        )
        if body.hand_out:
            counter.hand_out_request(tx, rental.id)
        call.created(f"rentals/{rental.id}")
        return shown(tx, rental.id)

    return call.write(work)


def _done(call: Call, rental_id: int, act: Callable[[Tx], object]) -> RentalOut:
    """Do something with a rental; answer with how it stands then."""

    def work(tx: Tx) -> RentalOut:
        act(tx)
        return shown(tx, rental_id)

    return call.write(work)


def when(body: When) -> Days | Period:
    if body.first is not None and body.last is not None:
        return Days(body.first, body.last)
    assert body.starts_at is not None and body.due_at is not None
    return Period(body.starts_at.astimezone(UTC), body.due_at.astimezone(UTC))


@router.post("/{rental_id}/approve")
def approve_rental(call: Approve, rental_id: Id) -> RentalOut:
    """Approve a request. 409 where somebody answered before, or it is not free any more."""
    return _done(call, rental_id, lambda tx: approval.approve(tx, rental_id))


@router.post("/{rental_id}/decline")
def decline_rental(call: Approve, rental_id: Id, body: ReasonIn) -> RentalOut:
    """Decline a request; the member reads the reason."""
    return _done(call, rental_id, lambda tx: approval.decline(tx, rental_id, reason=body.reason))


@router.post("/approve-all")
def approve_all_rentals(call: Approve, body: ApproveAllIn) -> ApprovedOut:
    """Approve all requests that wait, at most 25 at once; what cannot be approved goes on waiting."""

    def work(tx: Tx) -> ApprovedOut:
        until = tx.now if body.until is None else min(body.until.astimezone(UTC), tx.now)
        done = approval.approve_all(tx, until=until)
        refused = [NotApproved(rental_id=id_, code=refusal.code.value) for id_, refusal in done.refused]
        return ApprovedOut(approved=done.approved, refused=refused, left=done.left)

    return call.write(work)


@router.post("/{rental_id}/cancel")
def cancel_rental(call: Cancel, rental_id: Id) -> RentalOut:
    """Cancel a rental before anything of it is out."""
    return _done(call, rental_id, lambda tx: approval.cancel(tx, rental_id))


@router.post("/{rental_id}/hand-out")
def hand_out_rental(call: HandOut, rental_id: Id, body: HandOutIn) -> RentalOut:
    """Hand out an approved rental, or some of its items; or pick it up, where the rules let members."""
    return _done(
        call,
        rental_id,
        lambda tx: checkout.hand_out(tx, rental_id, only=_claims(tx, rental_id, body), at=_at(body)),
    )


def _at(body: Earlier | None) -> datetime | None:
    return body.at.astimezone(UTC) if body is not None and body.at is not None else None


def _claims(tx: Tx, rental_id: int, body: Some) -> list[int] | None:
    """Return the claims on the items that are named, of a rental that the caller sees. Raises NOT_FOUND."""
    request.get(tx, rental_id)
    return lookup.claims_of_items(tx, rental_id, body.item_ids) if body.item_ids is not None else None


@router.post("/{rental_id}/swap")
def swap_item(call: Swap, rental_id: Id, body: SwapIn) -> RentalOut:
    """Swap an item, before it is handed out, for another of the same equipment."""

    def work(tx: Tx) -> RentalOut:
        (claim_id,) = _claims(tx, rental_id, Some(item_ids=[body.item_id])) or [0]
        swaps.swap(tx, claim_id, body.for_item_id)
        return shown(tx, rental_id)

    return call.write(work)


def due(body: DueIn, on: Callable[[date], datetime]) -> datetime:
    """Return when a rental is to be due (UTC): the moment given, or as it is `on` the last day given."""
    due_at = on(body.last) if body.last is not None else body.due_at
    assert due_at is not None  # the model requires one of the two
    return due_at.astimezone(UTC)


@router.post("/{rental_id}/due")
def set_due(call: SetDate, rental_id: Id, body: DueIn) -> RentalOut:
    """Set when a rental is due that is out until further notice; its member asks for an extension instead."""

    def work(tx: Tx) -> RentalOut:
        rental = request.get(tx, rental_id)
        dates.set_date(tx, rental_id, due(body, lambda last: dates.due_on(tx, rental, last)))
        return shown(tx, rental_id)

    return call.write(work)


@router.post("/{rental_id}/extension")
def extend_rental(call: Extend, rental_id: Id, body: DueIn) -> RentalOut:
    """Ask to keep your rental longer; granted at once where the rules need no approval."""

    def work(tx: Tx) -> RentalOut:
        rental = request.own(tx, rental_id)
        extension.ask(tx, rental_id, due(body, lambda last: extension.due_on(tx, rental, last)))
        return shown(tx, rental_id)

    return call.write(work)


@router.post("/{rental_id}/extension/approve")
def approve_extension(call: Approve, rental_id: Id) -> RentalOut:
    """Grant the extension that waits for an answer."""
    return _done(call, rental_id, lambda tx: extension.grant(tx, extension.open_one(tx, rental_id)))


@router.post("/{rental_id}/extension/decline")
def decline_extension(call: Approve, rental_id: Id) -> RentalOut:
    """Decline the extension that waits for an answer."""
    return _done(call, rental_id, lambda tx: extension.decline(tx, extension.open_one(tx, rental_id)))


@router.post("/{rental_id}/return")
def return_rental(call: GiveBack, rental_id: Id, body: ReturnIn) -> RentalOut:
    """Bring back all of it or some items. By the member a lender confirms it, unless the rules need none."""

    def work(tx: Tx) -> RentalOut:
        claims = _claims(tx, rental_id, body)
        if not tx.actor.has_role(Role.LENDER):
            if body.condition is not None or body.location_id is not None or body.note or body.at:
                tx.actor.require(Role.LENDER)
            checkin.give_back(tx, rental_id, only=claims)
            return shown(tx, rental_id)
        checkin.take_back(tx, rental_id, only=claims, at=_at(body))
        _say(tx, rental_id, body)
        return shown(tx, rental_id)

    return call.write(work)


def _say(tx: Tx, rental_id: int, body: ReturnIn) -> None:
    """Say of what was just taken back where it lies, and how it came."""
    return_id = locations.last_return(tx.session, rental_id)
    assert return_id is not None
    if body.condition is not None:
        for piece in return_report.pieces(tx, return_id):
            return_report.say(tx, return_id, piece.item_id, body.condition, reason=body.note)
    if body.note.strip():
        return_report.write_down(tx, return_id, body.note)
    if body.location_id is not None:
        locations.put_away(tx, return_id, body.location_id)


@router.post("/{rental_id}/confirm")
def confirm_return(call: TakeBack, rental_id: Id, body: Earlier | None = None) -> RentalOut:
    """Confirm what the member reports to be back."""
    return _done(call, rental_id, lambda tx: checkin.confirm_return(tx, rental_id, at=_at(body)))


@router.post("/{rental_id}/problem")
def report_problem(call: Report, rental_id: Id, body: ProblemIn) -> RentalOut:
    """Report a problem with what is out: missing, broken. The other side is told."""

    def work(tx: Tx) -> RentalOut:
        request.get(tx, rental_id)
        claim_id = None
        if body.item_id is not None:
            (claim_id,) = lookup.claims_of_items(tx, rental_id, [body.item_id])
        damage.report(tx, rental_id, claim_id, body.note)
        return shown(tx, rental_id)

    return call.write(work)

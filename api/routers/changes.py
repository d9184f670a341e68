"""`/rentals`: changing what was agreed."""

from typing import Annotated

from fastapi import Depends

from api import endpoints
from api.calls import Call, Writes
from api.models.changes import ChangeIn, MovedOut, MoveIn, PartIn, StaysOut
from api.models.common import Id
from api.models.rentals import DueIn, LineIn, RentalOut, When
from api.routers.rentals import due, shown, when
from services.access import rights
from services.core.tx import Tx
from services.rentals import approval, extension
from services.rentals.booking import direct, request
from services.rentals.booking.direct import Asked
from services.rentals.changes import contents, due_dates, proposals, saving

router = endpoints.router("/rentals", tag="rentals")

Change = Annotated[Call, Depends(Writes(rights.CHANGE))]
Approve = Annotated[Call, Depends(Writes(rights.APPROVE))]
GiveTime = Annotated[Call, Depends(Writes(rights.GIVE_TIME))]
MoveDueDates = Annotated[Call, Depends(Writes(rights.MOVE_DUE_DATES))]


def _asked(lines: list[LineIn]) -> list[Asked]:
    return [Asked(one.equipment_id, one.item_id, one.kit_id, one.quantity) for one in lines]


@router.post("/{rental_id}/change")
def change_rental(call: Change, rental_id: Id, body: ChangeIn) -> RentalOut:
    """Change a rental that is not out. Fewer pieces or days are saved at once.

    More or other is asked for where approval is on: the answer is then a rental of its own in state
    `requested`, which takes the place of this one when it is approved.
    """

    def work(tx: Tx) -> RentalOut:
        draft = contents.begin(tx, rental_id)
        contents.fill(tx, draft, _asked(body.lines), when(body))
        return shown(tx, saving.send(tx, draft.id).id)

    return call.write(work)


@router.post("/{rental_id}/approve-part")
def approve_part_of_rental(call: Approve, rental_id: Id, body: PartIn) -> RentalOut:
    """Approve a request without some of its pieces; the member is told which."""

    def work(tx: Tx) -> RentalOut:
        approval.require_open(tx, request.get(tx, rental_id))
        draft = contents.begin(tx, rental_id)
        direct.fill(tx, draft, _asked(body.lines))
        return shown(tx, saving.send(tx, draft.id).id)

    return call.write(work)


@router.post("/{rental_id}/propose")
def propose_days(call: Approve, rental_id: Id, body: When) -> RentalOut:
    """Propose other days for a request; they are held until the member answers."""

    def work(tx: Tx) -> RentalOut:
        approval.require_open(tx, request.get(tx, rental_id))
        draft = contents.begin(tx, rental_id)
        request.set_period(tx, draft, direct.period(tx, draft, when(body)))
        return shown(tx, saving.send(tx, draft.id).id)

    return call.write(work)


@router.post("/{rental_id}/proposal/take")
def take_proposal(call: Change, rental_id: Id) -> RentalOut:
    """Take the proposed days: the rental is approved."""

    def work(tx: Tx) -> RentalOut:
        proposals.take(tx, rental_id)
        return shown(tx, rental_id)

    return call.write(work)


@router.post("/{rental_id}/proposal/refuse")
def refuse_proposal(call: Change, rental_id: Id) -> RentalOut:
    """Say no to the proposed days: the request waits again as it was asked."""

    def work(tx: Tx) -> RentalOut:
        proposals.refuse(tx, rental_id)
        return shown(tx, rental_id)

    return call.write(work)


@router.post("/{rental_id}/more-time")
def give_more_time(call: GiveTime, rental_id: Id, body: DueIn) -> RentalOut:
    """Give a member more time, without counting extensions; never into somebody else's rental."""

    def work(tx: Tx) -> RentalOut:
        rental = request.get(tx, rental_id)
        due_dates.give(tx, rental_id, due(body, lambda last: extension.due_on(tx, rental, last)))
        return shown(tx, rental_id)

    return call.write(work)


@router.post("/move-due-dates")
def move_due_dates(call: MoveDueDates, body: MoveIn) -> MovedOut:
    """Move all that is due on a day to a later one; each member is told. What is promised to others stays.

    At most 100 at once; the answer says how many are left.
    """

    def work(tx: Tx) -> MovedOut:
        do = due_dates.rehearse if body.dry_run else due_dates.move_all
        found = do(tx, body.day, body.to, after=body.after)
        stays = [StaysOut(rental_id=id_, code=refusal.code) for id_, refusal in found.stays]
        return MovedOut(moved=list(found.moved), stays=stays, left=found.left, last=found.last)

    return call.write(work)

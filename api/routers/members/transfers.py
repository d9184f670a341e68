"""`/transfers`: things that a member hands over to the next one."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends

from api import endpoints
from api.calls import Call, Reads, Writes
from api.models.common import Id
from api.models.transfers import NextItemOut, NextOut, OfferIn, TransferItemOut, TransferOut
from api.paging import Page
from services.access import rights
from services.core import identity
from services.core.tx import Tx
from services.desk import lookup, transfer
from services.rentals.booking import request
from services.transfers import candidates, offers
from services.transfers.offers import Offer

router = endpoints.router(tag="transfers")

Look = Annotated[Call, Depends(Reads(rights.HAND_OVER))]
Give = Annotated[Call, Depends(Writes(rights.HAND_OVER))]
Take = Annotated[Call, Depends(Writes(rights.TAKE_OVER))]


@router.get("/rentals/{rental_id}/next-members")
def list_next_members(call: Look, rental_id: Id) -> Page[NextOut]:
    """Return the members who have things of your rental next, and may take them over from you."""

    def work(tx: Tx) -> Page[NextOut]:
        found = [
            NextOut(
                rental_id=one.rental_id,
                member=one.member,
                items=[NextItemOut(item_id=p.item_id, code=p.code, name=p.name) for p in one.pairs],
            )
            for one in candidates.find(tx, request.own(tx, rental_id))
        ]
        return Page(items=found, total=len(found))

    return call.read(work)


@router.post("/rentals/{rental_id}/transfers", status_code=201)
def offer_transfer(call: Give, rental_id: Id, body: OfferIn) -> TransferOut:
    """Offer things of your rental to the next member, who is asked; they stay yours until they say yes."""

    def work(tx: Tx) -> TransferOut:
        request.own(tx, rental_id)
        only = lookup.claims_of_items(tx, rental_id, body.item_ids) if body.item_ids else None
        transfer.offer(tx, rental_id, body.to_rental_id, only=only)
        tx.session.flush()
        made = offers.latest(tx, rental_id, body.to_rental_id)
        call.created(f"transfers/{made.id}")
        return _shown(tx, made)

    return call.write(work)


@router.get("/transfers")
def list_transfers(call: Look) -> Page[TransferOut]:
    """Return the open offers: yours, and those to you."""

    def work(tx: Tx) -> Page[TransferOut]:
        found = [_shown(tx, one) for one in offers.open_ones(tx)]
        return Page(items=found, total=len(found))

    return call.read(work)


@router.get("/transfers/{transfer_id}")
def get_transfer(call: Look, transfer_id: Id) -> TransferOut:
    """Return an offer of yours or to you, open or answered."""
    return call.read(lambda tx: _shown(tx, offers.own(tx, transfer_id)))


@router.post("/transfers/{transfer_id}/accept")
def accept_transfer(call: Take, transfer_id: Id) -> TransferOut:
    """Say that you have it: it is back from the other member, and out to you."""
    return _done(call, transfer_id, lambda tx: transfer.accept(tx, transfer_id))


@router.post("/transfers/{transfer_id}/decline")
def decline_transfer(call: Give, transfer_id: Id) -> TransferOut:
    """Say that you have not got it: it still counts as the other member's, who is told."""
    return _done(call, transfer_id, lambda tx: transfer.decline(tx, transfer_id))


@router.post("/transfers/{transfer_id}/withdraw")
def withdraw_transfer(call: Give, transfer_id: Id) -> TransferOut:
    """Take your offer back."""
    return _done(call, transfer_id, lambda tx: transfer.withdraw(tx, transfer_id))


def _done(call: Call, transfer_id: int, act: Callable[[Tx], object]) -> TransferOut:
    def work(tx: Tx) -> TransferOut:
        act(tx)
        tx.session.flush()
        return _shown(tx, offers.own(tx, transfer_id))

    return call.write(work)


def _shown(tx: Tx, found: Offer) -> TransferOut:
    giver, taker = found.from_rental.user_id, found.to_rental.user_id
    names = identity.names(tx.session, [giver, taker])
    is_mine = giver == tx.actor.user_id
    return TransferOut(
        id=found.id,
        is_mine=is_mine,
        is_open=found.is_open,
        giver=names[giver],
        taker=names[taker],
        rental_id=(found.from_rental if is_mine else found.to_rental).id,
        items=[
            TransferItemOut(code=one.code, name=one.name, status=one.status)
            for one in offers.things(tx.session, found)
        ],
    )

"""`/locations`: where things are kept."""

from typing import Annotated

from fastapi import Depends, Query

from api import endpoints
from api.calls import Call, Changes, Reads, Writes
from api.models.common import Id, Named
from api.models.inventory import LocationIn, LocationOut, LocationPatch
from api.models.merging import MergeIn, PlaceMergeOut
from api.paging import Page
from db.models import Location
from services.access import rights
from services.core.tx import Tx
from services.inventory import locations
from services.inventory.locations import Place
from services.inventory.merging import places

router = endpoints.router("/locations", tag="locations")

Asked = Annotated[Call, Depends(Reads(rights.SEE_ITEMS))]
Plans = Annotated[Call, Depends(Reads(rights.KEEP_INVENTORY))]
Add = Annotated[Call, Depends(Writes(rights.KEEP_INVENTORY))]
Change = Annotated[Call, Depends(Changes(rights.KEEP_INVENTORY))]


def _show(place: Place) -> LocationOut:
    return LocationOut(
        id=place.id, name=place.name, description=place.description, active=not place.off, items=place.items
    )


def _one(tx: Tx, row: Location) -> LocationOut:
    tx.session.flush()
    return next(_show(one) for one in locations.listed(tx, switched_off=True) if one.id == row.id)


@router.get("")
def list_locations(
    call: Asked, active: Annotated[bool, Query(description="Without those switched off.")] = True
) -> Page[LocationOut]:
    """Return all locations, by name."""

    def work(tx: Tx) -> Page[LocationOut]:
        found = [_show(one) for one in locations.listed(tx, switched_off=not active)]
        return Page(items=found, total=len(found))

    return call.read(work)


@router.get("/{location_id}")
def get_location(call: Asked, location_id: Id) -> LocationOut:
    """Return one location."""
    return call.read_row(lambda tx: locations.get(tx, location_id), _one)


@router.post("", status_code=201)
def add_location(call: Add, body: LocationIn) -> LocationOut:
    """Add a location. 409 where the name is taken."""

    def work(tx: Tx) -> LocationOut:
        row = locations.add(tx, body.name)
        if body.description:
            locations.describe(tx, row.id, body.description)
        call.created(f"locations/{row.id}")
        return _one(tx, row)

    return call.write(work)


@router.patch("/{location_id}")
def change_location(call: Change, location_id: Id, body: LocationPatch) -> LocationOut:
    """Rename a location, switch it off or on; what is kept there stays."""

    def work(tx: Tx, _: Location) -> None:
        if body.name is not None:
            locations.rename(tx, location_id, body.name)
        if body.description is not None:
            locations.describe(tx, location_id, body.description)
        if body.active is not None:
            locations.switch(tx, location_id, on=body.active)

    return call.change_row(lambda tx: locations.get(tx, location_id), work, _one)


def _plan(found: places.Plan, kept: Named, gone: Named) -> PlaceMergeOut:
    return PlaceMergeOut(
        kept=kept,
        gone=gone,
        items=found.items,
        returns=found.returns,
        closed_days=found.closed_days,
        hours=found.hours,
        hours_end=found.hours_end,
        description_ends=found.description_ends,
    )


def _both(tx: Tx, kept_id: int, gone_id: int) -> tuple[Named, Named]:
    kept, gone = locations.get(tx, kept_id), locations.get(tx, gone_id)
    return Named(id=kept.id, name=kept.name), Named(id=gone.id, name=gone.name)


@router.get("/{location_id}/merge/{gone_location_id}")
def plan_merge_of_locations(call: Plans, location_id: Id, gone_location_id: Id) -> PlaceMergeOut:
    """Return what merging two locations that are one would do; nothing is changed."""

    def work(tx: Tx) -> PlaceMergeOut:
        return _plan(
            places.plan(tx, location_id, gone_location_id), *_both(tx, location_id, gone_location_id)
        )

    return call.read(work)


@router.post("/{location_id}/merge")
def merge_locations(call: Add, location_id: Id, body: MergeIn) -> PlaceMergeOut:
    """Merge two locations that are one: what was at the other is at this one."""

    def work(tx: Tx) -> PlaceMergeOut:
        names = _both(tx, location_id, body.gone_id)
        return _plan(places.merge(tx, location_id, body.gone_id), *names)

    return call.write(work)

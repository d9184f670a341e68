"""`/locations`: where things are kept."""

from typing import Annotated

from fastapi import Depends, Query

from api import endpoints
from api.calls import Call, Changes, Reads, Writes
from api.models.common import Id
from api.models.inventory import LocationIn, LocationOut, LocationPatch
from api.paging import Page
from db.models import Location
from services.access import rights
from services.core.tx import Tx
from services.inventory import locations
from services.inventory.locations import Place

router = endpoints.router("/locations", tag="locations")

Asked = Annotated[Call, Depends(Reads(rights.SEE_ITEMS))]
Add = Annotated[Call, Depends(Writes(rights.KEEP_INVENTORY))]
Change = Annotated[Call, Depends(Changes(rights.KEEP_INVENTORY))]


def _show(place: Place) -> LocationOut:
    return LocationOut(id=place.id, name=place.name, active=not place.off, items=place.items)


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
        call.created(f"locations/{row.id}")
        return _one(tx, row)

    return call.write(work)


@router.patch("/{location_id}")
def change_location(call: Change, location_id: Id, body: LocationPatch) -> LocationOut:
    """Rename a location, switch it off or on; what is kept there stays."""

    def work(tx: Tx, _: Location) -> None:
        if body.name is not None:
            locations.rename(tx, location_id, body.name)
        if body.active is not None:
            locations.switch(tx, location_id, on=body.active)

    return call.change_row(lambda tx: locations.get(tx, location_id), work, _one)

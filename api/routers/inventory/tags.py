"""`/tags`: words that equipment is found by."""

from typing import Annotated

from fastapi import Depends, Query

from api import endpoints, show
from api.calls import Call, Changes, Reads, Writes
from api.models.common import Id
from api.models.inventory import TagIn, TagOut, TagPatch
from api.paging import Page
from db.models import Tag
from services.access import rights
from services.core.tx import Tx
from services.inventory import tags

router = endpoints.router("/tags", tag="tags")

Asked = Annotated[Call, Depends(Reads(rights.MEMBER))]
Add = Annotated[Call, Depends(Writes(rights.KEEP_INVENTORY))]
Change = Annotated[Call, Depends(Changes(rights.KEEP_INVENTORY))]


def _show(_: Tx, row: Tag) -> TagOut:
    return show.tag(row)


@router.get("")
def list_tags(
    call: Asked, active: Annotated[bool, Query(description="Without those switched off.")] = True
) -> Page[TagOut]:
    """Return all tags, by name."""

    def work(tx: Tx) -> Page[TagOut]:
        found = [
            TagOut(id=one.id, name=one.name, color=one.color, active=not one.off)
            for one in tags.listed(tx, switched_off=not active)
        ]
        return Page(items=found, total=len(found))

    return call.read(work)


@router.get("/{tag_id}")
def get_tag(call: Asked, tag_id: Id) -> TagOut:
    """Return one tag."""
    return call.read_row(lambda tx: tags.get(tx, tag_id), _show)


@router.post("", status_code=201)
def add_tag(call: Add, body: TagIn) -> TagOut:
    """Add a tag. 409 where the name is taken."""

    def work(tx: Tx) -> TagOut:
        row = tags.add(tx, body.name)
        if body.color is not None:
            tags.paint(tx, row.id, tags.nearest(body.color))
        call.created(f"tags/{row.id}")
        return show.tag(row)

    return call.write(work)


@router.patch("/{tag_id}")
def change_tag(call: Change, tag_id: Id, body: TagPatch) -> TagOut:
    """Rename a tag, paint it, switch it off or on."""

    def work(tx: Tx, _: Tag) -> None:
        given = body.given()
        if given.get("name") is not None:
            tags.rename(tx, tag_id, given["name"])
        if "color" in given:
            tags.paint(tx, tag_id, tags.nearest(given["color"]) if given["color"] is not None else None)
        if given.get("active") is not None:
            tags.switch(tx, tag_id, on=given["active"])

    return call.change_row(lambda tx: tags.get(tx, tag_id), work, _show)

"""`/fields` and `/templates`: what the organization stores beside the usual details."""

from typing import Annotated

from fastapi import Depends, Query

from api import endpoints, show
from api.calls import Call, Changes, Reads, Writes
from api.models.common import Id
from api.models.inventory import (
    FieldIn,
    FieldOut,
    FieldPatch,
    NamingModel,
    TemplateIn,
    TemplateOut,
    TemplatePatch,
)
from api.paging import Page
from db.models import CustomField
from db.states import Described
from services.access import rights
from services.core import custom_fields
from services.core.tx import Tx
from services.organizations import standard_labels
from services.organizations.standard_labels import FieldSet, Naming

router = endpoints.router(tag="fields")

Asked = Annotated[Call, Depends(Reads(rights.MEMBER))]
Add = Annotated[Call, Depends(Writes(rights.KEEP_INVENTORY))]
Change = Annotated[Call, Depends(Changes(rights.KEEP_INVENTORY))]


def _of(tx: Tx, describes: Described, *, switched_off: bool = False) -> list[FieldOut]:
    found = custom_fields.of(tx.session, tx.organization_id, describes, switched_off=switched_off)
    return [show.custom_field(one) for one in found]


def _get(tx: Tx, field_id: int) -> CustomField:
    return custom_fields.get(tx.session, tx.organization_id, field_id)


def _show(_: Tx, row: CustomField) -> FieldOut:
    return show.custom_field(row)


def template(tx: Tx) -> TemplateOut:
    return TemplateOut(
        organization_id=tx.organization_id,
        equipment=_of(tx, Described.EQUIPMENT),
        item=_of(tx, Described.ITEM),
        user=_of(tx, Described.USER),
        rental=_of(tx, Described.RENTAL),
        organization=_of(tx, Described.ORGANIZATION),
        labels={
            name: NamingModel(label=one.label, hint=one.hint)
            for name, one in standard_labels.of(tx.organization).items()
        },
        code=standard_labels.code_of(standard_labels.field_set(tx)),
    )


@router.get("/templates")
def list_templates(call: Asked) -> Page[TemplateOut]:
    """Return the fields of your organization, by what they describe."""
    return call.read(lambda tx: Page(items=[template(tx)], total=1))


@router.get("/organizations/me/template")
def get_own_template(call: Asked) -> TemplateOut:
    """Return the fields of your organization, by what they describe."""
    return call.read(template)


@router.post("/templates", status_code=201)
def take_over_template(call: Add, body: TemplateIn) -> TemplateOut:
    """Take over a set of names and own fields, of another organization maybe; what is there stays."""

    def work(tx: Tx) -> TemplateOut:
        wanted = FieldSet(
            {name: Naming(one.label, one.hint) for name, one in body.labels.items()},
            {Described(what): labels for what, labels in body.fields.items()},
        )
        if body.code is not None:
            wanted = standard_labels.read_code(body.code)
        standard_labels.take_over(tx, wanted)
        return template(tx)

    return call.write(work)


@router.patch("/templates")
def change_template(call: Change, body: TemplatePatch) -> TemplateOut:
    """Call standard fields something else; an empty label goes back to the usual one."""

    def work(tx: Tx) -> TemplateOut:
        call.require_unchanged(tx.organization)
        for name, one in body.labels.items():
            standard_labels.rename(tx, name, label=one.label, hint=one.hint)
        return template(tx)

    return call.write(work)


@router.get("/fields")
def list_fields(
    call: Asked,
    describes: Annotated[Described | None, Query()] = None,
    active: Annotated[bool, Query(description="Without those switched off.")] = True,
) -> Page[FieldOut]:
    """Return the organization's own fields, in their order."""

    def work(tx: Tx) -> Page[FieldOut]:
        kinds = [describes] if describes is not None else list(Described)
        found = [field for kind in kinds for field in _of(tx, kind, switched_off=not active)]
        return Page(items=found, total=len(found))

    return call.read(work)


@router.get("/fields/{field_id}")
def get_field(call: Asked, field_id: Id) -> FieldOut:
    """Return one field."""
    return call.read_row(lambda tx: _get(tx, field_id), _show)


@router.post("/fields", status_code=201)
def add_field(call: Add, body: FieldIn) -> FieldOut:
    """Add a field, in the last place or where you say. 409 where the label is taken."""

    def work(tx: Tx) -> FieldOut:
        row = custom_fields.add(tx, Described(body.describes), body.label)
        if body.position is not None:
            custom_fields.move(tx, row.id, body.position)
        call.created(f"fields/{row.id}")
        call.tag(row)
        return show.custom_field(row)

    return call.write(work)


@router.patch("/fields/{field_id}")
def change_field(call: Change, field_id: Id, body: FieldPatch) -> FieldOut:
    """Rename a field (its values follow), move it, switch it off or on."""

    def work(tx: Tx, _: CustomField) -> None:
        if body.label is not None:
            custom_fields.rename(tx, field_id, body.label)
        if body.position is not None:
            custom_fields.move(tx, field_id, body.position)
        if body.active is not None:
            custom_fields.switch(tx, field_id, on=body.active)
        if body.for_members is not None:
            custom_fields.mark(tx, field_id, for_members=body.for_members)

    return call.change_row(lambda tx: _get(tx, field_id), work, _show)

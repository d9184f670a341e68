"""`/organizations`: those that you belong to."""

from typing import Annotated

from fastapi import APIRouter, Depends

from api import show
from api.calls import Call, Reads
from api.models.common import Id
from api.models.people import OrganizationOut
from api.paging import Page
from services.access import rights
from services.core.tx import Tx
from services.organizations import management

router = APIRouter(prefix="/organizations", tags=["organizations"])

Asked = Annotated[Call, Depends(Reads(rights.MEMBER))]


@router.get("")
def list_organizations(call: Asked) -> Page[OrganizationOut]:
    """Return the organizations that you are a member of, by name. A token acts in the one it was made for."""

    def work(tx: Tx) -> Page[OrganizationOut]:
        found = [show.organization(row, role) for row, role in management.memberships(tx)]
        return Page(items=found, total=len(found))

    return call.read(work)


@router.get("/me")
def get_own_organization(call: Asked) -> OrganizationOut:
    """Return the organization that you act in."""

    def work(tx: Tx) -> OrganizationOut:
        call.tag(tx.organization)
        return show.organization(tx.organization, tx.actor.role)

    return call.read(work)


@router.get("/{organization_id}")
def get_organization(call: Asked, organization_id: Id) -> OrganizationOut:
    """Return one of your organizations; others are not there for you."""

    def work(tx: Tx) -> OrganizationOut:
        row, role = management.membership(tx, organization_id)
        call.tag(row)
        return show.organization(row, role)

    return call.read(work)

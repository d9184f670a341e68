"""`/roles`: the four, which are fixed."""

from typing import Annotated

from fastapi import Depends, Path

from api import endpoints
from api.calls import Call, Reads
from api.models.people import RoleOut
from api.paging import Page
from api.problems import ProblemError
from db.states import Role
from services.access import rights

router = endpoints.router("/roles", tag="roles")

Asked = Annotated[Call, Depends(Reads(rights.MEMBER))]

_ABOUT = {
    Role.USER: "Borrows.",
    Role.LENDER: "Hands out and takes back.",
    Role.ADMIN: "Approves, keeps the inventory and the members.",
    Role.LEADER: "Leads the organization: its details and its rules.",
}


def _show(role: Role) -> RoleOut:
    return RoleOut(id=role, rank=role.rank + 1, description=_ABOUT[role])


@router.get("")
def list_roles(call: Asked) -> Page[RoleOut]:
    """Return all roles, from the lowest to the highest."""
    return call.read(lambda tx: Page(items=[_show(role) for role in Role], total=len(Role)))


@router.get("/{role_id}")
def get_role(call: Asked, role_id: Annotated[str, Path(max_length=20)]) -> RoleOut:
    """Return one role."""
    if role_id not in set(Role):
        raise ProblemError(404, "not_found", "There is no such role.")
    return call.read(lambda tx: _show(Role(role_id)))

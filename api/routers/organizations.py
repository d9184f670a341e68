"""`/organizations`: those that you belong to."""

from typing import Annotated

from fastapi import Depends

from api import endpoints, show
from api.calls import Call, Changes, Reads, Writes
from api.models.common import Id
from api.models.joining import CloseIn, ClosingOut
from api.models.people import OrganizationIn, OrganizationOut, OrganizationPatch, PolicyOut, PolicyPatch
from api.paging import Page
from api.problems import ProblemError, at, invalid
from db.models import Organization
from services.access import rights
from services.core import policy
from services.core.tx import Tx
from services.members import accounts
from services.messaging import notifications
from services.organizations import closing, management, policy_settings

router = endpoints.router("/organizations", tag="organizations")

Asked = Annotated[Call, Depends(Reads(rights.MEMBER))]
Rules = Annotated[Call, Depends(Reads(rights.MANAGE_MEMBERS))]
Led = Annotated[Call, Depends(Reads(rights.LEAD))]
Add = Annotated[Call, Depends(Writes(rights.LEAD))]
Change = Annotated[Call, Depends(Changes(rights.LEAD))]


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


@router.get("/me/policy")
def get_policy(call: Rules) -> PolicyOut:
    """Return the rules of the organization that you act in."""

    def work(tx: Tx) -> PolicyOut:
        call.tag(tx.organization)
        return PolicyOut(rules=tx.policy.model_dump(mode="json"))

    return call.read(work)


@router.patch("/me/policy")
def change_policy(call: Change, body: PolicyPatch) -> PolicyOut:
    """Change rules; null goes back to the default. They hold for what is asked and decided from now on."""
    for rule in body.rules:
        if rule not in policy.NAMES:
            raise invalid(["body", "rules", rule], "There is no such rule.")

    def work(tx: Tx, _: Organization) -> None:
        for rule, value in body.rules.items():
            with at("rules", rule):
                policy_settings.change_to(tx, rule, value)

    return call.change_row(
        management.locked, work, lambda tx, _: PolicyOut(rules=tx.policy.model_dump(mode="json"))
    )


@router.get("/me/closing")
def get_closing(call: Led) -> ClosingOut:
    """Return what closing your organization would do, and what has to be back before."""
    return call.read(
        lambda tx: ClosingOut(
            members=closing.members(tx), cancels=closing.open_rentals(tx), items_out=closing.items_out(tx)
        )
    )


@router.post("/me/close")
def close_organization(call: Add, body: CloseIn) -> OrganizationOut:
    """Close your organization for all its members, who are told; only the operator can reopen it."""

    def work(tx: Tx) -> OrganizationOut:
        if body.name != tx.organization.name:
            raise invalid(["body", "name"], "This is not the name of the organization that you act in.")
        return show.organization(closing.close(tx), tx.actor.role)

    return call.write(work)


@router.get("/{organization_id}")
def get_organization(call: Asked, organization_id: Id) -> OrganizationOut:
    """Return one of your organizations; others are not there for you."""

    def work(tx: Tx) -> OrganizationOut:
        row, role = management.membership(tx, organization_id)
        call.tag(row)
        return show.organization(row, role)

    return call.read(work)


@router.post("", status_code=201)
def add_organization(call: Add, body: OrganizationIn) -> OrganizationOut:
    """Create another organization; you lead it, and act there in the chat from now on."""

    def work(tx: Tx) -> OrganizationOut:
        if not tx.actor.account_id:
            raise ProblemError(409, "no_chat_account", "Only who is in the chat can lead an organization.")
        details = {detail: getattr(body, detail) for detail in management.OPTIONAL}
        row = management.create_another(
            tx, name=body.name, timezone=body.timezone, language=body.language, details=details
        )
        notifications.tell_account(tx, tx.actor.account_id, row.id, accounts.SWITCHED)
        call.created(f"organizations/{row.id}")
        return show.organization(row, tx.actor.role)

    return call.write(work)


@router.patch("/{organization_id}")
def change_organization(call: Change, organization_id: Id, body: OrganizationPatch) -> OrganizationOut:
    """Change details of the organization that you act in; what is left out stays, null clears it."""

    def own(tx: Tx) -> Organization:
        if organization_id != tx.organization_id:
            management.membership(tx, organization_id)
            raise ProblemError(403, "other_organization", "A token acts in the organization it was made for.")
        return management.locked(tx)

    def work(tx: Tx, row: Organization) -> None:
        given = body.given()
        for label, text in (given.pop("fields", None) or {}).items():
            management.change_own(tx, label, text, seen=str(row.custom.get(label, "")))
        for detail, value in given.items():
            management.change(tx, detail, value, seen=getattr(row, detail))

    return call.change_row(own, work, lambda tx, row: show.organization(row, tx.actor.role))

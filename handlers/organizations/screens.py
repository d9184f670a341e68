"""Screens of `/organizations`, one for each state."""

from collections.abc import Sequence

from db.models import Conversation as Row
from db.models import Organization, OutboxMessage
from handlers.i18n.texts import LANGUAGES, Texts, lines
from handlers.organizations import views
from handlers.organizations.data import OrganizationsData
from handlers.ui.form import data_of, problem_of
from handlers.ui.message import Button, Message
from services.core.tx import Tx
from services.members import accounts
from services.members.accounts import Membership
from services.organizations import closing, management

REALLY = "really"
"""The state that asks for confirmation a second time before an organization is closed."""


def memberships(tx: Tx, row: Row, t: Texts) -> list[Membership]:
    return [one for one in accounts.memberships(tx, row.account_id) if one.active]


def listed(tx: Tx, row: Row, t: Texts) -> Message:
    found = memberships(tx, row, t)
    return views.listed(t, found, OrganizationsData.of(row).page, data_of(row), problem_of(row, t))


def membership(tx: Tx, row: Row, t: Texts) -> Membership | None:
    found = memberships(tx, row, t)
    organization_id = OrganizationsData.of(row).organization_id
    return next((one for one in found if one.organization_id == organization_id), None)


def card(tx: Tx, row: Row, t: Texts) -> Message:
    kept = OrganizationsData.of(row)
    member = membership(tx, row, t)
    if member is None:
        return listed(tx, row, t)
    organization = tx.organization_of(member.organization_id)
    values = {detail: getattr(organization, detail) for detail in management.DETAILS}
    own = {
        name: (label, str(organization.custom.get(label, "")))
        for name, label in management.own_fields(tx.of(organization.id)).items()
    }
    made = views.made(t, kept.made) if kept.made else None
    note = lines(made, problem_of(row, t)) if made else problem_of(row, t)
    bot = kept.bot if made else None
    return views.card(t, member, values, data_of(row), note, own=own, bot=bot)


def value_of(organization: Organization, detail: str, label: str | None) -> str | None:
    """Return a detail's value; `label` of a field that the organization added."""
    if label is None:
        value: str | None = getattr(organization, detail)
        return value
    return str(organization.custom.get(label, ""))


def _organization(tx: Tx, row: Row) -> Organization | None:
    organization_id = OrganizationsData.of(row).organization_id
    return tx.organization_of(organization_id) if organization_id is not None else None


def edit(tx: Tx, row: Row, t: Texts) -> Message:
    detail, data = OrganizationsData.of(row).detail, data_of(row)
    organization = _organization(tx, row)
    if detail is None or organization is None:
        return listed(tx, row, t)
    label = management.own_fields(tx.of(organization.id)).get(detail)
    if label is None and detail not in management.DETAILS:
        return listed(tx, row, t)
    now = value_of(organization, detail, label)
    choices: list[Button] = []
    if detail == "language":
        choices = _languages(row)
    elif detail == "timezone":
        choices = _zones(row)
    return views.ask(
        t,
        organization.name,
        views.question(t, detail, label),
        views.value_name(detail, now) if now else None,
        choices,
        data,
        problem_of(row, t),
        clears=label is not None or detail in management.OPTIONAL,
    )


def _languages(row: Row) -> list[Button]:
    return [Button(name, data_of(row)("language", code)) for code, name in LANGUAGES.items()]


def _zones(row: Row) -> list[Button]:
    """Return buttons by position in the list offered: some names are too long for a button's data."""
    offered = OrganizationsData.of(row).zones
    return [Button(zone, data_of(row)("zone", str(place))) for place, zone in enumerate(offered)]


def new_name(tx: Tx, row: Row, t: Texts) -> Message:
    return views.ask(
        t, str(t("New organisation")), views.question(t, "name"), None, [], data_of(row), problem_of(row, t)
    )


def new_zone(tx: Tx, row: Row, t: Texts) -> Message:
    kept = OrganizationsData.of(row)
    if kept.name is None:
        return listed(tx, row, t)
    return views.ask(
        t,
        kept.name,
        views.question(t, "timezone"),
        None,
        _zones(row),
        data_of(row),
        problem_of(row, t),
    )


def new_language(tx: Tx, row: Row, t: Texts) -> Message:
    kept = OrganizationsData.of(row)
    if kept.name is None:
        return listed(tx, row, t)
    return views.ask(
        t,
        kept.name,
        views.question(t, "language"),
        None,
        _languages(row),
        data_of(row),
        problem_of(row, t),
    )


def surely(tx: Tx, row: Row, t: Texts) -> Message:
    organization = _organization(tx, row)
    if organization is None:
        return listed(tx, row, t)
    there = tx.of(organization.id)
    return views.surely(
        t,
        organization.name,
        closing.open_rentals(there),
        closing.members(there),
        data_of(row),
        problem_of(row, t),
        again=row.state == REALLY,
    )


def over(tx: Tx, row: Row, t: Texts) -> Message | None:
    """Return the last message of the conversation, if there is one."""
    name = OrganizationsData.of(row).closed
    return Message(t("{organization} is closed. Its members are told.", organization=name)) if name else None


def closed_notice(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message:
    params = rows[0].params
    return views.closed_notice(t, params["organization"], params["now_in"])

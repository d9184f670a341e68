"""What holds for one equipment where it differs from its organisation."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy.orm import Session

from db.models import Equipment, Organization
from db.states import Role
from services.core import audit, policy
from services.core.errors import Refusal, Refused
from services.core.identity import Actor
from services.core.policy import Policy
from services.inventory import catalog

OWN = ("approval", "longest_days", "turnaround_hours", "who_may_rent")
"""The rules in which an equipment may differ."""

LIMITS: Mapping[str, tuple[int, int]] = {"longest_days": (1, 3650), "turnaround_hours": (0, 24 * 30)}


def own(equipment: Equipment) -> dict[str, Any]:
    """What this equipment has of its own; what is not there is as in the organisation."""
    kept = Policy.model_validate(equipment.policy)
    return {name: getattr(kept, name) for name in OWN if name in equipment.policy}


def change(
    session: Session, actor: Actor, now: datetime, equipment_id: int, rule: str, value: object, *, seen: int
) -> Equipment:
    """A rule of its own for this equipment; None: as in the organisation. What is approved already stays so.

    `seen` is the version that the person has seen. Raises NOT_ALLOWED, NOT_FOUND, OUT_OF_RANGE,
    CHANGED_MEANWHILE.
    """
    actor.require(Role.ADMIN)
    equipment = catalog.get(session, actor.organization_id, equipment_id)
    session.refresh(equipment, with_for_update=True)
    if equipment.version != seen:
        raise audit.changed_meanwhile(session, equipment.organization_id, "equipment", equipment.id)
    if rule not in OWN:
        raise Refusal(Refused.NOT_FOUND)
    before = equipment.policy.get(rule)
    rest = {name: kept for name, kept in equipment.policy.items() if name != rule}
    after = rest | {rule: _valid(rule, value)} if value is not None else rest
    if after == equipment.policy:
        return equipment
    equipment.policy = after
    equipment.version += 1
    session.flush()
    audit.note(
        session,
        now,
        organization_id=actor.organization_id,
        user_id=actor.user_id,
        action="change_rule",
        subject="equipment",
        subject_id=equipment.id,
        **{rule: [before, after.get(rule)]},
    )
    return equipment


def _valid(rule: str, value: object) -> Any:
    """As it is kept, in JSON."""
    try:
        kept = Policy.model_validate({rule: value})
    except ValidationError:
        least, most = LIMITS.get(rule, (0, 0))
        raise Refusal(Refused.OUT_OF_RANGE, least=least, most=most) from None
    return kept.model_dump(mode="json")[rule]


def of_organization(session: Session, equipment: Equipment) -> Policy:
    """What holds where the equipment says nothing."""
    return policy.of(session.get_one(Organization, equipment.organization_id))

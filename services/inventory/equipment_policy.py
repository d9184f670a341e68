"""Rules of one equipment where they differ from the organization's."""

from typing import Any

from db.models import Equipment
from db.states import Role
from services.core import audit, policy
from services.core.errors import Refusal, Refused
from services.core.policy import OF_EQUIPMENT, Policy
from services.core.tx import Tx
from services.inventory import catalog


def own(equipment: Equipment) -> dict[str, Any]:
    """Return the equipment's own rules; for the others the organization's apply."""
    kept, _ = policy.readable(equipment.policy)
    return {name: getattr(kept, name) for name in OF_EQUIPMENT if name in equipment.policy}


def change(tx: Tx, equipment_id: int, rule: str, value: object, *, seen: int) -> Equipment:
    """Set a rule of this equipment; None returns to the organization's. Approved rentals keep their approval.

    `seen` is the version that the person has seen. Raises NOT_ALLOWED, NOT_FOUND, OUT_OF_RANGE,
    CHANGED_MEANWHILE.
    """
    tx.actor.require(Role.ADMIN)
    equipment = catalog.get(tx, equipment_id)
    tx.session.refresh(equipment, with_for_update=True)
    if equipment.version != seen:
        raise audit.changed_meanwhile(tx.session, equipment.organization_id, "equipment", equipment.id)
    if rule not in OF_EQUIPMENT:
        raise Refusal(Refused.NOT_FOUND)
    before = equipment.policy.get(rule)
    rest = {name: kept for name, kept in equipment.policy.items() if name != rule}
    after = rest | {rule: policy.valid(rule, value)} if value is not None else rest
    if after == equipment.policy:
        return equipment
    equipment.policy = after
    equipment.version += 1
    tx.session.flush()
    changed: dict[str, Any] = {rule: [before, after.get(rule)]}
    audit.note(tx, "change_rule", "equipment", equipment.id, **changed)
    return equipment


def change_to(tx: Tx, equipment_id: int, rule: str, value: object) -> Equipment:
    """Set a rule of this equipment to a value as JSON has it; None returns to the organization's.

    Raises as `change` does, and VALUE_EMPTY for a value of another kind.
    """
    tx.actor.require(Role.ADMIN)
    if rule not in OF_EQUIPMENT:
        raise Refusal(Refused.NOT_FOUND)
    meant = policy.of_json(rule, value) if value is not None else None
    return change(tx, equipment_id, rule, meant, seen=catalog.get(tx, equipment_id).version)


def of_organization(tx: Tx, equipment: Equipment) -> Policy:
    """Return the organization's rules, which apply where the equipment has none of its own."""
    return tx.of(equipment.organization_id).policy

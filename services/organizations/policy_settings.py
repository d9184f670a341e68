"""Changes to an organization's policy (services/core/policy.py), one rule at a time.

A change applies to later requests, decisions and reminders: drafts and open requests are checked against the
policy of the moment in which they are sent or answered. What was computed before stays: when an open request
expires, when a rental begins and is due.
"""

from typing import Any

from db.models import Organization
from db.states import Role
from services.core import audit, policy
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.organizations import management


def change_to(tx: Tx, rule: str, value: Any) -> Organization:
    """Change a rule to a value as JSON has it; None restores its default.

    Raises as `change` does, and VALUE_EMPTY for a value of another kind.
    """
    if rule not in policy.NAMES:
        raise Refusal(Refused.NOT_FOUND)
    seen = policy.of(management.locked(tx)).model_dump(mode="json")[rule]
    return change(tx, rule, policy.of_json(rule, value) if value is not None else None, seen=seen)


def change(tx: Tx, rule: str, value: object | None, *, seen: object) -> Organization:
    """Change a rule; None restores its default.

    `seen`: the value that the person saw, as `policy.stored`. Raises NOT_ALLOWED, NOT_FOUND,
    CHANGED_MEANWHILE, OUT_OF_RANGE, NOT_A_TIME, NOT_DAYS_OVER.
    """
    tx.actor.require(Role.LEADER)
    if rule not in policy.NAMES:
        raise Refusal(Refused.NOT_FOUND)
    organization = management.locked(tx)
    usable, wrong = policy.readable(organization.policy)
    kept = dict(organization.policy) if isinstance(organization.policy, dict) else {}
    before = usable.model_dump(mode="json")[rule]
    if rule == "ask":
        # The form of earlier versions.
        kept.pop("ask_email", None)
    after = policy.default(rule) if value is None else policy.valid(rule, value)
    if value is None:
        kept.pop(rule, None)
    else:
        kept[rule] = after
    if kept == organization.policy:
        return organization
    if before == after and rule not in wrong:
        # The value is the same: choosing the default, or dropping it, does not change the rule.
        return organization
    if before != seen:
        raise audit.changed_meanwhile(tx.session, organization.id, "organization", organization.id)
    organization.policy = kept
    tx.session.flush()
    changed: dict[str, Any] = {rule: [before, after]}
    audit.note(tx, "change_rule", "organization", organization.id, **changed)
    return organization

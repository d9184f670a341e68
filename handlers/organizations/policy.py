"""`/policy`: the organization's policy, read by admins and changed by leaders."""

from typing import Any

from db.models import Conversation as Row
from db.states import Role
from handlers.i18n.texts import Texts
from handlers.organizations import impossible_settings
from handlers.organizations import policy_views as views
from handlers.organizations.access import leader, may_change, reader
from handlers.organizations.data import PolicyData
from handlers.policy import rules, values
from handlers.ui import conversation, routes
from handlers.ui.conversation import CANCEL, SAVED_STAYS, Conversation, ConversationData, State, nothing_stays
from handlers.ui.form import attempt, data_of, problem_of, there
from handlers.ui.message import Message
from handlers.ui.refusals import keep
from handlers.ui.request import Request
from services.core import policy
from services.core.errors import Refusal, Refused
from services.core.policy import ASKABLE, Policy
from services.core.tx import Tx
from services.members import profile
from services.organizations import policy_settings

GROUP = "group"
"""data: group."""

RULE = "rule"
"""Choosing one; data: rule, group, seen (its value as it was shown)."""


def command(step: Request, words: str) -> Message | None:
    actor = step.active()
    actor.require(Role.ADMIN)
    row = conversation.start(step, routes.POLICY, routes.POLICY, organization_id=actor.organization_id)
    conversation.render(step, row)
    return None


def begin_opening(step: Request) -> None:
    """Begin with the opening days. Raises NOT_ALLOWED."""
    actor = step.active()
    actor.require(Role.ADMIN)
    row = conversation.start(step, routes.OPENING, routes.OPENING, organization_id=actor.organization_id)
    conversation.render(step, row)


def begin_rule(step: Request, rule: str, value: int) -> None:
    """Ask whether a rule gets the value that was said; an admin who is no leader reads the rule.

    Raises NOT_ALLOWED.
    """
    actor = step.active()
    actor.require(Role.ADMIN)
    group = next(name for name, names in views.GROUPS.items() if rule in names)
    data = PolicyData(group=group)
    if actor.has_role(Role.LEADER):
        data = PolicyData(group=group, rule=rule, seen=_stored(step.by(actor), rule), said=value)
    state = RULE if data.rule else GROUP
    row = conversation.start(step, routes.POLICY, state, data, organization_id=actor.organization_id)
    conversation.render(step, row)


def _stored(tx: Tx, rule: str) -> Any:
    return _readable(tx).model_dump(mode="json")[rule]


def _readable(tx: Tx) -> Policy:
    """Return the rules, with defaults for impossible ones: who came to set them anew has to see them."""
    return policy.readable(tx.organization.policy)[0]


def _card(tx: Tx, row: Row, t: Texts) -> Message:
    rule, wrong = policy.readable(tx.organization.policy)
    problem = problem_of(row, t) or impossible_settings.note(t, wrong)
    return views.card(t, tx.organization.name, rule, data_of(row), problem)


def _group(tx: Tx, row: Row, t: Texts) -> Message:
    kept = PolicyData.of(row)
    if kept.group not in views.GROUPS:
        return _card(tx, row, t)
    changes = may_change(tx, row, t)
    return views.group(t, kept.group, _readable(tx), data_of(row), problem_of(row, t), changes=changes)


def _rule(tx: Tx, row: Row, t: Texts) -> Message:
    rule = PolicyData.of(row).rule
    if rule not in policy.NAMES:
        return _card(tx, row, t)
    value, default = getattr(_readable(tx), rule), getattr(Policy(), rule)
    own = profile.own_fields(tx) if rule == rules.ASK else None
    said = PolicyData.of(row).said
    return views.choice(t, rule, value, default, data_of(row), problem_of(row, t), own, said=said)


def _open_group(step: Request, row: Row, value: str) -> None:
    reader(step, row)
    if value not in views.GROUPS:
        raise Refusal(Refused.OUTDATED)
    conversation.update(row, PolicyData(group=value), to=GROUP)
    conversation.render(step, row)


def _open_rule(step: Request, row: Row, value: str) -> None:
    actor = leader(step, row)
    if value not in views.GROUPS.get(PolicyData.of(row).group, ()):
        raise Refusal(Refused.OUTDATED)
    conversation.update(row, PolicyData(rule=value, said=None, seen=_stored(step.by(actor), value)), to=RULE)
    conversation.render(step, row)


def _set(step: Request, row: Row, value: str) -> None:
    leader(step, row)
    _change(step, row, values.meant(there(PolicyData.of(row).rule), value))
    conversation.render(step, row)


def _toggle(step: Request, row: Row, value: str) -> None:
    """Add or remove a field that new members are asked for; the card stays."""
    actor = leader(step, row)
    known = [*ASKABLE, *profile.own_fields(step.by(actor))]
    if there(PolicyData.of(row).rule) != rules.ASK or value not in known:
        raise Refusal(Refused.OUTDATED)
    seen = there(PolicyData.of(row).seen)
    fields = set(seen) ^ {value}
    _change(step, row, tuple(one for one in [*known, *seen] if one in fields), stays=True)
    conversation.render(step, row)


def _default(step: Request, row: Row, _value: str) -> None:
    _change(step, row, None)
    conversation.render(step, row)


def _is_typed(_step: Request, row: Row, _text: str) -> bool:
    """Return whether the rule's value can be written."""
    return not rules.is_tapped_only(there(PolicyData.of(row).rule))


def _typed(step: Request, row: Row, text: str) -> None:
    leader(step, row)
    rule = there(PolicyData.of(row).rule)
    if rules.is_tapped_only(rule):
        conversation.update(row, ConversationData(problem=keep(Refusal(Refused.TAP_EXPECTED))))
    else:
        _change(step, row, values.written(rule, text))


def _change(step: Request, row: Row, value: object | None, *, stays: bool = False) -> None:
    actor = leader(step, row)
    kept = PolicyData.of(row)
    rule, seen = there(kept.rule), there(kept.seen)

    def change() -> None:
        policy_settings.change(step.by(actor), rule, value, seen=seen)

    if attempt(step, row, change) and not stays:
        conversation.update(row, PolicyData(rule=None, seen=None), to=GROUP)
    else:
        # The card shows the current value, so sending it again is informed.
        conversation.update(row, PolicyData(seen=_stored(step.by(actor), rule)))


_to_card = conversation.goto(routes.POLICY, PolicyData(group=""))


_to_group = conversation.goto(GROUP, PolicyData(rule=None, seen=None))


def _to_opening(step: Request, row: Row, _value: str) -> None:
    reader(step, row)
    conversation.switch_to(row, routes.OPENING, routes.OPENING)
    conversation.render(step, row)


POLICY = Conversation(
    routes.POLICY,
    {
        routes.POLICY: State(_card, {"group": _open_group, "opening": _to_opening}),
        GROUP: State(_group, {"rule": _open_rule, "back": _to_card}),
        RULE: State(
            _rule,
            {"set": _set, "ask": _toggle, "default": _default, "back": _to_group},
            _typed,
            fits=_is_typed,
        ),
        conversation.OVER: State(nothing_stays),
    },
    CANCEL,
    SAVED_STAYS,
)

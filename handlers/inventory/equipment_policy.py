"""Rules of one equipment: a card with all of them, and one card for each rule."""

from db.models import Conversation as Row
from db.models import Equipment
from handlers.i18n.texts import Texts
from handlers.inventory.data import RulesData
from handlers.inventory.lists.named_lists import for_keepers, keeper
from handlers.inventory.views import equipment_policy as views
from handlers.policy import rules, values
from handlers.ui import conversation, routes
from handlers.ui.conversation import CANCEL, SAVED_STAYS, Conversation, ConversationData, State
from handlers.ui.form import attempt, data_of, problem_of
from handlers.ui.message import Message
from handlers.ui.refusals import keep
from handlers.ui.request import Request
from services.core.errors import Refusal, Refused
from services.core.policy import OF_EQUIPMENT
from services.core.tx import Tx
from services.inventory import catalog, equipment_policy

RULE = "rule"
"""The state of choosing a rule; data: equipment_id, rule, seen (the version that was shown)."""


def _equipment(tx: Tx, row: Row) -> Equipment:
    return catalog.get(tx.of(row.organization_id), RulesData.of(row).equipment_id)


def _card(tx: Tx, row: Row, t: Texts) -> Message:
    equipment = _equipment(tx, row)
    common = equipment_policy.of_organization(tx, equipment)
    return views.card(
        t, equipment.name, equipment_policy.own(equipment), common, data_of(row), problem_of(row, t)
    )


def _rule(tx: Tx, row: Row, t: Texts) -> Message:
    equipment = _equipment(tx, row)
    common = equipment_policy.of_organization(tx, equipment)
    return views.choice(
        t,
        equipment.name,
        RulesData.of(row).rule,
        equipment_policy.own(equipment),
        common,
        data_of(row),
        problem_of(row, t),
    )


def _open(step: Request, row: Row, value: str) -> None:
    if value not in OF_EQUIPMENT:
        raise Refusal(Refused.OUTDATED)
    conversation.update(row, RulesData(rule=value, seen=_equipment(step.tx, row).version), to=RULE)
    conversation.render(step, row)


def _set(step: Request, row: Row, value: str) -> None:
    """Set the rule as tapped; `common` returns to the organization's."""
    _change(step, row, None if value == views.COMMON else values.meant(RulesData.of(row).rule, value))
    conversation.render(step, row)


def _is_typed(_step: Request, row: Row, _text: str) -> bool:
    """Return whether the rule's value can be written."""
    return not rules.is_tapped_only(RulesData.of(row).rule)


def _typed(step: Request, row: Row, text: str) -> None:
    """Set the rule as typed: a number of days or hours."""
    rule = RulesData.of(row).rule
    if rules.is_tapped_only(rule):
        conversation.update(row, ConversationData(problem=keep(Refusal(Refused.TAP_EXPECTED))))
    else:
        _change(step, row, values.written(rule, text))


def _change(step: Request, row: Row, value: object) -> None:
    actor = keeper(step)
    kept = RulesData.of(row)
    equipment_id, rule, seen = kept.equipment_id, kept.rule, kept.seen
    if attempt(
        step,
        row,
        lambda: equipment_policy.change(step.by(actor), equipment_id, rule, value, seen=seen),
    ):
        conversation.update(row, RulesData(rule="", seen=0), to=routes.RULES)
    else:
        # The version shown now has been seen when it is sent again.
        conversation.update(row, RulesData(seen=_equipment(step.tx, row).version))


_to_card = conversation.goto(routes.RULES, RulesData(rule="", seen=0))


def _to_equipment(step: Request, row: Row, _value: str) -> None:
    conversation.switch_to(
        row, routes.INVENTORY, routes.EQUIPMENT, routes.Subject(equipment_id=RulesData.of(row).equipment_id)
    )
    conversation.render(step, row)


_STATES = {
    routes.RULES: State(_card, {"rule": _open, "back": _to_equipment}),
    RULE: State(_rule, {"set": _set, "back": _to_card}, _typed, fits=_is_typed),
}

RULES = Conversation(
    routes.RULES,
    {**for_keepers(_STATES), conversation.OVER: State(conversation.nothing_stays)},
    CANCEL,
    SAVED_STAYS,
)

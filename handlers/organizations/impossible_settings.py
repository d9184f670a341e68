"""Settings that no rule lets anybody store, such as a time zone that does not exist; and the periodic work
that stops for them, or by a fault.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from db.models import OutboxMessage
from handlers.i18n.texts import Texts, lines
from handlers.policy import rules
from handlers.ui.message import Message
from services.core import policy
from services.core.errors import Refused
from services.core.tx import Tx


def explain(t: Texts, data: Mapping[str, Any]) -> Markup:
    """Return which setting is impossible, and where it is set anew."""
    value = str(data["value"])
    if data["setting"] == policy.TIMEZONE:
        return t(
            "{organization} cannot do that now: there is no time zone {value}. A leader can choose "
            "another one with /organizations.",
            organization=data["organization"],
            value=value,
        )
    rule = rules.rule_name(t, data["setting"]) if data["setting"] in rules.RULES else str(t("rules"))
    if data.get("equipment"):
        return t(
            "That cannot be done now: of {equipment}, “{rule}” is set to {value}, which is impossible. "
            "An admin can set it anew with /inventory.",
            equipment=data["equipment"],
            rule=rule,
            value=value,
        )
    return t(
        "{organization} cannot do that now: “{rule}” is set to {value}, which is impossible. "
        "A leader can set it anew with /policy.",
        organization=data["organization"],
        rule=rule,
        value=value,
    )


REFUSALS = {Refused.SETTINGS_WRONG: explain}


def note(t: Texts, wrong: Sequence[str]) -> Markup | None:
    """Return which rules have to be set anew, above the card of all rules."""
    if not wrong:
        return None
    names = ", ".join(rules.rule_name(t, one) for one in wrong if one in rules.RULES)
    return t(
        "These rules have impossible values. Nothing can be rented until they are set anew: {rules}.",
        rules=names,
    )


def _work(t: Texts, rows: Sequence[OutboxMessage]) -> Markup:
    names = {
        "expiry": t("ending requests that nobody answered or picked up"),
        "transfers": t("withdrawing transfers"),
        "late_conflicts": t("finding another thing for those who wait for a late one"),
        "reminders": t("reminders"),
        "digest": t("the daily list of what is overdue"),
        "forgetting": t("forgetting who had what long ago"),
        "figures": t("counting the statistics"),
    }
    works = dict.fromkeys(row.params["work"] for row in rows)
    return Markup(", ").join(names.get(work, work) for work in works)


def _name(tx: Tx, rows: Sequence[OutboxMessage]) -> str:
    return tx.organization_of(rows[0].params["organization_id"]).name


def stopped(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message:
    """Return what does not work, and why: the operator reads the error, leaders what they can do."""
    what = t(
        "For {organization} I cannot do this now: {work}.", organization=_name(tx, rows), work=_work(t, rows)
    )
    reasons: list[Markup] = []
    for row in rows:
        settings, error = row.params.get("settings"), row.params.get("error")
        if settings:
            reasons.append(explain(t, settings))
        elif error:
            reasons.append(Markup("<code>{}</code>").format(error))
        else:
            reasons.append(t("Something went wrong on our side. The operator has been told."))
    return Message(lines(what, *dict.fromkeys(reasons)))


def resumed(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message:
    return Message(
        t("This works again for {organization}: {work}.", organization=_name(tx, rows), work=_work(t, rows))
    )

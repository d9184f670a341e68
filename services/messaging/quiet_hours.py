"""Quiet hours, checked again right before sending: a delayed message may have reached them meanwhile."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from db.models import OutboxMessage
from services.core import policy
from services.core.hours import periods
from services.core.policy import Policy
from services.core.tx import Tx
from services.messaging import kinds

KEEP_QUIET = (kinds.REMINDER, kinds.DIGEST, kinds.LATE, kinds.LATE_DESK)
"""Kinds that respect quiet hours; all others follow from an action at that moment."""


def until(tx: Tx, rows: Sequence[OutboxMessage]) -> datetime | None:
    """Return the end (UTC) of the quiet hours that the rows of one message have to wait for, or None.

    A card that is only edited waits for nothing: nobody hears that.
    """
    if not any(row.renew or row.card_id is None for row in rows):
        return None
    if rows[0].kind not in KEEP_QUIET or rows[0].organization_id is None:
        return None
    organization = tx.organization_of(rows[0].organization_id)
    end = after_quiet_hours(tx.now, policy.of(organization), policy.zone_of(organization))
    return end if end > tx.now else None


def before_quiet_hours(moment: datetime, rule: Policy, zone: ZoneInfo) -> datetime:
    """Return the moment itself, or the beginning (UTC) of the quiet hours that it falls into."""
    end = after_quiet_hours(moment, rule, zone)
    if end == moment:
        return moment
    is_over_night = rule.quiet_from > rule.quiet_until
    day = end.astimezone(zone).date() - timedelta(days=1 if is_over_night else 0)
    return periods.at(day, rule.quiet_from, zone)


def after_quiet_hours(moment: datetime, rule: Policy, zone: ZoneInfo) -> datetime:
    """Return the moment itself, or the end (UTC) of the quiet hours that it falls into."""
    local = moment.astimezone(zone)
    start, end = rule.quiet_from, rule.quiet_until
    if start == end:
        return moment
    clock = local.time()
    quiet = start <= clock < end if start < end else (clock >= start or clock < end)
    if not quiet:
        return moment
    day = local.date() + timedelta(days=1 if start > end and clock >= start else 0)
    return periods.at(day, end, zone)

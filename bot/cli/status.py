"""`equiplib status`: pending work, and failures of the program, for the operator."""

from collections.abc import Mapping
from pathlib import Path

import typer
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import settings
from bot.cli.common import opened
from db.models import Organization, User
from db.states import InboxStatus, OutboxStatus
from services import stoppages
from services.messaging.tidying import retention

NEWEST = 20
"""The number of failures of each kind that are listed."""

LONGEST_TEXT = 1000
"""The number of characters shown of an update that was set aside."""


def show(config: Path | None) -> None:
    with opened(settings.load(config)) as database:
        typer.echo("\n".join(database.read_now(report)))


def report(session: Session) -> list[str]:
    """Return the lines of `equiplib status`."""
    organizations = session.scalar(select(func.count()).select_from(Organization))
    users = session.scalar(select(func.count()).select_from(User))
    lines = [
        f"Organisations: {organizations}, people: {users}",
        f"Updates from Telegram: {_numbers(retention.updates(session))}",
        f"Messages to Telegram: {_numbers(retention.messages(session))}",
    ]
    for organization_id, work in sorted(stoppages.told(session)):
        name = session.get_one(Organization, organization_id).name
        lines.append(f"  {name}: {work.replace('_', ' ')} stopped, and its leaders were told")
    for update in retention.set_aside(session, NEWEST):
        at = f"{update.received_at:%Y-%m-%d %H:%M} UTC"
        lines.append(f"  update {update.id} of {at}: {update.error}")
        lines.append(f"    {_beginning(update.payload)}")
    for message in retention.given_up(session, NEWEST):
        at = f"{message.created_at:%Y-%m-%d %H:%M} UTC"
        lines.append(f"  message {message.id} ({message.kind}) of {at}: {message.error}")
    return lines


def _beginning(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_TEXT else f"{line[:LONGEST_TEXT]} …"


def _numbers(counts: Mapping[InboxStatus, int] | Mapping[OutboxStatus, int]) -> str:
    return ", ".join(f"{number} {status.replace('_', ' ')}" for status, number in counts.items()) or "none"

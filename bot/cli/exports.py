"""`equiplib export`: the inventory, the rentals of a period or the members, into a file."""

import asyncio
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import typer

from bot import log_config, settings
from bot.cli.common import opened, organization_called, utc_now
from bot.errors import Complaint
from db.models import Organization
from db.session import Database
from handlers.i18n.texts import Texts, closest
from services.core import policy
from services.core.hours import periods
from services.core.hours.periods import Period
from services.core.text import separator
from services.exports import Export, Format, What, export_file


def export(
    config: Path | None,
    file: Path,
    organization: str,
    *,
    what: str,
    first: str | None,
    last: str | None,
    language: str,
) -> None:
    try:
        kind = Format(file.suffix.lower().removeprefix("."))
    except ValueError:
        raise Complaint(f"{file} is wrong: its name has to end in .csv or .xlsx.") from None
    given = settings.load(config)
    log_config.configure(given.log)
    with opened(given) as database:
        organization_id = organization_called(database, organization)
        period = _period(database, organization_id, first, last) if what == What.RENTALS else None
        language = language or database.read_now(lambda s: s.get_one(Organization, organization_id).language)
        rule = partial(_rule, Texts(closest(language)))
        wanted = Export(organization_id, What(what), kind, period, language, separator(language), rule)
        try:
            count = asyncio.run(export_file(database, wanted, file, utc_now()))
        except OSError as error:
            raise Complaint(f"{file} cannot be written: {error.strerror or error}.") from None
    typer.echo(f"{file}: {count} {'row' if count == 1 else 'rows'}.")


def _rule(t: Texts, name: str, value: Any) -> str:
    """Return a rule of one equipment in a sentence; few have any, and the chat's words take long to load."""
    from handlers.policy import rules  # noqa: PLC0415

    return rules.sentence(t, name, value)


def _period(database: Database, organization_id: int, first: str | None, last: str | None) -> Period:
    """Return the period of these days, inclusive; open on a side without a day."""
    begin, end = _day("--from", first) or date(1970, 1, 1), _day("--to", last) or date(9998, 12, 31)
    if end < begin:
        raise Complaint("--to is wrong: it comes before --from.")
    zone = database.read_now(lambda s: policy.zone_of(s.get_one(Organization, organization_id)))
    return periods.whole_days(begin, end, zone)


def _day(option: str, text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Complaint(f"{option} {text} is wrong: write a day like 2026-01-31.") from None

"""`equiplib export`: the inventory, the rentals of a period or the members, into a file."""

import asyncio
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from bot import log_config, settings
from bot.cli.common import ConfigOption, opened, organization_called, utc_now
from bot.settings import Complaint
from db.models import Organization
from db.session import Database
from services.core import periods
from services.core.periods import Period
from services.exports import Export, Format, What, export_file


def export(
    file: Annotated[Path, typer.Argument(help="Where to: its name ends in .csv or .xlsx.")],
    organization: Annotated[str, typer.Option(help="The name of the organisation.")],
    what: Annotated[What, typer.Option(help="What is wanted.")] = What.INVENTORY,
    first: Annotated[
        str | None, typer.Option("--from", metavar="DAY", help="Rentals: the first day, as 2026-01-01.")
    ] = None,
    last: Annotated[
        str | None, typer.Option("--to", metavar="DAY", help="Rentals: the last day, as 2026-12-31.")
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Write the inventory, the rentals or the members of an organisation to a CSV file or a workbook.

    An inventory that was written so comes in again unchanged: equiplib import.
    """
    try:
        kind = Format(file.suffix.lower().removeprefix("."))
    except ValueError:
        raise Complaint(f"{file} is wrong: its name has to end in .csv or .xlsx.") from None
    given = settings.load(config)
    log_config.configure(given.log)
    with opened(given) as database:
        organization_id = organization_called(database, organization)
        period = _period(database, organization_id, first, last) if what is What.RENTALS else None
        wanted = Export(organization_id, what, kind, period)
        try:
            count = asyncio.run(export_file(database, wanted, file, utc_now()))
        except OSError as error:
            raise Complaint(f"{file} cannot be written: {error.strerror or error}.") from None
    typer.echo(f"{file}: {count} {'row' if count == 1 else 'rows'}.")


def _period(database: Database, organization_id: int, first: str | None, last: str | None) -> Period:
    """Both days count; without one, the period is open there."""
    begin, end = _day("--from", first) or date(1970, 1, 1), _day("--to", last) or date(9998, 12, 31)
    if end < begin:
        raise Complaint("--to is wrong: it comes before --from.")
    zone = database.read_now(lambda s: s.get_one(Organization, organization_id).zone)
    return periods.whole_days(begin, end, zone)


def _day(option: str, text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Complaint(f"{option} {text} is wrong: a day is written like 2026-01-31.") from None

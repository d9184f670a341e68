"""`equiplib members`: imports members from a CSV file, and writes their invite links."""

import asyncio
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import typer
from sqlalchemy.orm import Session

from bot import application, log_config, settings
from bot.cli import import_plan, imports
from bot.cli.common import opened, organization_called, utc_now
from bot.errors import Complaint
from db.session import Database
from services.core.tx import Tx
from services.imports import Invited, MembersReport, import_members
from services.imports.afterwards import addresses
from services.imports.afterwards.addresses import Shared
from services.imports.inventory import effects
from services.imports.members.links import links_file
from services.members import invites


def bring_in(
    config: Path | None,
    file: Path,
    organization: str,
    links: Path,
    mapping: list[str] | None,
    refused_to: Path | None = None,
) -> None:
    given = settings.load(config)
    log_config.configure(given.log, given.token)
    _require_new(links)
    bot = asyncio.run(application.bot_name(given.token, given.telegram.api_url))
    with opened(given) as database:
        organization_id = organization_called(database, organization)
        report = imports.bring_in(database, organization_id, file, mapping, import_members)
        mend = imports.write_refused(database, organization_id, file, report, refused_to)
        for line in [*summary(report), *mend]:
            typer.echo(line)
        _hand_out(report.invited, links, bot)
        tokens = [one.token for one in report.invited]
        database.write_now(lambda session: invites.note_delivered(session, tokens))
        if sys.stdin.isatty() and report.run_id is not None:
            settle_addresses(database, organization_id, report.run_id)
    typer.echo(f"To undo it: equiplib import --undo {report.run_id}")
    if report.renewed:
        typer.echo("Links of an import that was broken off no longer work: these replace them.")


def settle_addresses(database: Database, organization_id: int, run_id: int) -> None:
    """Ask whose each address is that several people share."""

    def open_ones(session: Session) -> list[Shared]:
        tx = Tx(session, utc_now(), within=organization_id)
        return addresses.open_ones(tx, effects.of_run(tx, run_id))

    while shared := database.read_now(open_ones):
        address, people = shared[0].address, shared[0].members
        question = f"Several people have the address {address}. Whose is it?"
        picked = people[import_plan.pick(question, [name for _, name in people])][0]

        def settle(session: Session, user_id: int = picked) -> None:
            addresses.settle(Tx(session, utc_now(), within=organization_id), run_id, user_id)

        database.write_now(settle)


def renew(config: Path | None, organization: str, links: Path) -> None:
    given = settings.load(config)
    log_config.configure(given.log, given.token)
    _require_new(links)
    bot = asyncio.run(application.bot_name(given.token, given.telegram.api_url))
    with opened(given) as database:
        organization_id = organization_called(database, organization)
        invited = database.write_now(lambda s: invites.renew(Tx(s, utc_now(), within=organization_id)))
    if not invited:
        typer.echo("All active members are already in Telegram.")
    _hand_out(invited, links, bot)
    if invited:
        typer.echo("Earlier links of these members no longer work: send them these.")


def summary(report: MembersReport) -> Iterator[str]:
    """Return the numbers, then the rows that were not imported."""
    yield imports.columns(report)
    for meaning, headers in report.became.items():
        kept = "Kept as own fields" if meaning == "custom" else "Left out"
        yield f"{kept}: {', '.join(headers)}."
    yield from imports.stopped(report)
    yield f"Rows: {report.rows}, of which {report.refused_total} refused."
    yield f"Members: {report.new} new, {report.changed} changed, {report.unchanged} unchanged."
    if report.inactive:
        names = ", ".join(
            [*report.without_link, *(["…"] if report.inactive > len(report.without_link) else [])]
        )
        yield f"Of these, {report.inactive} are not active; they get no link: {names}."
    for address, shared in report.shared.items():
        yield f"Several people share {address}. The first has it for now; without it: {', '.join(shared)}."
    for word, count in report.unknown:
        yield f"Not understood as a status, and kept: {word} ({count})"
    yield from imports.zeros_lost(report)
    yield from imports.all_refused(report)


def _require_new(links: Path) -> None:
    """Raise Complaint before the import if the links cannot be written: they cannot be shown again."""
    if links.exists():
        raise Complaint(f"--links is wrong: {links} exists. Name a file that does not.")
    if not links.absolute().parent.is_dir():
        raise Complaint(f"--links is wrong: there is no folder {links.absolute().parent}.")


def _hand_out(invited: Sequence[Invited], links: Path, bot: str | None) -> None:
    if not invited:
        return
    links.touch(mode=0o600, exist_ok=False)
    links.write_text(links_file(invited, bot or "YOUR_BOT"), encoding="utf-8-sig")
    typer.echo(
        f"{len(invited)} links are in {links}. Each works once, within {invites.PERSONAL_DAYS} days, and "
        "whoever opens it becomes that member: send each one only to its member."
    )
    if bot is None:
        typer.echo("Telegram could not be reached: replace YOUR_BOT with your bot's name.", err=True)

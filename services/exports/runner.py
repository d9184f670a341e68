"""Running an export: chunk by chunk, with room for other work in between."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from pathlib import Path

from db.models import Organization
from db.session import Database
from db.states import Role
from services.core import policy
from services.core.actor import Actor
from services.core.errors import Refusal, Refused
from services.core.hours.periods import Period
from services.core.tx import Tx
from services.exports.inventory import Inventory, RuleWords, plain_rule
from services.exports.members import Members
from services.exports.rentals import Rentals
from services.exports.writers import Cell, CsvWriter, Look, Table, Writer, XlsxWriter
from services.imports.headings import Headings

PAUSE = 0.005
"""Seconds between two chunks: writing a file keeps the processor busy, and others want to be answered."""


class What(StrEnum):
    INVENTORY = "inventory"
    RENTALS = "rentals"
    MEMBERS = "members"


class Format(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"


_WRITERS: dict[Format, Callable[[Path, Look], Writer]] = {Format.CSV: CsvWriter, Format.XLSX: XlsxWriter}


@dataclass(frozen=True)
class Export:
    """A permitted export, by a member (`ask`) or by the operator; `period` for rentals.

    `language`: of its headers and words; `separator`: of CSV; `rule`: the words for a rule of one equipment.
    """

    organization_id: int
    what: What
    format: Format
    period: Period | None = None
    language: str = "en"
    separator: str = ","
    rule: RuleWords = plain_rule


def permit(actor: Actor) -> None:
    """Raise NOT_ALLOWED below ADMIN, MEMBERSHIP_ENDED."""
    actor.require(Role.ADMIN)


def ask(
    actor: Actor,
    what: What,
    format: Format,
    period: Period | None = None,
    *,
    language: str = "en",
    separator: str = ",",
    rule: RuleWords = plain_rule,
) -> Export:
    """Return an export of the person's own organization. Raises as `permit`."""
    permit(actor)
    return Export(actor.organization_id, what, format, period, language, separator, rule)


async def export_file(database: Database, wanted: Export, target: Path, now: datetime) -> int:
    """Write an export to a file; return the number of rows, without the header.

    Reads in many short transactions, each in a thread. Raises NOT_FOUND (the organization), and OSError
    where the file cannot be written.
    """
    table = await database.read(lambda session: _table(Tx(session, now), wanted))
    for labels in table.labels:
        while not labels.done:
            await database.read(labels.look)
            await asyncio.sleep(PAUSE)
    look = Look(wanted.separator, Headings(wanted.language).word(wanted.what).capitalize())
    writer = await asyncio.to_thread(_WRITERS[wanted.format], target, look)
    count, after = 0, 0
    try:
        await _whole(writer.row, await database.read(table.header))
        while True:
            chunk = await database.read(partial(table.chunk, after=after))
            await _whole(_write, writer, chunk.rows)
            count += len(chunk.rows)
            if chunk.last is None:
                break
            after = chunk.last
            await asyncio.sleep(PAUSE)
    except BaseException:
        writer.abandon()
        raise
    await _whole(writer.finish)
    return count


async def _whole(work: Callable[..., object], *arguments: object) -> None:
    """Run work in a thread, to its end even if the caller is canceled: two must not use one writer."""
    running = asyncio.ensure_future(asyncio.to_thread(work, *arguments))
    try:
        await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait([running])
        raise


def _table(tx: Tx, wanted: Export) -> Table:
    organization = tx.session.get(Organization, wanted.organization_id)
    if organization is None:
        raise Refusal(Refused.NOT_FOUND)
    headings = Headings(wanted.language, organization.labels)
    zone = policy.zone_of(organization)
    match wanted.what:
        case What.INVENTORY:
            return Inventory(organization.id, headings, wanted.rule)
        case What.MEMBERS:
            return Members(organization.id, headings, zone, tx.now)
        case What.RENTALS:
            if wanted.period is None:
                raise ValueError("rentals are exported for a period")
            return Rentals(organization.id, headings, zone, tx.now, wanted.period)


def _write(writer: Writer, rows: Sequence[Sequence[Cell]]) -> None:
    for row in rows:
        writer.row(row)

"""`equiplib import --undo`, with what is in the way of it."""

import sys
from collections.abc import Callable
from pathlib import Path

import typer
from sqlalchemy.orm import Session

from bot import log_config, settings
from bot.cli.common import more, opened, organization_called, utc_now
from bot.errors import Complaint
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.imports.afterwards import undo
from services.imports.afterwards.obstacles import Why
from services.imports.afterwards.undo import Extent

_NO_NUMBER = "--undo is wrong: it takes a number, or last."


def undo_import(config: Path | None, organization: str, number: str, *, yes: bool) -> None:
    """Undo an import, by its number or the last one. Raises Complaint."""
    given = settings.load(config)
    log_config.configure(given.log)
    with opened(given) as database:
        organization_id = organization_called(database, organization)

        def work(session: Session, act: Callable[[Tx, int], Extent]) -> tuple[int, Extent]:
            tx = Tx(session, utc_now(), within=organization_id)
            last = undo.last(tx) if number == "last" else None
            if last is None and not (number.isascii() and number.isdigit()):
                raise Complaint("There is no import to undo." if number == "last" else _NO_NUMBER)
            run_id = last.id if last is not None else int(number)
            return run_id, act(tx, run_id)

        try:
            run_id, extent = database.read_now(lambda s: work(s, undo.question))
            asks = not yes and sys.stdin.isatty()
            if asks and not typer.confirm(f"Import {run_id}: {_extent(extent)}. Undo it?"):
                raise typer.Exit(0)
            number = str(run_id)
            database.write_now(lambda s: work(s, undo.undo))
        except Refusal as refusal:
            raise Complaint(_not_undone(refusal)) from None
    typer.echo(f"Import {run_id} is undone: {_extent(extent)}.")


def _extent(extent: Extent) -> str:
    if extent.members:
        return f"{extent.members} new members"
    return f"{extent.items} new items of {extent.kinds} equipment, {extent.changed} changed"


_WHY = {
    Why.LENT: "lent since",
    Why.PROMISED: "promised to somebody",
    Why.BLOCKED: "blocked since",
    Why.CHANGED: "changed since",
    Why.IN_BASKET: "in the basket of {by}",
    Why.IN_KIT: "in the kit {by}",
    Why.HAS_MORE: "has other items since",
    Why.JOINED: "has joined since",
}


def _not_undone(refusal: Refusal) -> str:
    if refusal.code is not Refused.UNDO_TOO_LATE:
        return {
            Refused.IMPORT_UNDONE: "That import is already undone.",
            Refused.UNDO_OVER: "There is no such import, or it was more than 30 days ago.",
            Refused.NOT_FOUND: "That import was another organisation's.",
        }[refusal.code]
    shown = [
        f"  {f'{name} {code}'.strip() or 'Something that is gone'}: {_WHY[Why(why)].format(by=by)}"
        for name, code, why, by in refusal.data["things"]
    ]
    return "\n".join(["It cannot be undone any more:", *shown, *more(refusal.data["total"], shown)])

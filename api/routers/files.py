"""Files: labels to print (PNG, PDF, ZIP) and exports (CSV, XLSX)."""

import io
import zipfile
from collections.abc import Awaitable, Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Query
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse, Response
from starlette.background import BackgroundTask

from api import endpoints
from api.calls import Call, Reads
from api.models.common import Day, Id, RowId
from api.models.inventory import SheetOut
from api.paging import Page
from api.problems import invalid
from services import exports, temporary_folders
from services.access import rights
from services.core import audit
from services.core.hours import periods
from services.core.text import separator
from services.core.tx import Tx
from services.exports import Format, What
from services.inventory import catalog
from services.labels import history, pdf, qr, selection
from services.labels.pdf import Label
from services.labels.selection import By, Chosen
from services.labels.sheets import DEFAULT, SHEETS

router = endpoints.router(tag="labels and exports")

Print = Annotated[Call, Depends(Reads(rights.PRINT_LABELS))]
Exports = Annotated[Call, Depends(Reads(rights.EXPORT))]

_TYPES = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class Choice:
    """Which items get a label: one of these, or all."""

    def __init__(
        self,
        equipment: Annotated[RowId | None, Query()] = None,
        type_: Annotated[str | None, Query(alias="type", max_length=100)] = None,
        tag: Annotated[RowId | None, Query()] = None,
        place: Annotated[RowId | None, Query()] = None,
        item: Annotated[list[RowId] | None, Query(max_length=selection.MOST_CODES)] = None,
    ) -> None:
        named: list[Chosen] = []
        named += [Chosen(By.EQUIPMENT, equipment)] if equipment is not None else []
        named += [Chosen(By.TYPE, type_)] if type_ is not None else []
        named += [Chosen(By.TAG, tag)] if tag is not None else []
        named += [Chosen(By.PLACE, place)] if place is not None else []
        named += [Chosen(By.ITEMS, tuple(item))] if item else []
        if len(named) > 1:
            raise invalid(["query"], "Name one of equipment, type, tag, place and item.")
        self.chosen = named[0] if named else Chosen(By.ALL)


Chooses = Annotated[Choice, Depends()]


Note = Callable[[Tx], object]
"""Writes down that a file was made."""


async def _made(
    call: Call, name: str, media_type: str, make: Callable[[Path], Awaitable[Note]]
) -> FileResponse:
    """Answer with a file that is made in a folder of its own, once it is written down; both go then."""
    with ExitStack() as kept:
        folder = kept.enter_context(temporary_folders.made("api"))
        note = await make(folder / name)
        await run_in_threadpool(call.act, note)
        gone = BackgroundTask(kept.pop_all().close)
    return FileResponse(folder / name, media_type=media_type, filename=name, background=gone)


@router.get("/items/{item_id}/label.png", response_class=Response, responses=endpoints.file("image/png"))
def get_label(call: Print, item_id: Id) -> Response:
    """Return the QR code of an item, which leads into the chat."""
    token = call.look(lambda tx: catalog.get_item(tx, item_id).label_token)
    return Response(qr.png(qr.link(call.api.settings.bot, token)), media_type="image/png")


@router.get("/labels/sheets")
def list_sheets(call: Print) -> Page[SheetOut]:
    """Return the kinds of label sheets."""
    found = [
        SheetOut(id=one.key, name=f"{one.brand} {one.number}", labels=one.per_sheet)
        for one in SHEETS.values()
    ]
    return call.read(lambda tx: Page(items=found, total=len(found)))


@router.get("/labels.zip", response_class=Response, responses=endpoints.file("application/zip"))
def get_labels_zip(call: Print, choice: Chooses) -> Response:
    """Return the QR codes of items as a ZIP of PNGs, named by code."""
    labels = call.look(lambda tx: selection.labels(tx, choice.chosen))
    return Response(
        _zip(labels, call.api.settings.bot),
        media_type="application/zip",
        headers={"Content-Disposition": 'attachment; filename="labels.zip"'},
    )


def _zip(labels: Sequence[Label], bot: str) -> bytes:
    target, known = io.BytesIO(), set[str]()
    with zipfile.ZipFile(target, "w") as archive:
        for label in labels:
            plain = "".join(c if c.isalnum() or c in "-_." else "_" for c in label.code).strip(".") or "item"
            name = next(
                one
                for one in (plain, *(f"{plain}-{n}" for n in range(2, len(labels) + 2)))
                if one not in known
            )
            known.add(name)
            archive.writestr(f"{name}.png", qr.png(qr.link(bot, label.token)))
    return target.getvalue()


@router.get("/labels.pdf", response_class=Response, responses=endpoints.file("application/pdf"))
async def get_labels_pdf(
    call: Print,
    choice: Chooses,
    sheet: Annotated[str, Query(max_length=40, description="A kind of sheet: `/labels/sheets`.")] = DEFAULT,
    first: Annotated[int, Query(ge=1, le=1000, description="Position of the first label on its sheet.")] = 1,
) -> Response:
    """Return labels to print, as a PDF of sheets."""
    if sheet not in SHEETS:
        raise invalid(["query", "sheet"], "There is no such sheet.")
    paper = SHEETS[sheet]
    if first > paper.per_sheet:
        raise invalid(["query", "first"], f"The sheet has {paper.per_sheet} labels.")

    def work(tx: Tx) -> tuple[list[Label], str]:
        return selection.labels(tx, choice.chosen), tx.organization.name

    labels, owner = await run_in_threadpool(call.look, work)

    async def make(path: Path) -> Note:
        bot = call.api.settings.bot
        await pdf.draw(labels, paper, path, first=first - 1, owner=owner, bot=bot)
        return lambda tx: history.note(tx, sheet=paper, first=first - 1, labels=len(labels))

    return await _made(call, "labels.pdf", "application/pdf", make)


@router.get(
    "/export/{what}.{format}",
    response_class=Response,
    responses=endpoints.file(*(kind for kind in _TYPES.values())),
)
async def get_export(
    call: Exports,
    what: What,
    format: Format,
    first: Annotated[Day | None, Query(alias="from", description="For rentals: the first day.")] = None,
    last: Annotated[Day | None, Query(alias="to", description="For rentals: the last day.")] = None,
    language: Annotated[
        str,
        Query(max_length=35, description="The reader's, for headers, words and CSV: `en`, `nb`, `de`."),
    ] = "en",
) -> Response:
    """Return the inventory, the rentals of some days, or the members as a file."""
    if what is What.RENTALS and (first is None or last is None or last < first):
        raise invalid(["query", "from"], "Rentals are exported from one day to another.")

    def work(tx: Tx) -> exports.Export:
        period = periods.whole_days(first, last, tx.zone) if first is not None and last is not None else None
        return exports.ask(tx.actor, what, format, period, language=language, separator=separator(language))

    wanted = await run_in_threadpool(call.look, work)

    async def make(path: Path) -> Note:
        rows = await exports.export_file(call.api.database, wanted, path, call.api.now())
        return lambda tx: audit.note(
            tx,
            "export",
            "organization",
            wanted.organization_id,
            what=wanted.what,
            format=wanted.format,
            rows=rows,
        )

    return await _made(call, f"{what.value}.{format.value}", _TYPES[format], make)

"""`/imports`: lists of things and of members, from files of any common kind and layout."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from fastapi import Depends, Form, Query, UploadFile
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from pydantic import ValidationError

from api import endpoints, limits
from api.calls import Call, Reads, Uploads, Writes, require_whole
from api.models.common import Id, Named
from api.models.imports import (
    AddressIn,
    ChoicesIn,
    ColumnOut,
    HandedOutOut,
    HoldingOut,
    ImportOut,
    ImportRunOut,
    ImportRunWhole,
    InvitedOut,
    NotHandedOut,
    PassedOut,
    PlanOut,
    ReadingOut,
    RefusedRowOut,
    SharedOut,
    UndoingOut,
    Word,
)
from api.paging import Page, Paged
from api.problems import ProblemError, invalid
from db.models import User
from db.session import Database
from services import temporary_folders
from services.access import rights
from services.core.text import separator
from services.core.tx import Tx
from services.imports import About, MembersReport, Report, asking, import_file, import_members, runs
from services.imports import about as about_file
from services.imports.afterwards import addresses, holders, listing, new_codes, undo
from services.imports.afterwards.addresses import Shared
from services.imports.afterwards.listing import Listed
from services.imports.afterwards.undo import Extent
from services.imports.inventory import effects
from services.imports.inventory.preview import Preview, preview
from services.imports.understanding import encodings
from services.imports.understanding.choices import Choices
from services.members import invites

router = endpoints.router("/imports", tag="imports")

MOST_BYTES = 20_000_000
"""Of a file, as in the chat."""

Send = Annotated[Call, Depends(Uploads(rights.IMPORT, MOST_BYTES + 100_000))]
Look = Annotated[Call, Depends(Reads(rights.IMPORT))]
Lent = Annotated[Call, Depends(Reads(rights.LENDER))]
HandOut = Annotated[Call, Depends(Writes(rights.LENDER))]
Undo = Annotated[Call, Depends(Writes(rights.IMPORT))]

Decided = Annotated[
    str | None,
    Form(max_length=100_000, description="`ChoicesIn` as JSON: the `choices` of the plan, as you want them."),
]
Kind = Annotated[About | None, Form(description="By default as its headers tell.")]


class _List(NamedTuple):
    """A file that was sent, and how it is understood. `seen`: None for members."""

    path: Path
    about: About
    choices: Choices
    seen: Preview | None


class _Caller(NamedTuple):
    organization_id: int
    user_id: int
    account_id: int
    token_id: int | None
    labels: Mapping[str, Any]


@router.post("/plan")
async def plan_import(call: Send, file: UploadFile, about: Kind = None, choices: Decided = None) -> PlanOut:
    """Return how a list is understood, and what has to be decided. Nothing is written, and nothing kept."""
    caller, chosen = await run_in_threadpool(call.look, _caller), _chosen(choices)
    with temporary_folders.made("api") as folder:
        path = await asyncio.to_thread(_kept, file, folder)
        return _plan(await _understood(call, caller, path, about, chosen))


@router.post("")
async def run_import(call: Send, file: UploadFile, about: Kind = None, choices: Decided = None) -> ImportOut:
    """Bring a list in: the same file, with the choices that its plan needed. 409 where a question is open.

    Rows that cannot come in are told, the others are there. Lists come in one after the other.
    """
    caller, chosen = await run_in_threadpool(call.look, _caller), _chosen(choices)
    with temporary_folders.made("api") as folder:
        path = await asyncio.to_thread(_kept, file, folder)
        async with call.api.importing:
            found = await _understood(call, caller, path, about, chosen)
            return await _bring_in(call, caller, found, file.filename or "")


def _caller(tx: Tx) -> _Caller:
    actor = tx.actor
    return _Caller(
        tx.organization_id, actor.user_id, actor.account_id, actor.token_id, dict(tx.organization.labels)
    )


def _chosen(text: str | None) -> Choices | None:
    """Return the decisions that were sent. Raises a problem (422)."""
    if text is None:
        return None
    try:
        limits.require_readable("json", text.encode())
        found = ChoicesIn.model_validate_json(text)
    except (ProblemError, UnicodeError):
        raise invalid(["body", "choices"], "This is no JSON, or has a character that no text has.") from None
    except ValidationError as error:
        wrong = error.errors()[0]
        where = [part if isinstance(part, int) else str(part) for part in wrong["loc"]]
        raise invalid(["body", "choices", *where], str(wrong["msg"]), wrong["type"]) from None
    if found.encoding and encodings.named(found.encoding) is None:
        raise invalid(["body", "choices", "encoding"], "There is no such encoding.")
    return found.chosen()


def _kept(file: UploadFile, folder: Path) -> Path:
    content = file.file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise ProblemError(413, "too_large", f"A list has at most {MOST_BYTES} bytes.")
    path = folder / "list"
    path.write_bytes(content)
    return path


async def _understood(
    call: Call, caller: _Caller, path: Path, about: About | None, choices: Choices | None
) -> _List:
    """Understand a file; without decisions by those about an earlier list with these headers."""
    if about is None:
        about = await asyncio.to_thread(about_file, path, labels=caller.labels)
    if about is None:
        raise invalid(["body", "about"], "It could be a list of things, or of members: say which.")
    if about is About.MEMBERS:
        return _List(path, about, Choices(), None)
    look = partial(preview, path, labels=caller.labels)
    seen = await asyncio.to_thread(look, choices or Choices())
    if choices is None:
        known = await run_in_threadpool(
            call.look, lambda tx: asking.kept(tx.session, tx.organization_id, seen.headers)
        )
        if known is not None:
            return _List(path, about, known, await asyncio.to_thread(look, known))
    return _List(path, about, choices or Choices(), seen)


async def _bring_in(call: Call, caller: _Caller, found: _List, name: str) -> ImportOut:
    given: tuple[Database, int, int, Path, dict[str, str], datetime]
    given = call.api.database, caller.organization_id, caller.user_id, found.path, {}, call.api.now()
    if found.seen is None:
        await run_in_threadpool(call.look, require_whole)
        people = await import_members(*given, name=name, token_id=caller.token_id)
        # Links that nobody received are made anew when the same file is sent again.
        links = [] if await call.request.is_disconnected() else [one.token for one in people.invited]
        await run_in_threadpool(call.act, partial(_over, run_id=people.run_id, caller=caller, links=links))
        return _came_in(About.MEMBERS, people, call.api.settings.bot)
    questions = found.seen.questions if found.seen.needs_asking else []
    if questions:
        context = {"questions": [one.value for one in questions]}
        raise ProblemError(409, "questions_open", "Decide these first: see the plan.", context=context)
    report = await import_file(*given, choices=found.choices, name=name, token_id=caller.token_id)

    def over(tx: Tx) -> None:
        if found.seen is not None and found.seen.needs_asking:
            asking.keep(tx, caller.organization_id, found.seen.headers, found.choices)
        _over(tx, report.run_id, caller)

    await run_in_threadpool(call.act, over)
    return _came_in(About.INVENTORY, report, call.api.settings.bot)


def _over(tx: Tx, run_id: int | None, caller: _Caller, links: Sequence[str] = ()) -> None:
    """Note that the links are delivered, and show in the chat that the import can be undone."""
    invites.note_delivered(tx.session, links)
    run = runs.get(tx.session, run_id) if run_id else None
    if run is not None and caller.account_id and effects.of_run(tx, run.id).tells:
        runs.show(tx, run, caller.account_id)


def _came_in(about: About, report: Report | MembersReport, bot: str) -> ImportOut:
    people = report if isinstance(report, MembersReport) else MembersReport()
    left_out = {"rows", "refused_total", "run_id"}
    return ImportOut(
        id=report.run_id,
        about=about,
        rows=report.rows,
        numbers={name: number for name, number in report.numbers().items() if name not in left_out},
        columns={name: list(headers) for name, headers in report.columns.items()},
        refused_total=report.refused_total,
        refused=[
            RefusedRowOut(
                line=row.line,
                sheet=row.sheet,
                column=row.column,
                reason=row.reason,
                value=row.value,
                data=row.data,
            )
            for row in report.refused
        ],
        stopped=report.stopped.code.value if report.stopped is not None else None,
        unknown=_words(report.unknown),
        invited=[
            InvitedOut(
                name=one.name,
                email=one.email,
                phone=one.phone,
                invite_link=f"https://t.me/{bot}?start={one.token}",
            )
            for one in people.invited
        ],
        without_link=people.without_link,
    )


def _words(counted: list[tuple[str, int]]) -> list[Word]:
    return [Word(word=word, number=number) for word, number in counted]


def _plan(found: _List) -> PlanOut:
    seen = found.seen or Preview(ours=True)
    return PlanOut(
        about=found.about,
        ours=seen.ours,
        questions=seen.questions if seen.needs_asking else [],
        choices=ChoicesIn.of(found.choices),
        rows=seen.rows,
        pieces=seen.pieces,
        equipment=seen.equipment,
        columns=[
            ColumnOut(
                header=one.header,
                meaning=one.meaning,
                is_name=one.is_name,
                is_empty=one.is_empty,
                samples=list(one.samples),
            )
            for one in seen.columns
        ],
        code_columns=seen.code_columns,
        readings=[ReadingOut(encoding=one.encoding, sample=one.sample) for one in seen.readings],
        first_row=seen.first_row,
        things=[_thing(one) for one in seen.to_json()["things"]],
        without_code=seen.without_code,
        held=seen.held,
        left_out=seen.left_out,
        left_out_total=seen.left_out_total,
        sheets=seen.sheets,
        passed=[PassedOut(sheet=sheet, why=why) for sheet, why in seen.passed],
        unknown=_words(seen.unknown),
        doubts=_words(seen.doubts),
    )


def _thing(thing: dict[str, Any]) -> dict[str, Any]:
    """Return a thing without what it has not."""
    return {name: value for name, value in thing.items() if value not in (None, "", [], {})}


@router.get("")
def list_imports(call: Look, paging: Paged) -> Page[ImportRunOut]:
    """Return the imports of the last 30 days, the newest first."""

    def work(tx: Tx) -> Page[ImportRunOut]:
        found = listing.newest(tx, before=paging.after, limit=paging.limit + 1)
        shown = [ImportRunOut(**_run(one)) for one in found[: paging.limit]]
        return paging.page_before(shown, shown[-1].id if len(found) > paging.limit else None)

    return call.read(work)


@router.get("/{import_id}")
def get_import(call: Look, import_id: Id) -> ImportRunWhole:
    """Return one import, and whether it can still be undone."""

    def work(tx: Tx) -> ImportRunWhole:
        found = listing.one(tx, import_id)
        in_the_way = listing.obstacles(tx, found)
        return ImportRunWhole(**_run(found), can_be_undone=in_the_way == 0, obstacles=in_the_way or 0)

    return call.read(work)


def _run(one: Listed) -> dict[str, Any]:
    return {
        "id": one.run.id,
        "file": one.run.file_name,
        "by": _named(one.by),
        "started_at": one.run.created_at,
        "ended_at": one.run.ended_at,
        "items": one.items,
        "equipment": one.equipment,
        "members": one.members,
        "changed": one.changed,
        "undone_at": one.run.undone_at,
        "undone_by": _named(one.undone_by),
        "undo_until": one.undo_until,
    }


def _named(user: User | None) -> Named | None:
    return Named(id=user.id, name=user.name) if user is not None else None


@router.get("/{import_id}/codes.csv", response_class=Response, responses=endpoints.file("text/csv"))
def get_codes(
    call: Look,
    import_id: Id,
    language: Annotated[
        str, Query(max_length=35, description="The reader's, for headers and separator: `en`, `nb`, `de`.")
    ] = "en",
) -> Response:
    """Return the codes of the new items of an import, to print or to keep; 204 where it has none."""

    def work(tx: Tx) -> str:
        run = undo.get(tx, import_id)
        return new_codes.content(tx, run.id, new_codes.head(tx, language), separator(language))

    found = call.look(work)
    if not found:
        return Response(None, 204)
    headers = {"Content-Disposition": 'attachment; filename="codes.csv"'}
    return Response(found.encode("utf-8-sig"), media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/{import_id}/undo")
def get_undoing(call: Look, import_id: Id) -> UndoingOut:
    """Return what undoing an import would do; 409 names what of it was lent or changed since."""
    return call.read(lambda tx: _undoing(undo.question(tx, import_id)))


@router.post("/{import_id}/undo")
def undo_import(call: Undo, import_id: Id) -> UndoingOut:
    """Undo an import: what it made goes, what it changed gets its former values; all or nothing."""
    return call.write(lambda tx: _undoing(undo.undo(tx, import_id)))


def _undoing(extent: Extent) -> UndoingOut:
    return UndoingOut(items=extent.items, kinds=extent.kinds, members=extent.members, changed=extent.changed)


@router.get("/{import_id}/holders")
def list_holders(call: Lent, import_id: Id) -> Page[HoldingOut]:
    """Return who has what according to the list, those that can be handed out first."""

    def work(tx: Tx) -> Page[HoldingOut]:
        found = [HoldingOut(**vars(one)) for one in holders.listed(tx, undo.get(tx, import_id))]
        return Page(items=found, total=len(found))

    return call.read(work)


@router.post("/{import_id}/hand-out")
def hand_out_as_listed(call: HandOut, import_id: Id) -> HandedOutOut:
    """Hand out what members have according to the list, until its day if it has one; they are told."""

    def work(tx: Tx) -> HandedOutOut:
        done = holders.hand_out(tx, import_id)
        refused = [
            NotHandedOut(code=code, to=to, reason=refusal.code.value) for code, to, refusal in done.refused
        ]
        return HandedOutOut(items=done.items, refused=refused)

    return call.write(work)


@router.get("/{import_id}/addresses")
def list_shared_addresses(call: Look, import_id: Id) -> Page[SharedOut]:
    """Return the email addresses that several members of the list have, and nobody has decided about."""

    def work(tx: Tx) -> Page[SharedOut]:
        whole = effects.of_run(tx, undo.get(tx, import_id).id)
        found = [_shared(one) for one in addresses.open_ones(tx, whole)]
        return Page(items=found, total=len(found))

    return call.read(work)


@router.post("/{import_id}/addresses")
def settle_shared_address(call: Undo, import_id: Id, body: AddressIn) -> SharedOut:
    """Say whose a shared address is; the others have none."""
    return call.write(lambda tx: _shared(addresses.settle(tx, import_id, body.user_id)))


def _shared(one: Shared) -> SharedOut:
    return SharedOut(address=one.address, members=[Named(id=id_, name=name) for id_, name in one.members])

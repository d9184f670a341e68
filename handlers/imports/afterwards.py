"""The card of an import that is over, with Undo."""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from db.models import ImportRun, OutboxMessage
from db.states import Role
from handlers.i18n.texts import Texts, lines
from handlers.ui import cards
from handlers.ui.callbacks import AnyVerb, Tap, pack
from handlers.ui.form import short
from handlers.ui.message import Button, Message
from handlers.ui.refusals import explain, explain_kept
from handlers.ui.request import Request
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.imports import runs
from services.imports.afterwards import addresses, undo
from services.imports.afterwards.addresses import Shared
from services.imports.afterwards.undo import Extent
from services.imports.inventory import effects
from services.imports.inventory.effects import Whole

MOST_ASKED = 8
"""Buttons of people who share an address."""


class Verb(AnyVerb):
    IMPORT_RUN = "i0"  # id: import run: its card
    ASK_UNDO = "i1"  # the same: asked once more
    UNDO = "i2"  # the same
    HOLDERS = "i3"  # the same; arg: page: who has what according to the file
    HAND_OUT_LISTED = "i4"  # the same as for IMPORT_RUN
    ADDRESS_OF = "i5"  # the same; arg: user: the one whose the address is


def draw(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message | None:
    """Draw the card. None once nobody can undo the import any more."""
    run = runs.get(tx.session, cards.subject_of(tx, rows[0]))
    return card(tx, run, t, rows[0].params) if run is not None else None


def card(tx: Tx, run: ImportRun, t: Texts, params: Mapping[str, Any] | None = None) -> Message:
    """Show what can still be done about what came in: the summary above it has the numbers.

    `params`: what was just handed out as listed, and what could not be.
    """
    if run.undone_at is not None:
        return Message(_undone(tx, run, t))
    whole = effects.of_run(tx, run.id)
    held = len(whole.held)
    shared = addresses.open_ones(tx, whole)
    text = lines(
        Markup("<b>{}</b>").format(_name(t, run)),
        t.plural(
            "{n} thing is with somebody according to the list.",
            "{n} things are with somebody according to the list.",
            held,
        )
        if held
        else None,
        *_handed_out(t, params or {}),
        *_of_people(t, whole, shared),
        None
        if whole.users
        else t("It can be undone for 30 days, as long as nothing of it is lent or changed."),
    )
    holders = (Button(str(t("Who has what")), pack(Verb.HOLDERS, run.id, "0")),)
    undoes = (Button(str(t("Undo")), pack(Verb.ASK_UNDO, run.id)),)
    asked = [
        (Button(short(name, 40), pack(Verb.ADDRESS_OF, run.id, str(id_))),)
        for id_, name in (shared[0].members[:MOST_ASKED] if shared else ())
    ]
    return Message(text, (*asked, *((holders,) if held else ()), undoes))


def _of_people(t: Texts, whole: Whole, shared: Sequence[Shared]) -> list[Markup]:
    """Ask whose an address is, and say what undoing an import of members would do."""
    said = []
    if shared:
        said += [
            t(
                "Several members have the address {address}. Whose is it?",
                address=short(shared[0].address, 60),
            )
        ]
    if whole.users:
        said += [
            t(
                "The new members can be taken out again for 30 days, as long as none of them has joined or "
                "was changed; their links then stop working. Members who were there before stay as they are "
                "now."
            )
        ]
    return said


def _handed_out(t: Texts, params: Mapping[str, Any]) -> list[Markup]:
    """Return what was just handed out, and what was not, with the reasons."""
    if "refused" not in params:
        return []
    items = params["handed_out"]
    said = t.plural("{n} thing is handed out.", "{n} things are handed out.", items)
    return [
        *([said] if items else []),
        *(
            t(
                "Not {code} to {name}: {why}",
                code=short(code, 30),
                name=short(to, 40),
                why=explain_kept(t, no),
            )
            for code, to, no in params["refused"]
        ),
    ]


def _name(t: Texts, run: ImportRun) -> str:
    return short(run.file_name, 60) or str(t("The file"))


def _undone(tx: Tx, run: ImportRun, t: Texts) -> Markup:
    by = undo.undone_by(tx.session, run)
    if by is None:
        return t("<b>{file}</b>: undone.", file=_name(t, run))
    return t("<b>{file}</b>: undone by {name}.", file=_name(t, run), name=by)


def _pieces(t: Texts, extent: Extent) -> Markup:
    """Return the new things in words: 31 items of 4 kinds."""
    kinds = t.plural("{n} kind", "{n} kinds", extent.kinds)
    if not extent.items:
        return kinds
    return t.plural("{n} item of {kinds}", "{n} items of {kinds}", extent.items, kinds=kinds)


def acting(step: Request, tap: Tap) -> Tx:
    """Return the transaction with the person acting in the organization of the import. Raises UNDO_OVER."""
    run = runs.get(step.session, tap.id)
    if run is None:
        raise Refusal(Refused.UNDO_OVER)
    return step.by(step.actor_in(run.organization_id))


def ask(step: Request, tap: Tap) -> Message:
    """Ask once more, or say what is in the way."""
    t = step.texts
    tx = acting(step, tap)
    back = (Button(str(t("Back")), pack(Verb.IMPORT_RUN, tap.id)),)
    try:
        extent = undo.question(tx, tap.id)
    except Refusal as refusal:
        if refusal.code is not Refused.UNDO_TOO_LATE:
            raise
        return Message(explain(t, refusal), (back,))
    takes = t("Remove {things}?", things=_pieces(t, extent)) if extent.kinds else None
    if extent.members:
        takes = t.plural(
            "Remove {n} member? Their link stops working.",
            "Remove {n} members? Their links stop working.",
            extent.members,
        )
    gives = t.plural(
        "{n} that it changed goes back to what it was.",
        "{n} that it changed go back to what they were.",
        extent.changed,
    )
    text = lines(takes or t("Undo the import?"), gives if extent.changed else None)
    return Message(text, ((Button(str(t("Yes, undo it")), pack(Verb.UNDO, tap.id)),), back))


def show(step: Request, tap: Tap) -> Message:
    tx = acting(step, tap)
    run = undo.get(tx, tap.id)
    tx.actor.require(Role.ADMIN)
    return card(tx, run, step.texts)


def settle(step: Request, tap: Tap) -> Markup | None:
    tx = acting(step, tap)
    tx.actor.require(Role.ADMIN)
    addresses.settle(tx, tap.id, int(tap.arg) if tap.arg.isdecimal() else 0)
    runs.show(tx, undo.get(tx, tap.id), step.place.chat_id)
    return None


def do(step: Request, tap: Tap) -> Markup | None:
    undo.undo(acting(step, tap), tap.id)
    return step.texts("Undone.")

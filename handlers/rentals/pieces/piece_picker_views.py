"""Choosing one piece of a rental: lists that take the place of its card for a moment."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from handlers.i18n.texts import Texts
from handlers.ui.callbacks import AnyVerb, Verb, pack
from handlers.ui.form import short
from handlers.ui.message import Button, Message, Rows
from handlers.ui.widgets import pager
from services.rentals.queries import Piece, RentalView

PER_PAGE = 20


@dataclass(frozen=True)
class Turn:
    """Pagination of a list of pieces: verb and id of its arrows, and the current page."""

    verb: AnyVerb
    id: int
    page: int


def pieces_list(
    t: Texts, v: RentalView, heading: Markup, verb: Verb, pieces: Sequence[Piece], turn: Turn
) -> Message:
    """Show a button for each piece."""
    by_claim = verb in (Verb.SWAP_PIECE, Verb.LOSE_PIECE)
    buttons = [
        Button(_named(p), pack(verb, p.claim_id) if by_claim else pack(verb, v.id, p.claim_id))
        for p in pieces
    ]
    return _choice(t, v, heading, buttons, turn)


def one_by_one(
    t: Texts, v: RentalView, verb: Verb, pieces: Sequence[Piece], open_: Collection[int], turn: Turn
) -> Rows:
    """Return a button for each piece, which acts on it at once; `open_`: the claims for which it still does.

    Each piece stays in its place, marked once it is done: a finger that taps twice acts once.
    """
    buttons = [
        Button(_named(p), pack(verb, v.id, p.claim_id))
        if p.claim_id in open_
        else Button(f"✓ {_named(p)}", pack(Verb.NOTHING))
        for p in pieces
    ]
    return _rows(t, v, buttons, turn)


def _named(piece: Piece) -> str:
    return f"{short(piece.code, 20)} · {short(piece.name, 28)}"


def alternatives(t: Texts, v: RentalView, claim_id: int, items: list[tuple[int, str]], turn: Turn) -> Message:
    """Show items to hand out instead of a promised one."""
    heading = t("Swap it for which one?") if items else t("No other one is free for that time.")
    buttons = [Button(short(code), pack(Verb.SWAP_FOR, claim_id, item_id)) for item_id, code in items]
    return _choice(t, v, heading, buttons, turn)


def _choice(t: Texts, v: RentalView, heading: Markup, buttons: list[Button], turn: Turn) -> Message:
    return Message(heading, _rows(t, v, buttons, turn))


def _rows(t: Texts, v: RentalView, buttons: list[Button], turn: Turn) -> Rows:
    """Return a page of one button per row, and the way back to the card."""
    part = pager.cut(buttons, turn.page, PER_PAGE)
    arrows = pager.arrows(part.number, part.pages, lambda to: pack(turn.verb, turn.id, to))
    return (*((b,) for b in part.shown), *arrows, (_back(t, v),))


def _back(t: Texts, v: RentalView) -> Button:
    return Button(str(t("Back")), pack(Verb.RENTAL_CARD, v.id))


def in_hand(t: Texts, v: RentalView, item_id: int | None) -> Rows:
    """Return the button for the one of several pieces that the member named or scanned."""
    one = next((piece for piece in v.with_member if piece.item_id == item_id), None)
    if one is None or len(v.with_member) == 1:
        return ()
    return (
        (Button(t("Return {code}", code=one.code).unescape(), pack(Verb.RETURN, v.id, str(one.claim_id))),),
    )

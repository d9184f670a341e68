"""Choosing one piece of a rental: lists that take the place of its card for a moment."""

from dataclasses import dataclass

from markupsafe import Markup

from handlers.i18n.texts import Texts
from handlers.ui.callbacks import AnyVerb, Verb, pack
from handlers.ui.form import short
from handlers.ui.message import Button, Message
from handlers.ui.widgets import pager
from services.rentals.queries import Piece, RentalView

_PIECES_PER_PAGE = 20


@dataclass(frozen=True)
class Turn:
    """Pagination of a list of pieces: verb and id of its arrows, and the current page."""

    verb: AnyVerb
    id: int
    page: int


def pieces_list(
    t: Texts, v: RentalView, heading: Markup, verb: Verb, pieces: list[Piece], turn: Turn
) -> Message:
    """Show a button for each piece, which acts on it once."""
    by_claim = verb in (Verb.SWAP_PIECE, Verb.LOSE_PIECE)
    buttons = [
        Button(
            f"{short(p.code, 20)} · {short(p.name, 28)}",
            pack(verb, p.claim_id) if by_claim else pack(verb, v.id, p.claim_id),
        )
        for p in pieces
    ]
    return _choice(t, v, heading, buttons, turn)


def alternatives(t: Texts, v: RentalView, claim_id: int, items: list[tuple[int, str]], turn: Turn) -> Message:
    """Show items to hand out instead of a promised one."""
    heading = t("Swap it for which one?") if items else t("No other one is free for that time.")
    buttons = [Button(short(code), pack(Verb.SWAP_FOR, claim_id, item_id)) for item_id, code in items]
    return _choice(t, v, heading, buttons, turn)


def _choice(t: Texts, v: RentalView, heading: Markup, buttons: list[Button], turn: Turn) -> Message:
    """Return a page of one button per row, and the way back to the card."""
    part = pager.cut(buttons, turn.page, _PIECES_PER_PAGE)
    arrows = pager.arrows(part.number, part.pages, lambda to: pack(turn.verb, turn.id, to))
    return Message(heading, (*((b,) for b in part.shown), *arrows, (_back(t, v),)))


def _back(t: Texts, v: RentalView) -> Button:
    return Button(str(t("Back")), pack(Verb.RENTAL_CARD, v.id))

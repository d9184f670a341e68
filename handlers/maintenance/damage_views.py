"""Views of damage notes, problem reports and losses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from db.states import LENDABLE, Condition
from handlers.i18n.texts import Texts, lines
from handlers.ui.callbacks import Verb, pack
from handlers.ui.form import Data, cancel, quoted, short
from handlers.ui.message import Button, Message, Picture, Rows, Style
from handlers.ui.refusals import condition_name
from handlers.ui.widgets import pager
from services.rentals.queries import Piece
from services.transfers.offers import Origin

_PER_PAGE = 8
_LONGEST_NOTE = 500


@dataclass(frozen=True)
class DamageView:
    """A damage note. `rental_id`, `number`: the rental in which it happened, if known."""

    id: int
    item_id: int
    code: str
    name: str
    note: str
    by: str
    at: datetime
    rental_id: int | None
    number: int | None
    condition: Condition
    is_open: bool
    closed_by: str | None
    picture: Picture | None
    origin: Origin | None = None
    """The member from whom the holder got it, unless that was the desk."""


def damage_card(t: Texts, v: DamageView) -> Message:
    """Show the damage card for the desk: the note with its photo, and its buttons."""
    said = {"name": short(v.by), "moment": t.moment(v.at), "id": v.number}
    note = quoted(v.note, _LONGEST_NOTE)
    text = lines(
        t("⚠️ <b>{code}</b> · {name}", code=short(v.code, 60), name=short(v.name, 80)),
        note if note.startswith("<blockquote") else t("“{note}”", note=note),
        t("{name}, {moment}, rental {id}", **said) if v.rental_id else t("{name}, {moment}", **said),
        _origin(t, v),
        _fate(t, v),
    )
    return Message(text, _damage_buttons(t, v), picture=v.picture)


def _origin(t: Texts, v: DamageView) -> Markup | None:
    if v.origin is None:
        return None
    return t(
        "🤝 Handed over by {name}, {moment}, rental {id}",
        name=short(v.origin.member),
        moment=t.moment(v.origin.at),
        id=v.origin.number,
    )


def _fate(t: Texts, v: DamageView) -> Markup | None:
    if not v.is_open:
        return t("✅ Marked as repaired by {name}.", name=v.closed_by) if v.closed_by else t("✅ Repaired.")
    if v.condition not in LENDABLE:
        return t("Out of lending: {condition}", condition=condition_name(t, v.condition))
    return None


def _damage_buttons(t: Texts, v: DamageView) -> Rows:
    rows: list[tuple[Button, ...]] = []
    if v.is_open and v.condition in LENDABLE:
        rows.append((take_out_button(t, v.id),))
    if v.rental_id is not None:
        label = str(t("Show the rental"))
        rows.append((Button(label, pack(Verb.SHOW_RENTAL, v.rental_id, "d")),))
    if v.is_open:
        # At the end, where it stays when Take out goes.
        rows.append((Button(str(t("Repaired")), pack(Verb.REPAIRED, v.id)),))
    return tuple(rows)


def take_out_button(t: Texts, note_id: int) -> Button:
    return Button(str(t("Take out of lending")), pack(Verb.TAKE_OUT, note_id))


# Problem report: piece, description, photo


def which(
    t: Texts, number: int, pieces: Sequence[Piece], page: int, data: Data, problem: Markup | None
) -> Message:
    """Ask which of the pieces that are out it is about."""
    part = pager.cut(pieces, page, _PER_PAGE)
    rows: list[tuple[Button, ...]] = [
        (Button(piece_label(p), data("piece", str(p.claim_id))),) for p in part.shown
    ]
    rows += pager.arrows(part.number, part.pages, lambda to: data("page", str(to)))
    rows.append((Button(str(t("All of it")), data("piece", "")), cancel(t, data)))
    return Message(
        lines(problem, t("<b>Which thing of rental {id} is it about?</b>", id=number)),
        tuple(rows),
    )


def piece_label(p: Piece) -> str:
    return f"{short(p.code, 20)} · {short(p.name, 28)}"


def what_is_wrong(t: Texts, about: Markup, *, replies: bool, data: Data, problem: Markup | None) -> Message:
    how = (
        t("Reply to this message, in a few words or with a photo.")
        if replies
        else t("Write it in a few words, or send a photo.")
    )
    text = lines(problem, t("<b>What is wrong with {about}?</b>", about=about), how)
    return Message(text, ((cancel(t, data),),))


def words_for_photo(
    t: Texts, *, replies: bool, take_out: bool, note: Markup | None, data: Data, problem: Markup | None
) -> Message:
    """Ask for words once; nothing waits for them."""
    text = lines(
        problem,
        note,
        t("I have the photo. <b>A few words about it?</b> Reply to this message with them.")
        if replies
        else t("I have the photo. <b>A few words about it?</b>"),
    )
    return Message(text, _skip_or_take_out(t, str(t("No words")), data, take_out=take_out))


def a_photo(
    t: Texts,
    code: str,
    *,
    replies: bool,
    take_out: bool,
    note: Markup | None,
    data: Data,
    problem: Markup | None,
) -> Message:
    """Ask for a photo once; nothing waits for it."""
    text = lines(
        problem,
        t("Noted on {code}.", code=short(code)),
        note,
        t("<b>Is there a photo?</b> Reply to this message with it.")
        if replies
        else t("<b>Is there a photo?</b> Send it."),
    )
    return Message(text, _skip_or_take_out(t, str(t("No photo")), data, take_out=take_out))


def _skip_or_take_out(t: Texts, skip: str, data: Data, *, take_out: bool) -> Rows:
    rows: list[tuple[Button, ...]] = [(Button(skip, data("none", "")),)]
    if take_out:
        rows.append((Button(str(t("Take out of lending")), data("out", "")),))
    return tuple(rows)


def out_of_lending(t: Texts, code: str, lost: int) -> Markup:
    """Say that the item is out of lending, and how many rentals lost it."""
    said = t("{code} is out of lending.", code=code)
    if not lost:
        return said
    told = t.plural(
        "{n} rental loses it with no replacement: its member has been told.",
        "{n} rentals lose it with no replacement: their members have been told.",
        lost,
    )
    return Markup(" ").join([said, told])


# Lost


def surely_lost(t: Texts, piece: Piece, rental_id: int) -> Message:
    """Ask for confirmation in place of the card, to which Back leads."""
    return Message(
        lines(
            t("<b>Is {code} lost?</b>", code=short(piece.code)),
            t("Nobody is reminded of it any more, and nobody can borrow it until it is found."),
        ),
        (
            (
                # On the card that follows, Take back is on the left.
                Button(str(t("Back")), pack(Verb.RENTAL_CARD, rental_id)),
                Button(str(t("Yes, it is lost")), pack(Verb.LOSE_SURELY, piece.claim_id), style=Style.END),
            ),
        ),
    )

"""Taking items out of lending for a while: how many or which, from when, until when, why."""

import re
from collections.abc import Callable
from datetime import date
from functools import wraps

from sqlalchemy.orm import Session

from db.models import Conversation as Row
from db.models import Organization
from db.states import Role
from handlers import conversation, dates, rent_line
from handlers.conversation import SAVED_STAYS, Conversation, OnTap, State
from handlers.dates import DateAnswer
from handlers.inventory import block_screens as screens
from handlers.inventory import names
from handlers.inventory.names import BLOCK, BLOCKS, PIECES
from handlers.message import Message
from handlers.rent_days import attempt, on_button, unclear
from handlers.step import Step
from handlers.texts import Texts
from handlers.views import blocking as views
from handlers.views.refusals import keep
from handlers.views.rent import FROM, UNTIL
from services import blocks, catalogue, inventory
from services.errors import Refusal, Refused
from services.searching import fold

CHOOSE, FIRST, LAST, CHECK = "choose", "first", "last", "check"

_MOST_CODES = 200
_ALL = ("all", "alle")


def _keepers(handle: OnTap) -> OnTap:
    """By those who keep the equipment; then the card shows what came of it."""

    @wraps(handle)
    def checked(step: Step, row: Row, value: str) -> None:
        step.active().require(Role.ADMIN)
        handle(step, row, value)
        conversation.show(step, row)

    return checked


def _number(value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) < 18):
        raise Refusal(Refused.OUTDATED)
    return int(value)


def _problem(row: Row, refusal: Refusal) -> None:
    conversation.move(row, problem=keep(refusal))


def _tap_pieces(step: Step, row: Row, value: str) -> None:
    _take_pieces(step, row, _number(value))


def _take_pieces(step: Step, row: Row, pieces: int) -> None:
    most = screens.lendable(step.session, row.data["equipment_id"])
    if 1 <= pieces <= most:
        conversation.move(row, FIRST, pieces=pieces, items=None, month=None)
    else:
        _problem(row, Refusal(Refused.BAD_QUANTITY, most=most, name=screens.name_of(step.session, row)))


def _to_choose(step: Step, row: Row, value: str) -> None:
    conversation.move(row, CHOOSE, page=_number(value))


def _tap_item(step: Step, row: Row, value: str) -> None:
    item, _, on = value.partition("/")
    chosen = set(row.data.get("items", ())) - {_number(item)}
    if on == "1":
        chosen.add(_number(item))
    conversation.move(row, items=sorted(chosen))


def _chosen(step: Step, row: Row, _value: str) -> None:
    if row.data.get("items"):
        conversation.move(row, FIRST, pieces=None, page=None, month=None)


def _typed_pieces(step: Step, row: Row, text: str) -> None:
    """A number, or codes; days where it is one item already."""
    step.active().require(Role.ADMIN)
    if "item_id" in row.data:
        _typed_first(step, row, text)
        return
    text = " ".join(text.split())[:1000]
    if text.lower() in _ALL:
        _take_pieces(step, row, screens.lendable(step.session, row.data["equipment_id"]))
        return
    if text.isascii() and text.isdigit() and len(text) < 6:
        known = catalogue.item_by_code(step.session, row.organization_id or 0, text)
        if known is None or known.equipment_id != row.data["equipment_id"]:
            _take_pieces(step, row, int(text))
            return
    _typed_codes(step, row, text)


def _typed_codes(step: Step, row: Row, text: str) -> None:
    step.active().require(Role.ADMIN)
    found = []
    for code in _codes(step, row, text):
        item = catalogue.item_by_code(step.session, row.organization_id or 0, code)
        if item is None or item.equipment_id != row.data["equipment_id"]:
            _problem(
                row,
                Refusal(Refused.NOT_FOUND)
                if item is None
                else Refusal(Refused.WRONG_EQUIPMENT, code=item.code),
            )
            return
        found.append(item.id)
    conversation.move(row, FIRST, items=sorted(set(found)), pieces=None, page=None, month=None)


def _codes(step: Step, row: Row, text: str) -> list[str]:
    """A code may have blanks in it: taken whole, then between commas, then between blanks."""
    if catalogue.item_by_code(step.session, row.organization_id or 0, text) is not None:
        return [text]
    parts = re.split(r"[,;]", text) if re.search(r"[,;]", text) else text.split()
    return [part.strip() for part in parts if part.strip()][:_MOST_CODES]


def _tap_first(step: Step, row: Row, value: str) -> None:
    _take_first(step, row, on_button(value).isoformat())


def _take_first(step: Step, row: Row, first: str) -> None:
    if date.fromisoformat(first[:10]) < step.texts.today:
        _problem(row, Refusal(Refused.IN_THE_PAST))
    else:
        conversation.move(row, LAST, first=first, month=None)


def _tap_last(step: Step, row: Row, value: str) -> None:
    _take_last(step, row, on_button(value).isoformat())


def _take_last(step: Step, row: Row, last: str) -> None:
    """On to what it brings, if it can be at all; else the problem stands on the calendar."""
    conversation.move(row, last=last)
    if attempt(step, row, lambda: _look(step, row)):
        conversation.move(row, CHECK, month=None)
    else:
        conversation.move(row, LAST, last=None)


def _look(step: Step, row: Row) -> None:
    """What it brings, as it is shown next: nobody else is to lose something unseen."""
    found = blocks.preview(step.session, step.active(), screens.asked_of(row, step.texts), step.now)
    conversation.move(row, seen=[loss.rental_id for loss in found.losses])


def _typed_first(step: Step, row: Row, text: str) -> None:
    """One day, or both at once: `1.12. - 3.12.`"""
    step.active().require(Role.ADMIN)
    t = step.texts
    both = rent_line.parse(text[:100], today=t.today, language=t.language)
    if not both.words and isinstance(both.first, DateAnswer) and isinstance(both.last, DateAnswer):
        _take_first(step, row, _written(both.first))
        if row.state == LAST:
            _take_last(step, row, _written(both.last))
        return
    answer = dates.understand(text, today=t.today, language=t.language)
    if isinstance(answer, DateAnswer):
        _take_first(step, row, _written(answer))
    else:
        _problem(row, unclear(answer))


def _typed_last(step: Step, row: Row, text: str) -> None:
    t = step.texts
    begin = date.fromisoformat(row.data["first"][:10])
    answer = dates.understand(text, today=t.today, language=t.language, expect_after=begin)
    if isinstance(answer, DateAnswer):
        _take_last(step, row, _written(answer))
    else:
        _problem(row, unclear(answer))


def _written(answer: DateAnswer) -> str:
    return answer.day.isoformat() + (f" {answer.clock:%H:%M}" if answer.clock else "")


def _show_month(step: Step, row: Row, value: str) -> None:
    conversation.move(row, month=on_button(value).replace(day=1).isoformat())


def _tap_why(step: Step, row: Row, value: str) -> None:
    """The reason is kept in the organisation's language: members read it."""
    organization = step.session.get_one(Organization, row.organization_id)
    known = views.reasons(Texts(organization.language))
    place = _number(value)
    if place >= len(known):
        raise Refusal(Refused.OUTDATED)
    _block(step, row, known[place])


def _block(step: Step, row: Row, reason: str) -> None:
    asked, actor = screens.asked_of(row, step.texts), step.active()
    seen = row.data.get("seen", [])
    if attempt(
        step, row, lambda: blocks.create(step.session, actor, asked, step.now, reason=reason, seen=seen)
    ):
        conversation.become(row, BLOCK, BLOCKS, equipment_id=row.data["equipment_id"], done=True)
    elif row.data["problem"]["refused"] == Refused.HITS_MORE:
        _look(step, row)


def _to_blocks(step: Step, row: Row, value: str) -> None:
    conversation.move(row, BLOCKS, page=_number(value or "0"), done=None)


def _all_blocks(step: Step, row: Row, _value: str) -> None:
    conversation.move(row, all=True, page=None, done=None)


def _typed_what(step: Step, row: Row, text: str) -> None:
    """Something to block: a code, or a name; the inventory where that is not the only one."""
    step.active().require(Role.ADMIN)
    organization_id, words = row.organization_id or 0, " ".join(text.split())[:100]
    item = catalogue.item_by_code(step.session, organization_id, words)
    if item is not None:
        conversation.become(row, BLOCK, PIECES, equipment_id=item.equipment_id, item_id=item.id)
        return
    found = inventory.find(step.session, organization_id, step.now, words=words)
    same = [e for e in found.entries if fold(e.name) == fold(words)] or list(found.entries)
    if len(same) == 1:
        conversation.become(row, BLOCK, PIECES, equipment_id=same[0].equipment_id)
    else:
        conversation.become(row, names.INVENTORY, names.LIST, words=words)


def _end(step: Step, row: Row, value: str) -> None:
    actor, block_id = step.active(), _number(value)
    attempt(step, row, lambda: blocks.end(step.session, actor, block_id, step.now))
    conversation.move(row, done=None, page=None)


def _to_pieces(step: Step, row: Row, _value: str) -> None:
    conversation.become(row, BLOCK, PIECES, equipment_id=row.data["equipment_id"])


def _leave(step: Step, row: Row, _value: str) -> None:
    """Back to where it began: the card of the item, of the equipment, or the list."""
    kept = {key: row.data.get(key) for key in ("equipment_id", "item_id")}
    state = names.LIST
    if kept["item_id"] is not None:
        state = names.ITEM
    elif kept["equipment_id"] is not None:
        state = names.EQUIPMENT
    conversation.become(row, names.INVENTORY, state, **kept)


def _back_to_first(step: Step, row: Row, _value: str) -> None:
    conversation.move(row, PIECES if "item_id" in row.data else FIRST, first=None, month=None)


def _back_to_last(step: Step, row: Row, _value: str) -> None:
    conversation.move(row, LAST, last=None, month=None)


def _taps(**taps: OnTap) -> dict[str, Callable[[Step, Row, str], None]]:
    return {word: _keepers(tap) for word, tap in taps.items()}


def _cancel(step: Step, row: Row, _value: str) -> None:
    conversation.end(step, row, "closed" if row.state == BLOCKS else "cancelled")


def _over(session: Session, row: Row, t: Texts) -> Message | None:
    """The list of what is blocked just goes."""
    return Message(t("Cancelled. Nothing was blocked.")) if row.data["outcome"] == "cancelled" else None


BLOCKING = Conversation(
    BLOCK,
    states={
        PIECES: State(
            screens.pieces,
            _taps(
                pieces=_tap_pieces, choose=_to_choose, blocks=_to_blocks, back=_leave, **{FROM: _tap_first}
            ),
            _typed_pieces,
        ),
        CHOOSE: State(
            screens.choose,
            _taps(item=_tap_item, choose=_to_choose, chosen=_chosen, back=_to_pieces),
            _typed_codes,
        ),
        FIRST: State(screens.first_day, _taps(**{FROM: _tap_first}, back=_to_pieces), _typed_first),
        LAST: State(screens.last_day, _taps(**{UNTIL: _tap_last}, back=_back_to_first), _typed_last),
        CHECK: State(screens.check, _taps(why=_tap_why, back=_back_to_last), _block),
        BLOCKS: State(
            screens.blocked,
            _taps(end=_end, blocks=_to_blocks, all=_all_blocks, more=_to_pieces, back=_leave),
            _typed_what,
        ),
        conversation.OVER: State(_over),
    },
    fallbacks={"cancel": _cancel, **_taps(month=_show_month)},
    stopped=SAVED_STAYS,
)

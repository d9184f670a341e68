"""The counter in a lender's own words: `give Kari a rope until sunday`, `Ola is back with the stove`.

What is said in full leads to the last question before it is done; nothing is handed over by words alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from db.models import Item, Rental
from db.states import ClaimStatus, Role
from handlers.desk import by_name as desk
from handlers.desk import item_card
from handlers.desk.counter import hand_out_now
from handlers.desk.data import OPEN
from handlers.i18n.texts import Texts
from handlers.parsing import quantities
from handlers.parsing.sentences import counter as sentences
from handlers.parsing.sentences.counter import Handing
from handlers.rentals import lists
from handlers.rentals.booking import conversation as booking
from handlers.ui import cards
from handlers.ui.request import Request
from handlers.ui.widgets import date_range
from services.core.actor import Actor
from services.core.errors import Refusal
from services.core.tx import Tx
from services.desk import by_name
from services.desk.by_name import Named
from services.members import directory
from services.messaging import notifications

_MOST_NAMES = 3


@dataclass(frozen=True)
class _Things:
    """A thing that was named: an item by its code, or equipment; `words` as written."""

    words: str
    item: Item | None
    named: Named


def hear(step: Request, actor: Actor, text: str) -> bool:
    """Begin what a lender said; return False for others, and where no such member and thing are known."""
    if not actor.has_role(Role.LENDER):
        return False
    for words, last in _with_days(step.texts, text):
        for said in sentences.handings(words):
            if said.is_back:
                if not last and _takes_back(step, actor, said):
                    return True
            elif _hands_out(step, actor, said, last):
                return True
    return any(
        said.is_back and _takes_back(step, actor, said)
        for words in sentences.beginnings(text)
        for said in sentences.handings(words)
    )


def _with_days(t: Texts, text: str) -> Iterator[tuple[str, str]]:
    """Yield the text without the last day that it says, and that as in HandOutData; then as it is."""
    if before := sentences.without_end(text.rstrip("?!. ")):
        yield before, OPEN
    for before, when in sentences.untils(text.rstrip("?!. ")):
        try:
            day = date_range.understood(t, when, after=t.today).day
        except Refusal:
            continue
        yield before, day.isoformat()
    yield text, ""


def _takes_back(step: Request, actor: Actor, said: Handing) -> bool:
    tx = step.by(actor)
    members = _members(tx, said.who) if said.who else []
    is_own = not said.who and lists.is_out(step, said.what)
    if is_own or (said.who and not members):
        return False
    things = _things(tx, said.what)
    if things is None:
        return not said.who and _shows(step, actor, _members(tx, said.what))
    if not said.who and things.item is None:
        desk.lead_on(step, actor, things.words, ClaimStatus.OUT)
        return True
    if things.item is not None:
        item_card.show(step, things.item)
        return True
    out = _of(members, by_name.rentals(tx, things.named, (ClaimStatus.OUT,)))
    if len(out) == 1:
        cards.draw_here(step, out[0], notifications.DESK_CARD)
    elif not _shows(step, actor, members):
        desk.lead_on(step, actor, said.who, ClaimStatus.OUT)
    return True


def _shows(step: Request, actor: Actor, members: Sequence[int]) -> bool:
    """Show what the only one of the members has; return False where there are more, or none."""
    if len(members) == 1:
        hand_out_now.begin_for(step, actor, members[0], joins=False)
    return len(members) == 1


def _hands_out(step: Request, actor: Actor, said: Handing, last: str) -> bool:
    tx = step.by(actor)
    what, who = (said.what, said.who) if said.who else _divided(tx, said.both)
    members = _members(tx, who) if who else []
    things = _things(tx, what) if members else None
    if things is not None:
        _hand_out(step, actor, members, things, last)
        return True
    later = booking.hear(step, f"{what} for {who}") if members and not last else None
    if later is not None and later.is_whole and booking.begin_said(step, later):
        return True
    return said.gives and not members and _hands_out_to_unknown(step, actor, said, last)


def _hands_out_to_unknown(step: Request, actor: Actor, said: Handing, last: str) -> bool:
    """Begin with the thing, and with the question to whom: nobody is called so."""
    who, what = (said.who, said.what) if said.who else sentences.named_before_article(said.both)
    things = _things(step.by(actor), what) if who and who.lower() not in sentences.PRONOUNS else None
    if things is None:
        return False
    items = [things.item] if things.item else by_name.free(step.by(actor), things.named)
    if items:
        _begin(step, actor, who, things.words, items, last)
    return bool(items)


def _hand_out(step: Request, actor: Actor, members: Sequence[int], things: _Things, last: str) -> None:
    """Show what waits for the member, else begin with what is free; of several pieces one is tapped."""
    tx = step.by(actor)
    waits = [] if things.item else _of(members, by_name.rentals(tx, things.named, (ClaimStatus.HELD,)))
    if len(waits) == 1:
        cards.draw_here(step, waits[0], notifications.DESK_CARD)
        return
    items = [things.item] if things.item else by_name.free(tx, things.named)
    if len(members) > 1 or not items:
        desk.lead_on(step, actor, things.words, ClaimStatus.HELD)
        return
    _begin(step, actor, members[0], things.words, items, last)


def _begin(step: Request, actor: Actor, who: int | str, words: str, items: Sequence[Item], last: str) -> None:
    hand_out_now.begin_said(step, actor, who, items if len(items) == 1 else (), last)
    if len(items) > 1:
        desk.send_pieces(step, actor, words, items)


def _divided(tx: Tx, words: str) -> tuple[str, str]:
    """Divide `Kari Berg the rope` into the thing and the longest name before it that is a member's."""
    tokens = words.split()
    for count in range(min(len(tokens) - 1, _MOST_NAMES), 0, -1):
        name = " ".join(tokens[:count])
        if _members(tx, name):
            return " ".join(tokens[count:]), name
    return words, ""


def _members(tx: Tx, words: str) -> list[int]:
    if words.lower() in sentences.PRONOUNS:
        return []
    return directory.called(tx, words)


def _things(tx: Tx, words: str) -> _Things | None:
    words = sentences.without_article(words.strip())[:100]
    counted = quantities.counted(words)
    words = sentences.without_article(counted.words if counted is not None else words)
    try:
        item = item_card.named(tx, words)
    except Refusal:
        item = None
    if item is not None:
        return _Things(words, item, Named())
    named = by_name.look_up(tx, words)
    return _Things(words, None, named) if named.equipment_ids else None


def _of(members: Sequence[int], rentals: Sequence[Rental]) -> list[Rental]:
    return [one for one in rentals if one.user_id in members]

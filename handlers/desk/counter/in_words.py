"""The counter in a lender's own words: `give Kari a rope until sunday`, `Ola is back with the stove`.

What is said in full leads to the last question before it is done; nothing is handed over by words alone.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from db.models import Item, Rental
from db.states import ClaimStatus, RentalStatus, Role
from handlers.desk import by_name as desk
from handlers.desk import item_card
from handlers.desk.counter import hand_out_now
from handlers.desk.data import OPEN
from handlers.i18n.texts import Texts
from handlers.parsing import quantities
from handlers.parsing.sentences import counter as sentences
from handlers.parsing.sentences import courtesy
from handlers.parsing.sentences.counter import Handing
from handlers.parsing.sentences.staff import RENTALS
from handlers.rentals import lists
from handlers.rentals.booking import conversation as booking
from handlers.ui import cards
from handlers.ui.request import Request
from handlers.ui.widgets import date_range
from services.core.actor import Actor
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.desk import by_name
from services.desk.by_name import Named
from services.members import directory
from services.messaging import notifications
from services.rentals import queries

_MOST_NAMES = 3


Act = Callable[[], None]
"""Shows the last question for what was said, before anything is handed over."""


@dataclass(frozen=True)
class _Things:
    """Things that were named: an item by its code, or equipment and a number of it; `words` as written."""

    words: str
    item: Item | None
    named: Named
    number: int = 1

    @property
    def said(self) -> str:
        """Return the words with the number, where there are several: `2 ropes`."""
        return f"{self.number} {self.words}" if self.number > 1 else self.words


def hear(step: Request, actor: Actor, text: str) -> Act | None:
    """Return what to do for what a lender said; None for others, and where no such member and thing are
    known.
    """
    if not actor.has_role(Role.LENDER):
        return partial(actor.require, Role.LENDER) if _gives_to_others(step, actor, text) else None
    return next((act for act in _readings(step, actor, text) if act is not None), None)


def _gives_to_others(step: Request, actor: Actor, text: str) -> bool:
    """Return whether a member gives something of ours, that they do not have, to somebody, whoever it is."""
    for said in sentences.handings(text):
        names = said.who.split() or said.both.split()
        if said.is_back or not said.gives or names[0].lower() in sentences.PRONOUNS:
            continue
        parts = [" ".join(names[at:]) for at in range(1, min(len(names), _MOST_NAMES + 1))]
        given = [said.what] if said.who else parts
        if any(_all_things(step.by(actor), one) and not lists.is_out(step, one) for one in given):
            return True
    return False


def _readings(step: Request, actor: Actor, text: str) -> Iterator[Act | None]:
    for words, last in _with_days(step.texts, text):
        for said in sentences.handings(words, is_lent=bool(last)):
            if not said.is_back:
                yield _hands_out(step, actor, said, last)
            elif not last:
                yield _takes_back(step, actor, said)
    for words in sentences.beginnings(text):
        for said in sentences.handings(words):
            if said.is_back:
                yield _takes_back(step, actor, said)
    for said in sentences.handings(text):
        # Of what is not known here, the member's card tells what it may be.
        members = _members(step.by(actor), said.who) if said.is_back and said.who else []
        yield partial(_show_member, step, actor, members[0]) if len(members) == 1 else None


def _with_days(t: Texts, text: str) -> Iterator[tuple[str, str]]:
    """Yield the text without the last day that it says, and that as in HandOutData; then as it is."""
    text = courtesy.plainly(text)
    if before := sentences.without_end(text):
        yield before, OPEN
    for before, when in sentences.untils(text):
        try:
            day = date_range.understood(t, when, after=t.today).day
        except Refusal:
            continue
        yield before, day.isoformat()
    yield text, ""


# What comes back


def _takes_back(step: Request, actor: Actor, said: Handing) -> Act | None:
    tx = step.by(actor)
    members = _members(tx, said.who) if said.who else []
    is_own = not said.who and lists.is_out(step, said.what)
    if is_own or (said.who and not members):
        return None
    if said.who and said.what.lower() in RENTALS:
        return partial(_show_all_out, step, actor, members)
    things = _all_things(tx, said.what)
    if not things:
        those = [] if said.who else _members(tx, said.what)
        return partial(_show_member, step, actor, those[0]) if len(those) == 1 else None
    if len(things) == 1 and (item := things[0].item) is not None:
        return partial(item_card.show, step, item)
    if not said.who:
        return partial(_lead_on_each, step, actor, things)
    return partial(_show_rental, step, actor, said.who, members, things)


def _lead_on_each(step: Request, actor: Actor, things: Sequence[_Things]) -> None:
    """Show what is out of each of the things that came back."""
    items = [one.item for one in things if one.item is not None]
    if len(items) == len(things):
        hand_out_now.begin_with(step, actor, items, (), ())
        return
    for one in things:
        desk.lead_on(step, actor, one.words, ClaimStatus.OUT)


def _show_all_out(step: Request, actor: Actor, members: Sequence[int]) -> None:
    """Show the only rental that a member has out, else what the member has."""
    current = [one for member in members for one in queries.current(step.session, member)]
    out = [one for one in current if one.status is RentalStatus.OUT]
    if len(out) == 1:
        cards.draw_here(step, out[0], notifications.DESK_CARD)
    else:
        _show_member(step, actor, members[0])


def _show_rental(
    step: Request, actor: Actor, who: str, members: Sequence[int], things: Sequence[_Things]
) -> None:
    """Show the only rental of theirs that has any of the things out, else what the member has."""
    out = _waiting(step.by(actor), members, things, ClaimStatus.OUT)
    if len(out) == 1:
        cards.draw_here(step, out[0], notifications.DESK_CARD)
    elif len(members) == 1:
        _show_member(step, actor, members[0])
    else:
        desk.lead_on(step, actor, who, ClaimStatus.OUT)


def _show_member(step: Request, actor: Actor, member: int) -> None:
    hand_out_now.begin_for(step, actor, member, joins=False)


def _waiting(tx: Tx, members: Sequence[int], things: Sequence[_Things], status: ClaimStatus) -> list[Rental]:
    """Return the rentals of these members that have any of the things in this status."""
    ids = {one for thing in things for one in _equipment(thing)}
    found = by_name.rentals(tx, Named(tuple(sorted(ids))), (status,))
    return [one for one in found if one.user_id in members]


def _equipment(thing: _Things) -> Sequence[int]:
    return (thing.item.equipment_id,) if thing.item is not None else thing.named.equipment_ids


# What goes out


def _hands_out(step: Request, actor: Actor, said: Handing, last: str) -> Act | None:
    tx = step.by(actor)
    what, who = (said.what, said.who) if said.who else _divided(tx, said.both)
    members = _members(tx, who) if who else []
    things = _all_things(tx, what) if members else []
    if things:
        return partial(_hand_out, step, actor, who, members, things, last)
    some, others = _some_things(tx, what) if members and (said.gives or last) else ([], [])
    if some:
        return partial(_hand_out, step, actor, who, members, some, last, others)
    when = "" if members else _day_after_name(step.texts, tx, who)
    later = None
    if when and not last:
        later = booking.hear(step, f"{what} {when} for {who.removesuffix(when).strip()}")
    elif members and not last:
        later = booking.hear(step, f"{what} for {who}")
    if later is not None and later.is_whole:
        return partial(booking.begin_said, step, later)
    return _hands_out_to_unknown(step, actor, said, last) if said.gives and not members else None


def _day_after_name(t: Texts, tx: Tx, who: str) -> str:
    """Return the `tomorrow` of `Nora tomorrow`; empty where no member's name is before a day."""
    tokens = who.split()
    ends = ((" ".join(tokens[:at]), " ".join(tokens[at:])) for at in range(1, len(tokens)))
    named = (when for name, when in ends if date_range.names_day(t, when) and _members(tx, name))
    return next(named, "")


def _hands_out_to_unknown(step: Request, actor: Actor, said: Handing, last: str) -> Act | None:
    """Begin with the things, and with the question to whom: nobody is called so."""
    tx = step.by(actor)
    who, what = (said.who, said.what) if said.who else sentences.named_before_article(said.both)
    if not who:
        who, what = _named_before_code(tx, said.both)
    things = _all_things(tx, what) if who and who.lower() not in sentences.PRONOUNS else []
    if not any(_free(tx, one) for one in things):
        return None
    return partial(_begin, step, actor, who, things, last)


def _named_before_code(tx: Tx, words: str) -> tuple[str, str]:
    """Divide `Per Hansen T3` into the name and the code; both empty where there is no such code, or what is
    before it is a thing: `tent T3`.
    """
    name, _, code = words.rpartition(" ")
    is_name = name.replace(" ", "").isalpha() and len(name.split()) <= _MOST_NAMES
    return (name, code) if is_name and _item(tx, code) and not _all_things(tx, name) else ("", "")


def _hand_out(
    step: Request,
    actor: Actor,
    who: str,
    members: Sequence[int],
    things: Sequence[_Things],
    last: str,
    others: Sequence[str] = (),
) -> None:
    """Show what waits for the member, else begin with what is free; of several members one is tapped.

    `others`: things that were named, too, and are not known here.
    """
    tx = step.by(actor)
    is_by_code = any(one.item is not None for one in things)
    waits = [] if is_by_code else _waiting(tx, members, things, ClaimStatus.HELD)
    if len(waits) == 1 and not others:
        cards.draw_here(step, waits[0], notifications.DESK_CARD)
    elif not any(_free(tx, one) for one in things):
        desk.lead_on(step, actor, things[0].words, ClaimStatus.HELD)
    else:
        _begin(step, actor, members[0] if len(members) == 1 else who, things, last, others)


def _begin(
    step: Request,
    actor: Actor,
    who: int | str,
    things: Sequence[_Things],
    last: str,
    others: Sequence[str] = (),
) -> None:
    """Begin with what there is no choice of; which of several pieces is tapped, and what is out is shown."""
    tx = step.by(actor)
    free = [(one, _free(tx, one)) for one in things]
    sure = [item for one, items in free if len(items) == one.number for item in items]
    short = next(
        (
            Refusal(Refused.BAD_QUANTITY, most=len(items), name=desk.name_of(tx, one.named, one.words))
            for one, items in free
            if items and len(items) < one.number
        ),
        None,
    )
    hand_out_now.begin_said(step, actor, who, sure, last, others, short)
    several = [(one, items) for one, items in free if items and len(items) != one.number]
    if several:
        words = ", ".join(one.said for one, _ in several)
        desk.send_pieces(step, actor, words, [item for _, items in several for item in items])
    for one, items in free:
        if not items:
            desk.lead_on(step, actor, one.words, ClaimStatus.HELD)


def _free(tx: Tx, thing: _Things) -> list[Item]:
    """Return the pieces that could be handed out; an item by its code always, to be told why it cannot."""
    return [thing.item] if thing.item is not None else by_name.free(tx, thing.named)


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


def _all_things(tx: Tx, words: str) -> list[_Things]:
    """Return all the things that were named; empty where any of them is not known."""
    parts = [_thing(tx, one.words, one.quantity) for one in quantities.several(words)]
    known = [one for one in parts if one is not None]
    if len(known) < len(parts) or len({(one.item, one.named) for one in known}) < 2:
        whole = _thing(tx, words)
        return [whole] if whole is not None else []
    return known


def _some_things(tx: Tx, words: str) -> tuple[list[_Things], list[str]]:
    """Return those of the things that were named that are known, and the words for the others."""
    parts = [(one.words, _thing(tx, one.words, one.quantity)) for one in quantities.several(words)]
    known = [thing for _, thing in parts if thing is not None]
    return known, [sentences.without_article(said) for said, thing in parts if thing is None]


def _thing(tx: Tx, words: str, number: int | None = None) -> _Things | None:
    words = sentences.without_article(words.strip())[:100]
    counted = quantities.counted(words)
    item = _item(tx, words)
    if counted is not None and item is None:
        words, number = sentences.without_article(counted.words), counted.quantity
        item = _item(tx, words)
    if item is not None:
        return _Things(words, item, Named())
    named = by_name.look_up(tx, words)
    return _Things(words, None, named, max(number or 1, 1)) if named.equipment_ids else None


def _item(tx: Tx, words: str) -> Item | None:
    try:
        return item_card.named(tx, words)
    except Refusal:
        return None

"""Sentences of those who lend and keep things, each led to its last question.

Members who say it read that it is for others, or see what they may of the same.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial

from db.models import Item, Rental
from db.states import RentalStatus, Role
from handlers.desk import by_name as desk
from handlers.desk import item_card
from handlers.desk.codes import scanning
from handlers.desk.counter import hand_out_now
from handlers.maintenance import blocks, problem_report
from handlers.organizations import policy
from handlers.parsing import plain_words, quantities, rental_line
from handlers.parsing.rental_line import RentLine
from handlers.parsing.sentences import questions, staff, wording
from handlers.parsing.sentences.counter import PRONOUNS, without_article
from handlers.parsing.sentences.staff import Sentence
from handlers.parsing.sentences.staff_words import Kind
from handlers.plain_text.heard import Heard, run
from handlers.rentals import extension, lists
from handlers.rentals.changes import moving
from handlers.ui import cards
from handlers.ui.registry import Follow
from handlers.ui.request import Request
from handlers.ui.widgets import date_range
from services.core.actor import Actor
from services.core.errors import Refusal
from services.core.text import fold
from services.desk import by_name, lookup
from services.inventory import catalog, locations
from services.inventory.search.word_search import is_asked_for
from services.members import directory
from services.messaging import notifications
from services.rentals import approval, queries

ALL = "everything"
"""One of `staff.RENTALS`, where only a member is named."""

_OPEN = (RentalStatus.REQUESTED, RentalStatus.APPROVED, RentalStatus.OUT)


def hear(h: Heard) -> Follow | None:
    """Return what to do for a sentence of this kind; None for others, and where it is of nothing known."""
    if plain_words.meaning(h.text) not in (None, "rentals", "extend"):
        return None
    wishes = staff.wishes(h.text)
    if wishes and _is_name(h):
        return None
    found = (READ[wish.kind](h, wish) for wish in wishes)
    return next((follow for follow in found if follow is not None), None)


def _is_name(h: Heard) -> bool:
    """Return whether the whole text is what a thing is called, such as a book: `History of Norway`."""
    said = fold(h.text.strip())
    return any(fold(catalog.get(h.tx, one).name) == said for one in _equipment(h, h.text))


def harm(h: Heard) -> Follow | None:
    """Return the report of a lender about a thing that is not their own; of several pieces it asks which."""
    if not h.actor.has_role(Role.LENDER) or not questions.tells_of_harm(h.text) or not h.harmed:
        return None
    words = h.harmed[0]
    theirs = _theirs(h, Sentence(Kind.WHERE, words), RentalStatus.OUT) if _item(h, words) is None else None
    if theirs:
        return partial(problem_report.begin, h.step, theirs[0].id, told=h.text)
    item = _item(h, words)
    if _is_own(h, item) if item is not None else lists.names_own(h.step, words):
        return None
    if item is None:
        pieces = [one for id_ in _equipment(h, words) for one in catalog.items_of(h.step.session, id_)]
        item = pieces[0] if len(pieces) == 1 else None
    if item is None:
        return partial(h.step.say, "which_piece")
    return partial(problem_report.begin_item, h.step, h.actor, item, told=h.text)


# Keeping things and rules


def _block(h: Heard, wish: Sentence) -> Follow | None:
    line = _line(h.step, staff.without_reason(f"{wish.what} {wish.when}".strip()))
    number, words = line.quantity or 0, without_article(line.words)
    item = _item(h, words)
    counted = quantities.counted(line.words) if item is None else None
    if counted is not None:
        number, words = counted.quantity or 0, counted.words
    found = () if item is not None else _equipment(h, words)
    first = date_range.kept(line.first) if line.first is not None else ""
    last = date_range.kept(line.last) if line.last is not None else ""
    if last and not first:
        first = h.step.texts.today.isoformat()  # "until friday"
    if item is None and not found:
        return _block_items(h, words, first, last)
    about = blocks.About(
        equipment_id=item.equipment_id if item is not None else found[0] if len(found) == 1 else 0,
        kinds=found,
        item_id=item.id if item is not None else 0,
        pieces=number,
        first=first,
        last=last,
    )
    return _only(h, Role.ADMIN, partial(blocks.begin, h.step, about))


def _block_items(h: Heard, words: str, first: str, last: str) -> Follow | None:
    """Return the block of several items that are of one equipment, named by their codes."""
    items = [_item(h, one.words) for one in quantities.several(words)]
    known = [one for one in items if one is not None]
    if not known or len(known) < len(items) or len({one.equipment_id for one in known}) > 1:
        return None
    ids = tuple(one.id for one in known)
    about = blocks.About(equipment_id=known[0].equipment_id, items=ids, first=first, last=last)
    return _only(h, Role.ADMIN, partial(blocks.begin, h.step, about))


def _close(h: Heard, _wish: Sentence) -> Follow | None:
    if not h.actor.has_role(Role.LENDER):
        return None
    return _only(h, Role.ADMIN, partial(policy.begin_opening, h.step))


def _limit(h: Heard, wish: Sentence) -> Follow | None:
    return _only(h, Role.ADMIN, partial(policy.begin_rule, h.step, wish.rule, wish.number))


def _move(h: Heard, wish: Sentence) -> Follow | None:
    if not all(date_range.names_day(h.step.texts, one) for one in (wish.what, wish.when)):
        return None
    return _only(h, Role.ADMIN, partial(moving.begin, h.step, wish.what, to=wish.when))


def _labels(h: Heard, wish: Sentence) -> Follow | None:
    if not h.actor.has_role(Role.ADMIN) and _item(h, wish.what) is None and not _equipment(h, wish.what):
        return None  # "labels for the party"
    return _only(h, Role.ADMIN, partial(run, h.step, "labels", _name(h, wish.what)))


# Members


def _enrol(h: Heard, wish: Sentence) -> Follow | None:
    """Show the member who is there already, else ask for the role of whoever the link is for."""
    if h.actor.has_role(Role.ADMIN) and directory.called(h.tx, wish.who):
        return partial(run, h.step, "members", wish.who)
    return _only(h, Role.ADMIN, partial(run, h.step, "invite", wish.who))


def _find(h: Heard, wish: Sentence) -> Follow | None:
    if not h.actor.has_role(Role.LENDER):
        return None
    called = directory.called(h.tx, wish.who)
    # The "Lar" of "Lars lån" is called "Lars".
    found = called or directory.called(h.tx, f"{wish.who}s")
    if found and not called:
        wish = replace(wish, who=f"{wish.who}s")
    if not found:
        return _where(h, Sentence(Kind.WHERE, without_article(wish.who))) if _item(h, wish.who) else None
    if h.actor.has_role(Role.ADMIN):
        return partial(run, h.step, "members", wish.who)
    if len(found) == 1:
        return partial(hand_out_now.begin_for, h.step, h.actor, found[0], joins=False)
    return partial(desk.lead_on, h.step, h.actor, wish.who)


# What somebody else has


def _extend(h: Heard, wish: Sentence) -> Follow | None:
    found = _theirs(h, wish, RentalStatus.OUT, RentalStatus.APPROVED)
    if found is None or len(found) != 1 or not h.actor.has_role(Role.LENDER):
        return _of_others(h, wish, found)
    return partial(_give_time, h.step, found[0], wish.when)


def _give_time(step: Request, rental: Rental, when: str) -> None:
    extension.begin(step, rental.id, by_desk=True, said=when)


def _cancel(h: Heard, wish: Sentence) -> Follow | None:
    found = _theirs(h, wish, *_OPEN)
    if not found or not h.actor.has_role(Role.LENDER):
        return _of_others(h, wish, found)
    return partial(_ask_to_cancel, h.step, h.actor, found)


def _ask_to_cancel(step: Request, actor: Actor, found: list[Rental]) -> None:
    """Ask for the only one that is not out yet; show the rental that is."""
    waiting = [one for one in found if one.status is not RentalStatus.OUT]
    if len(waiting) == 1:
        rental = approval.require_cancellable(step.by(actor), waiting[0].id)
        step.say("surely", rental_id=rental.id, number=rental.number)
        return
    for one in waiting or found:
        cards.draw_here(step, one, notifications.DESK_CARD)


def _theirs(h: Heard, wish: Sentence, *statuses: RentalStatus) -> list[Rental] | None:
    """Return the rentals in these statuses of the member and the thing that are named, or of the item with
    this code; None where nobody is named, and for what is one's own.
    """
    item = None if wish.who else _item(h, wish.what)
    if item is not None:
        use = lookup.current_use(h.step.tx, item.id)
        rentals = [use[1]] if use is not None and not _is_own(h, item) else []
        return [one for one in rentals if one.status in statuses] or None
    named = _owners(h, wish)
    for member, what in named:
        there = [one for one in queries.current(h.step.session, member) if one.status in statuses]
        found = there if what.lower() in staff.RENTALS else queries.with_words(h.tx, there, what)
        if found:
            return found
    return [] if named else None


def _is_own(h: Heard, item: Item) -> bool:
    use = lookup.current_use(h.step.tx, item.id)
    return use is not None and use[1].user_id == h.actor.user_id


def _owners(h: Heard, wish: Sentence) -> list[tuple[int, str]]:
    """Return the members that may be meant, each with what may be theirs."""
    said = [(wish.who, wish.what or ALL)] if wish.who else [*staff.owners(wish.what), (wish.what, ALL)]
    return [(member, what) for who, what in said for member in directory.called(h.tx, who)]


def _of_others(h: Heard, wish: Sentence, found: list[Rental] | None) -> Follow | None:
    """Return the member's card where it is not clear what of theirs is meant; members read that it is not for
    them, whoever it is.
    """
    if not h.actor.has_role(Role.LENDER):
        is_named = wish.who and not set(wish.who.lower().split()) & PRONOUNS
        is_others = is_named or any(_equipment(h, what) for _, what in staff.owners(wish.what))
        is_own = lists.names_own(h.step, wish.what) or _item(h, wish.what)
        return _only(h, Role.LENDER, lambda: None) if is_others and not is_own else None
    members = {member for member, _ in _owners(h, wish)} if found is not None else set()
    if not members:
        return None
    return partial(hand_out_now.begin_for, h.step, h.actor, members.pop(), joins=False)


# Things


def _where(h: Heard, wish: Sentence) -> Follow | None:
    """Show a lender where a thing is, and a member whether it can be borrowed."""
    words = without_article(wish.what)
    item = _item(h, words)
    if plain_words.meaning(h.text) and (item is None or _is_own(h, item)) and lists.is_out(h.step, words):
        return None  # when it is due is on the list of one's own
    if not h.actor.has_role(Role.LENDER):
        if item is not None:
            return partial(scanning.open_item, h.step, h.actor, item)
        if lists.is_out(h.step, words):
            return partial(run, h.step, "return", words)
        return partial(run, h.step, "rent", _name(h, words)) if _equipment(h, words) else None
    if item is not None:
        return partial(item_card.show, h.step, item)
    if not _equipment(h, words):
        return None
    is_out = desk.is_out(h.tx, words)
    return partial(run, h.step, "out" if is_out else "items", _name(h, words))


def _history(h: Heard, wish: Sentence) -> Follow | None:
    item = _item(h, wish.what)
    if item is None and not _equipment(h, wish.what):
        return None
    if not h.actor.has_role(Role.LENDER):
        return _only(h, Role.LENDER, lambda: None)
    if h.actor.has_role(Role.ADMIN):
        return partial(run, h.step, "inventory", wish.what if item is not None else _name(h, wish.what))
    return partial(item_card.show, h.step, item) if item else partial(run, h.step, "out", wish.what)


def _add(h: Heard, wish: Sentence) -> Follow | None:
    if h.row is not None or not _equipment(h, wish.what) or not h.actor.has_role(Role.ADMIN):
        return None
    return partial(run, h.step, "inventory", _name(h, wish.what))


def _count(h: Heard, wish: Sentence) -> Follow | None:
    if not _equipment(h, wish.what):
        return None
    command = "inventory" if h.actor.has_role(Role.ADMIN) else "items"
    if wish.when in ("out", "ute", "lent", "utlånt", "draußen") and h.actor.has_role(Role.LENDER):
        command = "out"
    return partial(run, h.step, command, _name(h, wish.what))


def _days(h: Heard, wish: Sentence) -> Follow | None:
    """Show what goes out and comes back on a day; members have only what is theirs."""
    if not h.actor.has_role(Role.LENDER) or date_range.days_said(h.step.texts, wish.when) is None:
        return None
    return partial(run, h.step, "desk", wish.when)


def _change(h: Heard, wish: Sentence) -> Follow | None:
    """Show what is to be changed, where its buttons are."""
    if not h.actor.has_role(Role.ADMIN) or (_item(h, wish.what) is None and not _equipment(h, wish.what)):
        return None
    return partial(run, h.step, "inventory", _name(h, wish.what))


def _place(h: Heard, wish: Sentence) -> Follow | None:
    """Show what is said to be in a place, where its place is changed. By an order any place is meant."""
    if not h.actor.has_role(Role.LENDER) or questions.tells_of_harm(h.text):
        return None
    item, place = _item(h, wish.what), without_article(wish.where)
    if date_range.days_said(h.step.texts, wish.where) is not None:
        return None
    if item is not None:
        return partial(item_card.show, h.step, item)
    is_place = wish.rule or any(is_asked_for(one.name, "", place) for one in locations.listed(h.tx))
    if not is_place or not _equipment(h, wish.what):
        return None
    return partial(run, h.step, "inventory" if h.actor.has_role(Role.ADMIN) else "items", _name(h, wish.what))


READ: Mapping[Kind, Callable[[Heard, Sentence], Follow | None]] = {
    Kind.BLOCK: _block,
    Kind.LIMIT: _limit,
    Kind.MOVE: _move,
    Kind.ENROL: _enrol,
    Kind.EXTEND: _extend,
    Kind.CANCEL: _cancel,
    Kind.HISTORY: _history,
    Kind.LABELS: _labels,
    Kind.COUNT: _count,
    Kind.WHERE: _where,
    Kind.FIND: _find,
    Kind.ADD: _add,
    Kind.CLOSE: _close,
    Kind.DAYS: _days,
    Kind.CHANGE: _change,
    Kind.PLACE: _place,
}


def _only(h: Heard, role: Role, follow: Follow) -> Follow:
    """Return what to do for those with this role; others read whose it is."""

    def check() -> None:
        h.actor.require(role)

    return follow if h.actor.has_role(role) else check


def _line(step: Request, text: str) -> RentLine:
    t = step.texts
    text = wording.both_as_two(text)
    return rental_line.parse(text, today=t.today, language=t.language, day_first=t.day_first)


def _item(h: Heard, words: str) -> Item | None:
    """Return the item with this code, which may stand after its kind: `kayak KAY-1`."""
    said = without_article(words.strip())[:100]
    last = said.rpartition(" ")[2]
    found = None
    with suppress(Refusal):
        found = item_card.named(h.tx, said)
    kind = said.removesuffix(last).strip()
    is_kind = bool(kind) and not last.isdigit() and bool(_equipment(h, kind))
    return found or (h.item_called(last) if is_kind else None)


def _equipment(h: Heard, words: str) -> tuple[int, ...]:
    """Return the equipment that is called so."""
    return by_name.look_up(h.tx, words[:100]).equipment_ids if words.strip() else ()


def _name(h: Heard, words: str) -> str:
    """Return the name of the only equipment that is called so: lists search for it letter by letter."""
    found = _equipment(h, words) if _item(h, words) is None else ()
    return catalog.get(h.tx, found[0]).name if len(found) == 1 else words

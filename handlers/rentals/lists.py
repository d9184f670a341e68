"""Lists of rentals: the member's own, and the organization's by status."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from markupsafe import Markup

from db.models import OutboxMessage, Rental
from db.states import Lane, RentalStatus, Role
from handlers.i18n.texts import N_, Texts, lines
from handlers.rentals import card_views, extension, rental_labels
from handlers.rentals.changes.views import move_row
from handlers.ui import cards
from handlers.ui.callbacks import Tap, Verb, pack
from handlers.ui.message import Button, Message
from handlers.ui.registry import REGISTRY
from handlers.ui.request import Place, Request, Sender
from handlers.ui.widgets import pager
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.desk import checkout, lookup
from services.inventory import catalog
from services.members import accounts, directory
from services.messaging import outbox
from services.rentals import queries, reminders
from services.rentals.queries import RentalView

PER_PAGE = 6

_MOST_SEARCHED = 500
_LONGEST_SEARCH = 60


LIST = "list"
"""Outbox kind of a list that follows a command which may act."""


def say(step: Request, which: str) -> None:
    """Send a list once this transaction is committed; it is drawn for this person then."""
    outbox.send(
        step.tx,
        LIST,
        chat_id=step.place.chat_id,
        params={"which": which, "account_id": step.sender.account_id, "first_name": step.sender.first_name},
        organization_id=step.organization_id or accounts.current(step.session, step.sender.account_id),
        lane=Lane.REPLY,
    )


def draw(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message:
    """Render the list that `say` sent."""
    params = rows[0].params
    sender = Sender(params["account_id"], params["first_name"], None)
    step = Request(tx.session, t.now, sender, Place(rows[0].chat_id, False, None, None))
    return REGISTRY.lists[params["which"]].page(step, 0)


def turn_page(step: Request, tap: Tap) -> Message:
    which = REGISTRY.lists.get(tap.arg)
    if which is None or (step.place.is_group and not which.is_shared):
        raise Refusal(Refused.OUTDATED)
    return which.page(step, tap.id)


def _views(step: Request, rentals: Sequence[Rental]) -> list[RentalView]:
    return queries.in_list(step.tx, rentals)


def _page(
    t: Texts,
    heading: Markup,
    shown: list[RentalView],
    page: int,
    total: int,
    name: str,
    *,
    desk: bool = False,
    leads_to: Verb = Verb.SHOW_RENTAL,
) -> Message:
    """Return a page of rentals with a button each."""
    rows: list[tuple[Button, ...]] = [
        (Button(label, pack(leads_to, v.id, "d" if desk else "")),)
        for v, label in zip(shown, rental_labels.labels(t, shown, desk=desk), strict=True)
    ]
    rows += pager.arrows(page, pager.pages_of(total, PER_PAGE), lambda to: pack(Verb.LIST, to, name))
    texts = [card_views.listed(t, v, desk=desk) for v in shown]
    return Message(lines(heading, *(part for text in texts for part in ("", text))), tuple(rows))


def mine(step: Request, page: int = 0) -> Message:
    """Show the person's rentals and requests; the history is one tap away."""
    actor, t = step.actor(), step.texts
    found = queries.current(step.session, actor.user_id)
    part = pager.cut(found, page, PER_PAGE)
    heading = (
        t("<b>Your rentals</b>") if found else t("You have no rentals now. Borrow something with /rent.")
    )
    message = _page(t, heading, _views(step, part.shown), part.number, len(found), "mine")
    past = queries.count_past(step.session, actor.user_id)
    if not past:
        return message
    more = (Button(t("History ({n})", n=past).unescape(), pack(Verb.LIST, 0, "history")),)
    return Message(message.text, (*message.buttons, more))


def history(step: Request, page: int = 0) -> Message:
    actor, t = step.actor(), step.texts
    total = queries.count_past(step.session, actor.user_id)
    page = min(page, max(1, -(-total // PER_PAGE)) - 1)
    found, _ = queries.past(step.session, actor.user_id, page=page, per_page=PER_PAGE)
    message = _page(t, t("<b>Your history</b>"), _views(step, found), page, total, "history")
    back = (Button(str(t("Back")), pack(Verb.LIST, 0, "mine")),)
    return Message(message.text, (*message.buttons, back))


def _of_mine(
    name: str, statuses: tuple[RentalStatus, ...], leads_to: Verb, some: str, none: str
) -> Callable[[Request, int], Message]:
    """Return the list of a member's own rentals for which an action is possible."""

    def show(step: Request, page: int = 0) -> Message:
        actor, t = step.actor(), step.texts
        found = [r for r in queries.current(step.session, actor.user_id) if r.status in statuses]
        part = pager.cut(found, page, PER_PAGE)
        heading = t(some) if found else t(none)
        views = _views(step, part.shown)
        return _page(t, heading, views, part.number, len(found), name, leads_to=leads_to)

    return show


Show = Callable[[Request, int], Message]
Find = Callable[[Tx, int, int], tuple[Sequence[Rental], int]]
"""Finds a page of so many of the organization's rentals, and the number of all."""


def _of_organization(
    name: str, role: Role, find: Find, some: str, none: str
) -> Callable[[Request, int], Message]:
    def show(step: Request, page: int = 0) -> Message:
        actor, t = step.actor(), step.texts
        actor.require(role)
        shown, total = find(step.by(actor), page, PER_PAGE)
        page = pager.within(page, total, PER_PAGE)
        return _page(t, t(some) if total else t(none), _views(step, shown), page, total, name, desk=True)

    return show


def _in(status: RentalStatus) -> Find:
    return lambda tx, page, per_page: queries.in_status(tx, status, page=page, per_page=per_page)


def _late(tx: Tx, page: int, per_page: int) -> tuple[Sequence[Rental], int]:
    return reminders.overdue(tx, page=page, per_page=per_page)


to_return = _of_mine(
    "return",
    (RentalStatus.OUT,),
    Verb.SHOW_RENTAL,
    N_("<b>Which one are you bringing back?</b>"),
    N_("You have nothing to bring back."),
)
with_harm = _of_mine(
    "harm",
    (RentalStatus.OUT,),
    Verb.PROBLEM,
    N_("<b>Which one has a problem?</b>"),
    N_("You have nothing out."),
)
to_extend = _of_mine(
    "extend",
    (RentalStatus.OUT,),
    Verb.EXTEND,
    N_("<b>Which one do you want to keep longer?</b>"),
    N_("You have nothing that can be extended."),
)
to_cancel = _of_mine(
    "cancel",
    (RentalStatus.REQUESTED, RentalStatus.APPROVED),
    Verb.CANCEL_RENTAL,
    N_("<b>Which one do you want to cancel?</b>"),
    N_("There is nothing to cancel."),
)
requested = _of_organization(
    "pending",
    Role.ADMIN,
    _in(RentalStatus.REQUESTED),
    N_("<b>Waiting for an answer</b>"),
    N_("Nothing is waiting for an answer."),
)

_out = _of_organization(
    "out", Role.LENDER, _in(RentalStatus.OUT), N_("<b>Out now</b>"), N_("Nothing is out.")
)


def out(step: Request, page: int = 0) -> Message:
    """Show what is out; what is due on one day can be moved together."""
    message = _out(step, page)
    row = move_row(step.texts, step.actor().organization_id)
    return replace(message, buttons=(*message.buttons, row)) if message.buttons else message


overdue = _of_organization(
    "overdue",
    Role.LENDER,
    _late,
    N_("<b>Overdue</b>"),
    N_("Nothing is overdue."),
)


def own(step: Request, words: str, *statuses: RentalStatus) -> Rental | None:
    """Return the rental that is meant: by number, code or name, or the only one. None: choose from the list,
    also where the words are of something that this person has not borrowed. Raises NOT_FOUND.
    """
    actor = step.actor()
    current = queries.current(step.session, actor.user_id)
    found = [r for r in current if r.status in statuses]
    words = words.strip()
    if not words:
        return found[0] if len(found) == 1 else None
    tx = step.by(actor)
    named = checkout.rental_by_words(tx, words)
    if named is not None and named.user_id == actor.user_id:
        return named
    called = queries.with_words(tx, found, words) or queries.with_words(tx, current, words)
    if called:
        return called[0] if len(called) == 1 else None
    if catalog.item_by_code(tx, words) is None and not catalog.search(tx, words=words, per_page=1).total:
        raise Refusal(Refused.NOT_FOUND)
    return None


def names_own(step: Request, words: str) -> bool:
    """Return whether something that this person has, or asked for, is called so, or has this code."""
    actor = step.actor()
    return _of_code(step, words) is not None or bool(
        queries.with_words(step.by(actor), queries.current(step.session, actor.user_id), words)
    )


def has_out(step: Request) -> bool:
    """Return whether this person has something out."""
    return bool(_own_out(step))


def is_out(step: Request, words: str) -> bool:
    """Return whether something that this person has out is called so, or has this code."""
    rental = _of_code(step, words)
    if rental is not None:
        return rental.status is RentalStatus.OUT
    return bool(queries.with_words(step.by(step.actor()), _own_out(step), words))


def _of_code(step: Request, words: str) -> Rental | None:
    """Return the rental of this person that has the item with this code now."""
    actor = step.actor()
    item = catalog.item_by_code(step.by(actor), words)
    use = lookup.current_use(step.tx, item.id) if item is not None else None
    return use[1] if use is not None and use[1].user_id == actor.user_id else None


def _own_out(step: Request) -> list[Rental]:
    current = queries.current(step.session, step.actor().user_id)
    return [rental for rental in current if rental.status is RentalStatus.OUT]


def command(which: Callable[[Request, int], Message]) -> Callable[[Request, str], Message]:
    """Return the command that shows the first page of a list."""
    return lambda step, words: which(step, 0)


def searched(name: str, which: Show, find: Find) -> Callable[[Request, str], Message]:
    """Return the command that shows a list, or what its words name: a number, a member, a thing or a code."""

    def show(step: Request, words: str) -> Message:
        words = " ".join(words.split())[:_LONGEST_SEARCH]
        return _with_words(step, name, which, find, words) if words else which(step, 0)

    return show


def _with_words(step: Request, name: str, which: Show, find: Find, words: str) -> Message:
    t, tx = step.texts, step.by(step.actor())
    every, _ = find(tx, 0, _MOST_SEARCHED)
    if not every:
        return which(step, 0)
    found = _about(tx, every, words)
    heading = (
        t.plural("{n} rental for “{words}”.", "{n} rentals for “{words}”.", len(found), words=words)
        if found
        else t("Nothing here for “{words}”.", words=words)
    )
    message = _page(t, heading, _views(step, found[:PER_PAGE]), 0, 1, name, desk=True)
    more = len(found) - PER_PAGE
    text = lines(message.text, t.plural("… and {n} more", "… and {n} more", more) if more > 0 else None)
    everything = (Button(str(t("Everything")), pack(Verb.LIST, 0, name)),)
    return Message(text, (*message.buttons, everything))


def _about(tx: Tx, rentals: Sequence[Rental], words: str) -> list[Rental]:
    """Return those of the rentals that the words name by number, code, member or thing."""
    named = checkout.rental_by_words(tx, words)
    people = {one.user_id for one in directory.find(tx, words=words, per_page=_MOST_SEARCHED).entries}
    things = {one.id for one in queries.with_words(tx, rentals, words)}
    return [one for one in rentals if one is named or one.user_id in people or one.id in things]


out_command = searched("out", out, _in(RentalStatus.OUT))
overdue_command = searched("overdue", overdue, _late)


def requested_command(pending: Callable[[Request, int], Message]) -> Callable[[Request, str], Message]:
    """Return the command for what waits for an answer; without words, the first page of `pending`."""
    return searched("pending", pending, _in(RentalStatus.REQUESTED))


def bring_back(step: Request, words: str) -> Message | None:
    rental = own(step, words, RentalStatus.OUT)
    if rental is None:
        say(step, "return")
    else:
        cards.draw_own(step, rental, catalog.item_by_code(step.by(step.actor()), words))
    return None


def extend(step: Request, words: str, *, said: str = "") -> Message | None:
    """Begin the extension of one's own rental; `said`: until when, as it was written."""
    rental = own(step, words, RentalStatus.OUT)
    if rental is None:
        say(step, "extend")
    else:
        extension.begin(step, rental.id, said=said)
    return None

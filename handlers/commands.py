"""Every command: where it belongs, who is shown it, and what it does."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from db.models import Organization, Rental
from db.states import ClaimStatus, RentalStatus, Role
from handlers import (
    auditing,
    conversation,
    conversations,
    desk,
    exporting,
    extending,
    in_hand,
    joining,
    lists,
    me,
    members,
    pieces,
    problems,
    rent,
    scanning,
    several,
    stats,
    taps,
)
from handlers.inventory import browse, labels
from handlers.lists import N_
from handlers.message import Message
from handlers.papers import Paper
from handlers.running import house_rules, organizations
from handlers.step import Step
from handlers.views import answers
from services import admissions, catalogue, decisions, handovers, notices, overview
from services.errors import Refusal, Refused

Run = Callable[[Step, str], Message | Paper | None]
"""With what was written after the command. What it returns is the answer of a command that only looks."""


class Where(StrEnum):
    PRIVATE = "private"
    GROUP = "group"
    BOTH = "both"


@dataclass(frozen=True)
class Command:
    """`role`: from which role on it may be used and is shown, but for handlers/rights.py; None: by everybody.

    `acts`: it may change something, or whether it does with what was written after it.
    """

    name: str
    about: str
    where: Where
    role: Role | None
    acts: bool | Callable[[str], bool]
    run: Run


def _start(step: Step, words: str) -> Message | None:
    """`/start`, or with what a link carries: `j_…` an invite, `i_…` a label."""
    payload = words.strip()
    if step.place.is_group:
        step.say("greeting")
        return None
    if payload.startswith("j_"):
        joining.begin(step, payload)
        return None
    if payload.startswith("i_"):
        scanning.scan(step, payload.removeprefix("i_"))
        return None
    try:
        actor = step.actor()
    except Refusal as refusal:
        _unless_closed(refusal)
        if not joining.welcome_stranger(step):
            step.say("hello", name=step.sender.first_name)
        return None
    organization = step.session.get_one(Organization, actor.organization_id)
    step.say(
        "help",
        role=actor.role,
        organization=organization.name,
        choices=several.choices(step.session, step.sender.account_id),
    )
    return None


def _unless_closed(refusal: Refusal) -> None:
    """Whose organisation is closed is no stranger, and reads that it is."""
    if refusal.code is Refused.CLOSED:
        raise refusal


def _help(step: Step, words: str) -> Message | None:
    t = step.texts
    if step.place.is_group:
        return answers.group_help(t)
    try:
        actor = step.actor()
    except Refusal as refusal:
        _unless_closed(refusal)
        return answers.help_text(t, None, None)
    organization = step.session.get_one(Organization, actor.organization_id)
    return answers.help_text(t, actor.role if actor.active else Role.USER, organization.name)


def _language(step: Step, words: str) -> Message | None:
    return answers.languages(step.texts)


def _items(step: Step, words: str) -> Message | None:
    rent.begin_browse(step, words)
    return None


def _rent(step: Step, words: str) -> Message | None:
    rent.begin_rent(step, words)
    return None


def _rentals(step: Step, words: str) -> Message | None:
    return lists.mine(step)


def _own(step: Step, words: str, *statuses: RentalStatus) -> Rental | None:
    """The one rental that is meant: by number or code, or the only one there is. None: the list decides."""
    actor = step.actor()
    found = [r for r in overview.current(step.session, actor.user_id) if r.status in statuses]
    words = words.strip()
    if words:
        named = _by_words(step, actor.organization_id, words)
        if named is None or named.user_id != actor.user_id:
            raise Refusal(Refused.NOT_FOUND)
        return named
    return found[0] if len(found) == 1 else None


def _by_words(step: Step, organization_id: int, words: str) -> Rental | None:
    """A rental by its number, or by the code of an item that is out or about to be."""
    if words.isascii() and words.isdigit() and len(words) < 18:
        rental = step.session.get(Rental, int(words))
        if rental is not None and rental.organization_id == organization_id and rental.requested_at:
            return rental
    item = catalogue.item_by_code(step.session, organization_id, words)
    claim = handovers.current_claim(step.session, item.id, step.now) if item is not None else None
    return step.session.get(Rental, claim.rental_id) if claim is not None and claim.rental_id else None


def _return(step: Step, words: str) -> Message | None:
    rental = _own(step, words, RentalStatus.OUT)
    if rental is None:
        lists.say(step, "return")
    else:
        pieces.draw_here(step, rental, notices.RENTAL_CARD)
    return None


def _extend(step: Step, words: str) -> Message | None:
    rental = _own(step, words, RentalStatus.OUT)
    if rental is None:
        lists.say(step, "extend")
    else:
        extending.begin(step, rental.id)
    return None


def _cancel(step: Step, words: str) -> Message | None:
    """A conversation that is going on, else a rental that is not out yet."""
    row = conversation.find(step.session, step.place.chat_id, step.sender.account_id)
    if row is not None:
        conversation.require_open(step, row)
        conversations.ALL[row.name].fallbacks["cancel"](step, row, "")
        if row.data.get("outcome") == problems.NOTED:
            return None
        # The card may be far above: say it where it was asked.
        if row.name != rent.NAME:
            step.say("cancelled")
        else:
            conversation.show(step, row, renew=True)
        return None
    asked = not words.strip()
    request = admissions.withdraw(step.session, step.now, step.sender.account_id) if asked else None
    if request is not None:
        organization = step.session.get_one(Organization, request.organization_id)
        step.say("withdrawn", organization=organization.name)
        return None
    rental = _own(step, words, RentalStatus.REQUESTED, RentalStatus.APPROVED)
    if rental is None:
        lists.say(step, "cancel")
    else:
        decisions.require_cancellable(step.session, step.actor(), rental.id)
        step.say("surely", rental_id=rental.id)
    return None


def _desk(step: Step, words: str) -> Message | None:
    desk.begin(step)
    return None


def _at_desk(step: Step, words: str, status: ClaimStatus) -> None:
    """The desk's card of the rental with this number, or of the item with this code or label."""
    if not words.strip():
        desk.begin(step)
        return
    in_hand.begin(step, step.active(), words.strip(), status)


def _handout(step: Step, words: str) -> Message | None:
    _at_desk(step, words, ClaimStatus.HELD)
    return None


def _takeback(step: Step, words: str) -> Message | None:
    _at_desk(step, words, ClaimStatus.OUT)
    return None


def _pending(step: Step, words: str) -> Message | None:
    return lists.pending(step, 0)


def _out(step: Step, words: str) -> Message | None:
    return lists.out(step, 0)


def _overdue(step: Step, words: str) -> Message | None:
    return lists.overdue(step, 0)


def _invite(step: Step, words: str) -> Message | None:
    """`/invite` asks for whom; `/invite lender 5` makes a link for five lenders at once."""
    actor = step.active()
    actor.require(Role.ADMIN)
    name, _, uses = words.strip().lower().partition(" ")
    if not name:
        step.say("invite_roles", roles=[role for role in Role if actor.role.covers(role)])
        return None
    by_name = {**{role.value: role for role in Role}, "member": Role.USER, "medlem": Role.USER}
    if name not in by_name:
        step.say("invite_roles", roles=[role for role in Role if actor.role.covers(role)])
        return None
    number = int(uses) if uses.strip().isascii() and uses.strip().isdigit() and len(uses) < 6 else 1
    taps.make_invite(step, by_name[name], uses=min(max(number, 1), 500))
    return None


def _inventory(step: Step, words: str) -> Message | None:
    browse.begin(step, words)
    return None


def _import(step: Step, words: str) -> Message | None:
    step.active().require(Role.ADMIN)
    return answers.import_help(step.texts)


def _export(step: Step, words: str) -> Paper | None:
    return exporting.begin(step, words)


def _labels(step: Step, words: str) -> None:
    labels.begin(step, words)


def _setup(step: Step, words: str) -> Message | None:
    taps.bind_group(step)
    return None


P, G, B = Where.PRIVATE, Where.GROUP, Where.BOTH

COMMANDS: tuple[Command, ...] = (
    Command("start", N_("Begin"), B, None, True, _start),
    Command("items", N_("What there is"), P, Role.USER, True, _items),
    Command("rent", N_("Borrow something"), P, Role.USER, True, _rent),
    Command("rentals", N_("What you have and had"), P, Role.USER, False, _rentals),
    Command("extend", N_("Keep something longer"), P, Role.USER, True, _extend),
    Command("return", N_("Bring something back"), P, Role.USER, True, _return),
    Command("cancel", N_("Call something off"), P, Role.USER, True, _cancel),
    Command("desk", N_("Today at the desk"), P, Role.LENDER, True, _desk),
    Command("handout", N_("Hand out, by number or code"), P, Role.LENDER, True, _handout),
    Command("takeback", N_("Take back, by number or code"), P, Role.LENDER, True, _takeback),
    Command("pending", N_("Requests that wait"), B, Role.ADMIN, False, _pending),
    Command("inventory", N_("Look after the equipment"), P, Role.ADMIN, True, _inventory),
    Command("members", N_("Find and change members"), P, Role.ADMIN, True, members.command),
    Command("invite", N_("A link for new members"), P, Role.ADMIN, True, _invite),
    Command("import", N_("Bring in the inventory"), P, Role.ADMIN, False, _import),
    Command("export", N_("Take it out as a file"), P, Role.ADMIN, exporting.asks, _export),
    Command("labels", N_("Labels to print, with QR codes"), P, Role.ADMIN, True, _labels),
    Command("policy", N_("The rules, and the opening days"), P, Role.ADMIN, True, house_rules.command),
    Command("organizations", N_("Make, change or close"), P, Role.LEADER, True, organizations.command),
    Command("stats", N_("The lending in one picture"), P, Role.ADMIN, False, stats.command),
    Command("audit", N_("Who did what"), P, Role.LEADER, True, auditing.begin),
    Command("out", N_("What is out"), G, Role.LENDER, False, _out),
    Command("overdue", N_("What is late"), G, Role.LENDER, False, _overdue),
    Command("setup", N_("Make this the admin group"), G, Role.ADMIN, True, _setup),
    Command("me", N_("What is stored about you"), P, None, True, me.command),
    Command("language", N_("Change the language"), P, None, False, _language),
    Command("help", N_("What I can do"), B, None, False, _help),
)


def shown_in_private(role: Role | None) -> list[Command]:
    """The menu of somebody with this role; None for those who are no members."""
    return [
        c
        for c in COMMANDS
        if c.where is not G and (c.role is None or (role is not None and role.covers(c.role)))
    ]


def shown_in_group() -> list[Command]:
    return [c for c in COMMANDS if c.where is not P and c.name != "start"]

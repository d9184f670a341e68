"""Every command: where it belongs, who is shown it, and what it does."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from db.models import Organization
from db.states import ClaimStatus, Role
from handlers import taps
from handlers.desk import item_card, worklist
from handlers.exports import conversation
from handlers.i18n.texts import N_
from handlers.inventory import browse
from handlers.labels import conversation as labels_conversation
from handlers.members import directory, me
from handlers.onboarding import help, invites, start
from handlers.organizations import organizations, policy
from handlers.rentals import lists
from handlers.rentals.booking import conversation as booking_conversation
from handlers.reports import audit_log, stats
from handlers.telegram import answers
from handlers.ui.message import Message, Paper
from handlers.ui.request import Step

Run = Callable[[Step, str], Message | Paper | None]
"""With what was written after the command. What it returns is the answer of a command that only looks."""


class Where(StrEnum):
    PRIVATE = "private"
    GROUP = "group"
    BOTH = "both"


@dataclass(frozen=True)
class Command:
    """`role`: from which role on it may be used and is shown; None: by everybody. Exceptions are in
    handlers/ui/permissions.py.

    `acts`: it may change something, or whether it does with what was written after it.
    """

    name: str
    about: str
    where: Where
    role: Role | None
    acts: bool | Callable[[str], bool]
    run: Run


def _language(step: Step, words: str) -> Message | None:
    return answers.languages(step.texts)


def _items(step: Step, words: str) -> Message | None:
    booking_conversation.begin_browse(step, words)
    return None


def _rent(step: Step, words: str) -> Message | None:
    booking_conversation.begin_rent(step, words)
    return None


def _rentals(step: Step, words: str) -> Message | None:
    return lists.mine(step)


def _desk(step: Step, words: str) -> Message | None:
    worklist.begin(step)
    return None


def _at_desk(step: Step, words: str, status: ClaimStatus) -> None:
    """The desk's card of the rental with this number, or of the item with this code or label."""
    if not words.strip():
        worklist.begin(step)
        return
    item_card.begin(step, step.active(), words.strip(), status)


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
    by_name = {**{role.value: role for role in Role}, "member": Role.USER, "medlem": Role.USER}
    if name not in by_name:
        organization = step.session.get_one(Organization, actor.organization_id)
        roles = [role for role in Role if actor.role.covers(role)]
        step.say("invite_roles", roles=roles, organization=organization.name)
        return None
    number = int(uses) if uses.strip().isascii() and uses.strip().isdigit() and len(uses) < 6 else 1
    invites.make(step, by_name[name], uses=min(max(number, 1), 500))
    return None


def _inventory(step: Step, words: str) -> Message | None:
    browse.begin(step, words)
    return None


def _import(step: Step, words: str) -> Message | None:
    step.active().require(Role.ADMIN)
    return help.import_help(step.texts)


def _export(step: Step, words: str) -> Paper | None:
    return conversation.begin(step, words)


def _labels(step: Step, words: str) -> None:
    labels_conversation.begin(step, words)


def _setup(step: Step, words: str) -> Message | None:
    taps.bind_group(step)
    return None


P, G, B = Where.PRIVATE, Where.GROUP, Where.BOTH

COMMANDS: tuple[Command, ...] = (
    Command("start", N_("Begin"), B, None, True, start.start),
    Command("items", N_("What there is"), P, Role.USER, True, _items),
    Command("rent", N_("Borrow something"), P, Role.USER, True, _rent),
    Command("rentals", N_("What you have and had"), P, Role.USER, False, _rentals),
    Command("extend", N_("Keep something longer"), P, Role.USER, True, lists.extend),
    Command("return", N_("Bring something back"), P, Role.USER, True, lists.bring_back),
    Command("cancel", N_("Call something off"), P, Role.USER, True, lists.cancel),
    Command("desk", N_("Today at the desk"), P, Role.LENDER, True, _desk),
    Command("handout", N_("Hand out, by number or code"), P, Role.LENDER, True, _handout),
    Command("takeback", N_("Take back, by number or code"), P, Role.LENDER, True, _takeback),
    Command("pending", N_("Requests that wait"), B, Role.ADMIN, False, _pending),
    Command("inventory", N_("Look after the equipment"), P, Role.ADMIN, True, _inventory),
    Command("members", N_("Find and change members"), P, Role.ADMIN, True, directory.command),
    Command("invite", N_("A link for new members"), P, Role.ADMIN, True, _invite),
    Command("import", N_("Bring in the inventory"), P, Role.ADMIN, False, _import),
    Command("export", N_("Take it out as a file"), P, Role.ADMIN, conversation.asks, _export),
    Command("labels", N_("Labels to print, with QR codes"), P, Role.ADMIN, True, _labels),
    Command("policy", N_("The rules, and the opening days"), P, Role.ADMIN, True, policy.command),
    Command("organizations", N_("Organisations that you lead"), P, Role.LEADER, True, organizations.command),
    Command("stats", N_("The lending in one picture"), P, Role.ADMIN, False, stats.command),
    Command("audit", N_("Who did what"), P, Role.LEADER, True, audit_log.begin),
    Command("out", N_("What is out"), G, Role.LENDER, False, _out),
    Command("overdue", N_("What is late"), G, Role.LENDER, False, _overdue),
    Command("setup", N_("Make this the admin group"), G, Role.ADMIN, True, _setup),
    Command("me", N_("What is stored about you"), P, None, True, me.command),
    Command("language", N_("Change the language"), P, None, False, _language),
    Command("help", N_("What I can do"), B, None, False, start.help_),
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

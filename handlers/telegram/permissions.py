"""Permission for commands: checked before anything is done, by the right that the command declares.

Buttons declare a right too, but there the services check it: see handlers/ui/registry.py.
"""

from db.states import Role
from handlers.ui.registry import Command, Right
from handlers.ui.request import Request
from services.core.errors import Refusal, Refused
from services.members import former_members


def require(step: Request, command: Command) -> None:
    """Raise the refusal of this command to this person: NOT_A_MEMBER, MEMBERSHIP_ENDED, NOT_ALLOWED, ..."""
    right = command.right
    if right.anybody:
        return
    if step.sender.is_anonymous:
        raise Refusal(Refused.ANONYMOUS)
    if right.left and former_members.of(step.tx, step.sender.account_id):
        return
    actor = step.actor_in_private() if command.is_for_unbound else step.actor()
    if not right.former:
        actor.require(right.role or Role.USER)


_ROLES = {Role.USER: "any member", Role.LENDER: "lender", Role.ADMIN: "admin", Role.LEADER: "leader"}


def in_words(right: Right) -> str:
    """Return the right in English, for the guide."""
    if right.anybody:
        return "anybody"
    who = [*(["whose rental it is"] if right.own else []), *([_ROLES[right.role]] if right.role else [])]
    return ", ".join(who) + (" (also when the membership is over)" if right.former and right.own else "")

"""Permission for commands: checked before anything is done, by the right that the command declares.

Buttons declare a right too, but there the services check it: see handlers/ui/registry.py.
"""

from db.states import Role
from handlers.ui.registry import Command
from handlers.ui.request import Request
from services.access.rights import in_words as in_words
from services.core.errors import Refusal, Refused
from services.members.departure import former_members


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

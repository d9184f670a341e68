"""Who may use which command and which button: the one table, for the edge, the guides and the tests.

For commands the edge asks it before anything is done. A button is about something that has a state, and the
state comes before the permission ("approved already" helps more than "only an admin may"): there the services
ask, each for itself, and a test walks this table to see that they ask what it says.
"""

from dataclasses import dataclass

from db.states import Role
from handlers.ui.callbacks import Verb
from handlers.ui.request import Step
from services.core.errors import Refusal, Refused
from services.members import former_members


@dataclass(frozen=True)
class Right:
    """`role`: from which on; None: no role is enough. `own`: whoever the rental is for.

    `former`: also those whose membership ended or is suspended, for what is their own; `left`: also those
    who left, and whom no account leads to any more. `anybody`: also who is no member.
    """

    role: Role | None = None
    own: bool = False
    former: bool = False
    left: bool = False
    anybody: bool = False

    def covers(
        self, role: Role | None, *, active: bool = True, owner: bool = False, left: bool = False
    ) -> bool:
        """`role` None: no member of this organisation, maybe one who has `left` it."""
        if self.anybody or (self.left and left):
            return True
        if role is None or not (active or self.former):
            return False
        return (self.own and owner) or (active and self.role is not None and role.covers(self.role))


ANYBODY = Right(anybody=True)
MEMBER, LENDER, ADMIN, LEADER = (Right(role) for role in Role)
OWN = Right(own=True)
OWN_STILL = Right(own=True, former=True)
OWN_OR_LENDER = Right(Role.LENDER, own=True, former=True)
OWN_OR_ADMIN = Right(Role.ADMIN, own=True, former=True)

OF_COMMANDS: dict[str, Right] = {
    "rentals": OWN_STILL,
    "return": OWN_STILL,
    "me": Right(own=True, former=True, left=True),
    "cancel": ANYBODY,  # also the questions to somebody who is about to join
}
"""The commands that are not simply for everybody with the role that they are shown to."""

UNBOUND = frozenset({"setup"})
"""Commands of a group that has no organisation yet: for the one that the person acts in when in private."""

OF_BUTTONS: dict[Verb, Right] = {
    Verb.CONVERSATION: ANYBODY,  # whose conversation it is; each asks for itself what is done in it
    Verb.APPROVE: ADMIN,  # or from the role on that the organisation's rules name
    Verb.DECLINE: ADMIN,
    Verb.HAND_OUT: Right(Role.LENDER, own=True),  # their own, where the rules say so
    Verb.PICK_UP: Right(Role.LENDER, own=True),
    Verb.SOME_OUT: OWN_OR_LENDER,
    Verb.SWAP: LENDER,
    Verb.SWAP_PIECE: LENDER,
    Verb.SWAP_FOR: LENDER,
    Verb.RETURN: OWN_STILL,
    Verb.SOME_BACK: OWN_OR_LENDER,
    Verb.CONFIRM_RETURN: LENDER,
    Verb.TAKE_BACK: LENDER,
    Verb.PROBLEM: OWN_OR_LENDER,
    Verb.EXTEND: OWN,
    Verb.GRANT: ADMIN,
    Verb.REFUSE: ADMIN,
    Verb.CANCEL_RENTAL: OWN_OR_ADMIN,
    Verb.CANCEL_SURELY: OWN_OR_ADMIN,
    Verb.SHOW_RENTAL: OWN_OR_LENDER,
    Verb.RENTAL_CARD: Right(Role.USER, own=True, former=True),  # draws what the chat shows already
    Verb.RENT: MEMBER,
    Verb.RENT_INSTEAD: OWN,
    Verb.PUT_AWAY: LENDER,  # and members of what they brought back where the rules ask no lender
    Verb.PUT_PLACES: LENDER,
    Verb.LIST: Right(Role.USER, own=True, former=True),  # see OF_LISTS
    Verb.BIND: ADMIN,
    Verb.LANGUAGE: ANYBODY,
    Verb.INVITE: ADMIN,
    Verb.ADMIT: ADMIN,
    Verb.TURN_AWAY: ADMIN,
    Verb.SHOW_ADMISSION: ADMIN,
    Verb.IMPORT_AS: ADMIN,
    Verb.LINKS: ADMIN,
    Verb.PAPER: ADMIN,
    Verb.PILE: LENDER,
    Verb.APPROVE_ALL: ADMIN,
    Verb.DESK: Right(Role.LENDER, own=True),  # with their own, what they may elsewhere
    Verb.TAKE_OUT: LENDER,
    Verb.REPAIRED: ADMIN,
    Verb.SHOW_DAMAGE: LENDER,
    Verb.LOSE: LENDER,
    Verb.LOSE_PIECE: LENDER,
    Verb.LOSE_SURELY: LENDER,
    Verb.ITEM_OUT: LENDER,
    Verb.KEEP: ADMIN,
    Verb.FOUND: LENDER,
    Verb.BACK: LENDER,
    Verb.BACK_SAID: LENDER,
    Verb.BACK_PIECES: LENDER,
    Verb.BACK_PIECE: LENDER,
    Verb.HAND_OVER: OWN_STILL,
    Verb.HAND_OVER_SOME: OWN_STILL,
    Verb.HAND_OVER_BACK: OWN_STILL,
    Verb.HAND_OVER_YES: OWN,  # whose rental is the next
    Verb.HAND_OVER_WRONG: OWN,
    Verb.HAND_OVER_NO: OWN_STILL,
    Verb.OTHER_EQUIPMENT: Right(Role.ADMIN, own=True),
    Verb.OTHER_DAYS: Right(Role.ADMIN, own=True),
    Verb.SWITCH: Right(Role.USER, own=True, former=True),  # to where one has something to do
    Verb.NOTHING: ANYBODY,
}


IN_GROUP: dict[Verb, Right] = {
    Verb.SHOW_RENTAL: LENDER,  # the desk's card, whoever's the rental is
}
"""Where a group is stricter."""

OF_LISTS: dict[str, Right] = {
    "mine": OWN_STILL,
    "history": OWN_STILL,
    "return": OWN_STILL,
    "extend": OWN_STILL,
    "cancel": OWN_STILL,
    "pending": ADMIN,
    "out": LENDER,
    "overdue": LENDER,
    "desk": LENDER,
}
"""The lists that Verb.LIST turns the pages of (handlers/rentals/lists.py)."""


OF_CONVERSATIONS: dict[str, Right] = {
    "rent": MEMBER,
    "join": ANYBODY,
    "extend": OWN,
    "decline": ADMIN,
    "problem": OWN_OR_LENDER,
    "inventory": ADMIN,
    "block": ADMIN,
    "kits": ADMIN,
    "places": ADMIN,
    "tags": ADMIN,
    "fields": ADMIN,
    "rules": ADMIN,
    "export": ADMIN,
    "labels": ADMIN,
    "members": ADMIN,
    "turn_away": ADMIN,
    "audit": LEADER,
    "policy": LEADER,
    "opening": LEADER,
    "organizations": LEADER,
    "me": ANYBODY,  # about oneself, whatever one is
}
"""Who may go on with them: a role may end while one stands in a conversation."""


def of_command(name: str, role: Role | None) -> Right:
    """With the role that the command is shown to."""
    return OF_COMMANDS.get(name) or (ANYBODY if role is None else Right(role))


def require(step: Step, name: str, role: Role | None) -> None:
    """Raise what refuses this command to this person: NOT_A_MEMBER, MEMBERSHIP_ENDED, NOT_ALLOWED, ..."""
    right = of_command(name, role)
    if right.anybody:
        return
    if step.sender.is_anonymous:
        raise Refusal(Refused.ANONYMOUS)
    if right.left and former_members.of(step.session, step.sender.account_id, step.now):
        return
    actor = step.actor_in_private() if name in UNBOUND else step.actor()
    if not right.former:
        actor.require(right.role or Role.USER)


_ROLES = {Role.USER: "any member", Role.LENDER: "lender", Role.ADMIN: "admin", Role.LEADER: "leader"}


def in_words(right: Right) -> str:
    """For the guide, in English."""
    if right.anybody:
        return "anybody"
    who = [*(["whose rental it is"] if right.own else []), *([_ROLES[right.role]] if right.role else [])]
    return ", ".join(who) + (" (also when the membership is over)" if right.former and right.own else "")

"""Permissions: the one declaration for a command, its buttons and its endpoint.

A right says who may do something; the services check it. Where a state decides as well (an answered request),
the state comes first, so that whoever is second reads who was first.
"""

from dataclasses import dataclass, field, replace

from db.states import Role


@dataclass(frozen=True)
class Right:
    """Permission to do something. `role`: the minimum; None: no role is enough. `own`: also whoever it is
    about, which is the rental's renter where `whose` does not name somebody else.

    `former`: also those whose membership ended or is suspended, for their own data; `left`: also those who
    left, and have no linked account any more. `anybody`: also people without membership. `by_policy`: the
    organization's rules may name another role.
    """

    role: Role | None = None
    own: bool = False
    former: bool = False
    left: bool = False
    anybody: bool = False
    by_policy: bool = False
    whose: str = field(default="whose rental it is", compare=False)

    def covers(
        self, role: Role | None, *, active: bool = True, owner: bool = False, left: bool = False
    ) -> bool:
        """Return whether this person has the right. `role` None: no member here, maybe one who has `left`."""
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

OWN_ACCOUNT = replace(OWN_STILL, whose="any member")

# Rentals

RENT = MEMBER
SEE_OWN_RENTALS = OWN_STILL
SEE_RENTAL = OWN_OR_LENDER
SEE_RENTALS = LENDER
APPROVE = Right(Role.ADMIN, by_policy=True)
CANCEL = OWN_OR_ADMIN
CHANGE = Right(Role.LENDER, own=True)
"""Also the answer to a proposal."""
EXTEND = OWN
SET_DATE = LENDER
"""The end of what is out until further notice; its member suggests it as they extend."""
GIVE_TIME = LENDER
MOVE_DUE_DATES = ADMIN
PICK_UP = Right(Role.LENDER, own=True)
"""Check-out: by a lender, or by the member where the rules allow it."""
SWAP = LENDER
GIVE_BACK = OWN_STILL
TAKE_BACK = LENDER
RETURN = OWN_OR_LENDER
"""Either of the two, by whoever calls."""
HAND_OVER = OWN_STILL
"""To the next member; also to decline such an offer."""
TAKE_OVER = OWN
REPORT_PROBLEM = OWN_OR_LENDER
SEE_DAMAGE = replace(OWN_OR_LENDER, whose="whoever reported it")

# The organization and what it has

SEE_ITEMS = LENDER
KEEP_INVENTORY = ADMIN
PRINT_LABELS = ADMIN
EXPORT = ADMIN
IMPORT = ADMIN
MANAGE_MEMBERS = ADMIN
SEE_STATS = ADMIN
SEE_AUDIT = LEADER
LEAD = LEADER

_ROLES = {Role.USER: "any member", Role.LENDER: "lender", Role.ADMIN: "admin", Role.LEADER: "leader"}


def in_words(right: Right) -> str:
    """Return the right in English, for the guides."""
    if right.anybody:
        return "anybody"
    who = [*([right.whose] if right.own else []), *([_ROLES[right.role]] if right.role else [])]
    return ", ".join(who) + (" (also when the membership is over)" if right.former and right.own else "")

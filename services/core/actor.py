"""Who acts: a person in one organization, and what they may do."""

from dataclasses import dataclass
from datetime import datetime

from db.states import Role
from services.core.errors import Refusal, Refused


@dataclass(frozen=True)
class Suspension:
    """`until` is None where no end was set."""

    until: datetime | None
    reason: str


@dataclass(frozen=True)
class Actor:
    """A person who acts in one organisation, now. Made from an update's sender, never from typed text.

    Not `active`: a former member, one whose membership begins later (`begins`), or one who is suspended.
    They may bring things back.
    """

    organization_id: int
    user_id: int
    account_id: int
    name: str
    role: Role
    active: bool = True
    suspension: Suspension | None = None
    begins: datetime | None = None

    def has_role(self, needed: Role) -> bool:
        return self.active and self.role.covers(needed)

    def require(self, needed: Role) -> None:
        """Raise NOT_ALLOWED below this role, MEMBERSHIP_ENDED for a former member, SUSPENDED."""
        self.require_active()
        if not self.role.covers(needed):
            raise Refusal(Refused.NOT_ALLOWED, needed=needed)

    def require_active(self) -> None:
        if self.active:
            return
        if self.suspension is not None:
            raise Refusal(Refused.SUSPENDED, until=self.suspension.until, reason=self.suspension.reason)
        raise Refusal(Refused.MEMBERSHIP_ENDED, begins=self.begins)

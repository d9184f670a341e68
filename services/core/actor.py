"""The actor: a person in one organization, with their permissions."""

from dataclasses import dataclass
from datetime import datetime

from db.states import Role
from services.core.errors import Refusal, Refused


@dataclass(frozen=True)
class Suspension:
    """A suspension; `until` is None where no end was set."""

    until: datetime | None
    reason: str


@dataclass(frozen=True)
class Actor:
    """A person who acts in one organization now. Made from an update's sender or a token, never from words.

    `token_id`: they act by a program, with this API token; 0: with their password.

    Not `active`: a former member, one whose membership begins later (`begins`), or a suspended one. They may
    still return equipment.
    """

    organization_id: int
    user_id: int
    account_id: int
    name: str
    role: Role
    active: bool = True
    suspension: Suspension | None = None
    begins: datetime | None = None
    token_id: int | None = None

    def has_role(self, needed: Role) -> bool:
        """Return whether they are active and have this role or a higher one."""
        return self.active and self.role.covers(needed)

    def require(self, needed: Role) -> None:
        """Raise NOT_ALLOWED below this role, MEMBERSHIP_ENDED for a former member, SUSPENDED."""
        self.require_active()
        if not self.role.covers(needed):
            raise Refusal(Refused.NOT_ALLOWED, needed=needed)

    def require_active(self) -> None:
        """Raise SUSPENDED or MEMBERSHIP_ENDED for an inactive member."""
        if self.active:
            return
        if self.suspension is not None:
            raise Refusal(Refused.SUSPENDED, until=self.suspension.until, reason=self.suspension.reason)
        raise Refusal(Refused.MEMBERSHIP_ENDED, begins=self.begins)

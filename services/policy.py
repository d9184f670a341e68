"""The rules an organisation sets for itself, with the defaults of a small club.

An organisation stores only what it changed; an equipment may differ from its organisation.
"""

from datetime import time, timedelta

from pydantic import BaseModel, ConfigDict, Field

from db.models import Equipment, Organization
from db.states import Role


class Policy(BaseModel):
    """Every rule with its default. Hours and days are whole numbers; times are the organisation's own."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    approval: bool = True
    approver: Role = Role.ADMIN
    who_may_rent: Role = Role.USER
    longest_days: int = Field(default=30, ge=1, le=3650)
    ahead_days: int = Field(default=365, ge=1, le=3650)
    most_items: int = Field(default=20, ge=1)
    turnaround_hours: int = Field(default=0, ge=0, le=24 * 30)
    request_holds: bool = True
    request_hours: int = Field(default=72, ge=1)
    fetch_hours: int = Field(default=24, ge=1)
    member_picks_up: bool = True
    return_confirmed: bool = True
    extensions: int = Field(default=2, ge=0)
    extension_days: int = Field(default=14, ge=1)
    extension_approval: bool = True
    remind_day_before: bool = True
    remind_at: time = time(9, 0)
    overdue_days: tuple[int, ...] = (1, 3, 7)
    overdue_every_days: int = Field(default=7, ge=1)
    quiet_from: time = time(22, 0)
    quiet_until: time = time(7, 0)
    digest_at: time = time(9, 0)
    hand_out_at: time = time(8, 0)
    return_at: time = time(20, 0)
    ask_email: bool = False

    @property
    def turnaround(self) -> timedelta:
        return timedelta(hours=self.turnaround_hours)


def of(organization: Organization, equipment: Equipment | None = None) -> Policy:
    """The rules that hold for this equipment, or for the organisation as a whole."""
    rules = dict(organization.policy)
    if equipment is not None:
        rules |= equipment.policy
    return Policy.model_validate(rules)

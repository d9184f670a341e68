"""The transaction object: first argument of every service function that needs more than a session."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from db.models import Organization
from services.core import policy
from services.core.actor import Actor
from services.core.policy import Policy

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Tx:
    """One transaction: its session, its moment in UTC, its actor and its organization.

    `acting` is None where nobody acts, as in the periodic work and on the command line; `within` is the
    organization where it is known without an actor. `answering` is the private chat whose person waits for
    the answer: what is sent there makes no sound. `memory` caches values for the transaction and keeps rows
    alive that the session's identity map would forget.
    """

    session: Session
    now: datetime
    acting: Actor | None = None
    within: int | None = None
    answering: int | None = None
    memory: dict[Hashable, Any] = field(default_factory=dict, repr=False)

    @property
    def actor(self) -> Actor:
        """Return the actor. Raises LookupError where nobody acts, which is a fault of the caller."""
        if self.acting is None:
            raise LookupError("nobody acts in this transaction")
        return self.acting

    @property
    def organization_id(self) -> int:
        """Return the id of the organization that this is about. Raises LookupError where none is known."""
        if self.within is not None:
            return self.within
        return self.actor.organization_id

    @property
    def known_organization_id(self) -> int | None:
        """Return the id of the organization that this is about, or None where none is known."""
        return self.organization_id if self.within is not None or self.acting is not None else None

    @property
    def organization(self) -> Organization:
        """Return the organization that this is about. Raises LookupError where none is known."""
        return self.organization_of(self.organization_id)

    def organization_of(self, organization_id: int) -> Organization:
        """Return an organization's row, read once. Raises NoResultFound."""
        return self.once(
            ("organization", organization_id), lambda: self.session.get_one(Organization, organization_id)
        )

    @property
    def policy(self) -> Policy:
        """Return the organization's rules."""
        return policy.of(self.organization)

    @property
    def zone(self) -> ZoneInfo:
        """Return the organization's time zone."""
        return policy.zone_of(self.organization)

    @property
    def today(self) -> date:
        """Return the organization's local date."""
        return self.now.astimezone(self.zone).date()

    def token_of(self, user_id: int | None) -> int | None:
        """Return the id of the API token with which this person acts here; None for anybody else, in the chat
        and with a password.
        """
        if self.acting is None or user_id != self.acting.user_id:
            return None
        return self.acting.token_id or None

    def decided(self, user_id: int | None) -> dict[str, Any]:
        """Return the columns that say that this person decided it now; None: the rules did."""
        return {"decided_at": self.now, "decided_by": user_id, "decided_token": self.token_of(user_id)}

    def by(self, actor: Actor) -> "Tx":
        """Return the same transaction with somebody acting in it, in their own organization."""
        if self.acting is actor and self.within is None:
            return self
        return replace(self, acting=actor, within=None)

    def at(self, now: datetime) -> "Tx":
        """Return the same transaction as it looks from another moment."""
        return self if now == self.now else replace(self, now=now)

    def of(self, organization_id: int | None) -> "Tx":
        """Return the same transaction, about this organization; None: about that of whoever acts."""
        return self if organization_id == self.within else replace(self, within=organization_id)

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what was made for this key before in this transaction, or make it now."""
        if key not in self.memory:
            self.memory[key] = make()
        return cast("T", self.memory[key])

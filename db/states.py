"""Statuses, roles and other enumerations stored in columns."""

from enum import StrEnum


class Role(StrEnum):
    """Roles in an organization; each includes the permissions of the ones before it.

    USER rents. LENDER checks out and checks in. ADMIN approves and manages inventory and members. LEADER
    manages organizations.
    """

    USER = "user"
    LENDER = "lender"
    ADMIN = "admin"
    LEADER = "leader"

    @property
    def rank(self) -> int:
        return _RANKS[self]

    def covers(self, needed: "Role") -> bool:
        return self.rank >= needed.rank


_RANKS = {role: rank for rank, role in enumerate(Role)}


class CalendarScope(StrEnum):
    """The rentals that a calendar shows: the member's own, or, to lenders, the whole organization's."""

    OWN = "own"
    ORGANIZATION = "organization"


class RentalStatus(StrEnum):
    """Rental states: draft -> requested -> approved -> out -> returned.

    A draft is a basket that is still being filled. Exits: declined (by an admin), cancelled (by the member,
    or by an admin before check-out), expired (not answered, or not picked up). Overdue is not a status but
    derived: out and now > due_at.
    """

    DRAFT = "draft"
    REQUESTED = "requested"
    APPROVED = "approved"
    OUT = "out"
    RETURNED = "returned"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class ClaimStatus(StrEnum):
    """Claim states: wanted -> held -> out -> returned.

    Wanted takes no stock (requests under a policy that does not reserve for them). Held and out do: the
    database prevents two of them on one item from overlapping. Exits: released (before check-out), lost.
    """

    WANTED = "wanted"
    HELD = "held"
    OUT = "out"
    RETURNED = "returned"
    RELEASED = "released"
    LOST = "lost"


OCCUPYING = (ClaimStatus.HELD, ClaimStatus.OUT)
"""Statuses of claims that make an item unavailable."""


class Condition(StrEnum):
    OK = "ok"
    DAMAGED = "damaged"
    IN_REPAIR = "in_repair"
    LOST = "lost"
    RETIRED = "retired"


LENDABLE = (Condition.OK, Condition.DAMAGED)
"""Conditions in which an item may be lent: damaged items are lent until they go to repair."""


class Described(StrEnum):
    """Records that an organization may add fields to."""

    EQUIPMENT = "equipment"
    ITEM = "item"
    USER = "user"
    RENTAL = "rental"
    ORGANIZATION = "organization"


class ExtensionStatus(StrEnum):
    """Extension states: asked -> granted | declined | withdrawn (rental ended, or asked again)."""

    ASKED = "asked"
    GRANTED = "granted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class JoinStatus(StrEnum):
    """States of a request to join: asked -> approved | declined."""

    ASKED = "asked"
    APPROVED = "approved"
    DECLINED = "declined"


class HandOverStatus(StrEnum):
    """Transfer states: offered -> done | declined | withdrawn."""

    OFFERED = "offered"
    DONE = "done"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class InboxStatus(StrEnum):
    """Inbox states: waiting -> done; set_aside after five own failures, shown to the operator."""

    WAITING = "waiting"
    DONE = "done"
    SET_ASIDE = "set_aside"


class ImportStatus(StrEnum):
    """Import states: waiting -> running -> over; back to waiting when the program stops meanwhile.

    A list of another's making asks first: running -> asks, and waiting again once somebody taps. A job that
    runs past its lease is begun again.
    """

    WAITING = "waiting"
    RUNNING = "running"
    ASKS = "asks"
    OVER = "over"


class OutboxStatus(StrEnum):
    """Outbox states: pending -> sending -> sent; back to pending for a retry.

    Dropped when no longer needed, failed when Telegram will never accept it. A row in sending past its lease
    is retried.
    """

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    DROPPED = "dropped"
    FAILED = "failed"


class Lane(StrEnum):
    """Lanes of delivery: replies go first, notices take what is left of Telegram's limits."""

    REPLY = "reply"
    NOTICE = "notice"


class LoginLinkKind(StrEnum):
    """One-time links: a login by QR code, or a new password for a forgotten one."""

    QR = "qr"
    PASSWORD = "password"

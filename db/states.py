"""The values that columns with a closed set of values may take."""

from enum import StrEnum


class Role(StrEnum):
    """What a person may do in one organisation; each role may do all that the ones before it may.

    USER rents. LENDER hands out and takes back. ADMIN approves, runs the inventory and the members.
    LEADER runs organisations.
    """

    USER = "user"
    LENDER = "lender"
    ADMIN = "admin"
    LEADER = "leader"

    @property
    def rank(self) -> int:
        return list(Role).index(self)

    def covers(self, needed: "Role") -> bool:
        return self.rank >= needed.rank


class RentalStatus(StrEnum):
    """The life of a rental: draft -> requested -> approved -> out -> returned.

    A draft is a basket that its member still fills. Exits: declined (by an admin), cancelled (by the
    member, or by an admin before anything is out), expired (nobody answered, or nobody fetched it).
    Overdue is not a status: it is derived, out and now > due_at.
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
    """The life of a claim: wanted -> held -> out -> returned.

    Wanted takes no stock (a request where requests do not hold it). Held and out do: two of them on one
    item never overlap, by the database. Exits: released (given up before it was out), lost.
    """

    WANTED = "wanted"
    HELD = "held"
    OUT = "out"
    RETURNED = "returned"
    RELEASED = "released"
    LOST = "lost"


OCCUPYING = (ClaimStatus.HELD, ClaimStatus.OUT)
"""Claims that take an item out of what is free."""


class Condition(StrEnum):
    OK = "ok"
    DAMAGED = "damaged"
    IN_REPAIR = "in_repair"
    LOST = "lost"
    RETIRED = "retired"


LENDABLE = (Condition.OK, Condition.DAMAGED)
"""Conditions in which an item may be lent: damaged things are lent until somebody takes them to repair."""


class Described(StrEnum):
    """What an organisation may add fields to."""

    EQUIPMENT = "equipment"
    ITEM = "item"
    USER = "user"
    RENTAL = "rental"


class ExtensionStatus(StrEnum):
    """asked -> granted | declined | withdrawn (the rental ended, or the member asked anew)."""

    ASKED = "asked"
    GRANTED = "granted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class JoinStatus(StrEnum):
    """asked -> approved | declined."""

    ASKED = "asked"
    APPROVED = "approved"
    DECLINED = "declined"


class HandOverStatus(StrEnum):
    """From one member to the next: offered -> done | declined | withdrawn."""

    OFFERED = "offered"
    DONE = "done"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class InboxStatus(StrEnum):
    """waiting -> done; set_aside after five failures of our own, shown to the operator."""

    WAITING = "waiting"
    DONE = "done"
    SET_ASIDE = "set_aside"


class OutboxStatus(StrEnum):
    """pending -> sending -> sent; back to pending to be retried; dropped when it no longer holds;

    failed when Telegram will never take it. A row that stays in sending past its lease is retried.
    """

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    DROPPED = "dropped"
    FAILED = "failed"


class Lane(StrEnum):
    """Replies to somebody who waits go first; notices take what is left of Telegram's limits."""

    REPLY = "reply"
    NOTICE = "notice"

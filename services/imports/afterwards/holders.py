"""Items that are with somebody according to the list: with which member, and handing them out to them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select

from db.models import Claim, Equipment, ImportRun, Item, User
from db.states import ClaimStatus, Role
from services.core import identity
from services.core.errors import Refusal, Refused
from services.core.text import fold
from services.core.tx import Tx
from services.desk import counter
from services.imports import runs
from services.imports.afterwards import undo
from services.imports.afterwards.obstacles import parts
from services.imports.inventory import effects
from services.imports.readers import dates
from services.messaging import outbox

MOST_AT_ONCE = 50
"""Rentals that one tap makes; another tap makes the others."""

MOST_REFUSED = 10
"""Refused hand-outs after which a tap stops, and as many as are told of."""

_EMAIL = re.compile(r"[^\s<>()\[\],;]+@[^\s<>()\[\],;]+")

_WITHOUT_DATE = (Refused.CLOSED_DAY, Refused.IN_THE_PAST, Refused.TOO_LONG, Refused.TOO_FAR_AHEAD)
"""Refusals of a date: then it is lent until further notice."""


class State(StrEnum):
    MEMBER = "member"  # exactly one has this name
    SEVERAL = "several"
    NOBODY = "nobody"
    OUT = "out"  # handed out already


@dataclass(frozen=True)
class Holding:
    """An item that is with somebody according to the list. `user_id`: the member who is meant."""

    item_id: int
    name: str
    code: str
    to: str
    since: str
    until: str
    state: State
    user_id: int | None = None


@dataclass
class HandedOut:
    """The outcome: the number of items handed out, and code, holder and reason of those that were refused."""

    items: int = 0
    refused: list[tuple[str, str, Refusal]] = field(default_factory=list)


def listed(tx: Tx, run: ImportRun) -> list[Holding]:
    """Return who has what according to the file, those that can be handed out first."""
    held = effects.of_run(tx, run.id).held
    members = _Members(tx) if held else None
    found = []
    for some in parts(held):
        query = select(Item.id, Equipment.name, Item.code).join(Equipment, Equipment.id == Item.equipment_id)
        out = set(
            tx.session.scalars(
                select(Claim.item_id).where(Claim.item_id.in_(some), Claim.status == ClaimStatus.OUT)
            )
        )
        for id_, name, code in tx.session.execute(query.where(Item.id.in_(some))):
            one = held[id_]
            meant = members.called(one.to) if members is not None else set()
            state = State.MEMBER if len(meant) == 1 else State.SEVERAL if meant else State.NOBODY
            user_id = next(iter(meant)) if state is State.MEMBER else None
            if id_ in out:
                state = State.OUT
            found.append(Holding(id_, name, code, one.to, one.since, one.until, state, user_id))
    order = list(State)
    return sorted(found, key=lambda one: (order.index(one.state), fold(one.to), one.item_id))


class _Members:
    """The active members by what a list may call them: email, number, username, or full name."""

    def __init__(self, tx: Tx) -> None:
        self._ids: dict[str, set[int]] = {}
        columns = (User.id, User.first_name, User.last_name, User.email, User.username, User.membership_id)
        query = select(*columns).where(
            User.organization_id == tx.organization_id,
            User.forgotten_at.is_(None),
            identity.is_active(tx.now),
        )
        for id_, first, last, *keys in tx.session.execute(query):
            names = [f"{first} {last}", f"{last} {first}", f"{last}, {first}"] if first and last else []
            for text in filter(None, (*names, *keys)):
                self._ids.setdefault(fold(text), set()).add(id_)

    def called(self, text: str) -> set[int]:
        """Return who is meant; by the email address in the text where the whole says nothing."""
        found = self._ids.get(fold(text))
        email = _EMAIL.search(text) if found is None else None
        return found or (self._ids.get(fold(email[0]), set()) if email is not None else set())


def hand_out(tx: Tx, run_id: int) -> HandedOut:
    """Hand out by a LENDER what the list says that members have; what is out already stays as it is.

    It is lent until the day in the file, or until further notice where that has no day, or one that cannot
    be. Raises UNDO_OVER, NOT_FOUND, IMPORT_UNDONE, NOT_ALLOWED.
    """
    tx.session.get(ImportRun, run_id, with_for_update=True, populate_existing=True)
    run = undo.get(tx, run_id)
    tx.actor.require(Role.LENDER)
    groups: dict[tuple[int, str], list[Holding]] = {}
    for one in listed(tx, run):
        if one.state is State.MEMBER and one.user_id is not None:
            groups.setdefault((one.user_id, one.until), []).append(one)
    done = HandedOut()
    for (user_id, until), group in list(groups.items())[:MOST_AT_ONCE]:
        if len(done.refused) >= MOST_REFUSED:
            break
        _hand_out(tx, user_id, until, group, done)
    if done.items:
        outbox.refresh_card(tx, kind=runs.CARD, subject_id=run.id)
    return done


def _hand_out(tx: Tx, user_id: int, until: str, group: Sequence[Holding], done: HandedOut) -> None:
    """Hand out a member's items together, or each alone where not all of them can be."""
    ids = [one.item_id for one in group]
    for due_at in _ends(tx, ids, until):
        try:
            with tx.session.begin_nested():
                counter.hand_out_now(tx, user_id, ids, due_at)
        except Refusal as refusal:
            if due_at is not None and refusal.code in _WITHOUT_DATE:
                continue
            if len(group) == 1:
                done.refused.append((group[0].code, group[0].to, refusal))
            else:
                for one in group:
                    _hand_out(tx, user_id, until, [one], done)
        else:
            done.items += len(ids)
        return


_AHEAD = 50
"""Years that a rental may end ahead, where its year has two digits."""


def _ends(tx: Tx, item_ids: Sequence[int], until: str) -> list[datetime | None]:
    """Return the due times to try: that of the day in the file, if it has one, and then none."""
    day = dates.day(until.strip(), month_first=None, latest=tx.today.year + _AHEAD)
    if day is None or day < tx.today:
        return [None]
    try:
        return [counter.due(tx, item_ids, day), None]
    except Refusal:
        return [None]

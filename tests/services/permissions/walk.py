"""The people who try what the table of rights allows to some, one of each kind, and the verdict on a try."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from db.models import ChatAccount, User
from db.states import Role
from handlers.ui.registry import Right
from handlers.ui.request import Place, Request, Sender
from services.core.actor import Actor
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.members.departure import leaving
from tests import factories
from tests.audited_database import picture, writes
from tests.factories import Club

GROUP, NILS = -100, 999

REFUSALS = {
    Refused.NOT_ALLOWED,
    Refused.NOT_A_MEMBER,
    Refused.MEMBERSHIP_ENDED,
    Refused.SUSPENDED,
    Refused.NOT_FOUND,
    Refused.NOT_YOURS,
    Refused.GROUP_TAKEN,
}
"""Refusals that somebody without the right hears; another answer would say how things stand."""


@dataclass(frozen=True)
class Person:
    """`role` None: none in this organisation. `leaves`: their membership ends right before they try.

    `left`: by themselves, so that no account leads there any more.
    """

    name: str
    account: int
    role: Role | None
    active: bool = True
    owner: bool = False
    leaves: bool = False
    left: bool = False
    user_id: int = 0


def _person(name: str, actor: Actor, *, active: bool = True) -> Person:
    return Person(name, actor.account_id, actor.role, active, user_id=actor.user_id)


def people_of(session: Session, c: Club, now: datetime) -> list[Person]:
    """Kari, whose rental it is, and everybody else that there can be."""
    of = c.organization
    former = factories.member(session, of, now, "Former Admin", Role.ADMIN)
    session.get_one(User, former.user_id).active_until = now - timedelta(days=1)
    gone = factories.member(session, of, now, "Gone Admin", Role.ADMIN)
    leaving.leave(Tx(session, now, gone), seen=[])
    suspended = factories.member(session, of, now, "Suspended Admin", Role.ADMIN)
    session.get_one(User, suspended.user_id).suspended_at = now - timedelta(days=1)
    other = factories.organization(session, now, "Turlaget")
    petra = factories.member(session, other, now, "Petra Leader", Role.LEADER)
    session.add(ChatAccount(id=NILS, first_name="Nils", telegram_language="en", created_at=now))
    session.flush()
    owner = replace(_person("owner", c.kari), owner=True)
    return [
        owner,
        replace(owner, name="owner who has left", active=False, leaves=True),
        _person("member", c.ola),
        _person("lender", c.lars),
        _person("admin", c.anna),
        _person("leader", factories.member(session, of, now, "Ada Leader", Role.LEADER)),
        _person("former admin", former, active=False),
        _person("suspended admin", suspended, active=False),
        replace(_person("leader of another", petra), role=None),
        Person("admin who has left", gone.account_id, None, left=True),
        Person("stranger", NILS, None),
    ]


def telling(people: Iterable[Person], right: Right) -> list[Person]:
    """Everybody but those who have the right because somebody with a lower role has it."""
    people = list(people)
    roles = {p.role for p in people if p.role and p.active and not p.owner and _has(right, p)}
    beyond = roles - {min(roles, key=lambda role: role.rank, default=None)}
    return [p for p in people if p.owner or not p.active or p.role not in beyond]


def _has(right: Right, person: Person) -> bool:
    return right.covers(person.role, active=person.active, owner=person.owner, left=person.left)


@contextmanager
def undone(session: Session) -> Iterator[None]:
    """Nothing of it stays."""
    savepoint = session.begin_nested()
    try:
        yield
    finally:
        savepoint.rollback()
        session.expire_all()


def step_of(session: Session, now: datetime, person: Person, *, group: bool) -> Request:
    place = Place(GROUP if group else person.account, group, None, 5, "Utstyr")
    return Request(session, now, Sender(person.account, person.name, "en"), place, "equiplib_bot")


def attempt(
    session: Session, now: datetime, person: Person, work: Callable[[Request], object], *, group: bool = False
) -> tuple[Refused | None, bool]:
    """Try the work as this person; return the refusal and whether anything has changed, and keep nothing."""
    with undone(session):
        _leave(session, now, person)
        with writes(session) as written:
            step = step_of(session, now, person, group=group)
            why = refusal(lambda: work(step))
        after = picture(session) if written else {}
    if not written:
        return why, False
    with undone(session):
        _leave(session, now, person)
        return why, picture(session) != after


def _leave(session: Session, now: datetime, person: Person) -> None:
    if person.leaves:
        session.get_one(User, person.user_id).active_until = now - timedelta(hours=1)
        session.flush()


def refusal(work: Callable[[], object]) -> Refused | None:
    try:
        work()
    except Refusal as found:
        return found.code
    return None


def judge(what: str, right: Right, person: Person, tried: tuple[Refused | None, bool]) -> list[str]:
    """List what speaks against the table; nothing if it went as the table says."""
    why, changed = tried
    problems = []
    if why is not None and changed:
        problems.append(f"{what}: the {person.name} was refused ({why}), and something changed")
    allowed = _has(right, person)
    if allowed and why in REFUSALS:
        problems.append(f"{what}: the table allows it to the {person.name}, who is refused: {why}")
    if not allowed and why not in REFUSALS:
        problems.append(f"{what}: the table refuses it to the {person.name}, who hears {why or 'no refusal'}")
    return problems

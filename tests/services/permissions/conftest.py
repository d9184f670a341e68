"""One club for all walks of a module: founded once, with everybody in it, and each test is undone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from db.session import Database
from db.transaction import Transaction
from tests import factories
from tests.factories import Club
from tests.services.permissions.stage import Stage
from tests.services.permissions.walk import GROUP, Person, people_of, undone


@dataclass(frozen=True)
class Founded:
    """The club with its group, everybody who tries, and a rental of Kari's that waits for an answer."""

    session: Session
    club: Club
    people: list[Person]
    stage: Stage


@pytest.fixture(scope="module")
def founded(rules_database: Database, now: datetime) -> Iterator[Founded]:
    writers = rules_database.engine.execution_options(equiplib_writes=True)
    with Transaction(writers, expire_on_commit=False) as session, session.begin() as transaction:
        club = factories.club(session, now)
        club.organization.group_chat_id = GROUP
        people = people_of(session, club, now)
        yield Founded(session, club, people, Stage(session, club, now))
        transaction.rollback()


@pytest.fixture(scope="module")
def out(founded: Founded) -> int:
    """The number of Kari's rental, which is out in all tests of the module."""
    return founded.stage.out()


@pytest.fixture
def session(founded: Founded) -> Iterator[Session]:
    with undone(founded.session):
        yield founded.session


@pytest.fixture
def club(founded: Founded, session: Session) -> Club:
    return founded.club


@pytest.fixture
def people(founded: Founded) -> list[Person]:
    """Everybody, each of a kind of their own."""
    return founded.people


@pytest.fixture
def stage(founded: Founded, session: Session) -> Stage:
    return founded.stage

"""A club, and the API over it."""

from datetime import datetime

import pytest

from db.session import Database
from db.states import Role
from services.core.actor import Actor
from tests import factories
from tests.api.clients.client import Clock, Server
from tests.factories import Club


@pytest.fixture
def server(sqlite: Database, now: datetime) -> Server:
    """The API over SQLite."""
    return Server(sqlite, Clock(now))


@pytest.fixture
def club(server: Server, now: datetime) -> Club:
    made: Club = server.does(lambda tx: factories.club(tx.session, now))
    return made


@pytest.fixture
def ada(server: Server, club: Club, now: datetime) -> Actor:
    """The club's leader."""
    made: Actor = server.does(
        lambda tx: factories.member(tx.session, club.organization, now, "Ada Leader", Role.LEADER)
    )
    return made

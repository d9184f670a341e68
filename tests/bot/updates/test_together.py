"""Small writes of several chats in one transaction."""

import asyncio
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from bot.updates.together import Together
from db.session import Database
from services.core.tx import Tx
from services.messaging import inbox


def transaction(session: Session) -> int:
    return id(session)


async def test_what_comes_meanwhile_is_written_together(sqlite: Database) -> None:
    together = Together(sqlite)
    first, *rest = await asyncio.gather(*(together.write(transaction) for _ in range(3)))
    assert first == rest[0] == rest[1]


async def test_one_that_fails_fails_alone(sqlite: Database, now: datetime) -> None:
    """The others are committed, and who failed hears of it."""

    def stores(session: Session) -> list[tuple[int, inbox.Arrival]]:
        return inbox.store(Tx(session, now), [inbox.Arrival(7, 42, "{}")])

    def fails(session: Session) -> None:
        raise ValueError

    together = Together(sqlite)
    found = await asyncio.gather(together.write(stores), together.write(fails), return_exceptions=True)
    assert isinstance(found[1], ValueError)
    assert [chat for _, chat in sqlite.read_now(inbox.waiting)] == [42]
    with pytest.raises(ValueError, match=r"^$"):
        await together.write(fails)

"""Aliases that modules keep are the same in every thread, also when two use one for the first time."""

import sys
import threading
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from db.aliases import kept, prepare
from db.models import Claim, HandOver
from db.states import ClaimStatus
from services.messaging import delivery_queue

ROUNDS = 40


@pytest.fixture
def hasty() -> Iterator[None]:
    """Threads take turns in the middle of everything."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def transfers(now: type[Claim], later: type[Claim]) -> Select[HandOver, int | None, int | None]:
    """The statement that reads who passes what on to whom."""
    return (
        select(HandOver, now.rental_id, later.rental_id)
        .join(now, now.id == HandOver.claim_id)
        .join(later, later.id == HandOver.to_claim_id)
        .where(now.status != ClaimStatus.OUT, later.return_claimed_at.is_(None))
    )


def at_once(read: Callable[[], str]) -> set[str]:
    """Readings of two threads at the same moment, and of one afterwards."""
    barrier, found = threading.Barrier(2), set[str]()

    def run() -> None:
        barrier.wait()
        found.add(words(read))

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found | {words(read)}


def words(read: Callable[[], str]) -> str:
    try:
        return read()
    except Exception as error:  # noqa: BLE001 - what breaks half prepared may break anywhere
        return f"{type(error).__name__}: {error}"


def touched(make: Callable[[type[Claim]], type[Claim]]) -> set[str]:
    """The statements that two threads make of new aliases at once."""
    now, later = make(Claim), make(Claim)
    return at_once(lambda: str(transfers(now, later)))


def test_two_threads_use_an_alias_for_the_first_time(hasty: None) -> None:
    """Both read the same, and so does whoever comes after them."""
    right = str(transfers(prepare(Claim), prepare(Claim)))
    assert [found for _ in range(ROUNDS) if (found := touched(prepare)) != {right}] == []


def test_without_preparation_they_go_wrong(hasty: None) -> None:
    """The control: SQLAlchemy's own aliases break within some rounds."""
    right = str(transfers(prepare(Claim), prepare(Claim)))
    assert any(touched(aliased) != {right} for _ in range(50 * ROUNDS))


def test_two_threads_use_a_kept_statement_for_the_first_time(hasty: None) -> None:
    """The queue's statements are built once, and compiled by whichever thread comes first."""
    statements = [delivery_queue._DUE_LANES, delivery_queue._NEXT]
    right = [str(statement) for statement in statements]
    for _ in range(ROUNDS // 4):
        for statement, expected in zip(statements, right, strict=True):
            copy = statement.where()
            assert at_once(lambda copy=copy: str(copy)) == {expected}  # type: ignore[misc]


def test_an_alias_is_kept_by_its_role() -> None:
    """Modules share aliases: to prepare one takes a millisecond of the start."""
    assert kept(Claim, "now") is kept(Claim, "now")
    assert kept(Claim, "now") is not kept(Claim, "next")

"""Imports that ask before they write: from the look at the list to its end, whatever happens in between."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from db.models import ImportJob
from db.states import ImportStatus, Role
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.imports import asking, jobs
from services.imports.inventory.preview import ColumnSeen, Preview
from services.imports.understanding.choices import Choices
from services.imports.understanding.plan import Question
from services.imports.understanding.vocabulary import Meaning
from tests import factories

PLAN = Preview(rows=2, columns=[ColumnSeen("Gear", Meaning.CUSTOM, ("Tent",))], headers="h")


def refused(code: Refused) -> "pytest.RaisesExc[Refusal]":
    return pytest.raises(Refusal, check=lambda refusal: refusal.code is code)


def test_a_list_is_asked_about_and_written_once(session: Session, now: datetime) -> None:
    """It waits for a tap through a kill; old cards are outdated; decisions stay; Import counts once."""
    club = factories.organization(session, now, "Club")
    anna = factories.member(session, club, now, "Anna Admin", Role.ADMIN)
    tx = Tx(session, now, anna)

    def looked(plan: Preview, choices: Choices) -> ImportJob:
        job = jobs.claim(tx)
        assert job is not None
        asking.ask(tx, job.id, plan, choices)
        assert (job.attempts, jobs.claim(tx)) == (0, None)
        return job

    number = jobs.add(tx, chat_id=1, message_id=1, file_id="f", name="list.csv").id
    job = looked(Preview(rows=2, columns=PLAN.columns, questions=[Question.NAME]), Choices())
    first = asking.stamp(job)
    jobs.release(tx, {None})  # the program is started again
    with refused(Refused.OUTDATED):  # a question is open
        asking.confirm(tx, asking.asking(tx, number, first))
    named = Choices(columns={"Gear": Meaning.NAME}, encoding="cp1252")
    asking.choose(tx, asking.asking(tx, number, first), named)
    with refused(Refused.OUTDATED):  # it is read again
        asking.asking(tx, number, first)
    job = looked(PLAN, named)
    with refused(Refused.OUTDATED):  # the card of before
        asking.asking(tx, number, first)
    second = asking.stamp(job)
    member = factories.member(session, club, now, "Kari", Role.USER)
    with refused(Refused.NOT_ALLOWED):
        asking.asking(Tx(session, now, member), number, second)
    asking.confirm(tx, asking.asking(tx, number, second))
    with refused(Refused.OUTDATED):  # the second tap
        asking.asking(tx, number, second)
    assert jobs.claim(tx) is job and job.confirmed
    assert asking.choices_of(job) == named
    jobs.end(tx, number)
    assert (job.plan, job.choices) == (None, None)
    assert asking.kept(session, club.id, "h") == Choices(columns={"Gear": Meaning.NAME})
    assert asking.kept(session, factories.organization(session, now, "Other").id, "h") is None


def test_a_list_that_is_called_off_is_over_at_once(session: Session, now: datetime) -> None:
    """Nobody reads it any more, and its question is gone."""
    club = factories.organization(session, now, "Club")
    tx = Tx(session, now, factories.member(session, club, now, "Anna Admin", Role.ADMIN))
    number = jobs.add(tx, chat_id=1, message_id=1, file_id="f", name="list.csv").id
    jobs.claim(tx)
    asking.ask(tx, number, PLAN, Choices())
    jobs.cancel(tx, number)
    job = session.get_one(ImportJob, number)
    assert (job.status, job.plan, jobs.claim(tx)) == (ImportStatus.OVER, None, None)


def test_an_import_goes_on_in_another_program_at_once(session: Session, now: datetime) -> None:
    """It begins again as soon as the program that ran it is gone; another's goes on."""
    club = factories.organization(session, now, "Club")
    tx = Tx(session, now, factories.member(session, club, now, "Anna Admin", Role.ADMIN))
    of_dead, of_living = (
        jobs.add(tx, chat_id=1, message_id=place, file_id="f", name="list.csv").id for place in (1, 2)
    )
    assert [job.id for job in (jobs.claim(tx, 7), jobs.claim(tx, 8)) if job] == [of_dead, of_living]
    assert jobs.holders(session) == {7, 8}
    assert jobs.release(tx, {7, None}) == 1
    again = jobs.claim(tx, 8)
    assert again is not None
    assert (again.id, again.attempts, jobs.claim(tx, 8)) == (of_dead, 2, None)

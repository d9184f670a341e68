"""The audit has words for all that was done, by whom and when, and finds it by person and by thing."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from db.models import AuditEntry, Claim, Rental
from db.states import Condition, Role
from handlers.i18n.texts import LANGUAGES, Texts
from handlers.reports.audit_sentences import OWN, SENTENCES
from handlers.reports.audit_views import sentence
from services.core.errors import Refused
from services.core.tx import Tx
from services.desk import checkin
from services.inventory import creation
from services.maintenance import loss, service_status
from services.rentals import approval
from services.reports import audit_log
from tests import factories
from tests.factories import Club
from tests.services.permissions.assertions import refuses
from tests.services.reports.audit_cases import Reader

# Words


def test_there_are_words_for_all_that_is_noted() -> None:
    """A new action needs its sentence in handlers/reports/audit_sentences.py (and in the catalogues).

    Read from the code of the services: no call of `audit.note` or `audit.rental` is forgotten.
    """
    noted = Reader().everything()
    assert len({(one.subject, one.action) for one in noted}) > 25
    missing = [
        f'{one.where}: SENTENCES lacks ("{one.subject}", "{one.action}")'
        for one in noted
        if (one.subject, one.action) not in SENTENCES
    ]
    assert missing == []


def test_what_a_member_does_with_their_own_is_noted_of_others_too() -> None:
    """The sentences for one's own are variants of those that hold for everybody."""
    assert OWN.keys() <= SENTENCES.keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_can_be_said(language: str, now: datetime) -> None:
    """With details, and without any: by somebody, by the bot, by somebody who is forgotten."""
    t = Texts(language, now=now)
    details = {"items": [1], "reason": "<b>", "due_at": now.isoformat(), "name": ["A", None], "role": "admin"}
    details |= {"first": "2026-12-24", "last": "2026-12-26"}
    for subject, action in SENTENCES:
        for by in ("Kari <b>", "", None):
            for known in (details, {}):
                line = audit_log.Line(now, by, action, subject, 7, "Tent", known, {1: "T1"}, False)
                said = sentence(t, line)
                assert said and "{" not in said
                assert "<b><b>" not in said and "Kari <b>" not in said


# Reading


Told = tuple[str | None, str, int, str]


def told(session: Session, c: Club, now: datetime, words: str = "") -> list[Told]:
    """The first page about what the words mean: who did what with which row, and what or whose that is."""
    about = None
    if words:
        (about,) = audit_log.find(Tx(session, now, within=c.organization.id), words)
    shown, _ = audit_log.page(Tx(session, now, within=c.organization.id), about=about)
    return [(line.by, line.action, line.subject_id, line.what) for line in shown]


@pytest.fixture
def lived(session: Session, club: Club, now: datetime) -> Rental:
    """A rental that went out, and a change to an item that was not in it."""
    rental = factories.handed_out(session, club, now, factories.days(now, 0, 2), (club.tent, 1))
    service_status.set_condition(
        Tx(session, now, club.anna), 4, condition=Condition.IN_REPAIR, seen=1, giving_up=[], reason=""
    )
    return rental


KARI = "Kari Nordmann"


def handed_out(number: int) -> list[Told]:
    """List the acts that led to a hand-out, newest first."""
    return [
        ("Lars Lender", "hand_out", number, KARI),
        ("Anna Admin", "approve", number, KARI),
        (KARI, "request", number, KARI),
    ]


@pytest.mark.parametrize("words", ["T1", "t1", "tent", "{id}", "#{id}"])
def test_a_thing_has_its_rentals(
    session: Session, club: Club, now: datetime, lived: Rental, words: str
) -> None:
    """An item by its code, equipment by its name, a rental by its number; newest first."""
    assert told(session, club, now, words.format(id=lived.id)) == handed_out(lived.id)


@pytest.mark.parametrize("words", ["anna", "ADMIN", "Änna admin"])
def test_a_person_has_what_they_did(
    session: Session, club: Club, now: datetime, lived: Rental, words: str
) -> None:
    """By any part of the name, capitals and accents forgiven."""
    assert told(session, club, now, words) == [
        ("Anna Admin", "condition", 4, "S1 (Stove)"),
        ("Anna Admin", "approve", lived.id, KARI),
    ]


def test_a_person_has_what_others_did_with_their_rentals(
    session: Session, club: Club, now: datetime, lived: Rental
) -> None:
    """Approved, handed out, taken back, lost, and what the bot did; of nobody else, and each once."""
    later, last = now + timedelta(hours=1), now + timedelta(hours=80)
    claim = session.scalars(select(Claim.id).filter_by(rental_id=lived.id)).one()
    loss.declare_of(Tx(session, later, club.lars), claim, reason="")
    out = factories.handed_out(session, club, later, factories.days(later, 0, 2), (club.tent, 1))
    checkin.take_back(Tx(session, last, club.lars), out.id)
    asked = factories.requested(session, club.kari, last, factories.days(last, 3, 4), (club.tent, 1))
    approval.expire(Tx(session, last + timedelta(hours=73)), asked)
    factories.requested(session, club.ola, now, factories.days(now, 5, 6), (club.tent, 1))
    assert told(session, club, now, "kari") == [
        (None, "expire", asked.id, KARI),
        (KARI, "request", asked.id, KARI),
        ("Lars Lender", "take_back", out.id, KARI),
        *handed_out(out.id),
        ("Lars Lender", "lose", lived.id, KARI),
        *handed_out(lived.id),
    ]


def test_what_fits_more_than_one_is_asked(session: Session, club: Club, now: datetime) -> None:
    """A name and an equipment may be called the same."""
    factories.equipment(session, club.organization, club.organization.created_at, "Kari's tent")
    found = audit_log.find(Tx(session, now, within=club.organization.id), "kari")
    assert [(one.kind, one.name) for one in found] == [
        ("person", "Kari Nordmann"),
        ("equipment", "Kari's tent"),
    ]
    assert audit_log.find(Tx(session, now, within=club.organization.id), "nobody at all") == []


def test_another_organisation_has_an_audit_of_its_own(
    session: Session, club: Club, now: datetime, lived: Rental
) -> None:
    """Nothing of it is found: not by name, code or number, nor by a page's border."""
    other = factories.club(session, now, "Turlaget")
    factories.handed_out(session, other, now, factories.days(now, 0, 2), (other.stove, 1))
    assert len(told(session, club, now)) == 4
    theirs = factories.requested(session, club.ola, now, factories.days(now, 5, 6), (club.tent, 1))
    assert audit_log.find(Tx(session, now, within=other.organization.id), str(theirs.number)) == []
    assert audit_log.about(Tx(session, now, within=other.organization.id), "rental", lived.id) is None
    assert (
        audit_log.about(Tx(session, now, within=other.organization.id), "person", club.kari.user_id) is None
    )
    mine = session.scalars(select(AuditEntry.id).filter_by(organization_id=club.organization.id)).first()
    shown, _ = audit_log.page(Tx(session, now, within=other.organization.id), before=mine)
    assert {line.what for line in shown} <= {"Kari Nordmann"} and len(shown) == 3


def test_pages_follow_each_other_without_a_gap(session: Session, club: Club, now: datetime) -> None:
    """Also where many things were done in the same moment."""
    for number in range(25):
        creation.items(
            Tx(session, now + timedelta(seconds=number // 9), club.anna), club.tent.id, code=f"N{number}"
        )
    seen: list[str] = []
    before = None
    while True:
        shown, before = audit_log.page(Tx(session, now, within=club.organization.id), before=before)
        seen += [line.what for line in shown]
        if before is None:
            break
    assert seen == [f"N{n} (Tent)" for n in reversed(range(25))]


def test_a_page_takes_few_queries(session: Session, club: Club, now: datetime, lived: Rental) -> None:
    """However many entries are on it."""
    for number in range(10):
        creation.items(Tx(session, now, club.anna), club.tent.id, code=f"N{number}")
    session.flush()
    asked: list[str] = []
    connection = session.connection()
    event.listen(connection, "before_cursor_execute", lambda *a: asked.append(a[2]))
    audit_log.page(Tx(session, now, within=club.organization.id))
    assert len(asked) <= 8


def test_only_leaders_read_it(session: Session, club: Club) -> None:
    """An admin does not."""
    for actor in (club.kari, club.lars, club.anna):
        with refuses(session, Refused.NOT_ALLOWED, needed=Role.LEADER):
            audit_log.require_reader(actor)

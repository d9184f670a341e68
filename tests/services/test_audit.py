"""Who did what and when: every change is noted once, with words for it, and found by person and by thing."""

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from db.models import AuditEntry, Claim, Equipment, Item, Rental
from db.states import Condition, Described, Role
from handlers.texts import LANGUAGES, Texts
from handlers.views.audit_lines import sentence
from handlers.views.audit_words import OWN, SENTENCES
from services import (
    adding,
    belongings,
    blocks,
    conditions,
    decisions,
    editing,
    extensions,
    fields,
    handovers,
    history,
    invites,
    kits,
    member_edits,
    organizations,
    places,
    rules,
    suspensions,
    sweep,
    tags,
)
from services.errors import Refused
from tests import support
from tests.audited import Audited
from tests.services.asking import DAY, refuses
from tests.services.noted import Reader
from tests.support import Club

# Words


def test_there_are_words_for_all_that_is_noted() -> None:
    """A new action needs its sentence in handlers/views/audit_words.py (and in the catalogues).

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
                line = history.Line(now, by, action, subject, 7, "Tent", known, {1: "T1"}, False)
                said = sentence(t, line)
                assert said and "{" not in said
                assert "<b><b>" not in said and "Kari <b>" not in said


# Each step is noted once


@pytest.fixture
def audited(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Audited]:
    path = tmp_path / "audited.db"
    shutil.copy(migrated_sqlite, path)
    database = Audited(f"sqlite:///{path}")
    yield database
    database.close()


class Office:
    """A club whose people act in one transaction each, which is held against its entries."""

    def __init__(self, database: Audited, now: datetime) -> None:
        self.database, self.now = database, now
        self.club = database.write_now(lambda s: support.club(s, now))
        self.ada = database.write_now(
            lambda s: support.member(s, self.club.organization, now, "Ada Leader", Role.LEADER)
        )
        database.problems.clear()

    def does(self, work: Callable[[Session], object], *expected: tuple[str, str]) -> None:
        """The work writes exactly these entries."""
        before = self.database.noted.copy()
        self.database.write_now(work)
        assert self.database.problems == []
        assert sorted((self.database.noted - before).elements()) == sorted(expected)

    def requested(self, pieces: int = 1, first: int = 1, last: int = 3) -> int:
        c, now = self.club, self.now

        def work(session: Session) -> int:
            period = support.days(now, first, last)
            return support.requested(session, c.kari, now, period, (c.tent, pieces)).id

        return self.database.write_now(work)


@pytest.fixture
def office(audited: Audited, now: datetime) -> Office:
    return Office(audited, now)


def rental_steps(office: Office) -> None:
    c, now = office.club, office.now
    number = office.requested(pieces=2, first=0)
    office.does(lambda s: decisions.approve(s, c.anna, number, now), ("rental", "approve"))
    later = now + timedelta(hours=1)
    office.does(lambda s: handovers.hand_out(s, c.lars, number, later), ("rental", "hand_out"))
    until = now + timedelta(days=5)
    office.does(lambda s: extensions.ask(s, c.kari, number, until, later), ("rental", "ask_extension"))
    office.does(lambda s: extensions.grant(s, c.anna, 1, later), ("rental", "extend"))
    office.does(
        lambda s: handovers.report_problem(s, c.kari, number, later, note="A pole is bent"),
        ("rental", "problem"),
    )
    office.does(lambda s: handovers.give_back(s, c.kari, number, later), ("rental", "give_back"))
    damaged = ("item", "condition")  # the problem is of both pieces
    office.does(
        lambda s: handovers.confirm_return(s, c.lars, number, later),
        ("rental", "take_back"),
        damaged,
        damaged,
    )


def ends(office: Office) -> None:
    c, now = office.club, office.now
    declined, cancelled, expired = office.requested(), office.requested(), office.requested()
    office.does(lambda s: decisions.decline(s, c.anna, declined, now), ("rental", "decline"))
    office.does(lambda s: decisions.cancel(s, c.kari, cancelled, now), ("rental", "cancel"))
    office.does(lambda s: sweep.run(s, now + timedelta(days=30)), ("rental", "expire"))
    assert office.database.read_now(lambda s: s.get_one(Rental, expired).status) == "expired"


def moving_aside(office: Office) -> None:
    """A request that fits when another changes items: that one is noted too, by the bot."""
    c, now = office.club, office.now
    number = office.requested()
    office.does(lambda s: decisions.approve(s, c.anna, number, now), ("rental", "approve"))
    claim = office.database.read_now(lambda s: s.scalars(select(Claim).filter_by(rental_id=number)).one())
    other = office.database.read_now(
        lambda s: s.scalars(
            select(Item.id).where(Item.equipment_id == c.tent.id, Item.id != claim.item_id)
        ).first()
    )
    office.does(lambda s: handovers.swap(s, c.lars, claim.id, other or 0, now), ("rental", "swap"))
    asked = blocks.Asked(c.tent.id, now, now + 10 * DAY, item_ids=(other or 0,))
    office.does(
        lambda s: blocks.create(s, c.anna, asked, now, reason="Drying"),
        ("block", "block"),
        ("rental", "reseat"),
    )
    office.does(lambda s: blocks.end(s, c.anna, 1, now + DAY), ("block", "end"))
    everything = blocks.Asked(c.tent.id, now, now + 10 * DAY, pieces=3)
    office.does(
        lambda s: blocks.create(s, c.anna, everything, now + DAY, reason="Drying"),
        ("block", "block"),
        ("rental", "withdraw"),
    )


def inventory_steps(office: Office) -> None:
    c, now = office.club, office.now
    tent = c.tent.id

    def version(session: Session, table: type[Equipment] | type[Item], id_: int) -> int:
        return session.scalars(select(table.version).where(table.id == id_)).one()

    office.does(lambda s: adding.equipment(s, c.anna, now, name="Sledge"), ("equipment", "add"))
    office.does(lambda s: adding.items(s, c.anna, tent, now, code="T9"), ("item", "add"))
    office.does(
        lambda s: editing.edit_equipment(
            s, c.anna, tent, now, field="brand", text="Hilleberg", seen=version(s, Equipment, tent)
        ),
        ("equipment", "edit"),
    )
    office.does(lambda s: belongings.named_place(s, c.anna, "Shed", now), ("location", "add"))
    office.does(
        lambda s: belongings.move_item(s, c.anna, 1, now, location_id=1, seen=version(s, Item, 1)),
        ("item", "edit"),
    )
    office.does(lambda s: belongings.named_tag(s, c.anna, "winter", now), ("tag", "add"))
    office.does(
        lambda s: belongings.tag_equipment(s, c.anna, tent, now, tag_id=1, on=True), ("equipment", "edit")
    )
    office.does(
        lambda s: belongings.set_photo(s, c.anna, tent, now, file_id="abc", seen=version(s, Equipment, tent)),
        ("equipment", "edit"),
    )
    office.does(
        lambda s: conditions.set_condition(
            s,
            c.anna,
            1,
            now,
            condition=Condition.IN_REPAIR,
            seen=version(s, Item, 1),
            giving_up=[],
            reason="",
        ),
        ("item", "condition"),
    )
    office.does(
        lambda s: conditions.retire(s, c.anna, tent, now, seen=version(s, Equipment, tent)),
        ("equipment", "retire"),
    )
    office.does(
        lambda s: conditions.bring_back(s, c.anna, tent, now, seen=version(s, Equipment, tent)),
        ("equipment", "bring_back"),
    )


def vocabulary_steps(office: Office) -> None:
    """Places, tags, fields, kits and the rules of one equipment."""
    c, now, anna = office.club, office.now, office.club.anna
    _named_steps(office, "location", places)
    _named_steps(office, "tag", tags)
    office.does(lambda s: tags.paint(s, anna, now, 1, next(iter(tags.COLORS))), ("tag", "paint"))
    office.does(lambda s: fields.add(s, anna, now, Described.RENTAL, "Car"), ("field", "add"))
    office.does(lambda s: fields.rename(s, anna, now, 1, "Van"), ("field", "rename"))
    office.does(lambda s: fields.switch(s, anna, now, 1, on=False), ("field", "disable"))
    office.does(lambda s: kits.add(s, anna, now, "Camp"), ("kit", "add"))
    office.does(lambda s: kits.set_part(s, anna, now, 1, c.tent.id, 2, seen=1), ("kit", "set_part"))
    office.does(lambda s: kits.rename(s, anna, now, 1, "Big camp", seen=2), ("kit", "rename"))
    office.does(lambda s: kits.retire(s, anna, now, 1, seen=3), ("kit", "retire"))
    office.does(lambda s: kits.bring_back(s, anna, now, 1, seen=4), ("kit", "bring_back"))
    office.does(
        lambda s: rules.change(s, anna, now, c.tent.id, "longest_days", 3, seen=1),
        ("equipment", "change_rule"),
    )


def _named_steps(office: Office, subject: str, module: Any) -> None:
    now, anna = office.now, office.club.anna
    office.does(lambda s: module.add(s, anna, now, "One"), (subject, "add"))
    office.does(lambda s: module.rename(s, anna, now, 1, "Two"), (subject, "rename"))
    office.does(lambda s: module.switch(s, anna, now, 1, on=False), (subject, "disable"))
    office.does(lambda s: module.switch(s, anna, now, 1, on=False))
    office.does(lambda s: module.switch(s, anna, now, 1, on=True), (subject, "enable"))


def people_steps(office: Office) -> None:
    c, now = office.club, office.now
    office.does(lambda s: invites.make(s, c.anna, now, role=Role.USER), ("invite", "invite"))
    ola = c.ola.user_id
    office.does(
        lambda s: member_edits.change_role(s, c.anna, ola, now, role=Role.LENDER, seen=Role.USER),
        ("user", "change_role"),
    )
    office.does(
        lambda s: member_edits.edit(s, c.anna, ola, now, field="city", value="Bergen", seen=""),
        ("user", "edit"),
    )
    office.does(
        lambda s: suspensions.suspend(s, c.anna, ola, now, reason="Late", until=None), ("user", "suspend")
    )
    office.does(lambda s: suspensions.reactivate(s, c.anna, ola, now), ("user", "reactivate"))
    office.does(
        lambda s: organizations.create(s, now, name="New", timezone="Europe/Oslo", leader_first="Eva"),
        ("organization", "create"),
        ("invite", "invite"),
    )
    office.does(
        lambda s: organizations.bind_group(s, c.anna, now, chat_id=-5, thread_id=None, title="G"),
        ("organization", "bind_group"),
    )
    office.does(lambda s: organizations.unbind_group(s, now, chat_id=-5), ("organization", "unbind_group"))


@pytest.mark.parametrize(
    "steps",
    [rental_steps, ends, moving_aside, inventory_steps, vocabulary_steps, people_steps],
    ids=lambda f: f.__name__,
)
def test_each_step_is_noted_once_where_it_is_made(office: Office, steps: Callable[[Office], None]) -> None:
    """One entry in the transaction of each change; what is done a second time notes nothing more."""
    steps(office)


def test_who_comes_second_notes_nothing(office: Office) -> None:
    """Approved already: the refusal leaves no entry."""
    number, now = office.requested(), office.now
    office.does(lambda s: decisions.approve(s, office.club.anna, number, now), ("rental", "approve"))

    def again(session: Session) -> None:
        with refuses(session, Refused.ALREADY):
            decisions.approve(session, office.club.anna, number, now)

    office.does(again)


# Reading


def told(session: Session, c: Club, now: datetime, words: str = "") -> list[str]:
    """The sentences of the first page, about what the words mean."""
    about = None
    if words:
        (about,) = history.find(session, c.organization.id, words)
    shown, _ = history.page(session, c.organization.id, about=about)
    return [str(sentence(Texts(now=now), line).striptags()) for line in shown]


@pytest.fixture
def lived(session: Session, club: Club, now: datetime) -> Rental:
    """A rental that went out, and a change to an item that was not in it."""
    rental = support.handed_out(session, club, now, support.days(now, 0, 2), (club.tent, 1))
    conditions.set_condition(
        session, club.anna, 4, now, condition=Condition.IN_REPAIR, seen=1, giving_up=[], reason=""
    )
    return rental


HANDED_OUT = [
    "Lars Lender handed out rental {id} (Kari Nordmann): T1",
    "Anna Admin approved rental {id} (Kari Nordmann)",
    "Kari Nordmann asked for rental {id}",
]


@pytest.mark.parametrize("words", ["T1", "t1", "tent", "{id}", "#{id}"])
def test_a_thing_has_its_rentals(
    session: Session, club: Club, now: datetime, lived: Rental, words: str
) -> None:
    """An item by its code, equipment by its name, a rental by its number; newest first."""
    assert told(session, club, now, words.format(id=lived.id)) == [
        one.format(id=lived.id) for one in HANDED_OUT
    ]


@pytest.mark.parametrize("words", ["anna", "ADMIN", "Änna admin"])
def test_a_person_has_what_they_did(
    session: Session, club: Club, now: datetime, lived: Rental, words: str
) -> None:
    """By any part of the name, capitals and accents forgiven."""
    assert told(session, club, now, words) == [
        "Anna Admin changed “S1 (Stove)”: condition fine → in repair",
        f"Anna Admin approved rental {lived.id} (Kari Nordmann)",
    ]


def test_what_fits_more_than_one_is_asked(session: Session, club: Club) -> None:
    """A name and an equipment may be called the same."""
    support.equipment(session, club.organization, club.organization.created_at, "Kari's tent")
    found = history.find(session, club.organization.id, "kari")
    assert [(one.kind, one.name) for one in found] == [
        ("person", "Kari Nordmann"),
        ("equipment", "Kari's tent"),
    ]
    assert history.find(session, club.organization.id, "nobody at all") == []


def test_another_organisation_has_an_audit_of_its_own(
    session: Session, club: Club, now: datetime, lived: Rental
) -> None:
    """Nothing of it is found: not by name, code or number, nor by a page's border."""
    other = support.club(session, now, "Turlaget")
    support.handed_out(session, other, now, support.days(now, 0, 2), (other.stove, 1))
    assert len(told(session, club, now)) == 4
    assert history.find(session, other.organization.id, str(lived.id)) == []
    assert history.about(session, other.organization.id, "rental", lived.id) is None
    assert history.about(session, other.organization.id, "person", club.kari.user_id) is None
    mine = session.scalars(select(AuditEntry.id).filter_by(organization_id=club.organization.id)).first()
    shown, _ = history.page(session, other.organization.id, before=mine)
    assert {line.what for line in shown} <= {"Kari Nordmann"} and len(shown) == 3


def test_pages_follow_each_other_without_a_gap(session: Session, club: Club, now: datetime) -> None:
    """Also where many things were done in the same moment."""
    for number in range(25):
        adding.items(
            session, club.anna, club.tent.id, now + timedelta(seconds=number // 9), code=f"N{number}"
        )
    seen: list[str] = []
    before = None
    while True:
        shown, before = history.page(session, club.organization.id, before=before)
        seen += [line.what for line in shown]
        if before is None:
            break
    assert seen == [f"N{n} (Tent)" for n in reversed(range(25))]


def test_a_page_takes_few_queries(session: Session, club: Club, now: datetime, lived: Rental) -> None:
    """However many entries are on it."""
    for number in range(10):
        adding.items(session, club.anna, club.tent.id, now, code=f"N{number}")
    session.flush()
    asked: list[str] = []
    connection = session.connection()
    event.listen(connection, "before_cursor_execute", lambda *a: asked.append(a[2]))
    history.page(session, club.organization.id)
    assert len(asked) <= 8


def test_only_leaders_read_it(session: Session, club: Club) -> None:
    """An admin does not."""
    for actor in (club.kari, club.lars, club.anna):
        with refuses(session, Refused.NOT_ALLOWED, needed=Role.LEADER):
            history.require_reader(actor)

"""Undoing an import of members, and asking whose an address is that several of them share."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update

from bot.cli import import_plan
from bot.cli.members import settle_addresses
from db.models import User
from db.states import Role
from services.core import identity
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.imports import MembersReport
from services.imports.afterwards import addresses, undo
from services.imports.afterwards.obstacles import Why
from services.imports.afterwards.undo import Extent
from services.imports.inventory import effects
from tests import factories
from tests.services.imports.conftest import Club
from tests.services.imports.files import lines
from tests.services.imports.members.test_member_import import added, brings, everything, members

FAMILY = lines(
    "Mitgliedsnummer;Vorname;Nachname;E-Mail;Eintritt;Status;Spind",
    "1;Änne;Müller;fam@x.no;2010;aktiv;7",
    "2;Jörg;Müller;fam@x.no;1.2.2012;ruht;",
    "3;Lio;Müller;fam@x.no;;aktiv;",
)


def act(club: Club, work: Callable[[Tx], Any]) -> Any:
    """Act as an admin of the club."""
    admin = members(club).get("Anna")
    user_id = admin.id if admin is not None else added(club, first_name="Anna", role=Role.ADMIN)

    def within(session: Any) -> Any:
        actor = identity.as_actor(session.get_one(User, user_id), 1, club.now)
        return work(Tx(session, club.now, actor))

    return club.database.write_now(within)


def undone(club: Club, report: MembersReport) -> Extent:
    found: Extent = act(club, lambda tx: undo.undo(tx, report.run_id or 0))
    return found


def open_ones(club: Club, report: MembersReport) -> list[addresses.Shared]:
    found: list[addresses.Shared] = act(
        club, lambda tx: addresses.open_ones(tx, effects.of_run(tx, report.run_id or 0))
    )
    return found


def test_new_members_go_with_their_links(any_club: Club) -> None:
    """Nothing is left of them, nor of a new field; who was there before stays; once."""
    club = any_club
    added(club, first_name="Anna", role=Role.ADMIN, email="anna@x.no")
    before = everything(club)
    report = brings(club, FAMILY)
    assert (report.new, report.unknown, len(report.invited)) == (3, [("ruht", 1)], 3)
    assert undone(club, report) == Extent(0, 0, 0, 3)
    assert everything(club) == before
    with pytest.raises(Refusal) as refused:
        undone(club, report)
    assert refused.value.code is Refused.IMPORT_UNDONE
    assert brings(club, FAMILY).new == 3


def test_nobody_goes_who_joined_or_was_changed(club: Club) -> None:
    """All or nothing: it says who is in the way."""
    report = brings(club, FAMILY)
    found = members(club)
    of_lio = update(User).where(User.id == found["Lio"].id).values(phone="900 00 001")

    def use(tx: Tx) -> None:
        tx.session.execute(of_lio)
        factories.account(tx.session, club.now, 77, club.id, found["Änne"].id)

    act(club, use)
    before = everything(club)
    with pytest.raises(Refusal) as refused:
        undone(club, report)
    assert [(name, why) for name, _, why, _ in refused.value.data["things"]] == [
        ("Änne Müller", Why.JOINED),
        ("Lio Müller", Why.CHANGED),
    ]
    assert everything(club) == before


def test_a_shared_address_is_asked_about_once(club: Club) -> None:
    """It goes to the one who is named, and stands beside the other; the import can still be undone."""
    report = brings(club, FAMILY)
    assert [[name for _, name in one.members] for one in open_ones(club, report)] == [
        ["Änne Müller", "Jörg Müller", "Lio Müller"]
    ]
    jorg = members(club)["Jörg"].id
    act(club, lambda tx: addresses.settle(tx, report.run_id or 0, jorg))
    found = members(club)
    assert [found[name].email for name in ("Änne", "Jörg", "Lio")] == [None, "fam@x.no", None]
    assert [found[name].custom.get("E-Mail") for name in ("Änne", "Jörg")] == ["fam@x.no", None]
    assert open_ones(club, report) == []
    with pytest.raises(Refusal) as refused:
        act(club, lambda tx: addresses.settle(tx, report.run_id or 0, jorg))
    assert refused.value.code is Refused.ADDRESS_SETTLED
    assert undone(club, report).members == 3


def test_who_has_the_address_may_keep_it(club: Club) -> None:
    report = brings(club, FAMILY)
    anne = members(club)["Änne"].id
    act(club, lambda tx: addresses.settle(tx, report.run_id or 0, anne))
    assert open_ones(club, report) == []
    assert members(club)["Änne"].email == "fam@x.no"


def test_the_operator_is_asked_whose_an_address_is(club: Club, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal, once; nobody is measured by a role there."""
    report = brings(club, FAMILY)
    asked: list[list[str]] = []

    def pick(question: str, names: list[str]) -> int:
        asked.append(names)
        return names.index("Jörg Müller")

    monkeypatch.setattr(import_plan, "pick", pick)
    settle_addresses(club.database, club.id, report.run_id or 0)
    assert asked == [["Änne Müller", "Jörg Müller", "Lio Müller"]]
    assert members(club)["Jörg"].email == "fam@x.no"
    assert undone(club, report).members == 3


def test_a_year_is_the_whole_of_it(club: Club) -> None:
    """A membership since a year began with it; a year of birth is kept as it is written."""
    text = lines("Name;E-Mail;Geburtsdatum;Eintritt;Austritt", "Berg, Ada;ada@x.no;1980;2015;2031")
    assert brings(club, text).refused == []
    ada = members(club)["Ada"]
    assert (ada.born_on, ada.custom) == (None, {"Geburtsdatum": "1980"})
    assert ada.active_from is not None and ada.active_from.date().isoformat() == "2014-12-31"
    assert ada.active_until is not None and ada.active_until.date().isoformat() == "2031-12-31"


def test_each_column_is_accounted_for(club: Club) -> None:
    """An unknown one is kept as an own field, a password is left out; both are told."""
    text = lines("Name;E-Mail;Passwort;Spind", "Berg, Ada;ada@x.no;geheim;7")
    report = brings(club, text)
    assert report.became == {"custom": ["Spind"], "left out": ["Passwort"]}
    assert members(club)["Ada"].custom == {"Spind": "7"}

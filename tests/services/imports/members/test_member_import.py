"""Members come in from files: who is known stays who they are, and each new one gets a link of their own."""

import asyncio
import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import AuditEntry, CustomField, Invite, User
from db.states import Described, Role
from services.core import identity
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.exports import Format, What
from services.imports import MembersReport, Reason, import_members, runner
from services.imports.members.links import links_file
from services.members import invites
from services.onboarding import joining
from tests.services.exports.conftest import take_out
from tests.services.imports.conftest import Club
from tests.services.imports.files import CHUNK, lines, real

USERS = "snipe-it-users.csv"
HEADER = "first name,last name,username,email,phone,membership number,active,role"


def brings(
    club: Club,
    source: str | Path,
    *,
    by: int | None = None,
    later: timedelta = timedelta(0),
    **overrides: str,
) -> MembersReport:
    """Import a text or a file of members, and give somebody their links."""
    if isinstance(source, str):
        path = club.folder / f"members{next(club.numbers)}.csv"
        path.write_text(source, encoding="utf-8")
        source = path
    named = {name.replace("_", " "): header for name, header in overrides.items()}
    report = asyncio.run(import_members(club.database, club.id, by, source, named, club.now + later))
    club.database.write_now(lambda s: invites.note_delivered(s, [one.token for one in report.invited]))
    return report


def members(club: Club) -> dict[str, User]:
    query = select(User).where(User.organization_id == club.id).order_by(User.id)
    return {user.first_name: user for user in club.database.read_now(lambda s: s.scalars(query).all())}


def everything(club: Club) -> list[Any]:
    tables = (User.__table__, Invite.__table__, CustomField.__table__)
    return club.database.read_now(
        lambda s: [tuple(row) for table in tables for row in s.execute(select(table).order_by(table.c.id))]
    )


def added(club: Club, **fields: Any) -> int:
    def work(session: Session) -> int:
        row = User(organization_id=club.id, last_name="", created_at=club.now, **fields)
        session.add(row)
        session.flush()
        return row.id

    return club.database.write_now(work)


def reasons(report: MembersReport) -> list[tuple[int, str | None, Reason, dict[str, Any]]]:
    return [(row.line, row.column, row.reason, row.data) for row in report.refused]


def test_a_real_file_of_users_comes_in(any_club: Club) -> None:
    """All hundred; 45 are not active and get no link; five have no email; a second run changes nothing."""
    report = brings(any_club, real(USERS))
    assert (report.rows, report.new, report.refused_total, report.inactive) == (100, 100, 0, 45)
    assert len(report.invited) == 55
    assert any_club.database.read_now(lambda s: len(s.scalars(select(User)).all())) == 100
    before = everything(any_club)
    again = brings(any_club, real(USERS), later=timedelta(days=3))
    assert (again.unchanged, again.new, again.changed, again.invited) == (100, 0, 0, [])
    assert everything(any_club) == before


def test_what_a_real_file_says_is_kept(club: Club) -> None:
    """Known columns find their fields, the others are the organisation's own; without email there is none."""
    brings(club, real(USERS))
    found = {u.username: u for u in club.database.read_now(lambda s: s.scalars(select(User)).all())}
    reagen, juan = found["rtenant0"], found["jlowseley9"]
    assert (reagen.name, reagen.email, reagen.phone) == (
        *("Reagen Tenant", "rtenant0@istockphoto.com", "895-137-2034"),
    )
    assert reagen.is_active(club.now + timedelta(days=1))
    assert reagen.custom["Job Title"] == "Nurse Practicioner"
    assert reagen.custom["End Date"] == "2022-12-04"
    assert (juan.email, juan.name) == (None, "Juan")
    assert sum(user.email is None for user in found.values()) == 5
    assert not found["klefeuvre1"].is_active(club.now)
    query = select(CustomField.label).filter_by(organization_id=club.id, describes=Described.USER)
    labels = club.database.read_now(lambda s: s.scalars(query).all())
    assert "Job Title" in labels and "City" not in labels and "Email" not in labels


def test_each_new_member_gets_a_link_that_is_theirs(any_club: Club) -> None:
    """The file of links leads each to their own user, and nobody is asked what is known."""
    report = brings(any_club, lines(HEADER, "Kari,Nordmann,kari,kari@x.no,912 34 567,7,yes,lender"))
    (invited,) = report.invited
    assert (invited.name, invited.email, invited.phone) == ("Kari Nordmann", "kari@x.no", "912 34 567")
    (row,) = csv.DictReader(links_file(report.invited, "the_bot").splitlines())
    assert row["link"] == f"https://t.me/the_bot?start={invited.token}"

    def opens(session: Session) -> User:
        identity.remember_account(Tx(session, any_club.now), account_id=77, first_name="K", language="en")
        invite = invites.look_at(Tx(session, any_club.now), 77, invited.token)
        assert joining.missing(Tx(session, any_club.now), invite) == []
        return joining.join(Tx(session, any_club.now), account_id=77, invite_id=invite.id)

    user = any_club.database.write_now(opens)
    assert (user.name, user.role, len(members(any_club))) == ("Kari Nordmann", Role.LENDER, 1)


def test_duplicates_say_which_field_and_whose(any_club: Club) -> None:
    """Within the file by line, in the organisation by name; the others come in all the same."""
    added(any_club, first_name="Ola", username="ola", email="ola@x.no")
    report = brings(
        any_club,
        lines(
            "first name,username,email",
            "Kari,kari,kari@x.no",
            "Karin,KARI,karin@x.no",
            "Nora,nora,Kari@X.no",
            "Olav,olav,ola@x.no",
            "Otto,ola,kari2@x.no",
            "Per,per,per@x.no",
        ),
    )
    assert reasons(report) == [
        (3, "username", Reason.USERNAME_TWICE, {"first_line": 2}),
        (4, "email", Reason.EMAIL_TWICE, {"first_line": 2}),
        (5, "email", Reason.EMAIL_OF, {"name": "Ola"}),
    ]
    assert (report.new, report.changed) == (2, 1)
    found = members(any_club)
    assert found["Otto"].email == "kari2@x.no"
    assert set(found) == {"Otto", "Kari", "Per"}


@pytest.mark.parametrize("rows_each_time", [500, 1])
@pytest.mark.parametrize("known", [False, True], ids=["new", "known"])
def test_a_number_alone_is_not_a_second_person(
    club: Club, monkeypatch: pytest.MonkeyPatch, known: bool, rows_each_time: int
) -> None:
    """A member from an earlier row, by a username, is not changed by a row with their number alone."""
    monkeypatch.setattr(runner, "CHUNK", rows_each_time)
    if known:
        added(club, first_name="Kari", username="kari", membership_id="7")
    text = lines("first name,username,membership number", "Kari,kari,7", "Karin,,7", "Per,per,8")
    report = brings(club, text)
    assert reasons(report) == [(3, "membership number", Reason.NUMBER_TWICE, {"first_line": 2})]
    assert sorted(members(club)) == ["Kari", "Per"]


@pytest.mark.parametrize("rows_each_time", [500, 1])
@pytest.mark.parametrize("field", ["username", "email"])
def test_what_somebody_was_called_is_nobody_elses_in_that_file(
    club: Club, monkeypatch: pytest.MonkeyPatch, field: str, rows_each_time: int
) -> None:
    """An export in which a member got another username or email, and somebody new the old one: they stay two.

    The new one is refused, and comes in the next time.
    """
    monkeypatch.setattr(runner, "CHUNK", rows_each_time)
    added(club, first_name="Kari", username="kari@x.no", email="kari@x.no")
    with take_out(club, Format.CSV, What.MEMBERS).open(encoding="utf-8-sig") as file:
        (row,) = csv.DictReader(file)
    changed = row | {field: "new@x.no"}
    eve = dict.fromkeys(row, "") | {"first name": "Eve", field: "kari@x.no"}
    rows = [",".join(one.values()) for one in (changed, eve)]
    report = brings(club, lines(",".join(row), *rows))
    why = Reason.USERNAME_OF if field == "username" else Reason.EMAIL_OF
    taken = [(3, field, why, {"name": "Kari"})]
    # In a chunk of its own the old one is free already.
    assert (reasons(report), report.changed) == (taken if rows_each_time > 1 else [], 1)
    brings(club, lines(",".join(row), *rows))
    found = members(club)
    assert (getattr(found["Kari"], field), getattr(found["Eve"], field)) == ("new@x.no", "kari@x.no")


def test_a_numbered_row_takes_no_username_of_another(any_club: Club) -> None:
    """The sentence says whose it is, and both stay as they were."""
    added(any_club, first_name="Ola", username="ola", email="ola@x.no")
    kari = added(any_club, first_name="Kari", username="kari", email="kari@x.no")
    path = take_out(any_club, Format.CSV, What.MEMBERS)
    path.write_text(path.read_text("utf-8-sig").replace(",kari,", ",OLA,"))
    before = everything(any_club)
    report = brings(any_club, path)
    assert reasons(report)[-1][1:] == ("username", Reason.USERNAME_TWICE, {"first_line": 2})
    ours = path.read_text().splitlines()
    path.write_text("\n".join([ours[0], next(line for line in ours if line.startswith(f"{kari},"))]))
    report = brings(any_club, path)
    assert reasons(report) == [(2, "username", Reason.USERNAME_OF, {"name": "Ola"})]
    assert everything(any_club) == before


def test_the_same_person_with_more_known(any_club: Club) -> None:
    """Somebody who joined by the bot is known by email; what the file adds is added, what it lacks stays."""
    number = added(any_club, first_name="Kari", email="kari@x.no", city="Bergen", custom={"Shoe": "39"})
    report = brings(any_club, lines("first name,username,email,city,Boat", "Kari,kari,KARI@x.no,,yes"))
    assert (report.new, report.changed, report.invited) == (0, 1, [])
    kari = members(any_club)["Kari"]
    assert (kari.id, kari.username, kari.city, kari.custom) == (
        *(number, "kari", "Bergen", {"Shoe": "39", "Boat": "yes"}),
    )
    text = any_club.database.read_now(lambda s: s.scalar(select(User.search_text).where(User.id == number)))
    assert text is not None and text.split("\n")[:3] == ["kari", "kari", "kari@x.no"]


def test_letters_beyond_ascii_are_the_same_person(any_club: Club) -> None:
    """`ÅSE` is `åse`, on both kinds of database."""
    brings(any_club, lines("first name,username", "Åse,Åse"))
    report = brings(any_club, lines("first name,username", "Åse,Åse"))
    assert (report.new, report.unchanged) == (0, 1)


def test_who_is_active_and_who_not(any_club: Club) -> None:
    """A file ends and takes up memberships as it says; it does not touch a suspension."""
    added(
        any_club,
        first_name="Kari",
        username="kari",
        suspended_at=any_club.now - timedelta(days=1),
        suspended_reason="late",
    )
    brings(any_club, lines("first name,username,active", "Kari,kari,no", "Ola,ola,yes"))
    found = members(any_club)
    assert found["Kari"].active_until is None
    assert found["Ola"].is_active(any_club.now)
    brings(any_club, lines("first name,username,active", "Ola,ola,nei"))
    assert not members(any_club)["Ola"].is_active(any_club.now)
    brings(any_club, lines("first name,username,active", "Ola,ola,ja"), later=timedelta(days=1))
    assert members(any_club)["Ola"].active_until is None


def test_days_of_a_membership(club: Club) -> None:
    """The first and the last day, whole, in the organisation's time; and a date of birth."""
    brings(
        club,
        lines(
            "name,email,Mitglied seit,Mitglied bis,born",
            "Kari Nordmann,k@x.no,2026-01-01,31.12.2026,1.2.1990",
        ),
    )
    kari = members(club)["Kari"]
    assert (kari.active_from, kari.active_until) == (
        *(datetime(2025, 12, 31, 23, tzinfo=UTC), datetime(2026, 12, 31, 23, tzinfo=UTC)),
    )
    assert (kari.last_name, str(kari.born_on)) == ("Nordmann", "1990-02-01")


@pytest.mark.parametrize(
    ("row", "column", "why"),
    [
        (",,kari,,,,,", "first name", Reason.NO_NAME),
        ("Kari,,,,912 34 567,,,", None, Reason.NO_KEY),
        ("Kari,,kari,kari,,,,", "email", Reason.BAD_EMAIL),
        ("Kari,,kari,,call me,,,", "phone", Reason.BAD_PHONE),
        ("Kari,,kari,,,,perhaps,", "active", Reason.BAD_YES_NO),
        (f"{'K' * 101},,kari,,,,,", "first name", Reason.TOO_LONG),
        ("Kari,,kari,,,,,,more", None, Reason.TOO_MANY_CELLS),
    ],
)
def test_rows_that_cannot_come_in(club: Club, row: str, column: str | None, why: Reason) -> None:
    """Each with its line, its column and why; nothing of it is written."""
    report = brings(club, lines(HEADER, row))
    assert [(one.line, one.column, one.reason) for one in report.refused] == [(2, column, why)]
    assert members(club) == {}


def test_nobody_brings_in_more_than_they_are(club: Club) -> None:
    """An admin's file neither makes leaders nor changes one; roles of known members stay as they are."""
    leader = added(club, first_name="Ada", username="ada", role=Role.LEADER)
    admin = added(club, first_name="Anna", username="anna", role=Role.ADMIN)
    table = lines(
        "first name,username,role,city,active",
        "Eve,eve,leader,,",
        "Ada,ada,user,Oslo,",
        "Anna,anna,user,Oslo,",
    )
    report = brings(club, table, by=admin)
    assert [(row.line, row.reason) for row in report.refused] == [
        (2, Reason.ROLE_ABOVE),
        (3, Reason.ROLE_ABOVE),
    ]
    assert members(club)["Anna"].role is Role.ADMIN
    report = brings(club, lines("first name,username,active", "Ada,ada,no"), by=leader)
    assert [row.reason for row in report.refused] == [Reason.LEADER_ENDS]


@pytest.mark.parametrize("kind", Format)
def test_what_we_export_comes_in_unchanged(any_club: Club, kind: Format) -> None:
    """Also those who are known by nothing but their name, former and suspended ones, and odd labels."""
    now = any_club.now
    added(any_club, first_name="Kari")
    added(any_club, first_name="Kari", active_until=now, active_from=now - timedelta(days=9))
    added(any_club, first_name="Ola", suspended_at=now, phone="+47 912 34 567", membership_id="=7")
    added(
        any_club,
        first_name="Åse",
        username="Åse",
        role=Role.LEADER,
        custom={"email": "x", "since": "y"},
    )
    brings(any_club, lines(HEADER, "Per,,per,,,,no,", "Siri,Dahl,siri,s@x.no,,9,yes,lender"))
    before = everything(any_club)
    report = brings(any_club, take_out(any_club, kind, What.MEMBERS), later=timedelta(hours=1))
    assert (report.rows, report.unchanged, report.refused) == (6, 6, [])
    assert [row[1:] for row in everything(any_club)[:6]] == [row[1:] for row in before[:6]]


def test_a_number_of_ours_leads_to_nobody_elsewhere(club: Club) -> None:
    """An export brought into another organisation: everybody there is new, or known by their email."""
    added(club, first_name="Kari", email="kari@x.no")
    added(club, first_name="Ola")
    report = brings(club.found("Elsewhere"), take_out(club, Format.CSV, What.MEMBERS))
    assert (report.new, [row.reason for row in report.refused]) == (1, [Reason.NO_KEY])


def test_another_programs_numbers_are_other_people(club: Club) -> None:
    """A number alone, without anything that is alike, changes nobody."""
    number = added(club, first_name="Kari", email="kari@x.no")
    added(club, first_name="Ola", email="ola@x.no")
    path = take_out(club, Format.CSV, What.MEMBERS)
    path.write_text(path.read_text("utf-8-sig").replace("Kari,,,kari@x.no", "Eve,,,eve@x.no"))
    report = brings(club, path)
    assert (report.new, report.unchanged, report.changed) == (1, 1, 0)
    assert members(club)["Kari"].id == number


def test_who_may_bring_members_in(club: Club) -> None:
    """Nobody below an admin, and nobody of another organisation; nothing is written."""
    lender = added(club, first_name="Lars", role=Role.LENDER)
    other = added(club.found("Elsewhere"), first_name="Zoe", role=Role.LEADER)
    before = everything(club)
    for user in (lender, other):
        with pytest.raises(Refusal) as caught:
            brings(club, lines(HEADER, "Kari,,kari,,,,,"), by=user)
        assert caught.value.code is Refused.NOT_ALLOWED
    assert everything(club) == before


def test_another_organisations_members_are_not_known(any_club: Club) -> None:
    """The same username and email there is no duplicate here."""
    other = any_club.found("Elsewhere")
    table = lines(HEADER, "Kari,,kari,kari@x.no,,,,")
    assert brings(other, table).new == 1
    assert brings(any_club, table).new == 1


def test_a_file_without_people_is_refused(club: Club) -> None:
    """Before anything is written; a mapping that names no such column too."""
    with pytest.raises(Refusal) as caught:
        brings(club, lines("code,brand", "T1,Fjell"))
    assert caught.value.code is Refused.FILE_NO_PERSON
    with pytest.raises(Refusal) as caught:
        brings(club, lines(HEADER, "Kari,,kari,,,,,"), city="Ort")
    assert caught.value.code is Refused.FILE_BAD_MAPPING


def test_one_line_in_the_audit(club: Club) -> None:
    """Of a whole run, with its numbers; no token anywhere."""
    report = brings(club, lines(HEADER, "Kari,,kari,,,,,", "Ola,,ola,,,,no,"))
    (entry,) = club.database.read_now(lambda s: s.scalars(select(AuditEntry)).all())
    assert (entry.action, entry.details["new"], entry.details["inactive"]) == ("import_members", 2, 1)
    assert report.invited[0].token not in repr(everything(club)) + repr(entry.details)


MANY = 2 * CHUNK + 40


def test_many_in_one_go(club: Club) -> None:
    """More than two chunks come in, each member with a link."""
    table = lines(HEADER, *(f"Member,Number{i},m{i},m{i}@x.no,,{i},yes," for i in range(MANY)))
    report = brings(club, table)
    assert (report.new, len({one.token for one in report.invited})) == (MANY, MANY)
    assert brings(club, table).unchanged == MANY


def test_namesakes_in_a_file_are_told_apart(club: Club) -> None:
    """From the file, and with whom is there; a name that a file mends is nobody else's any more."""
    brings(club, "first name,last name,membership number\nKari,Dahl,1\nkari,DAHL,2\nOla,Dahl,3\n")
    query = select(User.membership_id).where(User.organization_id == club.id, User.name_is_shared)
    assert set(club.database.read_now(lambda s: s.scalars(query).all())) == {"1", "2"}
    brings(club, "first name,last name,membership number\nKaren,Dahl,2\n")
    assert club.database.read_now(lambda s: s.scalars(query).all()) == []


def test_a_members_number_keeps_the_zeros_that_a_spreadsheet_drops(club: Club) -> None:
    """By number alone, and by an address; of another name it is somebody else."""
    brings(club, "first name,email,membership number\nKari,,0012\nOla,ola@example.org,0013\nPer,,0014\n")
    report = brings(club, "first name,email,membership number\nKari,,12\nOla,ola@example.org,13\nIda,,14\n")
    assert report.zeros_lost == [("12", "0012"), ("13", "0013")]
    assert (report.new, report.changed, report.unchanged) == (1, 0, 2)
    assert {name: user.membership_id for name, user in members(club).items()} == {
        "Kari": "0012",
        "Ola": "0013",
        "Per": "0014",
        "Ida": "14",
    }

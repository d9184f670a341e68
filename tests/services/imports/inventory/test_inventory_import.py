"""Rows against the inventory that is there: found again, changed, added, or refused."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from db.models import AuditEntry, Block, Claim, CustomField, Item, Rental, RentalLine, User
from db.session import Database
from db.states import ClaimStatus, Condition, Described, Role
from services.core.errors import Refusal, Refused
from services.imports import Reason
from services.imports.report import MOST_LISTED
from tests.services.imports.conftest import Club
from tests.services.imports.files import CHUNK, lines


def test_a_changed_row_changes_only_what_the_file_speaks_of(any_club: Club) -> None:
    """An absent column erases nothing; an empty cell clears; other rows stay as they are."""
    any_club.brings(
        lines(
            "name,code,serial number,comment,location,Price",
            "Tent,T-1,S1,old,Attic,5",
            "Tent,T-2,S2,,Attic,6",
        )
    )
    before = any_club.items()["T-2"]
    report = any_club.brings(lines("name,code,comment,Year", "Tent,T-1,,1999", "Tent,T-2,,"))
    assert (report.items_changed, report.items_unchanged, report.items_new) == (1, 1, 0)
    item, other = any_club.items()["T-1"], any_club.items()["T-2"]
    assert (item.serial_number, item.comment, any_club.place("T-1")) == ("S1", "", "Attic")
    assert item.custom == {"Price": "5", "Year": "1999"}
    assert item.version == 2
    assert (other.version, other.custom, other.label_token) == (1, before.custom, before.label_token)


def test_all_fields_of_the_template_arrive(any_club: Club) -> None:
    """Each column in its place, tags and location made, the text for the search folded."""
    any_club.brings(
        lines(
            "name,code,brand,model,type,tags,description,serial number,location,condition,comment,label",
            'Zelt Größe 3,Z-1,Fjällräven,Abisko 3,Telt,"vinter; tur",Warm,AB1,Keller,damaged,Riss,Elsa',
        )
    )
    item, tent = any_club.items()["Z-1"], any_club.equipment()["Zelt Größe 3"]
    assert (tent.brand, tent.model, tent.type, tent.description) == ("Fjällräven", "Abisko 3", "Telt", "Warm")
    assert tent.search_text == "zelt grosse 3 fjallraven abisko 3 telt tur vinter"
    assert any_club.tags(tent.name) == {"vinter", "tur"}
    assert (item.serial_number, item.condition, item.comment) == ("AB1", Condition.DAMAGED, "Riss")
    assert (item.label, any_club.place("Z-1"), item.created_at) == ("Elsa", "Keller", any_club.now)
    assert len(item.label_token) == 12


def test_columns_of_their_own_become_fields(any_club: Club) -> None:
    """In the file's order, those in which something stands; the same columns again make no others."""

    def labels() -> list[str]:
        query = select(CustomField.label).filter_by(organization_id=any_club.id, describes=Described.ITEM)
        return list(any_club.database.read_now(lambda s: s.scalars(query.order_by(CustomField.position))))

    any_club.brings(lines("name,code,Year,Nothing,Price", "Tent,T-1,,,5", "Tent,T-2,1999,,"))
    assert labels() == ["Year", "Price"]
    any_club.brings(lines("name,code,Price,Size,Year", "Tent,T-1,7,M,2001", "Tent,T-2,,,1999"))
    assert labels() == ["Year", "Price", "Size"]
    any_club.brings(lines("name,code," + "x" * 101, "Tent,T-1,kept"))
    assert labels() == ["Year", "Price", "Size"]
    assert any_club.items()["T-1"].custom["x" * 101] == "kept"


def test_the_first_filled_cell_describes_the_equipment(club: Club) -> None:
    """Many rows share one equipment: later ones do not change it, empty ones do not clear it."""
    text = lines("name,code,brand,tags", "Tent,T-1,,", "Tent,T-2,Helsport,a", "Tent,T-3,Helsport,b")
    first = club.brings(text)
    assert (first.equipment_new, club.equipment()["Tent"].brand, club.tags("Tent")) == (1, "Helsport", {"a"})
    again = club.brings(text)
    assert (again.equipment_changed, club.equipment()["Tent"].version) == (0, 1)
    assert club.brings(lines("name,code,brand,tags", "Tent,T-1,,")).equipment_changed == 0
    assert (club.equipment()["Tent"].brand, club.tags("Tent")) == ("Helsport", {"a"})


def test_equipment_described_anew_is_found_by_its_new_words(club: Club) -> None:
    """Brand and tags change, and with them the text for the search; the item itself does not."""
    club.brings(lines("name,code,brand,type,tags", "Tent,T-1,Helsport,Camping,old;both"))
    report = club.brings(lines("name,code,brand,tags", "Tent,T-1,Nordisk,both;new"))
    assert (report.equipment_changed, report.items_unchanged) == (1, 1)
    assert club.equipment()["Tent"].search_text == "tent nordisk camping both new"
    assert club.tags("Tent") == {"both", "new"}


def test_the_first_description_counts_across_transactions(club: Club) -> None:
    """Also when the next row of the same equipment is far down in the file."""
    more = [f"Tent,T-{i},Other" for i in range(CHUNK + 5)]
    text = lines("name,code,description", "Tent,T-first,First", *more)
    club.brings(text)
    assert club.brings(text).equipment_changed == 0
    assert club.equipment()["Tent"].description == "First"


def test_spellings_of_a_name_are_one(club: Club) -> None:
    """Neither case nor accents nor spaces make another equipment, in this file or a later one."""
    text = lines("name,code", "Mål 64 lang,A", "MAL 64 lang,B", " Mål  64 lang ,C")
    assert club.brings(text).equipment_new == 1
    assert club.brings(lines("name,code", "mål 64 LANG,D")).equipment_new == 0
    assert set(club.equipment()) == {"Mål 64 lang"}


@pytest.mark.parametrize("apart", [0, CHUNK])
def test_a_code_twice_in_a_file_is_refused_the_second_time(club: Club, apart: int) -> None:
    """The refusal names the first line, however far up it was."""
    between = [f"Rope,R-{i}" for i in range(apart)]
    report = club.brings(lines("name,code", "Tent,T-1", *between, "Lamp,T-1"))
    (wrong,) = report.refused
    assert (wrong.line, wrong.column, wrong.reason) == (3 + apart, "code", Reason.CODE_TWICE)
    assert (wrong.value, wrong.data) == ("T-1", {"first_line": 2})
    assert "Lamp" not in club.equipment()


def test_rows_without_a_code_are_known_by_their_serial_number(any_club: Club) -> None:
    """New ones get a code of their own; the second run finds them, and changes what changed."""
    text = lines("name,serial number,comment", "Tent,S1,a", "Tent,S2,b", "Żółw,S1,c", "音,S9,d")
    report = any_club.brings(text)
    assert (report.items_new, report.refused_total) == (4, 0)
    found = {item.serial_number: code for code, item in any_club.items().items() if code.startswith("TENT")}
    assert found == {"S1": "TENT-001", "S2": "TENT-002"}
    assert {"ZOLW-001", "E-0001"} <= any_club.items().keys()
    before = any_club.everything()
    assert any_club.brings(text).items_unchanged == 4
    assert any_club.everything() == before
    assert any_club.brings(text.replace("S2,b", "S2,new")).items_changed == 1
    assert any_club.items()["TENT-002"].comment == "new"


def test_proposed_codes_leave_out_what_is_taken(club: Club) -> None:
    """By items of the inventory, whatever their case, and by rows that come later."""
    club.brings(lines("name,code", "Tent,TENT-007", "Tent,tent-009"))
    report = club.brings(lines("name,code,serial number", "Tent,,S1", "Tent,TENT-010,", "Tent,,S2"))
    assert report.items_new == 3
    found = {item.serial_number: code for code, item in club.items().items() if item.serial_number}
    assert found == {"S1": "TENT-011", "S2": "TENT-012"}


def test_proposed_codes_go_on_through_the_file(club: Club) -> None:
    """No two alike over several transactions."""
    report = club.brings(lines("name,serial", *(f"Tent,S{i}" for i in range(CHUNK * 2 + 1))))
    assert (report.items_new, len(club.items())) == (CHUNK * 2 + 1, CHUNK * 2 + 1)
    assert f"TENT-{CHUNK * 2 + 1}" in club.items()


@pytest.mark.parametrize("apart", [0, CHUNK])
def test_the_same_thing_without_a_code_twice_is_refused(club: Club, apart: int) -> None:
    """Same equipment and serial number: two things, or a line too many. Only a code can tell."""
    between = [f"Rope,R{i}" for i in range(apart)]
    text = lines("name,serial", "Tent,S1", *between, "Tent,S1")
    for _ in range(2):
        (wrong,) = club.brings(text).refused
        assert (wrong.line, wrong.reason, wrong.data) == (3 + apart, Reason.SERIAL_TWICE, {"first_line": 2})
    assert len([code for code in club.items() if code.startswith("TENT")]) == 1


def test_a_serial_number_that_several_items_have_is_refused(club: Club) -> None:
    """It cannot be told which one is meant."""
    club.brings(lines("name,code,serial", "Tent,T-1,S1", "Tent,T-2,S1"))
    (wrong,) = club.brings(lines("name,serial,comment", "Tent,S1,x")).refused
    assert (wrong.column, wrong.reason, wrong.data) == ("serial", Reason.SERIAL_AMBIGUOUS, {"items": 2})


def test_a_row_with_a_code_takes_the_item_from_one_without(club: Club) -> None:
    """One file that speaks of one item in two ways: the second is refused, at every run."""
    club.brings(lines("name,code,serial", "Tent,T-1,S1"))
    text = lines("name,code,serial", "Tent,T-1,S1", "Tent,,S1")
    for _ in range(2):
        report = club.brings(text)
        assert (report.items_unchanged, report.refused[0].data) == (1, {"first_line": 2})


def claim(club: Club, code: str, status: ClaimStatus, now: datetime, *, rented: bool = False) -> None:
    """Of a block, or of a member's rental."""
    item = club.items()[code]

    def put(session: Session) -> None:
        row = Claim(
            organization_id=club.id,
            item_id=item.id,
            status=status,
            starts_at=now - timedelta(days=3),
            blocked_until=now + timedelta(days=3),
            out_at=now if status is ClaimStatus.OUT else None,
        )
        if rented:
            kari = User(organization_id=club.id, first_name="Kari", role=Role.USER, created_at=now)
            session.add(kari)
            session.flush()
            rental = Rental(organization_id=club.id, user_id=kari.id, created_at=now)
            session.add(rental)
            session.flush()
            line = RentalLine(rental_id=rental.id, equipment_id=item.equipment_id, quantity=1)
            session.add(line)
            session.flush()
            row.rental_id, row.line_id = rental.id, line.id
        else:
            block = Block(organization_id=club.id, created_at=now)
            session.add(block)
            session.flush()
            row.block_id = block.id
        session.add(row)

    club.database.write_now(put)


@pytest.mark.parametrize("status", [ClaimStatus.WANTED, ClaimStatus.HELD, ClaimStatus.OUT])
def test_an_item_that_somebody_counts_on_becomes_nothing_else(
    any_club: Club, status: ClaimStatus, now: datetime
) -> None:
    """Promised or out as a tent, it cannot be made a lamp; its other rows come in."""
    any_club.brings(lines("name,code", "Tent,T-1", "Tent,T-2"))
    claim(any_club, "T-1", status, now)
    report = any_club.brings(lines("name,code", "Lamp,T-1", "Lamp,T-2"))
    (wrong,) = report.refused
    assert (wrong.line, wrong.column, wrong.reason) == (2, "name", Reason.IN_USE)
    assert (wrong.value, wrong.data) == ("Lamp", {"equipment": "Tent"})
    equipment, items = any_club.equipment(), any_club.items()
    assert items["T-1"].equipment_id == equipment["Tent"].id
    assert items["T-2"].equipment_id == equipment["Lamp"].id
    assert report.items_changed == 1


@pytest.mark.parametrize("status", [ClaimStatus.WANTED, ClaimStatus.HELD, ClaimStatus.OUT])
def test_what_somebody_counts_on_is_not_retired_by_a_file(
    any_club: Club, status: ClaimStatus, now: datetime
) -> None:
    """A row that would retire what somebody counts on is refused and says why; other equipment is retired."""
    any_club.brings(lines("name,code", "Tent,T-1", "Tent,T-2", "Lamp,L-1"))
    claim(any_club, "T-1", status, now, rented=True)
    claim(any_club, "L-1", ClaimStatus.HELD, now)
    report = any_club.brings(
        lines("name,code,retired equipment", "Tent,T-2,yes", "Lamp,L-1,yes", "Stove,S-1,maybe")
    )
    told = [(wrong.line, wrong.column, wrong.reason, wrong.value) for wrong in report.refused]
    assert told == [
        (2, "retired equipment", Reason.PROMISED, "Tent"),
        (4, "retired equipment", Reason.BAD_YES_NO, "maybe"),
    ]
    assert {name for name, e in any_club.equipment().items() if e.retired_at is not None} == {"Lamp"}


@pytest.mark.parametrize("status", [ClaimStatus.WANTED, ClaimStatus.HELD, ClaimStatus.OUT])
def test_what_somebody_counts_on_is_not_taken_out_of_lending_by_a_file(
    any_club: Club, status: ClaimStatus, now: datetime
) -> None:
    """However its row is found. A damaged thing is lent all the same; what is only blocked is nobody's."""
    any_club.brings(lines("name,code,serial", "Tent,T-1,", "Tent,T-2,SN2", "Tent,T-3,", "Lamp,L-1,"))
    for code in ("T-1", "T-2", "T-3"):
        claim(any_club, code, status, now, rented=True)
    claim(any_club, "L-1", ClaimStatus.HELD, now)
    rows = ("Tent,T-1,,lost", "Tent,,SN2,in repair", "Tent,T-3,,damaged", "Lamp,L-1,,in repair")
    report = any_club.brings(lines("name,code,serial,condition", *rows))
    told = [(wrong.line, wrong.column, wrong.reason, wrong.value) for wrong in report.refused]
    assert told == [
        (2, "condition", Reason.PROMISED, "lost"),
        (3, "condition", Reason.PROMISED, "in_repair"),
    ]
    conditions = {code: str(item.condition) for code, item in any_club.items().items()}
    assert conditions == {"T-1": "ok", "T-2": "ok", "T-3": "damaged", "L-1": "in_repair"}


def test_an_item_that_came_back_may_become_something_else(club: Club, now: datetime) -> None:
    """A returned or released claim binds nobody."""
    club.brings(lines("name,code", "Tent,T-1"))
    claim(club, "T-1", ClaimStatus.RETURNED, now)
    claim(club, "T-1", ClaimStatus.RELEASED, now)
    assert club.brings(lines("name,code", "Lamp,T-1")).items_changed == 1


def test_another_organisation_is_neither_seen_nor_touched(any_club: Club) -> None:
    """The same codes, names, places, tags and serial numbers there stay its own."""
    other = any_club.found("Other club")
    text = lines("name,code,serial,location,tags", "Tent,T-1,S1,Attic,camping")
    other.brings(text)
    before = other.everything()
    report = any_club.brings(text.replace("camping", "camping;winter"))
    assert (report.items_new, report.equipment_new) == (1, 1)
    assert any_club.brings(lines("name,serial", "Tent,S1")).items_unchanged == 1
    assert other.everything() == before


def test_refused_rows_are_counted_all_and_listed_up_to_a_limit(club: Club) -> None:
    """A file of nothing but rubbish makes no endless report; good rows in it still come in."""
    bad = [f",B-{i}" for i in range(MOST_LISTED + 200)]
    report = club.brings(lines("name,code", *bad, "Tent,T-1"))
    assert (report.rows, report.refused_total, report.items_new) == (MOST_LISTED + 201, MOST_LISTED + 200, 1)
    assert [wrong.line for wrong in report.refused] == list(range(2, MOST_LISTED + 2))


def test_a_header_alone_is_an_empty_file(club: Club) -> None:
    """Refused whole, and told apart from a file with nothing in it."""
    with pytest.raises(Refusal) as refusal:
        club.brings("name,code\n")
    assert (refusal.value.code, refusal.value.data) == (Refused.FILE_EMPTY, {"header_only": True})


def test_a_run_leaves_one_line_in_the_audit(club: Club) -> None:
    """The line says who, which file and the numbers; a file that is refused whole leaves none."""
    club.brings(lines("name,code", "Tent,T-1", "Tent,T-1"))
    with pytest.raises(Refusal):
        club.brings("code\nT-1\n")
    (entry,) = club.database.read_now(lambda s: s.scalars(select(AuditEntry)).all())
    assert (entry.action, entry.user_id, entry.organization_id) == ("import", None, club.id)
    assert entry.details["done"] is True
    assert (entry.details["rows"], entry.details["items_new"], entry.details["refused_total"]) == (2, 1, 1)


@pytest.mark.parametrize(
    ("role", "ended", "refused"),
    [
        (Role.ADMIN, False, None),
        (Role.LENDER, False, Refused.NOT_ALLOWED),
        (Role.LEADER, True, Refused.MEMBERSHIP_ENDED),
    ],
)
def test_only_who_runs_the_inventory_may_import(
    club: Club, role: Role, ended: bool, refused: Refused | None
) -> None:
    """An ADMIN and above, while a member; others change nothing."""
    user = User(
        organization_id=club.id,
        first_name="Ada",
        role=role,
        active_until=club.now if ended else None,
        created_at=club.now,
    )
    club.database.write_now(lambda s: s.add(user))
    if refused is None:
        assert club.brings(lines("name,code", "Tent,T-1"), user_id=user.id).items_new == 1
        return
    with pytest.raises(Refusal) as refusal:
        club.brings(lines("name,code", "Tent,T-1"), user_id=user.id)
    assert (refusal.value.code, club.items()) == (refused, {})


def test_an_admin_of_another_organisation_may_not_import(club: Club) -> None:
    """Their role ends where their organisation does."""
    other = club.found("Other club")
    user = User(organization_id=other.id, first_name="Bo", role=Role.LEADER, created_at=club.now)
    club.database.write_now(lambda s: s.add(user))
    with pytest.raises(Refusal) as refusal:
        club.brings(lines("name,code", "Tent,T-1"), user_id=user.id)
    assert refusal.value.code is Refused.NOT_ALLOWED


def test_progress_is_told_in_rows_up_to_the_end(club: Club) -> None:
    """Once per transaction, never backwards."""
    told: list[tuple[int, int]] = []
    text = lines("name,code,comment", *(f"Tent,T-{i},{'x' * 50}" for i in range(CHUNK * 3)))
    club.brings(text, progress=lambda done, total: told.append((done, total)))
    assert len(told) >= 3
    assert told == sorted(told)
    assert told[-1] == (3 * CHUNK, 3 * CHUNK)


def test_very_long_rows_come_in_smaller_transactions(club: Club) -> None:
    """So that neither memory nor other writers suffer from a file of novels."""
    told: list[int] = []
    text = lines("name,code,comment", *(f"Tent,T-{i},{'x' * 90_000}" for i in range(30)))
    report = club.brings(text, progress=lambda done, _: told.append(done))
    assert (report.items_new, len(told)) == (30, 3)


def test_few_statements_whatever_the_number_of_rows(sqlite: Database, club: Club) -> None:
    """Never one query per row: a chunk costs a handful, and one of unchanged rows still fewer."""
    statements: list[str] = []
    event.listen(sqlite.bare_engine, "before_cursor_execute", lambda *a: statements.append(a[2]))
    rows = (f"Tent {i},T-{i},S{i},Shelf {i},tag{i}" for i in range(CHUNK))
    text = lines("name,code,serial,location,tags", *rows)
    club.brings(text)
    assert len(statements) < 32
    statements.clear()
    club.brings(text)
    # Two look for codes of stickers, three keep the run that can be undone, one looks whether it was.
    assert len(statements) < 21


def test_a_chunk_that_met_another_writer_is_written_once(club: Club) -> None:
    """A transaction that is run again from the start counts and writes its rows once."""
    commits: list[Session] = []

    def fail_the_second(session: Session) -> None:
        commits.append(session)
        if len(commits) == 2:
            raise StaleDataError

    text = lines("name,code,serial", "Tent,T-1,", "Tent,,S2", "Tent,T-1,")
    event.listen(Session, "before_commit", fail_the_second)
    try:
        report = club.brings(text)
    finally:
        event.remove(Session, "before_commit", fail_the_second)
    assert len(commits) == 4  # the audit's line, the chunk, the chunk again, the audit's numbers
    assert (report.rows, report.items_new, report.refused_total) == (3, 2, 1)
    assert list(club.items()) == ["T-1", "TENT-001"]


def test_everybody_gets_a_label_of_their_own(club: Club) -> None:
    """The text of the QR code is different for each item."""
    club.brings(lines("name,code", *(f"Tent,T-{i}" for i in range(CHUNK))))
    tokens = club.database.read_now(lambda s: s.scalars(select(Item.label_token)).all())
    assert len(set(tokens)) == CHUNK


def test_a_column_may_describe_the_equipment(club: Club) -> None:
    """With `equipment: ` in front; the first filled cell counts, and an empty one takes nothing away."""
    file = (
        "name,code,Equipment: Size,Size,equipment: Weight\n"
        "Tent,T-1,,small,\nTent,T-2,2 people,,3 kg\nTent,T-3,4 people,,\nStove,S-1,,,\n"
    )
    assert club.brings(file).refused == []
    assert club.equipment()["Tent"].custom == {"Size": "2 people", "Weight": "3 kg"}
    assert club.equipment()["Stove"].custom == {}
    assert club.items()["T-1"].custom == {"Size": "small"}
    report = club.brings("name,code,equipment: Size,equipment: Weight\nTent,T-1,,2 kg\n")
    assert (report.equipment_changed, report.items_changed) == (1, 0)
    assert club.equipment()["Tent"].custom == {"Size": "2 people", "Weight": "2 kg"}


def test_equipment_may_come_before_its_items(club: Club) -> None:
    """A row with the condition `no items` adds equipment alone; with a code it is an item like any other."""
    report = club.brings("name,code,type,condition\nTent,,Camp,No items\nStove,S-1,,no items\nPan,,,\n")
    assert (report.without_items, report.items_new, report.equipment_new) == (1, 2, 3)
    assert club.equipment()["Tent"].type == "Camp"
    assert club.items()["S-1"].condition is Condition.OK
    report = club.brings("name,code,type,condition\nTent,T-1,,damaged\nTent,,,no items\n")
    assert (report.items_new, report.without_items, report.equipment) == (1, 1, 1)

"""Taking things out as files, by chat: asked step by step, or all on one line."""

import csv
import io

import pytest
from openpyxl import load_workbook
from sqlalchemy import update

from db.models import AuditEntry, User
from db.states import Role
from handlers.imports import views
from handlers.telegram import dispatch, documents
from sandbox.world.records import Message
from services.core.errors import Refused
from tests.e2e.arrange import brings_list, handed_out, requested
from tests.e2e.conftest import World
from tests.e2e.seen import asking, carrying, refusal, wording
from tests.services.imports.files import real


def table(world: World, message: Message) -> list[list[str]]:
    """The rows of the file on a message, CSV or workbook."""
    stored = world["Anna"].file_of(message)
    assert stored.content is not None
    if stored.name.endswith(".xlsx"):
        found = load_workbook(io.BytesIO(stored.content)).worksheets[0].iter_rows(values_only=True)
        return [["" if cell is None else str(cell) for cell in row] for row in found]
    return list(csv.reader(io.StringIO(stored.content.decode("utf-8-sig"), newline="")))


async def test_the_inventory_in_three_taps(world: World) -> None:
    """/export, Inventory, CSV: the file comes, and the question says what it was."""
    anna = world["Anna"]
    await anna.types("/export")
    question = await anna.sees(asking("export.what"))
    await anna.taps(carrying("what", "inventory"))
    await anna.sees(asking("export.how"))
    await anna.taps(carrying("csv"))
    assert await anna.toast() == wording(dispatch._send_document)
    await world.settled()
    file = anna.last("Inventory: 6 rows")
    assert anna.file_of(file).name == "inventory-2026-12-01.csv"
    assert [row[:2] for row in table(world, file)][:3] == [["name", "code"], ["Tent", "T1"], ["Tent", "T2"]]
    answered = world.sandbox.world.chats[question.chat_id].messages[question.id]
    assert (answered.text, answered.buttons) == ("Inventory: 6 rows", [])


async def test_on_one_line_it_takes_no_tap(sqlite_world: World) -> None:
    """In either language, as CSV or as a workbook; who took what out is kept."""
    world, anna = sqlite_world, sqlite_world["Anna"]
    for line, name in (
        ("/export inventory csv", ".csv"),
        ("/export inventar excel", ".xlsx"),
        ("/export members xlsx", ".xlsx"),
    ):
        await anna.types(line)
        await world.settled()
        assert anna.file_of(anna.last("rows")).name.endswith(name)
    members = table(world, anna.last("Members: 5 rows"))
    first, role = members[0].index("first name"), members[0].index("role")
    assert [row[first] for row in members[1:]] == ["Kari", "Ola", "Lars", "Anna", "Ada"]
    assert [row[role] for row in members[1:]] == ["user", "user", "lender", "admin", "leader"]
    kept = world.database.read_now(lambda s: s.query(AuditEntry).filter_by(action="export").all())
    assert [(e.details["what"], e.details["format"], e.details["rows"]) for e in kept] == [
        ("inventory", "csv", 6),
        ("inventory", "xlsx", 6),
        ("members", "xlsx", 5),
    ]


async def test_a_part_that_is_refused_costs_only_itself(sqlite_world: World) -> None:
    """The file comes without the formatting of its words; without the file, the words come and say so."""
    world, anna = sqlite_world, sqlite_world["Anna"]
    faults = world.sandbox.world.faults
    faults.add("sendDocument", 400, description="Bad Request: can't parse entities")
    await anna.types("/export members csv")
    await world.settled()
    assert anna.file_of(anna.last("rows")).name.endswith(".csv")
    faults.add("sendDocument", 413, count=2, description="Request Entity Too Large")
    await anna.types("/export inventory csv")
    await world.settled()
    said = anna.last("rows")
    assert said.document is None and wording(dispatch.hand_over) in said.text
    kept = world.database.read_now(lambda s: s.query(AuditEntry).filter_by(action="export").count())
    assert kept == 1


@pytest.mark.both_databases
async def test_the_rentals_of_a_month(world: World) -> None:
    """The month's file has what was out late and what nobody answered; each row says how it stands."""
    anna = world["Anna"]
    late = await handed_out(world, last=1, pieces=2)
    asked = await requested(world, "Ola", what="Stove")
    await world.clock.advance(world.clock.now().replace(day=3, hour=20, minute=30))
    await world.settled()
    await anna.types("/export rentals")
    await anna.sees(asking("export.when"))
    await anna.taps(carrying("when", "m0"))
    await anna.sees("Rentals, Tue 1 Dec – Thu 31 Dec")
    await anna.taps(carrying("xlsx"))
    await world.settled()
    rows = table(world, anna.last("2 rows"))
    assert rows[0][:4] == ["number", "member", "equipment", "codes"]
    assert rows[1] == [
        *(str(late), "Kari Berg", "2 × Tent", "T1, T2", "2026-12-01 09:00:00", "2026-12-02 20:00:00"),
        *("2026-12-01 09:00:00", "", "out", "", "Anna Berg", "26"),
        *("", "", "Lars Berg", "", ""),
    ]
    assert rows[2][:4] == [str(asked), "Ola Berg", "Stove", ""]
    assert rows[2][8:12] == ["expired", "", "", ""]


@pytest.mark.parametrize(
    ("written", "understood"),
    [
        ("last month", "Sun 1 Nov – Mon 30 Nov"),
        ("i år", "Thu 1 Jan – Thu 31 Dec"),
        ("1.1. - 31.3.", "Thu 1 Jan – Tue 31 Mar"),
        ("1.11. - 15.1.", "Sun 1 Nov – Fri 15 Jan 2027"),
        ("2025-01-01 2025-12-31", "Wed 1 Jan 2025 – Wed 31 Dec 2025"),
        ("29.2.2024", "Thu 29 Feb 2024"),
        ("yesterday", "Mon 30 Nov"),
    ],
)
async def test_days_can_be_written(sqlite_world: World, written: str, understood: str) -> None:
    """Without a year the last such day is meant, and what was understood is shown before anything is sent."""
    anna = sqlite_world["Anna"]
    await anna.types("/export rentals")
    await anna.sees(asking("export.when"))
    await anna.types(written)
    assert (await anna.sees(asking("export.how"))).text.splitlines()[0] == f"Rentals, {understood}"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("when it rains", refusal(Refused.NOT_A_DATE)),
        ("31.2.", refusal(Refused.NO_SUCH_DAY, day=31, month=2)),
        ("2026-12-03 2026-12-01", refusal(Refused.END_BEFORE_START)),
        ("9" * 3000, refusal(Refused.NOT_A_DATE)),
    ],
)
async def test_days_that_cannot_be(sqlite_world: World, written: str, said: str) -> None:
    """The question comes again with the reason; on one line too."""
    anna = sqlite_world["Anna"]
    await anna.types("/export rentals")
    await anna.sees(asking("export.when"))
    async with sqlite_world.unchanged():
        await anna.types(written)
        await anna.sees(said)
        await anna.types(f"/export rentals {written[:100]} csv")
        await anna.sees(said)


async def test_only_admins_take_things_out(sqlite_world: World) -> None:
    """Neither members nor lenders, however they ask; nor does a button of somebody else's."""
    world = sqlite_world
    await world["Anna"].types("/export inventory")
    card = await world["Anna"].sees(asking("export.how"))
    data = next(button.data for button in card.buttons if button.text == "CSV")
    assert data is not None
    async with world.unchanged():
        for who in ("Kari", "Lars"):
            for words in ("", " inventory", " members csv", " rentals this year csv"):
                await world[who].types(f"/export{words}")
                await world[who].sees(refusal(Refused.NOT_ALLOWED, needed="admin"))
            await world[who].types("/help")
            await world[who].taps_data(data, await world[who].sees("Fjellklubben"))
            assert refusal(Refused.OUTDATED) in (await world[who].toast() or "")


async def test_a_former_admin_s_button_gives_nothing(sqlite_world: World) -> None:
    """The role counts when it is tapped."""
    world, anna = sqlite_world, sqlite_world["Anna"]
    await anna.types("/export inventory")
    await anna.sees(asking("export.how"))

    await world.database.write(
        lambda s: s.execute(update(User).where(User.first_name == "Anna").values(role=Role.USER))
    )
    async with world.unchanged():
        await anna.taps(carrying("csv"))
        assert refusal(Refused.NOT_ALLOWED, needed="admin") in (await anna.toast() or "")


async def test_what_was_sent_comes_in_again_unchanged(sqlite_world: World) -> None:
    """A hundred things of a real lending stock, there and back by chat, as both kinds of file; all of it goes
    there and back in tests/services/exports/test_round_trip.py.
    """
    world, anna = sqlite_world, sqlite_world["Anna"]
    stock = real("arts-university-inventory.csv").read_bytes().splitlines(keepends=True)
    await brings_list(world, "Anna", "stock.csv", b"".join(stock[:101]))
    await anna.sees(wording(views.summary, n=100))
    for kind in ("csv", "xlsx"):
        await anna.types(f"/export inventory {kind}")
        await anna.sees("Inventory: 106 rows", timeout=60)
        await world.settled()
        stored = anna.file_of(anna.last("Inventory: 106 rows"))
        await anna.sends_document(stored.name, stored.content or b"")
        told = await anna.sees(wording(views.summary, n=106), timeout=60)
        assert "0 new, 0 changed, 106 unchanged" in told.text


async def test_what_telegram_would_not_take_is_not_sent(
    sqlite_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file over the limit is a sentence, and the way on."""
    monkeypatch.setattr(documents, "LARGEST", 100)
    anna = sqlite_world["Anna"]
    async with sqlite_world.unchanged():
        await anna.types("/export inventory csv")
        await anna.sees(refusal(Refused.PAPER_TOO_LARGE, megabytes=0))
        await anna.types("/export members")
        await anna.sees(asking("export.how"))
        await anna.taps(carrying("xlsx"))
        await anna.sees(refusal(Refused.PAPER_TOO_LARGE, megabytes=0))

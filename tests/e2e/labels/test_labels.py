"""Printing labels by chat: choose, look once, get the PDF; its codes lead back to the things."""

from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from db.models import AuditEntry, Equipment, EquipmentTag, Item, Location, Tag, User
from db.models import Conversation as Row
from db.states import Condition, Role
from handlers.imports import views
from handlers.labels import views as labels_views
from handlers.telegram import dispatch
from handlers.ui import conversation, routes
from handlers.ui.callbacks import Verb
from sandbox.world.records import Message
from services.core.errors import Refused
from services.labels import SHEETS
from tests import factories
from tests.e2e.arrange import brings_list, write
from tests.e2e.conftest import World
from tests.e2e.seen import asking, by, carrying, refusal, wording
from tests.services.imports.files import real
from tests.services.labels.code_reader import codes, size


async def pdf(
    world: World, folder: Path, who: str = "Anna", text: str = wording(labels_views.advice)
) -> Path:
    """The last file this person got."""
    await world.settled()
    path = folder / "labels.pdf"
    path.write_bytes(world[who].file_of(world[who].last(text)).content or b"")
    return path


def things(world: World, path: Path) -> list[str]:
    """The inventory codes that the printed codes lead to."""
    link = f"https://t.me/{world.sandbox.world.bot.username}?start=i_"
    tokens = [read.text.removeprefix(link) for read in codes(path)]
    found: dict[str, str] = world.database.read_now(
        lambda s: {token: code for token, code in s.execute(select(Item.label_token, Item.code))}  # noqa: C416 - rows are no pairs
    )
    return sorted(found[token] for token in tokens)


@pytest.mark.both_databases(long=True)
async def test_all_things_in_three_taps(world: World, tmp_path: Path) -> None:
    """/labels, All, Make the PDF: every code leads to its thing; what was asked says what came of it."""
    anna = world["Anna"]
    await anna.types("/labels")
    card = await anna.sees(wording(labels_views.ask_which))
    await anna.taps("All (6)")
    ready = await anna.sees("6 labels")
    assert ready.text.splitlines()[1:] == [
        wording(
            labels_views.sheet_name,
            brand="Avery",
            height="38.1",
            n=21,
            number="L7160",
            paper="A4",
            width="63.5",
        ),
        wording(labels_views.ready, first=1, n=1),
    ]
    await anna.taps(by(Verb.PAPER))
    assert await anna.toast() == wording(dispatch._send_document)
    path = await pdf(world, tmp_path)
    assert anna.file_of(anna.last(wording(labels_views.advice))).name == "labels-2026-12-01.pdf"
    assert things(world, path) == ["P1", "P2", "S1", "T1", "T2", "T3"]
    shown = world.sandbox.world.chats[card.chat_id].messages[card.id]
    assert (shown.text, shown.buttons) == ("6 labels, Avery L7160", [])


async def test_a_printed_code_is_scanned(sqlite_world: World, tmp_path: Path) -> None:
    """The link in a printed code opens the thing itself on a member's phone."""
    await sqlite_world["Anna"].types("/labels T2")
    await sqlite_world["Anna"].sees("1 label")
    await sqlite_world["Anna"].taps(by(Verb.PAPER))
    (read,) = codes(await pdf(sqlite_world, tmp_path))
    await sqlite_world["Kari"].opens(read.text)
    assert "T2 · Tent" in (await sqlite_world["Kari"].sees(asking("rent.first"))).text


async def ask(world: World, what: str) -> Message:
    await world["Anna"].types(f"/labels {what}")
    return await world["Anna"].sees("label")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("tent", "Tent: 3 labels"),
        ("T1, t3", "2 labels"),
        ("T1; S1\nP2", "3 labels"),
        ("T1", "1 label"),
        ("T1, T1, T1", "1 label"),
    ],
)
async def test_codes_or_a_name_can_be_written(sqlite_world: World, written: str, said: str) -> None:
    """On the line of the command, or as an answer."""
    assert (await ask(sqlite_world, written)).text.splitlines()[0] == said
    await sqlite_world["Anna"].types("/labels")
    await sqlite_world["Anna"].sees(wording(labels_views.ask_which))
    await sqlite_world["Anna"].types(written)
    assert (await sqlite_world["Anna"].sees("21 to a sheet")).text.splitlines()[0] == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("T1, X9, <b>", refusal(Refused.CODES_UNKNOWN, codes=["X9", "<b>"])),
        ("nothing like it", wording(labels_views.choose, words="nothing like it")),
        ("T1," + ",".join(f"X{i}" for i in range(600)), "at most 500 codes"),
    ],
)
async def test_what_is_not_there_is_said(sqlite_world: World, written: str, said: str) -> None:
    """And the question stays."""
    anna = sqlite_world["Anna"]
    await anna.types("/labels")
    await anna.sees(wording(labels_views.ask_which))
    async with sqlite_world.unchanged():
        await anna.types(written)
        assert said in (await anna.sees(said)).text
        await anna.types("tent")
        await anna.sees("Tent: 3 labels")


async def test_by_type_tag_place_and_equipment(world: World, tmp_path: Path) -> None:
    """Only lists with something in them are offered; each leads to the things that are meant."""

    def sort(session: Session) -> None:
        of = world.organization_id
        tag, place = Tag(organization_id=of, name="winter"), Location(organization_id=of, name="Attic, left")
        session.add_all([tag, place])
        session.flush()
        tent = session.scalars(select(Equipment).filter_by(name="Tent", organization_id=of)).one()
        tent.type = "Camping"
        session.add(EquipmentTag(equipment_id=tent.id, tag_id=tag.id))
        session.execute(update(Item).where(Item.code.in_(["S1", "T2"])).values(location_id=place.id))
        session.execute(update(Item).where(Item.code == "T3").values(condition=Condition.RETIRED))

    anna = world["Anna"]
    await anna.types("/labels")
    await anna.sees(wording(labels_views.ask_which))
    assert anna.button_labels() == ["All (6)", wording(labels_views._lists, "EQUIPMENT"), "Cancel"]
    await write(world, sort)
    for how, which, expected in (
        ("type", "Camping (2)", ["T1", "T2"]),
        ("tag", "winter (2)", ["T1", "T2"]),
        ("place", "Attic, left (2)", ["S1", "T2"]),
        ("equipment", "Stove (1)", ["S1"]),
    ):
        await anna.types("/labels")
        await anna.sees(wording(labels_views.ask_which))
        await anna.taps(carrying("lists", how))
        await anna.sees(asking("labels.choose"))
        await anna.taps(which)
        await anna.sees("21 to a sheet")
        await anna.taps(by(Verb.PAPER))
        await anna.sees(wording(labels_views.advice))
        assert things(world, await pdf(world, tmp_path)) == expected
    await anna.types("/labels T3")
    await anna.sees("1 label")


async def test_the_sheet_is_remembered_and_goes_on(sqlite_world: World, tmp_path: Path) -> None:
    """The next time the same sheet is proposed, and to begin where the last print ended; or at any label."""
    world, anna = sqlite_world, sqlite_world["Anna"]
    await ask(world, "tent")
    await anna.taps(carrying("sheets"))
    await anna.sees(asking("labels.sheet"))
    await anna.taps("Avery L7163")
    await anna.sees("14 to a sheet")
    await anna.taps(carrying("firsts"))
    await anna.sees(asking("labels.first"))
    assert anna.button_labels()[:14] == [str(n) for n in range(1, 15)]
    await anna.taps("13")
    assert wording(labels_views.ready, first=13, n=2) in (await anna.sees("14 to a sheet")).text
    await anna.taps(by(Verb.PAPER))
    path = await pdf(world, tmp_path)
    assert size(path)[0] == 2
    where = [(read.page, round(read.y) > 200) for read in sorted(codes(path), key=lambda r: (r.page, r.x))]
    assert where == [(0, True), (0, True), (1, False)]

    assert "14 to a sheet" in (await ask(world, "stove")).text
    await anna.taps(wording(labels_views.ready, "first", n=2))
    assert wording(labels_views.ready, first=2, n=1) in (await anna.sees("14 to a sheet")).text
    assert not any(
        label.startswith(wording(labels_views.ready, "first", n=...)) for label in anna.button_labels()
    )
    kept = world.database.read_now(lambda s: s.query(AuditEntry).filter_by(action="labels").one())
    assert kept.details == {"sheet": "l7163", "first": 12, "labels": 3}


async def test_every_sheet_can_be_chosen(sqlite_world: World) -> None:
    """And its grid of labels fits on a message."""
    anna = sqlite_world["Anna"]
    await ask(sqlite_world, "tent")
    for sheet in SHEETS.values():
        await anna.taps(carrying("sheets"))
        await anna.sees(asking("labels.sheet"))
        label = f"{sheet.brand} {sheet.number}"
        await anna.taps(next(one for one in anna.button_labels() if one.endswith(label)))
        await anna.sees(
            wording(
                labels_views.sheet_name,
                brand=sheet.brand,
                height=...,
                n=sheet.per_sheet,
                number=sheet.number,
                paper=...,
                width=...,
            )
        )
        await anna.taps(carrying("firsts"))
        await anna.sees(asking("labels.first"))
        await anna.taps(str(sheet.per_sheet))
        await anna.sees(wording(labels_views.ready, first=sheet.per_sheet, n=2))


@pytest.mark.parametrize("about", ["equipment", "item"])
async def test_from_the_card_of_one_thing(sqlite_world: World, tmp_path: Path, about: str) -> None:
    """Asked for from the inventory, that thing is chosen already."""
    world, anna = sqlite_world, sqlite_world["Anna"]
    await anna.types("/labels")
    card = await anna.sees(wording(labels_views.ask_which))

    def come(session: Session) -> None:
        row = session.scalars(select(Row).filter_by(account_id=anna.id)).one()
        item = session.scalars(select(Item).filter_by(code="T2")).one()
        origin = (
            routes.Subject(item_id=item.id)
            if about == "item"
            else routes.Subject(equipment_id=item.equipment_id)
        )
        conversation.switch_to(row, routes.LABELS, routes.LABELS, origin)

    await world.database.write(come)
    await anna.taps(carrying("lists"), card)
    await anna.taps(carrying("back"))
    await anna.sees("T2: 1 label" if about == "item" else "Tent: 3 labels")
    await anna.taps(by(Verb.PAPER))
    assert things(world, await pdf(world, tmp_path)) == (["T2"] if about == "item" else ["T1", "T2", "T3"])


async def test_only_admins_print(sqlite_world: World) -> None:
    """Neither members nor lenders, nor somebody who was an admin when the card came."""
    world = sqlite_world
    async with world.unchanged():
        for who in ("Kari", "Lars"):
            await world[who].types("/labels")
            await world[who].sees(refusal(Refused.NOT_ALLOWED, needed="admin"))
    await ask(world, "tent")
    await world.database.write(
        lambda s: s.execute(update(User).where(User.first_name == "Anna").values(role=Role.LENDER))
    )
    async with world.unchanged():
        await world["Anna"].taps(by(Verb.PAPER))
        assert refusal(Refused.NOT_ALLOWED, needed="admin") in (await world["Anna"].toast() or "")


async def test_another_organisation_s_things_are_not_there(sqlite_world: World) -> None:
    """Neither by code nor by name nor by a button made by hand."""
    world, anna = sqlite_world, sqlite_world["Anna"]

    def another(session: Session) -> int:
        of = factories.organization(session, world.clock.now(), "Another")
        return factories.equipment(session, of, world.clock.now(), "Secret", "X1").id

    foreign = await write(world, another)
    await anna.types("/labels X1")
    await anna.sees(wording(labels_views.choose, words="X1"))
    await anna.types("/labels")
    await anna.sees(wording(labels_views.ask_which))
    assert anna.button_labels()[0] == "All (6)"
    await anna.taps(carrying("lists"))
    listed = await anna.sees(wording(labels_views._lists, "EQUIPMENT"))
    data = next(b.data for b in listed.buttons if b.text.startswith("Tent"))
    assert data is not None
    await anna.taps_data(data.rsplit(" ", 1)[0] + f" {foreign}", listed)
    assert await anna.toast() == refusal(Refused.NOT_FOUND)


async def test_an_organisation_without_things(sqlite_world: World) -> None:
    """Is told how to begin."""
    await sqlite_world.database.write(lambda s: s.execute(update(Item).values(condition=Condition.LOST)))
    await sqlite_world["Anna"].types("/labels")
    await sqlite_world["Anna"].sees(wording(labels_views.ask_which, "total"))


async def test_a_real_stock_is_labelled(sqlite_world: World, tmp_path: Path) -> None:
    """144 equipment on pages, and a room's worth of labels, each read back."""
    world, anna = sqlite_world, sqlite_world["Anna"]
    await brings_list(world, "Anna", "stock.csv", real("arts-university-inventory.csv").read_bytes())
    await anna.sees(wording(views.summary, n=1102))
    await anna.types("/labels")
    await anna.sees(wording(labels_views.ask_which))
    await anna.taps(carrying("lists", "place"))
    listed = await anna.sees(wording(labels_views._lists, "PLACE"))
    assert len(listed.buttons) <= 13 and all(len(b.text) <= 64 for b in listed.buttons)
    button = listed.buttons[0].text
    await anna.taps(button)
    await anna.sees("21 to a sheet")
    await anna.taps(by(Verb.PAPER))
    await anna.sees(wording(labels_views.advice), timeout=60)
    found = things(world, await pdf(world, tmp_path))
    assert len(found) == int(button.rsplit("(", 1)[1].rstrip(")"))


@pytest.mark.parametrize(("words", "said"), [("T2", "T2: 1 label"), ("tent", "Tent: 3 labels")])
async def test_from_the_inventory_and_back(sqlite_world: World, words: str, said: str) -> None:
    """The card's button Labels leads here, and Back to the card."""
    anna = sqlite_world["Anna"]
    await anna.types(f"/inventory {words}")
    await anna.taps(carrying("go", "labels"))
    await anna.sees(said)
    await anna.taps(carrying("leave"))
    await sqlite_world.settled()
    assert "Labels" in anna.button_labels()
